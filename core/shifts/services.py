"""Taking over a post, handing it over, relieving somebody who is gone, leaving it empty.

A handover is one act for both shifts: the incoming begins at the very moment the outgoing ends.
"""

from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.accounts.pins import check_pin
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.notices.services import IN_APP, notify, tell
from core.permissions import Actor
from core.plugins import Plugins
from core.shifts import items, policies, queries
from core.shifts.facts import OpenItem
from core.shifts.queries import WRITE
from core.shifts.tables import Shift, ShiftHandover
from core.sites.tables import Gate

SESSION, PIN = "session", "pin"
LONGEST_REMARK = 2000


async def _post(gate_id: UUID, actor: Actor) -> Gate:
    """Return the post, locked, so that two people never take it at once."""
    await db.fetch("SELECT id FROM gate WHERE id = {} FOR UPDATE", gate_id)
    gate = await Gate.objects().get(Gate.id == gate_id)
    if gate is None or not gate.active or not actor.may_at(WRITE, gate.site):
        raise NotFoundError
    if actor.id is None:
        raise NotFoundError
    return gate


async def _begin(gate: Gate, who: Actor, at: datetime) -> Shift:
    last = await queries.last_shift(gate.id)
    shift = Shift(
        id=uuid4(),
        site=gate.site,
        gate=gate.id,
        holder=who.id,
        holder_name=who.name,
        began_at=policies.beginning(last.ended_at if last else None, at),
    )
    await Shift.insert(shift)
    return shift


async def _end(shift: Shift, kind: str, at: datetime) -> datetime:
    ended = max(shift.began_at, at)
    await Shift.update({Shift.ended_at: ended, Shift.end_kind: kind}).where(Shift.id == shift.id)
    await ShiftHandover.update({ShiftHandover.state: "withdrawn"}).where(
        ShiftHandover.outgoing_shift == shift.id, ShiftHandover.state == "offered"
    )
    return ended


def _clean(text: str, longest: int = LONGEST_REMARK) -> str:
    return text.strip()[:longest]


async def _told(act: str, gate: Gate, shift: Shift, *, at: datetime, plugins: Plugins) -> None:
    payload = {"gate": str(gate.id), "holder": shift.holder_name}
    await tell(plugins, f"shift.{act}", shift.id, at=at, site_id=gate.site, payload=payload)


async def take_over(
    gate_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins, remarks: str = ""
) -> UUID:
    """Go on duty at a post where nobody is; what is open is recorded and signed by one alone."""
    found, failed = await _gather(gate_id, at=at, plugins=plugins)
    async with db.writing():
        gate = await _post(gate_id, actor)
        present = await queries.on_duty(gate_id)
        decision = policies.may_take(_id(actor), queries.span(present) if present else None)
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        shift = await _begin(gate, actor, at)
        row = ShiftHandover(
            id=uuid4(),
            site=gate.site,
            gate=gate.id,
            incoming_shift=shift.id,
            state="signed",
            failed_parts=", ".join(failed)[:300],
            incoming_remarks=_clean(remarks),
            incoming=actor.id,
            incoming_name=actor.name,
            incoming_means=SESSION,
            incoming_at=at,
            created_at=at,
        )
        row.accepted_cipher = items.lock(found, "accepted_cipher", row.id)
        await ShiftHandover.insert(row)
        await record(
            actor,
            "shift.take_over",
            "shift",
            shift.id,
            at=at,
            after={"gate": gate.name, "open_items": len(found)},
        )
        await _told("taken_over", gate, shift, at=at, plugins=plugins)
    return shift.id


def _id(actor: Actor) -> UUID:
    if actor.id is None:
        raise NotFoundError
    return actor.id


async def _gather(
    gate_id: UUID, *, at: datetime, plugins: Plugins
) -> tuple[list[OpenItem], list[str]]:
    """Ask what is open before the transaction: a slow plugin must not hold the post."""
    gate = await Gate.objects().get(Gate.id == gate_id)
    if gate is None:
        raise NotFoundError
    return await items.open_items(gate.site, gate.id, at=at, plugins=plugins)


async def offer(
    gate_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    keys: str = "",
    remarks: str = "",
) -> UUID:
    """Write the record of what is open and sign it as the outgoing; a former offer is replaced."""
    found, failed = await _gather(gate_id, at=at, plugins=plugins)
    async with db.writing():
        gate = await _post(gate_id, actor)
        present = await queries.on_duty(gate_id)
        if present is None or present.holder != actor.id:
            raise WrongStateError(N_("Only who is on duty here can hand over."))
        await ShiftHandover.update({ShiftHandover.state: "withdrawn"}).where(
            ShiftHandover.gate == gate_id, ShiftHandover.state == "offered"
        )
        row = ShiftHandover(
            id=uuid4(),
            site=gate.site,
            gate=gate.id,
            outgoing_shift=present.id,
            state="offered",
            failed_parts=", ".join(failed)[:300],
            keys=_clean(keys, 300),
            remarks=_clean(remarks),
            outgoing=actor.id,
            outgoing_name=actor.name,
            outgoing_means=SESSION,
            outgoing_at=at,
            created_at=at,
        )
        row.offered_cipher = items.lock(found, "offered_cipher", row.id)
        await ShiftHandover.insert(row)
        await record(
            actor,
            "shift.offer",
            "shift",
            present.id,
            at=at,
            after={"handover": row.id, "open_items": len(found)},
        )
    return row.id


async def withdraw(handover_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Take an offer back; one stays on duty."""
    async with db.writing():
        row = await _offered(handover_id)
        if row.outgoing != actor.id:
            raise NotFoundError
        await ShiftHandover.update({ShiftHandover.state: "withdrawn"}).where(
            ShiftHandover.id == row.id
        )
        await record(
            actor, "shift.withdraw", "shift", row.outgoing_shift, at=at, after={"handover": row.id}
        )


async def _offered(handover_id: UUID) -> ShiftHandover:
    await db.fetch("SELECT id FROM shift_handover WHERE id = {} FOR UPDATE", handover_id)
    row = await ShiftHandover.objects().get(ShiftHandover.id == handover_id)
    if row is None:
        raise NotFoundError
    if row.state != "offered":
        raise WrongStateError(N_("This handover is not open any more."))
    return row


async def accept(
    handover_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    remarks: str = "",
    means: str = SESSION,
) -> UUID:
    """Sign as the incoming: the outgoing's shift ends and this one begins; return its id.

    What is open is recorded anew, as people come and go while two guards talk.
    """
    known = await ShiftHandover.objects().get(ShiftHandover.id == handover_id)
    if known is None:
        raise NotFoundError
    found, failed = await _gather(known.gate, at=at, plugins=plugins)
    async with db.writing():
        gate = await _post(known.gate, actor)
        row = await _offered(handover_id)
        decision = policies.may_accept(row.outgoing or gate.id, _id(actor))
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        present = await queries.on_duty(gate.id)
        if present is None or present.id != row.outgoing_shift:
            raise WrongStateError(N_("This handover is not open any more."))
        # Signed first, so that ending the shift does not take the offer back.
        await ShiftHandover.update({ShiftHandover.state: "signed"}).where(
            ShiftHandover.id == row.id
        )
        ended = await _end(present, "handed_over", at)
        shift = await _begin(gate, actor, ended)
        await ShiftHandover.update(
            {
                ShiftHandover.incoming_shift: shift.id,
                ShiftHandover.accepted_cipher: items.lock(found, "accepted_cipher", row.id),
                ShiftHandover.failed_parts: ", ".join(failed)[:300],
                ShiftHandover.incoming_remarks: _clean(remarks),
                ShiftHandover.incoming: actor.id,
                ShiftHandover.incoming_name: actor.name,
                ShiftHandover.incoming_means: means,
                ShiftHandover.incoming_at: at,
            }
        ).where(ShiftHandover.id == row.id)
        await record(
            actor,
            "shift.accept",
            "shift",
            shift.id,
            at=at,
            after={
                "gate": gate.name,
                "handover": row.id,
                "from": row.outgoing_name,
                "means": means,
                "open_items": len(found),
            },
        )
        await _told("handed_over", gate, shift, at=at, plugins=plugins)
    return shift.id


async def accept_by_pin(
    handover_id: UUID,
    incoming: UUID,
    pin: str,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    remarks: str = "",
) -> UUID:
    """Let the incoming sign on the outgoing's device, by PIN. TooOftenError after wrong ones."""
    row = await ShiftHandover.objects().get(ShiftHandover.id == handover_id)
    if row is None or row.outgoing != actor.id:
        raise NotFoundError
    right = await check_pin(incoming, pin, actor=actor, at=at)
    who = {one.id: one for one in await queries.reliefs(row.site, plugins.register_roles())}
    if not right or incoming not in who:
        raise InvalidInputError(
            {"pin": N_("The PIN is wrong, or this person is not on duty here.")}
        )
    return await accept(
        handover_id,
        actor=who[incoming],
        at=at,
        plugins=plugins,
        remarks=remarks,
        means=PIN,
    )


async def relieve(
    gate_id: UUID, *, reason: str, actor: Actor, at: datetime, plugins: Plugins
) -> UUID:
    """Go on duty although the one before has gone without handing over; the record says so."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why the other does not sign.")})
    found, failed = await _gather(gate_id, at=at, plugins=plugins)
    async with db.writing():
        gate = await _post(gate_id, actor)
        present = await queries.on_duty(gate_id)
        if present is None:
            raise WrongStateError(N_("Nobody is on duty here: simply take over."))
        decision = policies.may_accept(present.holder, _id(actor))
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        ended = await _end(present, "relieved", at)
        shift = await _begin(gate, actor, ended)
        row = ShiftHandover(
            id=uuid4(),
            site=gate.site,
            gate=gate.id,
            outgoing_shift=present.id,
            incoming_shift=shift.id,
            state="signed",
            failed_parts=", ".join(failed)[:300],
            reason=_clean(reason, 300),
            outgoing=present.holder,
            outgoing_name=present.holder_name,
            incoming=actor.id,
            incoming_name=actor.name,
            incoming_means=SESSION,
            incoming_at=at,
            created_at=at,
        )
        row.accepted_cipher = items.lock(found, "accepted_cipher", row.id)
        await ShiftHandover.insert(row)
        await record(
            actor,
            "shift.relieve",
            "shift",
            shift.id,
            at=at,
            after={"gate": gate.name, "from": present.holder_name, "reason": _clean(reason, 300)},
        )
        await _report(gate, present, row, actor, at=at, plugins=plugins)
        await _told("relieved", gate, shift, at=at, plugins=plugins)
    return shift.id


async def _report(
    gate: Gate, left: Shift, row: ShiftHandover, actor: Actor, *, at: datetime, plugins: Plugins
) -> None:
    """Tell whoever reads handovers, and the one who did not sign, that a post was taken over so."""
    users = {left.holder, *await queries.readers(gate.site, plugins.register_roles())}
    for user in sorted(users - {actor.id}):
        await notify(
            key=f"shift.relieve/{row.id}/{user}",
            channel=IN_APP,
            subject=N_("{gate}: taken over without a handover", gate=gate.name),
            body=N_(
                "{name} relieved {other}, who did not sign. Why: {reason}",
                name=actor.name,
                other=left.holder_name,
                reason=_clean(row.reason, 300),
            ),
            at=at,
            user=user,
            url=f"/shifts/handovers/{row.id}",
        )


async def leave(
    gate_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    keys: str = "",
    remarks: str = "",
) -> None:
    """End one's shift where nobody follows, as at night; what is open is recorded."""
    found, failed = await _gather(gate_id, at=at, plugins=plugins)
    async with db.writing():
        gate = await _post(gate_id, actor)
        present = await queries.on_duty(gate_id)
        if present is None or present.holder != actor.id:
            raise WrongStateError(N_("Only who is on duty here can hand over."))
        await _end(present, "left", at)
        row = ShiftHandover(
            id=uuid4(),
            site=gate.site,
            gate=gate.id,
            outgoing_shift=present.id,
            state="signed",
            failed_parts=", ".join(failed)[:300],
            keys=_clean(keys, 300),
            remarks=_clean(remarks),
            outgoing=actor.id,
            outgoing_name=actor.name,
            outgoing_means=SESSION,
            outgoing_at=at,
            created_at=at,
        )
        row.offered_cipher = items.lock(found, "offered_cipher", row.id)
        await ShiftHandover.insert(row)
        await record(
            actor,
            "shift.leave",
            "shift",
            present.id,
            at=at,
            after={"gate": gate.name, "open_items": len(found)},
        )
        await _told("left", gate, present, at=at, plugins=plugins)
