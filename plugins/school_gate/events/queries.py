"""Class events and their lists of parents; reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import clock, db
from core.errors import NotFoundError
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.school_gate.events.facts import APPLIED, APPROVED, SENT_BACK
from plugins.school_gate.events.rights import seen_by
from plugins.school_gate.queries.rights import places

PAGE = 50
_FROM = (
    " FROM school_gate_event v JOIN school_gate_class c ON c.id = v.school_class"
    " JOIN school_gate_grade g ON g.id = c.grade LEFT JOIN gate t ON t.id = v.gate"
    " LEFT JOIN approval_request q ON q.id = v.approval"
)
_SELECT = (
    "SELECT v.id, v.number, v.title, v.place, v.note, v.admits_from, v.starts_at, v.ends_at, v.gate,"
    " v.state, v.approval, v.decided_at, v.decision_note, v.applied_by, v.applied_by_name,"
    " v.created_at, v.cancelled_at, v.cancel_reason, v.school_class, c.name AS class, c.teacher,"
    " g.name AS grade, g.site, g.office, t.name AS gate_name, q.state AS approval_state,"
    " (SELECT count(*) FROM school_gate_event_guest e WHERE e.event = v.id"
    " AND e.removed_at IS NULL) AS guests,"
    " (SELECT count(*) FROM school_gate_event_guest e WHERE e.event = v.id"
    " AND e.removed_at IS NULL AND e.came_at IS NOT NULL) AS came"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """A class event as shown. `guests` on the list, `came` of them registered."""

    id: UUID
    site_id: UUID
    number: str
    class_id: UUID
    class_name: str
    teacher_id: UUID | None
    office_id: UUID | None
    title: str
    place: str
    note: str
    admits_from: datetime
    starts_at: datetime
    ends_at: datetime
    gate_id: UUID | None
    gate_name: str
    state: str
    approval: UUID | None
    decision_note: str
    applied_by_name: str
    cancel_reason: str
    guests: int
    came: int

    def is_open(self, at: datetime) -> bool:
        """Say whether parents are admitted now."""
        return self.state == APPROVED and self.admits_from <= at <= self.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestLine:
    """A parent on a list, with the child."""

    id: UUID
    event_id: UUID
    pupil_id: UUID
    pupil_name: str
    pupil_number: str
    guardian_id: UUID | None
    name: str
    relation: str
    pass_id: str
    came_at: datetime | None
    came_how: str
    gate_name: str
    recorded_by: str
    removed: bool


def _event(row: db.Row) -> EventLine:
    state = row["state"]
    if state == APPLIED and row["approval_state"] == SENT_BACK:
        state = SENT_BACK
    return EventLine(
        id=row["id"],
        site_id=row["site"],
        number=row["number"],
        class_id=row["school_class"],
        class_name=f"{row['grade']}{row['class']}",
        teacher_id=row["teacher"],
        office_id=row["office"],
        title=row["title"],
        place=row["place"],
        note=row["note"],
        admits_from=site_time(row["admits_from"]),
        starts_at=site_time(row["starts_at"]),
        ends_at=site_time(row["ends_at"]),
        gate_id=row["gate"],
        gate_name=row["gate_name"] or "",
        state=state,
        approval=row["approval"],
        decision_note=row["decision_note"],
        applied_by_name=row["applied_by_name"],
        cancel_reason=row["cancel_reason"],
        guests=row["guests"],
        came=row["came"],
    )


async def _events(condition: str, args: Sequence[Any], tail: str = "") -> list[EventLine]:
    # Conditions are written in this room; what comes from outside are the arguments.
    return [_event(r) for r in await db.fetch(f"{_SELECT}{_FROM} WHERE {condition}{tail}", *args)]


async def event(event_id: UUID, actor: Actor) -> EventLine:
    """Return one event; NotFoundError when the actor may not see it."""
    condition, args = seen_by(actor)
    found = await _events(f"v.id = {{}} AND {condition}", [event_id, *args])
    if not found:
        raise NotFoundError
    return found[0]


async def event_by_id(event_id: UUID) -> EventLine | None:
    """Return one event without regard to rights: for links, scans and decisions."""
    found = await _events("v.id = {}", [event_id])
    return found[0] if found else None


async def events(actor: Actor, *, page: int = 1) -> tuple[list[EventLine], int]:
    """Return one page of the events that the actor may see, the latest first, and how many in all."""
    condition, args = seen_by(actor)
    count = await db.fetch(f"SELECT count(*) AS n{_FROM} WHERE {condition}", *args)
    found = await _events(
        condition,
        [*args, PAGE, (page - 1) * PAGE],
        " ORDER BY v.starts_at DESC, v.id LIMIT {} OFFSET {}",
    )
    return found, count[0]["n"]


async def of_site_now(site_id: UUID, at: datetime) -> list[EventLine]:
    """Return the events of a site that are not decided otherwise and are on now or soon."""
    return await _events(
        "g.site = {} AND v.state IN ('asked', 'approved') AND v.admits_from <= {} AND v.ends_at >= {}",
        [site_id, at + timedelta(hours=1), at],
        " ORDER BY v.admits_from, v.id LIMIT 50",
    )


async def of_class_now(class_id: UUID, at: datetime) -> list[EventLine]:
    """Return the approved events of a class whose window is open."""
    return await _events(
        "v.school_class = {} AND v.state = {} AND v.admits_from <= {} AND v.ends_at >= {}",
        [class_id, APPROVED, at, at],
        " ORDER BY v.starts_at LIMIT 5",
    )


_GUESTS = (
    "SELECT e.id, e.event, e.pupil, e.guardian, e.name, e.relation, e.pass_id, e.came_at, e.came_how,"
    " e.recorded_by_name, e.removed_at, p.name AS pupil_name, p.number AS pupil_number,"
    " t.name AS gate_name FROM school_gate_event_guest e JOIN school_gate_pupil p ON p.id = e.pupil"
    " LEFT JOIN gate t ON t.id = e.came_gate"
)


def _guest(row: Mapping[str, Any]) -> GuestLine:
    return GuestLine(
        id=row["id"],
        event_id=row["event"],
        pupil_id=row["pupil"],
        pupil_name=row["pupil_name"],
        pupil_number=row["pupil_number"],
        guardian_id=row["guardian"],
        name=row["name"],
        relation=row["relation"],
        pass_id=row["pass_id"],
        came_at=row["came_at"],
        came_how=row["came_how"],
        gate_name=row["gate_name"] or "",
        recorded_by=row["recorded_by_name"],
        removed=row["removed_at"] is not None,
    )


async def guests(event_id: UUID) -> list[GuestLine]:
    """Return the parents on an event's list, in the order of the pupils."""
    rows = await db.fetch(
        f"{_GUESTS} WHERE e.event = {{}} AND e.removed_at IS NULL ORDER BY p.number, e.position, e.id",
        event_id,
    )
    return [_guest(row) for row in rows]


async def guests_by_id(ids: Sequence[UUID]) -> list[GuestLine]:
    """Return parents on lists by id, also those taken off."""
    if not ids:
        return []
    rows = await db.fetch(f"{_GUESTS} WHERE e.id IN ({places(ids)})", *ids)
    return [_guest(row) for row in rows]


async def came_by_scan(since: datetime) -> list[db.Row]:
    """Return the first scans that let parents in since a moment and are not on the lists yet."""
    return await db.fetch(
        "SELECT e.id AS guest, s.id AS scan, s.at, s.gate FROM school_gate_event_guest e"
        " JOIN scan_event s ON s.pass_id = e.pass_id WHERE e.pass_id <> '' AND e.came_at IS NULL"
        " AND s.at >= {} AND s.direction = 0 AND s.verdict = 0"
        " AND s.code NOT IN ('undo', 'stub_returned') AND NOT EXISTS (SELECT 1 FROM scan_event u"
        " WHERE u.pass_id = s.pass_id AND u.corrects = s.id) ORDER BY s.at, s.id LIMIT 1000",
        clock.to_ms(since),
    )
