"""Class events drafted, changed, their lists written, called off (SCH-12).

Stored: the event and which parents of which pupils are expected and came; for a school year
(events/keeping.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.documents.numbering import next_number, number_label
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.links import services as links
from core.log.services import record
from core.passes import services as passes
from core.permissions import Actor
from core.registrations.judging import site_time
from core.sites.tables import Gate
from plugins.school_gate.events import policies, queries
from plugins.school_gate.events.facts import (
    APPROVED,
    CANCELLED,
    CHANGEABLE,
    DRAFT,
    Applied,
)
from plugins.school_gate.events.queries import EventLine
from plugins.school_gate.events.rights import CANCEL_EVENT, is_teacher
from plugins.school_gate.events.tables import ClassEvent, EventGuest
from plugins.school_gate.queries import timetable
from plugins.school_gate.tables import SchoolClass

RECORD = "school_gate_event"
LINK = "school_event"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """What the class teacher applies for."""

    class_id: UUID
    title: str
    place: str
    note: str
    admits_from: datetime
    starts_at: datetime
    ends_at: datetime
    gate_id: UUID | None


async def _class_of(class_id: UUID, actor: Actor) -> SchoolClass:
    found = await SchoolClass.objects(SchoolClass.grade).where(SchoolClass.id == class_id).first()
    if found is None or not is_teacher(actor, found.teacher, found.grade.site):
        raise NotFoundError
    return found


async def _checked(new: NewEvent, site_id: UUID, at: datetime) -> None:
    rules = (await timetable.in_force(at)).values
    wrong = policies.problems(
        Applied(
            admits_from=site_time(new.admits_from),
            starts=site_time(new.starts_at),
            ends=site_time(new.ends_at),
            at=site_time(at),
        ),
        rules,
    )
    if new.gate_id is not None and not await Gate.exists().where(
        Gate.id == new.gate_id, Gate.site == site_id, Gate.active.eq(True)
    ):
        wrong["gate"] = N_("Please choose one of the options.")
    if wrong:
        raise InvalidInputError(wrong)


async def create(new: NewEvent, *, actor: Actor, at: datetime) -> UUID:
    """Write down an event as a draft, with one parent of each pupil on its list."""
    async with db.writing():
        school_class = await _class_of(new.class_id, actor)
        await _checked(new, school_class.grade.site, at)
        year = site_time(at).year
        row = ClassEvent(
            id=uuid4(),
            number=number_label(year, await next_number(RECORD, year)),
            school_class=new.class_id,
            title=new.title,
            place=new.place,
            note=new.note,
            admits_from=new.admits_from,
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            gate=new.gate_id,
            state=DRAFT,
            applied_by=actor.id,
            applied_by_name=actor.name,
            created_at=at,
        )
        await ClassEvent.insert(row)
        first = await first_guardians(new.class_id)
        await write_guests(row.id, first)
        await record(
            actor,
            "school_gate.event_new",
            RECORD,
            row.id,
            at=at,
            after={"title": new.title, "starts_at": new.starts_at, "guests": len(first)},
        )
    return row.id


async def _guardians(class_id: UUID) -> list[db.Row]:
    return await db.fetch(
        "SELECT a.id, a.pupil, a.name, a.relation FROM school_gate_guardian a"
        " JOIN school_gate_pupil p ON p.id = a.pupil WHERE p.school_class = {} AND p.active"
        " AND a.active ORDER BY p.number, a.position, a.name",
        class_id,
    )


async def first_guardians(class_id: UUID) -> list[db.Row]:
    """Return the first guardian of each pupil of a class."""
    rows = await _guardians(class_id)
    first: dict[UUID, db.Row] = {}
    for row in rows:
        first.setdefault(row["pupil"], row)
    return list(first.values())


async def write_guests(event_id: UUID, people: Sequence[db.Row]) -> None:
    """Write the list of an event from guardians of the roster."""
    rows = [
        EventGuest(
            id=uuid4(),
            event=event_id,
            pupil=one["pupil"],
            guardian=one["id"],
            name=one["name"],
            relation=one["relation"],
            position=place,
        )
        for place, one in enumerate(people)
    ]
    for start in range(0, len(rows), 50):
        await EventGuest.insert(*rows[start : start + 50])


async def lock(event_id: UUID) -> None:
    """Lock an event, before the request about it."""
    await db.fetch("SELECT id FROM school_gate_event WHERE id = {} FOR UPDATE", event_id)


async def taken(event_id: UUID, *, actor: Actor) -> EventLine:
    """Return an event locked for an act; NotFoundError for whom it does not exist."""
    await lock(event_id)
    return await queries.event(event_id, actor)


async def own(event_id: UUID, *, actor: Actor) -> EventLine:
    """Return an event locked for an act of its class teacher."""
    line = await taken(event_id, actor=actor)
    if not is_teacher(actor, line.teacher_id, line.site_id):
        raise NotFoundError
    return line


def refuse_unless_changeable(line: EventLine) -> None:
    """Raise WrongStateError once the list was submitted."""
    if line.state not in CHANGEABLE:
        raise WrongStateError(
            N_("The list was submitted as it is. Withdraw the application to change it.")
        )


async def change(event_id: UUID, new: NewEvent, *, actor: Actor, at: datetime) -> None:
    """Change what is applied for, as long as it is a draft or was sent back."""
    async with db.writing():
        line = await own(event_id, actor=actor)
        refuse_unless_changeable(line)
        await _checked(new, line.site_id, at)
        await ClassEvent.update(
            {
                ClassEvent.title: new.title,
                ClassEvent.place: new.place,
                ClassEvent.note: new.note,
                ClassEvent.admits_from: new.admits_from,
                ClassEvent.starts_at: new.starts_at,
                ClassEvent.ends_at: new.ends_at,
                ClassEvent.gate: new.gate_id,
            }
        ).where(ClassEvent.id == event_id)
        await record(
            actor,
            "school_gate.event_change",
            RECORD,
            event_id,
            at=at,
            before={"title": line.title, "starts_at": line.starts_at, "ends_at": line.ends_at},
            after={"title": new.title, "starts_at": new.starts_at, "ends_at": new.ends_at},
        )


async def set_guests(
    event_id: UUID, guardian_ids: Sequence[UUID], *, actor: Actor, at: datetime
) -> int:
    """Write the list anew from the guardians of the class's pupils; return how many are on it."""
    rules = (await timetable.in_force(at)).values
    async with db.writing():
        line = await own(event_id, actor=actor)
        refuse_unless_changeable(line)
        rows = await _guardians(line.class_id)
        wanted = set(guardian_ids)
        chosen = [row for row in rows if row["id"] in wanted]
        if len(chosen) != len(wanted):
            raise NotFoundError
        each: dict[UUID, int] = {}
        for row in chosen:
            each[row["pupil"]] = each.get(row["pupil"], 0) + 1
        if not chosen:
            raise InvalidInputError({"": N_("At least one parent is on the list.")})
        if max(each.values()) > rules.event_parents_each:
            raise InvalidInputError(
                {"": N_("At most {count} parents of one pupil.", count=rules.event_parents_each)}
            )
        await db.execute("DELETE FROM school_gate_event_guest WHERE event = {}", event_id)
        await write_guests(event_id, chosen)
        await record(
            actor, "school_gate.event_list", RECORD, event_id, at=at, after={"guests": len(chosen)}
        )
    return len(chosen)


async def cancel(event_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Call an event off, with the reason: all codes are refused from now on."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Please say why.")})
    async with db.writing():
        line = await taken(event_id, actor=actor)
        if not may_cancel(line, actor):
            raise NotFoundError
        if line.state not in {APPROVED, DRAFT} or at > line.ends_at:
            raise WrongStateError(N_("Only an event to come is called off."))
        await ClassEvent.update(
            {
                ClassEvent.state: CANCELLED,
                ClassEvent.cancelled_at: at,
                ClassEvent.cancel_reason: reason.strip()[:200],
            }
        ).where(ClassEvent.id == event_id)
        for guest in await queries.guests(event_id):
            if guest.pass_id:
                await passes.revoke(guest.pass_id, reason="event called off", actor=actor, at=at)
            await links.revoke(guest.id, LINK, at=at)
        await record(
            actor, "school_gate.event_cancel", RECORD, event_id, at=at,
            after={"reason": reason.strip()[:200]},
        )  # fmt: skip


def may_cancel(line: EventLine, actor: Actor) -> bool:
    """Say whether somebody may call an event off: its class teacher, or an office that may."""
    return is_teacher(actor, line.teacher_id, line.site_id) or actor.may_at(
        CANCEL_EVENT, line.site_id
    )


async def take_off(event_id: UUID, guest_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Take a parent off an approved list; the code is refused from now on. Nobody is added to one."""
    async with db.writing():
        line = await own(event_id, actor=actor)
        if line.state != APPROVED:
            raise WrongStateError(N_("Change the list instead."))
        guest = next((one for one in await queries.guests(event_id) if one.id == guest_id), None)
        if guest is None:
            raise NotFoundError
        await EventGuest.update({EventGuest.removed_at: at}).where(EventGuest.id == guest_id)
        if guest.pass_id:
            await passes.revoke(guest.pass_id, reason="taken off the list", actor=actor, at=at)
        await links.revoke(guest_id, LINK, at=at)
        await record(
            actor, "school_gate.event_take_off", RECORD, event_id, at=at, after={"guest": guest_id}
        )
