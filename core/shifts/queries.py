"""Who is on duty where, the chain of shifts, and records of handover; reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import db
from core.accounts.actors import actor_of
from core.errors import NotFoundError
from core.permissions import Actor, Role
from core.shifts import items, policies
from core.shifts.facts import OpenItem
from core.shifts.tables import Shift, ShiftHandover
from core.sites.tables import Gate

READ, WRITE = "core:shift:read", "core:shift:write"
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A gate or desk, who is on duty there, and the handover being offered."""

    gate_id: UUID
    site_id: UUID
    name: str
    holder: UUID | None
    holder_name: str
    since: datetime | None
    offered: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftLine:
    """One shift in the chain; `handover` is the record of its end."""

    id: UUID
    gate_name: str
    holder_name: str
    began_at: datetime
    ended_at: datetime | None
    end_kind: str
    handover: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A handover as shown and printed: what is open, what changed while it was signed, who signed."""

    id: UUID
    gate_id: UUID
    gate_name: str
    state: str
    items: tuple[OpenItem, ...]
    came_up: tuple[OpenItem, ...]
    settled: tuple[OpenItem, ...]
    failed_parts: str
    keys: str
    remarks: str
    incoming_remarks: str
    reason: str
    outgoing: UUID | None
    outgoing_name: str
    outgoing_means: str
    outgoing_at: datetime | None
    incoming_name: str
    incoming_means: str
    incoming_at: datetime | None
    created_at: datetime
    site_id: UUID
    began_at: datetime | None
    ended_at: datetime | None


def span(shift: Shift) -> policies.Span:
    """Return a shift as the policies see it."""
    return policies.Span(holder=shift.holder, began_at=shift.began_at, ended_at=shift.ended_at)


async def on_duty(gate_id: UUID) -> Shift | None:
    """Return who is on duty at a post."""
    return await Shift.objects().where(Shift.gate == gate_id, Shift.ended_at.is_null()).first()


async def last_shift(gate_id: UUID) -> Shift | None:
    """Return the shift that ended last at a post."""
    return (
        await Shift.objects()
        .where(Shift.gate == gate_id, Shift.ended_at.is_not_null())
        .order_by(Shift.ended_at, ascending=False)
        .first()
    )


async def posts(actor: Actor) -> list[Post]:
    """Return the posts of the sites where somebody may go on duty or read, with who is there."""
    rows = await db.fetch(
        "SELECT g.id, g.site, g.name, s.name AS site_name, f.holder, f.holder_name, f.began_at,"
        " h.id AS offered FROM gate g JOIN site s ON s.id = g.site"
        " LEFT JOIN shift f ON f.gate = g.id AND f.ended_at IS NULL"
        " LEFT JOIN shift_handover h ON h.gate = g.id AND h.state = 'offered'"
        " WHERE g.active = {} AND s.active = {} ORDER BY s.name, g.name",
        True,
        True,
    )
    several = len({row["site"] for row in rows}) > 1
    return [
        Post(
            gate_id=row["id"],
            site_id=row["site"],
            name=f"{row['site_name']} · {row['name']}" if several else row["name"],
            holder=row["holder"],
            holder_name=row["holder_name"] or "",
            since=row["began_at"],
            offered=row["offered"],
        )
        for row in rows
        if actor.may_at(WRITE, row["site"]) or actor.may_at(READ, row["site"])
    ]


async def post(gate_id: UUID, actor: Actor) -> Post:
    """Return one post; NotFoundError where somebody neither works nor reads."""
    found = next((one for one in await posts(actor) if one.gate_id == gate_id), None)
    if found is None:
        raise NotFoundError
    return found


async def chain(gate_id: UUID, actor: Actor, *, limit: int = 30) -> list[ShiftLine]:
    """Return the shifts at a post, the latest first."""
    await post(gate_id, actor)
    rows = await db.fetch(
        "SELECT f.id, g.name AS gate_name, f.holder_name, f.began_at, f.ended_at, f.end_kind,"
        " h.id AS handover FROM shift f JOIN gate g ON g.id = f.gate"
        " LEFT JOIN shift_handover h ON h.outgoing_shift = f.id AND h.state = 'signed'"
        " WHERE f.gate = {} ORDER BY f.began_at DESC, f.ended_at DESC LIMIT {}",
        gate_id,
        min(limit, MOST),
    )
    return [
        ShiftLine(
            id=row["id"],
            gate_name=row["gate_name"],
            holder_name=row["holder_name"],
            began_at=row["began_at"],
            ended_at=row["ended_at"],
            end_kind=row["end_kind"],
            handover=row["handover"],
        )
        for row in rows
    ]


async def handover(handover_id: UUID, actor: Actor) -> Record:
    """Return a record of handover; NotFoundError where somebody neither works nor reads."""
    row = await ShiftHandover.objects().get(ShiftHandover.id == handover_id)
    if row is None or not (actor.may_at(WRITE, row.site) or actor.may_at(READ, row.site)):
        raise NotFoundError
    gate = await Gate.objects().get(Gate.id == row.gate)
    ended = (
        await Shift.objects().get(Shift.id == row.outgoing_shift) if row.outgoing_shift else None
    )
    offered = items.unlock(row.offered_cipher, "offered_cipher", row.id)
    accepted = items.unlock(row.accepted_cipher, "accepted_cipher", row.id)
    both = row.offered_cipher is not None and row.accepted_cipher is not None
    came_up, settled = policies.changes(offered, accepted) if both else ([], [])
    return Record(
        id=row.id,
        gate_id=row.gate,
        gate_name=gate.name if gate else "",
        state=row.state,
        items=tuple(accepted if row.accepted_cipher is not None else offered),
        came_up=tuple(came_up),
        settled=tuple(settled),
        failed_parts=row.failed_parts,
        keys=row.keys,
        remarks=row.remarks,
        incoming_remarks=row.incoming_remarks,
        reason=row.reason,
        outgoing=row.outgoing,
        outgoing_name=row.outgoing_name,
        outgoing_means=row.outgoing_means,
        outgoing_at=row.outgoing_at,
        incoming_name=row.incoming_name,
        incoming_means=row.incoming_means,
        incoming_at=row.incoming_at,
        created_at=row.created_at,
        site_id=row.site,
        began_at=ended.began_at if ended else None,
        ended_at=ended.ended_at if ended else None,
    )


async def waiting(actor: Actor) -> int:
    """Count the handovers that wait for somebody else's signature where one works."""
    return sum(
        one.offered is not None and one.holder != actor.id and actor.may_at(WRITE, one.site_id)
        for one in await posts(actor)
    )


async def readers(site_id: UUID, roles: Mapping[str, Role]) -> list[UUID]:
    """Return the users who may read the records of handover at a site."""
    people: dict[UUID, list[db.Row]] = {}
    for row in await db.fetch(_PEOPLE, True):
        people.setdefault(row["id"], []).append(row)
    return [
        user
        for user, rows in people.items()
        if actor_of(rows[0], [(row["role"], row["site"]) for row in rows], roles).may_at(
            READ, site_id
        )
    ]


_PEOPLE = """
SELECT u.id, u.id AS user_id, u.name, u.locale, u.host AS host_id, r.role, r.site
FROM account u JOIN account_role r ON r."user" = u.id
WHERE u.active = {}
ORDER BY u.name, u.id
"""
_RELIEFS = """
SELECT u.id, u.id AS user_id, u.name, u.locale, u.host AS host_id, r.role, r.site
FROM account u JOIN account_role r ON r."user" = u.id
WHERE u.active = {} AND u.pin_hash <> ''
ORDER BY u.name, u.id
"""


async def reliefs(site_id: UUID, roles: Mapping[str, Role]) -> list[Actor]:
    """Return who may go on duty at a site and has a PIN to sign with on another's device."""
    people: dict[UUID, list[db.Row]] = {}
    for row in await db.fetch(_RELIEFS, True):
        people.setdefault(row["id"], []).append(row)
    found = [
        actor_of(rows[0], [(row["role"], row["site"]) for row in rows], roles)
        for rows in people.values()
    ]
    return [actor for actor in found if actor.may_at(WRITE, site_id)]
