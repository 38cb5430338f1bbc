"""Keeping things for pupils at the lodge: taken in, told of, handed out, given back (SCH-10).

Stored: what, for whom, who gave it (name, relation, phone encrypted), the pupil's signature
(encrypted); particulars are let go half a year after the thing left (deposit_keeping.RULES).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import db
from core.decisions import Decision, Deny, Hold
from core.documents.numbering import next_number
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.notices.services import IN_APP, notify
from core.notices.tables import Notice
from core.permissions import Actor
from core.privacy.keys import keyring
from core.registrations.judging import site_time
from core.visitors.protected import phone_index
from plugins.school_gate import deposit_policies as policies
from plugins.school_gate.deposit_tables import Deposit
from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.lodge_registered import KEEP_DEPOSITS
from plugins.school_gate.queries import deposits, pupils, timetable
from plugins.school_gate.queries.rights import permit
from plugins.school_gate.registered import OWN_CLASS
from plugins.school_gate.tables import Guardian

SCREEN, PAPER, GUARD = "screen", "paper", "guard"
SIGNINGS = {
    SCREEN: N_("Signed on the screen"),
    PAPER: N_("Signed on the paper slip"),
    GUARD: N_("Handed over at the window"),
}
TOLD = {
    "teacher": N_("Through the class teacher"),
    "class": N_("In the classroom"),
    "phone": N_("By phone"),
    "here": N_("The pupil came by"),
}
MOST_PIECES = 99
_REMINDED = timedelta(days=7)  # what has lain longer was told of long ago


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDeposit:
    """What the guard writes down of a thing that is left for a pupil."""

    pupil_id: UUID
    kind: str
    what: str
    pieces: int = 1
    shelf: str = ""
    remark: str = ""
    giver_name: str = ""
    giver_relation: str = ""
    giver_phone: str = ""
    gate_id: UUID | None = None


async def take_in(new: NewDeposit, *, actor: Actor, at: datetime) -> UUID:
    """Keep a thing for a pupil, give it a number, and tell the class teacher."""
    rulebook = await timetable.in_force(at)
    rules: SchoolRules = rulebook.values
    if not 1 <= new.pieces <= MOST_PIECES:
        raise InvalidInputError({"pieces": N_("From 1 to {count}.", count=MOST_PIECES)})
    if new.kind not in policies.KINDS:
        raise InvalidInputError({"kind": N_("Please choose one of the options.")})
    async with db.writing():
        pupil = await pupils.pupil(new.pupil_id, actor)
        permit(actor, pupil.site_id, KEEP_DEPOSITS)
        if new.gate_id is not None:
            gate = await timetable.gate_of(new.gate_id, actor, KEEP_DEPOSITS)
            if gate.site != pupil.site_id:
                raise InvalidInputError({"gate": N_("Please choose one of the options.")})
        decision = policies.may_take_in(
            policies.DepositFacts(
                kind=new.kind, what=new.what, remark=new.remark, active=pupil.active
            ),
            rules,
            rulebook.name,
        )
        if not isinstance(decision, Deny):
            row = await _write(new, pupil.site_id, actor=actor, at=at)
            await _tell_teacher(row, pupil.name, rules, at=at)
            return row.id
    await _refused(decision, "school_gate_pupil", pupil.id, actor=actor, at=at)
    raise RefusedError(decision)


async def _write(new: NewDeposit, site_id: UUID, *, actor: Actor, at: datetime) -> Deposit:
    year = site_time(at).year
    row = Deposit(
        id=uuid4(),
        number=f"{year}-{await next_number('school_gate_deposit', year):05d}",
        site=site_id,
        gate=new.gate_id,
        pupil=new.pupil_id,
        kind=new.kind,
        what=new.what,
        pieces=new.pieces,
        shelf=new.shelf,
        remark=new.remark,
        giver_name=new.giver_name,
        giver_relation=new.giver_relation,
        giver_phone_index=phone_index(new.giver_phone),
        guardian=await _guardian(new),
        state=policies.KEPT,
        kept_at=at,
        kept_by=actor.id,
        kept_by_name=actor.name,
    )
    if new.giver_phone:
        row.giver_phone_cipher = keyring().encrypt(
            new.giver_phone, deposits.TABLE, "giver_phone_cipher", row.id
        )
    await Deposit.insert(row)
    await record(
        actor,
        "school_gate.deposit_keep",
        deposits.TABLE,
        row.id,
        at=at,
        after={"number": row.number, "kind": row.kind, "pupil": str(new.pupil_id)},
    )
    return row


async def _guardian(new: NewDeposit) -> UUID | None:
    """Return the pupil's guardian with the giver's phone, or name; None for nobody on the roster."""
    found = await Guardian.objects().where(Guardian.pupil == new.pupil_id, Guardian.active.eq(True))
    index = phone_index(new.giver_phone)
    by_phone = [one.id for one in found if index and one.phone_index == index]
    by_name = [one.id for one in found if new.giver_name and one.name == new.giver_name]
    return next(iter([*by_phone, *by_name]), None)


async def _tell_teacher(row: Deposit, name: str, rules: SchoolRules, *, at: datetime) -> None:
    """Tell the class teacher, who tells the pupil; without an account the guard tells otherwise."""
    for user in await deposits.teacher_users(row.pupil):
        await notify(
            key=f"school_gate.deposit/{row.id}/{user}",
            channel=IN_APP,
            subject=N_("For {name} at the lodge: {kind}", name=name, kind=policies.KINDS[row.kind]),
            body=N_(
                "No. {number}. To be collected {hours}. Please tell the pupil, and say so here.",
                number=row.number,
                hours=policies.said_hours(rules) or "—",
            ),
            at=at,
            user=user,
            url="/school-gate/my-deposits",
        )


async def _refused(
    decision: Decision, kind: str, record_id: UUID, *, actor: Actor, at: datetime
) -> None:
    if not isinstance(decision, (Deny, Hold)):
        return
    async with db.writing():
        await record(
            actor,
            "school_gate.deposit_refuse",
            kind,
            record_id,
            at=at,
            after={"code": decision.code, "rule": decision.rule, "rulebook": decision.version},
        )


async def _kept(deposit_id: UUID, actor: Actor, *permissions: str) -> Deposit:
    """Lock one that is at the lodge; WrongStateError when it is not any more."""
    await db.fetch("SELECT id FROM school_gate_deposit WHERE id = {} FOR UPDATE", deposit_id)
    row = await Deposit.objects().where(Deposit.id == deposit_id).first()
    if row is None:
        raise NotFoundError
    permit(actor, row.site, *permissions)
    if row.state != policies.KEPT:
        raise WrongStateError(N_("This is not at the lodge any more."))
    return row


async def told(deposit_id: UUID, means: str, *, actor: Actor, at: datetime) -> None:
    """Note that the pupil knows; by the lodge, or by the class teacher for the own class."""
    if means not in TOLD:
        raise InvalidInputError({"means": N_("Please choose one of the options.")})
    rules: SchoolRules = (await timetable.in_force(at)).values
    async with db.writing():
        await deposits.deposit(deposit_id, actor, at=at, rules=rules)
        row = await _kept(deposit_id, actor, KEEP_DEPOSITS, OWN_CLASS)
        if row.told_at is not None:
            return
        await Deposit.update(
            {
                Deposit.told_at: at,
                Deposit.told_means: means,
                Deposit.told_by_name: actor.name,
            }
        ).where(Deposit.id == row.id)
        await record(
            actor, "school_gate.deposit_told", deposits.TABLE, row.id, at=at, after={"means": means}
        )


async def hand_out(
    deposit_id: UUID,
    *,
    signing: str,
    signature: str = "",
    reason: str = "",
    actor: Actor,
    at: datetime,
) -> None:
    """Hand a thing to its pupil, who signs; RefusedError says what would make it pass."""
    rulebook = await timetable.in_force(at)
    signed = (signing == SCREEN and bool(signature)) or signing == PAPER
    async with db.writing():
        row = await _kept(deposit_id, actor, KEEP_DEPOSITS)
        if row.kind == policies.MEAL and signing == GUARD:
            signed = True
        decision = policies.may_hand_out(
            policies.HandOut(
                kind=row.kind,
                state=row.state,
                at=site_time(at),
                signed=signed,
                reason=reason.strip(),
            ),
            rulebook.values,
            rulebook.name,
        )
        if not isinstance(decision, (Deny, Hold)):
            late = reason.strip()[:200]
            cipher = (
                keyring().encrypt(signature, deposits.TABLE, "signature_cipher", row.id)
                if signing == SCREEN
                else None
            )
            await _end(row, policies.COLLECTED, actor=actor, at=at)
            await Deposit.update(
                {
                    Deposit.signing: signing,
                    Deposit.signature_cipher: cipher,
                    Deposit.late_reason: late,
                }
            ).where(Deposit.id == row.id)
            await record(
                actor,
                "school_gate.deposit_collect",
                deposits.TABLE,
                row.id,
                at=at,
                after={"signing": signing, "reason": late, "rulebook": rulebook.name},
            )
    if isinstance(decision, (Deny, Hold)):
        await _refused(decision, deposits.TABLE, deposit_id, actor=actor, at=at)
        raise RefusedError(decision)


async def put_away(
    deposit_id: UUID, state: str, *, reason: str, actor: Actor, at: datetime
) -> None:
    """Give a thing back to who brought it, or dispose of it; both with a reason."""
    if state not in {policies.RETURNED, policies.DISPOSED}:
        raise InvalidInputError({"state": N_("Please choose one of the options.")})
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Please say why.")})
    async with db.writing():
        row = await _kept(deposit_id, actor, KEEP_DEPOSITS)
        await _end(row, state, actor=actor, at=at)
        await Deposit.update({Deposit.end_reason: reason.strip()[:200]}).where(Deposit.id == row.id)
        act = "return" if state == policies.RETURNED else "dispose"
        await record(
            actor,
            f"school_gate.deposit_{act}",
            deposits.TABLE,
            row.id,
            at=at,
            after={"reason": reason.strip()[:200]},
        )


async def _end(row: Deposit, state: str, *, actor: Actor, at: datetime) -> None:
    await Deposit.update(
        {
            Deposit.state: state,
            Deposit.ended_at: max(at, row.kept_at),
            Deposit.ended_by: actor.id,
            Deposit.ended_by_name: actor.name,
        }
    ).where(Deposit.id == row.id)


async def remind(at: datetime) -> int:
    """Tell class teachers once more of what nobody collected; once for each thing."""
    rules: SchoolRules = (await timetable.in_force(at)).values
    sent = 0
    rows = await db.fetch(
        "SELECT d.id, d.pupil, d.number, d.kind, d.kept_at, p.name FROM school_gate_deposit d"
        " JOIN school_gate_pupil p ON p.id = d.pupil WHERE d.state = 'kept'"
    )
    for row in rows:
        overdue = policies.is_overdue(row["kept_at"], at, row["kind"], rules)
        if not overdue or policies.is_overdue(row["kept_at"], at - _REMINDED, row["kind"], rules):
            continue
        for user in await deposits.teacher_users(row["pupil"]):
            key = f"school_gate.deposit_overdue/{row['id']}/{user}"
            if await Notice.exists().where(Notice.key == key):
                continue
            async with db.writing():
                sent += await notify(
                    key=key,
                    channel=IN_APP,
                    subject=N_("Still at the lodge for {name}", name=row["name"]),
                    body=N_(
                        "No. {number}, since {day}. Please let the pupil collect it.",
                        number=row["number"],
                        day=site_time(row["kept_at"]).date().isoformat(),
                    ),
                    at=at,
                    user=user,
                    url="/school-gate/my-deposits",
                )
    return sent
