"""Slips asked for, issued after the parent was spoken to, stamped, refused, voided (SCH-5, SCH-6).

Stored: the pupil, why and when, who of the parents answered, who issued and stamped; for a school year
(leave/keeping.py).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.decisions import Deny
from core.documents.numbering import next_number, number_label
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_, Message
from core.links import services as links
from core.log.services import record
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.school_gate.leave import policies, queries, telling
from plugins.school_gate.leave.facts import ASKED, ENTRY, KINDS, LEAVE, MEANS, OPEN, TO_STAMP, Asked
from plugins.school_gate.leave.queries import SlipLine
from plugins.school_gate.leave.rights import ISSUE_LEAVE, STAMP_LEAVE
from plugins.school_gate.leave.tables import LeaveSlip
from plugins.school_gate.queries import timetable
from plugins.school_gate.tables import Guardian, Pupil

LINK = "school_leave"
RECORD = "school_gate_leave"
_BACKDATED = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSlip:
    """What the class teacher writes down when a pupil asks."""

    pupil_id: UUID
    kind: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    expected_back_at: datetime | None
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """That the parent was spoken to: when, how, and who answered."""

    at: datetime
    means: str
    answered_by: str
    guardian_id: UUID | None = None


async def pupil_of_own_class(pupil_id: UUID, actor: Actor) -> Pupil:
    """Return a pupil whose class teacher the actor is; NotFoundError for any other."""
    found = (
        await Pupil.objects(Pupil.school_class)
        .where(Pupil.id == pupil_id, Pupil.active.eq(True))
        .first()
    )
    if found is None or not _is_teacher(actor, found.school_class.teacher, found.site):
        raise NotFoundError
    return found


def _is_teacher(actor: Actor, teacher_id: UUID | None, site_id: UUID) -> bool:
    return (
        actor.host_id is not None
        and teacher_id == actor.host_id
        and actor.may_at(ISSUE_LEAVE, site_id)
    )


async def ask(
    new: NewSlip,
    *,
    contact: Contact | None,
    issue_now: bool,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Write down that a pupil asks; with `issue_now` issue the slip at once, all or nothing."""
    rulebook = await timetable.in_force(at)
    async with db.writing():
        pupil = await pupil_of_own_class(new.pupil_id, actor)
        asked = Asked(
            kind=new.kind,
            starts=site_time(new.starts_at),
            ends=site_time(new.ends_at),
            back_by=site_time(new.expected_back_at) if new.expected_back_at else None,
            alone=new.alone,
            boards=bool(pupil.boards),
            active=bool(pupil.active),
            at=site_time(at),
        )
        wrong = policies.problems(asked, rulebook.values)
        if not wrong and (other := await _overlapping(new)):
            wrong = {"starts_at": N_("There is a slip for this time already: {slip}.", slip=other)}
        if wrong:
            raise InvalidInputError(wrong)
        row = LeaveSlip(
            id=uuid4(),
            pupil=new.pupil_id,
            kind=new.kind,
            reason=new.reason,
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            expected_back_at=new.expected_back_at,
            alone=new.alone,
            asked_at=at,
            asked_by=actor.id,
            asked_by_name=actor.name,
        )
        await LeaveSlip.insert(row)
        shown = {"slip": row.id, "kind": new.kind, "from": new.starts_at, "until": new.ends_at}
        await record(actor, "school_gate.leave_ask", RECORD, row.id, at=at, after=shown)
        if contact is not None:
            await record_contact(row.id, contact, actor=actor, at=at)
        if issue_now:
            await issue(row.id, actor=actor, at=at)
    return row.id


async def _overlapping(new: NewSlip) -> str:
    """Return the number or reason of an open slip of this pupil for the same time: one exit, one slip."""
    rows = await db.fetch(
        "SELECT number, reason FROM school_gate_leave WHERE pupil = {} AND voided_at IS NULL"
        " AND refused_at IS NULL AND used_at IS NULL AND starts_at < {} AND ends_at > {}"
        " AND (kind = 'entry') = {} LIMIT 1",
        new.pupil_id,
        new.ends_at,
        new.starts_at,
        new.kind == ENTRY,
    )
    return (rows[0]["number"] or rows[0]["reason"]) if rows else ""


async def taken(slip_id: UUID, *, actor: Actor, at: datetime) -> SlipLine:
    """Return a slip locked for an act; NotFoundError for whom it does not exist."""
    await db.fetch("SELECT id FROM school_gate_leave WHERE id = {} FOR UPDATE", slip_id)
    return await queries.slip(slip_id, actor, at=at)


async def _own(slip_id: UUID, *, actor: Actor, at: datetime) -> SlipLine:
    line = await taken(slip_id, actor=actor, at=at)
    if not _is_teacher(actor, line.teacher_id, line.site_id):
        raise NotFoundError
    return line


async def change(slip_id: UUID, act: str, values: dict[Any, Any], **log: Any) -> None:
    """Write columns of a slip and the log's row."""
    actor, at = log.pop("actor"), log.pop("at")
    await LeaveSlip.update(values).where(LeaveSlip.id == slip_id)
    await record(actor, f"school_gate.leave_{act}", RECORD, slip_id, at=at, after=log or None)


async def record_contact(slip_id: UUID, contact: Contact, *, actor: Actor, at: datetime) -> None:
    """Record that the class teacher spoke with the parent, before the slip is issued."""
    problems: dict[str, Message] = {}
    if contact.means not in MEANS:
        problems["contact_means"] = N_("Please choose one of the options.")
    if not contact.answered_by.strip():
        problems["contact_with"] = N_("Write down who answered.")
    if not at - _BACKDATED <= contact.at <= at + timedelta(minutes=5):
        problems["contacted_at"] = N_(
            "The contact was within the last two days, not later than now."
        )
    if problems:
        raise InvalidInputError(problems)
    async with db.writing():
        line = await _own(slip_id, actor=actor, at=at)
        _refuse_unless(line, ASKED)
        if contact.guardian_id is not None and not await Guardian.exists().where(
            Guardian.id == contact.guardian_id, Guardian.pupil == line.pupil_id
        ):
            raise NotFoundError
        await change(
            slip_id,
            "contact",
            {
                LeaveSlip.contacted_at: contact.at,
                LeaveSlip.contact_means: contact.means,
                LeaveSlip.contact_with: contact.answered_by.strip()[:100],
                LeaveSlip.contact_guardian: contact.guardian_id,
            },
            actor=actor,
            at=at,
            means=contact.means,
            contacted_at=contact.at,
        )


def _refuse_unless(line: SlipLine, *standings: str) -> None:
    if line.standing not in standings:
        raise WrongStateError(N_("The slip is further along than that. Look at it again."))


async def issue(slip_id: UUID, *, actor: Actor, at: datetime) -> str:
    """Issue a slip and number it; leave then waits for the stamp of the grade office."""
    rulebook = await timetable.in_force(at)
    async with db.writing():
        line = await _own(slip_id, actor=actor, at=at)
        decision = policies.may_issue(line.slip, site_time(at), rulebook.name)
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        _refuse_unless(line, ASKED)
        year = site_time(at).year
        number = number_label(year, await next_number("school_gate_leave", year))
        await change(
            slip_id,
            "issue",
            {
                LeaveSlip.number: number,
                LeaveSlip.issued_at: at,
                LeaveSlip.issued_by: actor.id,
                LeaveSlip.issued_by_name: actor.name,
            },
            actor=actor,
            at=at,
            number=number,
        )
        if line.slip.kind == LEAVE:
            await telling.tell(
                await telling.office(line),
                f"leave_stamp/{slip_id}",
                N_("A leave slip waits for your stamp: {class_name}", class_name=line.class_name),
                N_("{name}, from {time}.", name=line.pupil_name, time=_when(line)),
                f"/school-gate/leave/{slip_id}",
                at=at,
            )
    return number


def _when(line: SlipLine) -> str:
    return line.slip.starts.strftime("%m-%d %H:%M")


async def stamp(slip_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Stamp a slip as the grade office: from now on it lets the pupil out in its window."""
    rulebook = await timetable.in_force(at)
    async with db.writing():
        line = await _of_office(slip_id, actor=actor, at=at)
        decision = policies.may_stamp(line.slip, site_time(at), rulebook.name)
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        _refuse_unless(line, TO_STAMP)
        await change(
            slip_id,
            "stamp",
            {
                LeaveSlip.stamped_at: at,
                LeaveSlip.stamped_by: actor.id,
                LeaveSlip.stamped_by_name: actor.name,
            },
            actor=actor,
            at=at,
            rule="SCH-5",
            rulebook=rulebook.name,
        )
        await _answer(
            line, "stamped", N_("Stamped: leave slip of {name}", name=line.pupil_name), at
        )


async def refuse(slip_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Refuse the stamp, with the reason; the class teacher is told."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Please say why.")})
    async with db.writing():
        line = await _of_office(slip_id, actor=actor, at=at)
        _refuse_unless(line, TO_STAMP)
        await change(
            slip_id,
            "refuse",
            {
                LeaveSlip.refused_at: at,
                LeaveSlip.refused_by_name: actor.name,
                LeaveSlip.refuse_reason: reason.strip()[:200],
            },
            actor=actor,
            at=at,
            reason=reason.strip()[:200],
        )
        await _answer(
            line, "refused", N_("Not stamped: leave slip of {name}", name=line.pupil_name), at
        )


async def _of_office(slip_id: UUID, *, actor: Actor, at: datetime) -> SlipLine:
    line = await taken(slip_id, actor=actor, at=at)
    own = line.office_id in (None, actor.host_id) or actor.host_id is None
    if not actor.may_at(STAMP_LEAVE, line.site_id) or not own:
        raise NotFoundError
    return line


async def _answer(line: SlipLine, key: str, subject: Message, at: datetime) -> None:
    await telling.tell(
        await telling.teachers(line.teacher_id),
        f"leave_{key}/{line.id}",
        subject,
        N_("{kind}, from {time}.", kind=KINDS[line.slip.kind], time=_when(line)),
        f"/school-gate/leave/{line.id}",
        at=at,
    )


async def void(slip_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Void a slip, with the reason: the class teacher's own, or the grade office's. Never one used."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Please say why.")})
    async with db.writing():
        line = await taken(slip_id, actor=actor, at=at)
        if not (may_void(line, actor)):
            raise NotFoundError
        if line.standing not in OPEN or line.slip.used or line.slip.released:
            raise WrongStateError(
                N_("This slip was used or has ended. It cannot be voided any more.")
            )
        await change(
            slip_id,
            "void",
            {
                LeaveSlip.voided_at: at,
                LeaveSlip.voided_by_name: actor.name,
                LeaveSlip.void_reason: reason.strip()[:200],
            },
            actor=actor,
            at=at,
            reason=reason.strip()[:200],
        )
        await links.revoke(slip_id, LINK, at=at)


def may_void(line: SlipLine, actor: Actor) -> bool:
    """Say whether somebody may void a slip: its class teacher, or the office that stamps it."""
    return _is_teacher(actor, line.teacher_id, line.site_id) or may_stamp(line, actor)


def may_stamp(line: SlipLine, actor: Actor) -> bool:
    """Say whether a slip is one that the actor's office stamps."""
    own = line.office_id in (None, actor.host_id) or actor.host_id is None
    return line.slip.kind == LEAVE and own and actor.may_at(STAMP_LEAVE, line.site_id)


def is_own(line: SlipLine, actor: Actor) -> bool:
    """Say whether the actor is the class teacher of a slip's pupil."""
    return _is_teacher(actor, line.teacher_id, line.site_id)
