"""Two records of one petitioner joined, and parted again by what was written down then (CORE-2, GOV-3).

Whatever hangs on the one hangs on the other from then on, also what whoever joins them may not see.
The log and the time lines get ids and the names of fields, no word of anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.facts import FIRST, MATTER, REPEAT
from plugins.government.joining import moving, policies, queries
from plugins.government.joining.facts import RECORD, Counted, Moved, Repeat
from plugins.government.joining.knowing import dump, moved_of
from plugins.government.joining.tables import Joining
from plugins.government.matters import services as matters
from plugins.government.matters import timeline
from plugins.government.matters.tables import Contact, Matter
from plugins.government.people import searching
from plugins.government.people import services as people
from plugins.government.people.facts import Person
from plugins.government.people.tables import Petitioner

CONFIDENTIAL = Deny(
    "confidential_records",
    N_("Both records have confidential items alone. They stay apart."),
    "GOV-50",
)
INTO_THE_OPEN = Deny(
    "into_the_open",
    N_("A record that has confidential items alone goes into the other one, not the other way."),
    "GOV-50",
)
_LONGEST = 1000


async def join(
    kept_id: UUID,
    joined_id: UUID,
    *,
    reason: str,
    repeated: Sequence[UUID] = (),
    actor: Actor,
    at: datetime,
) -> UUID:
    """Join one record to another, which stays; `repeated` are items to be counted as repeated."""
    said = _needed("reason", reason)
    if kept_id == joined_id:
        raise InvalidInputError({"": N_("These are one and the same record.")})
    async with db.writing():
        kept, joined = await _both(kept_id, joined_id)
        await moving.hold(kept_id, joined_id)
        one, other = [await queries.entry(row.id, actor, at) for row in (kept, joined)]
        if not (one.whole or other.whole):
            raise RefusedError(CONFIDENTIAL)
        if not one.whole:
            raise RefusedError(INTO_THE_OPEN)
        found = [pair for pair in policies.repeats(one, other) if pair.later.id in repeated]
        counted = await _count_repeats(found, actor, at)
        moved = await moving.over(joined_id, kept_id)
        filled = policies.gaps(one.person, other.person) if other.whole else {}
        moved = replace(moved, repeats=counted, filled=filled)
        joined.merged_into, joined.updated_at = kept_id, at
        await joined.save([Petitioner.merged_into, Petitioner.updated_at])
        made = uuid4()
        await Joining.insert(
            Joining(
                id=made,
                kept=kept_id,
                joined=joined_id,
                shared=other.whole,
                reason_cipher=sealing.seal(said, RECORD, "reason_cipher", made),
                moved_cipher=sealing.seal(dump(moved), RECORD, "moved_cipher", made),
                at=at,
                by=actor.id,
                by_name=actor.name,
            )
        )
        await db.execute("DELETE FROM government_search WHERE petitioner = {}", joined_id)
        if other.whole:
            filled_up = _with(one.person, filled, joined)
            await people.correct(kept_id, filled_up, actor=actor, at=at)
            after = {"merged": joined_id, "fields": sorted(filled)}
            await _log("petitioner_join", kept_id, actor, at, after)
        await _log("petitioner_join", joined_id, actor, at, {"into": kept_id})
        await _tell(moved, "petitioner_join", N_("Two records of the petitioner joined"), actor, at)
    return made


async def part(joining_id: UUID, *, reason: str, actor: Actor, at: datetime) -> UUID:
    """Part two records again: what moved goes back, what came since stays; return the parted one."""
    async with db.writing():
        row = await taken(joining_id, actor, at)
        said = _needed("reason", reason)
        kept, joined = await _rows(row["kept"], row["joined"])
        await moving.hold(kept.id, joined.id)
        if (await _again(joining_id))["undone_at"] is not None:  # by somebody else meanwhile
            raise WrongStateError(N_("These records were parted already."))
        if joined.merged_into != kept.id:
            raise WrongStateError(
                N_("The record was joined to another one since: part those first.")
            )
        moved = moved_of(row)
        if moved is None:
            raise WrongStateError(N_("What was joined is not known any more."))
        await moving.back(moved, joined.id, kept.id)
        await _count_as_before(moved, actor, at)
        joined.merged_into, joined.updated_at = None, at
        await joined.save([Petitioner.merged_into, Petitioner.updated_at])
        await Joining.update(
            {
                Joining.undone_at: at,
                Joining.undone_by_name: actor.name,
                Joining.undone_cipher: sealing.seal(said, RECORD, "undone_cipher", joining_id),
            }
        ).where(Joining.id == joining_id)
        if row["shared"]:
            person = people.opened(kept)
            emptied = [name for name, value in moved.filled.items() if _text(person, name) == value]
            await people.correct(kept.id, _without(person, emptied), actor=actor, at=at)
            await _log("petitioner_part", kept.id, actor, at)
        await _log("petitioner_part", joined.id, actor, at)
        await searching.write(joined.id, people.opened(joined))
        text = N_("Two records of the petitioner parted again")
        await _tell(moved, "petitioner_part", text, actor, at)
        joined_id: UUID = joined.id
    return joined_id


async def taken(joining_id: UUID, actor: Actor, at: datetime) -> db.Row:
    """Return a joining; NotFoundError for whom neither the record nor anything that moved exists."""
    rows = await db.fetch("SELECT * FROM government_joining WHERE id = {}", joining_id)
    if not rows:
        raise NotFoundError
    await queries.entry(rows[0]["kept"], actor, at)
    moved = moved_of(rows[0])
    if moved is not None and moved.items and not await queries.seen(moved, actor, at):
        raise NotFoundError
    return rows[0]


async def _again(joining_id: UUID) -> db.Row:
    return (await db.fetch("SELECT undone_at FROM government_joining WHERE id = {}", joining_id))[0]


async def _log(
    act: str,
    petitioner_id: UUID,
    actor: Actor,
    at: datetime,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write the log's row on a record; on the one that stays only where others may know of the other."""
    await record(actor, f"government.{act}", people.RECORD, petitioner_id, at=at, after=after)


def _needed(name: str, text: str) -> str:
    if not text.strip():
        raise InvalidInputError({name: N_("Please fill this in.")})
    return text.strip()[:_LONGEST]


async def _rows(*ids: UUID) -> list[Petitioner]:
    for one in sorted(ids):
        await db.fetch("SELECT id FROM government_petitioner WHERE id = {} FOR UPDATE", one)
    found = [await Petitioner.objects().get(Petitioner.id == one) for one in ids]
    return [row for row in found if row is not None]


async def _both(*ids: UUID) -> list[Petitioner]:
    rows = await _rows(*ids)
    if len(rows) != len(ids):
        raise NotFoundError
    if any(row.merged_into is not None or row.erased_at is not None for row in rows):
        raise WrongStateError(N_("One of the records was joined or erased meanwhile."))
    return rows


def _text(person: Person, name: str) -> str:
    return str(getattr(person, name) or "")


def _with(person: Person, filled: dict[str, str], joined: Petitioner) -> Person:
    values: dict[str, str | int] = {
        name: int(text) if name == "birth_year" else text for name, text in filled.items()
    }
    visitor = person.visitor_id or joined.visitor
    return replace(person, **values, visitor_id=visitor)  # type: ignore[arg-type]


def _without(person: Person, names: Sequence[str]) -> Person:
    empty: dict[str, str | None] = {name: None if name == "birth_year" else "" for name in names}
    return replace(person, **empty)  # type: ignore[arg-type]


async def _count_repeats(
    found: Sequence[Repeat], actor: Actor, at: datetime
) -> tuple[Counted, ...]:
    """Count items as repeated, with the contacts that were counted as first ones."""
    counted = []
    for pair in found:
        row = await matters.take(pair.later.id, actor, at)
        contacts = await Contact.select(Contact.id).where(
            Contact.matter == row.id, Contact.frequency == FIRST
        )
        ids = [one["id"] for one in contacts]
        if ids:
            await Contact.update({Contact.frequency: REPEAT}).where(Contact.id.is_in(ids))
        counted.append(
            Counted(
                matter=str(row.id),
                same_as=str(row.same_as or ""),
                contacts=tuple(str(one) for one in ids),
            )
        )
        values = {Matter.frequency: REPEAT, Matter.same_as: row.same_as or pair.earlier.id}
        await matters.change(
            row, "counted_repeat", values, actor=actor, at=at, fields=["frequency"]
        )
        await timeline.note(
            row.id,
            "counted_repeat",
            N_("Counted as repeated: another record of the petitioner has the same matter"),
            actor=actor,
            at=at,
            shown_to=timeline.OFFICE,
        )
    return tuple(counted)


async def _count_as_before(moved: Moved, actor: Actor, at: datetime) -> None:
    """Count items as first ones again, also those that whoever parts the records does not see."""
    for one in moved.repeats:
        same_as = UUID(one.same_as) if one.same_as else None
        matter_id = UUID(one.matter)
        await Matter.update(
            {
                Matter.frequency: FIRST,
                Matter.same_as: same_as,
                Matter.version: Matter.version + 1,
            }
        ).where(Matter.id == matter_id, Matter.frequency == REPEAT)
        ids = [UUID(contact) for contact in one.contacts]
        if ids:
            await Contact.update({Contact.frequency: FIRST}).where(Contact.id.is_in(ids))
        after = {"fields": ["frequency"]}
        await record(actor, "government.counted_first", MATTER, matter_id, at=at, after=after)


async def _tell(moved: Moved, act: str, text: Message, actor: Actor, at: datetime) -> None:
    """Write into the time line of every item that moved, for the office alone, and into the log."""
    for one in sorted(moved.items):
        await timeline.note(one, act, text, actor=actor, at=at, shown_to=timeline.OFFICE)
        await record(
            actor, f"government.{act}", MATTER, one, at=at, after={"fields": ["petitioner"]}
        )
