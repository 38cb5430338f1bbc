"""A post taken for an act: locked, its shift begun or ended, what is open asked for."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.errors import NotFoundError, WrongStateError
from core.i18n import N_
from core.notices.services import tell
from core.permissions import Actor
from core.plugins import Plugins
from core.shifts import items, policies, queries
from core.shifts.facts import OpenItem
from core.shifts.queries import WRITE
from core.shifts.tables import Shift, ShiftHandover
from core.sites.tables import Gate

SESSION, PIN = "session", "pin"
LONGEST_REMARK = 2000


async def take(gate_id: UUID, actor: Actor) -> Gate:
    """Return the post, locked, so that two people never take it at once."""
    await db.fetch("SELECT id FROM gate WHERE id = {} FOR UPDATE", gate_id)
    gate = await Gate.objects().get(Gate.id == gate_id)
    if gate is None or not gate.active or not actor.may_at(WRITE, gate.site):
        raise NotFoundError
    if actor.id is None:
        raise NotFoundError
    return gate


async def take_own(gate_id: UUID, actor: Actor) -> tuple[Gate, Shift]:
    """Return the post, locked, with the shift of who leaves it; WrongStateError for who is not on duty."""
    gate = await take(gate_id, actor)
    present = await queries.on_duty(gate_id)
    if present is None or present.holder != actor.id:
        raise WrongStateError(N_("Only who is on duty here can hand over."))
    return gate, present


async def begin(gate: Gate, who: Actor, at: datetime) -> Shift:
    """Begin a shift at a post, not before the last one ended."""
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


async def end(shift: Shift, kind: str, at: datetime) -> datetime:
    """End a shift and take its open offer back; return when it ended."""
    ended = max(shift.began_at, at)
    await Shift.update({Shift.ended_at: ended, Shift.end_kind: kind}).where(Shift.id == shift.id)
    await ShiftHandover.update({ShiftHandover.state: "withdrawn"}).where(
        ShiftHandover.outgoing_shift == shift.id, ShiftHandover.state == "offered"
    )
    return ended


async def write_down(
    gate: Gate,
    shift: Shift,
    state: str,
    found: Sequence[OpenItem],
    failed: Sequence[str],
    *,
    keys: str,
    remarks: str,
    actor: Actor,
    at: datetime,
) -> ShiftHandover:
    """Store what is open at the end of a shift, signed by who leaves."""
    row = ShiftHandover(
        id=uuid4(),
        site=gate.site,
        gate=gate.id,
        outgoing_shift=shift.id,
        state=state,
        failed_parts=", ".join(failed)[:300],
        keys=clean(keys, 300),
        remarks=clean(remarks),
        outgoing=actor.id,
        outgoing_name=actor.name,
        outgoing_means=SESSION,
        outgoing_at=at,
        created_at=at,
    )
    row.offered_cipher = items.lock(found, "offered_cipher", row.id)
    await ShiftHandover.insert(row)
    return row


async def write_taken(
    gate: Gate,
    shift: Shift,
    found: Sequence[OpenItem],
    failed: Sequence[str],
    *,
    actor: Actor,
    at: datetime,
    remarks: str = "",
    left: Shift | None = None,
    reason: str = "",
) -> ShiftHandover:
    """Store what is open at the beginning of a shift, signed by who comes alone.

    `left` is the shift of somebody who is gone and did not sign.
    """
    row = ShiftHandover(
        id=uuid4(),
        site=gate.site,
        gate=gate.id,
        outgoing_shift=left.id if left is not None else None,
        incoming_shift=shift.id,
        state="signed",
        failed_parts=", ".join(failed)[:300],
        reason=clean(reason, 300),
        outgoing=left.holder if left is not None else None,
        outgoing_name=left.holder_name if left is not None else "",
        incoming_remarks=clean(remarks),
        incoming=actor.id,
        incoming_name=actor.name,
        incoming_means=SESSION,
        incoming_at=at,
        created_at=at,
    )
    row.accepted_cipher = items.lock(found, "accepted_cipher", row.id)
    await ShiftHandover.insert(row)
    return row


def clean(text: str, longest: int = LONGEST_REMARK) -> str:
    """Return a remark as it is kept."""
    return text.strip()[:longest]


async def tell_of(act: str, gate: Gate, shift: Shift, *, at: datetime, plugins: Plugins) -> None:
    """Queue the event of a change of duty."""
    payload = {"gate": str(gate.id), "holder": shift.holder_name}
    await tell(plugins, f"shift.{act}", shift.id, at=at, site_id=gate.site, payload=payload)


def id_of(actor: Actor) -> UUID:
    """Return the account of who acts; NotFoundError for who has none."""
    if actor.id is None:
        raise NotFoundError
    return actor.id


async def gather(
    gate_id: UUID, *, at: datetime, plugins: Plugins
) -> tuple[list[OpenItem], list[str]]:
    """Ask what is open before the transaction: a slow plugin must not hold the post."""
    gate = await Gate.objects().get(Gate.id == gate_id)
    if gate is None:
        raise NotFoundError
    return await items.open_items(gate.site, gate.id, at=at, plugins=plugins)
