"""Who somebody may be and what they came for before (GOV-3, CORE-2). Reads only.

Items go through matters.access; a person all of whose items are hidden from the reader is not shown.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.permissions import SYSTEM, Actor
from core.text import mask_phone
from core.visitors.identity_documents import mask
from plugins.government.intake import policies
from plugins.government.intake.facts import Found, Reception, Recognition
from plugins.government.matters import queries
from plugins.government.matters.facts import MatterLine
from plugins.government.matters.queries import Filter
from plugins.government.people import services as people
from plugins.government.people.facts import Known, Person

MOST = 6
_ITEMS = 12


async def recognise(
    person: Person,
    *,
    chosen: UUID | None,
    subject_id: UUID | None,
    place_id: UUID | None,
    title: str,
    actor: Actor,
    at: datetime,
    today: date,
    similar_days: int,
    without: Collection[UUID] = (),
) -> Recognition:
    """Return who this may be, what is suggested, and like items of the same place and subject.

    `without` are items of the same visit: a further matter is not about them.
    """
    found = [_without(one, without) for one in await _found(person, chosen, actor, at)]
    subject = await _subject_name(subject_id)
    alike = await _alike(subject_id, place_id, actor, at, today - timedelta(days=similar_days))
    first = found[0] if found else None
    own = {line.id for line in first.matters} if first else set()
    alike = [line for line in alike if line.id not in own and line.id not in without]
    suggested = policies.suggest(
        first.by if first else "",
        first.matters if first else (),
        subject=subject,
        title=title,
        alike=alike,
    )
    return Recognition(found=tuple(found), suggested=suggested, alike=tuple(alike))


def _without(found: Found, items: Collection[UUID]) -> Found:
    return replace(found, matters=tuple(line for line in found.matters if line.id not in items))


async def frequency_of(new: Reception, at: datetime) -> Reception:
    """Return what came without a clerk with first or repeated as the records say (GOV-3).

    Whoever handles it may put that right; nothing of it is shown to whoever wrote. Confidential items
    are left out: that there was one before would be read off an item that more people see.
    """
    if new.person is None:
        return new
    found = await _found(new.person, None, SYSTEM, at)
    first = found[0] if found else None
    suggested = policies.suggest(
        first.by if first else "",
        [one for one in first.matters if not one.secret] if first else (),
        subject=await _subject_name(new.matter.subject_id),
        title=new.matter.title,
    )
    if suggested.matter is None:
        return new
    same = replace(new.matter, same_as=suggested.matter.id)
    return replace(new, frequency=suggested.frequency, matter=same)


async def _found(person: Person, chosen: UUID | None, actor: Actor, at: datetime) -> list[Found]:
    known: list[Known] = []
    if chosen is not None:
        known.append(Known(id=chosen, person=await people.petitioner(chosen), by="chosen"))
    known += [one for one in await people.known(person) if one.id != chosen]
    found = []
    for one in known[:MOST]:
        items = await queries.matters_of(one.id, actor, at=at, limit=_ITEMS)
        if not items and one.matters:
            continue  # only items that do not exist for this reader
        found.append(shown(one.id, one.person, by=_way(one, person), matters=tuple(items)))
    order = {by: place for place, by in enumerate((*policies.SURE, "phone", "name"))}
    return sorted(found, key=lambda one: order.get(one.by, 9))


def _way(known: Known, typed: Person) -> str:
    if known.by == "phone" and people.folded(known.person.name) == people.folded(typed.name):
        return "name_and_phone"
    return known.by


def shown(
    petitioner_id: UUID, person: Person, *, by: str = "", matters: tuple[MatterLine, ...] = ()
) -> Found:
    """Return a petitioner as the desk sees them: numbers masked."""
    return Found(
        petitioner_id=petitioner_id,
        name=person.name,
        phone=mask_phone(person.phone) if person.phone else "",
        document=mask(person.document) if person.document else "",
        by=by,
        matters=matters,
    )


async def may_know(petitioner_id: UUID, actor: Actor, at: datetime) -> None:
    """Raise NotFoundError where every item of a petitioner is hidden from the reader.

    Of a record that was joined to another one, the other is asked for.
    """
    petitioner_id = await people.current(petitioner_id)
    rows = await db.fetch(
        "SELECT (SELECT count(*) FROM government_matter_person mp WHERE mp.petitioner = p.id) AS n"
        " FROM government_petitioner p WHERE p.id = {} AND p.erased_at IS NULL",
        petitioner_id,
    )
    if not rows:
        raise NotFoundError
    if rows[0]["n"] and not await queries.matters_of(petitioner_id, actor, at=at, limit=1):
        raise NotFoundError


async def _subject_name(subject_id: UUID | None) -> str:
    if subject_id is None:
        return ""
    rows = await db.fetch("SELECT name FROM government_subject WHERE id = {}", subject_id)
    return rows[0]["name"] if rows else ""


async def _alike(
    subject_id: UUID | None, place_id: UUID | None, actor: Actor, at: datetime, since: date
) -> list[MatterLine]:
    if subject_id is None or place_id is None:
        return []
    lines, _ = await queries.matters(
        actor,
        Filter(since=since, place_id=place_id),
        at=at,
        size=5,
        extra=("m.subject = {}", [subject_id]),
    )
    return lines


async def searched(text: str, actor: Actor, *, at: datetime) -> list[Found]:
    """Return petitioners by name, reading, tail of a number, or the number of an item."""
    lines, _ = await queries.matters(actor, Filter(text=text), at=at, size=30)
    found: dict[UUID, Found] = {}
    for line in lines:
        if line.petitioner_id is None or line.petitioner_id in found or len(found) == MOST:
            continue
        person = await people.petitioner(line.petitioner_id)
        own = await queries.matters_of(line.petitioner_id, actor, at=at, limit=_ITEMS)
        found[line.petitioner_id] = shown(line.petitioner_id, person, matters=tuple(own))
    return list(found.values())
