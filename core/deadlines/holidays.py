"""The table of holidays: read, and changed a whole year at a time by what was pasted.

Years without a row in the table are those that come with the software.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from core import db
from core.deadlines import shipped
from core.deadlines.calendar import Calendar
from core.deadlines.facts import CalendarDay
from core.deadlines.tables import CalendarDayRow, CalendarImport
from core.errors import InvalidInputError, NotFoundError
from core.i18n import N_
from core.log.services import record
from core.permissions import SYSTEM, Actor

READ, WRITE = "core:calendar:read", "core:calendar:write"
MOST_YEARS = 10
_kept: dict[str, Calendar] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an import would do, or did."""

    years: tuple[int, ...]
    added: tuple[CalendarDay, ...]
    changed: tuple[CalendarDay, ...]
    removed: tuple[CalendarDay, ...]

    @property
    def any(self) -> bool:
        """Say whether the table would differ."""
        return bool(self.added or self.changed or self.removed)


async def _state() -> tuple[int, str]:
    """Return how often the table was changed, and which change was the last."""
    rows = await db.fetch("SELECT id FROM calendar_import ORDER BY at DESC, id DESC")
    return len(rows), str(rows[0]["id"]) if rows else ""


async def version() -> int:
    """Return how often the table was changed."""
    return (await _state())[0]


async def years_changed_since(number: int) -> list[int]:
    """Return the years that were changed after the table had this version, in order."""
    rows = await db.fetch("SELECT years FROM calendar_import ORDER BY at, id")
    return sorted({int(year) for row in rows[number:] for year in row["years"].split(", ")})


async def stored_days() -> list[CalendarDay]:
    """Return every day in force: the table's years, and those that come with the software."""
    rows = await CalendarDayRow.objects().order_by(CalendarDayRow.day)
    days = [
        CalendarDay(
            day=row.day,
            kind=row.kind,
            note=row.note,
            source=row.source,
            provisional=row.provisional,
        )
        for row in rows
    ]
    known = {one.day.year for one in days}
    days += [one for year in shipped.years() if year not in known for one in shipped.days_of(year)]
    return sorted(days, key=lambda one: one.day)


async def calendar() -> tuple[int, Calendar]:
    """Return the table's version and the calendar it makes; read anew only when it changed."""
    number, last = await _state()
    key = f"{db.DB.url}/{number}/{last}"
    if key not in _kept:
        found = Calendar(await stored_days())
        if db.in_transaction():  # what is not committed yet may never be
            return number, found
        _kept.clear()
        _kept[key] = found
    return number, _kept[key]


def compare(before: Sequence[CalendarDay], given: Sequence[CalendarDay]) -> Changes:
    """Return what differs when the given days become the whole of their years."""
    years = tuple(sorted({one.day.year for one in given}))
    old = {one.day: one for one in before if one.day.year in years}
    new = {one.day: one for one in given}
    return Changes(
        years=years,
        added=tuple(one for day, one in sorted(new.items()) if day not in old),
        changed=tuple(one for day, one in sorted(new.items()) if day in old and old[day] != one),
        removed=tuple(one for day, one in sorted(old.items()) if day not in new),
    )


async def preview(given: Sequence[CalendarDay]) -> Changes:
    """Return what an import would change; nothing is written."""
    return compare(await stored_days(), given)


async def replace_years(given: Sequence[CalendarDay], *, actor: Actor, at: datetime) -> Changes:
    """Make these days the whole of their years; deadlines are reckoned anew by `recomputing`."""
    if actor.kind != "system" and not actor.may(WRITE):
        raise NotFoundError
    if not given:
        raise InvalidInputError({"text": N_("There is no day in this text.")})
    if len({one.day.year for one in given}) > MOST_YEARS:
        raise InvalidInputError({"text": N_("At most {number} years at once.", number=MOST_YEARS)})
    async with db.writing():
        await _alone()
        changes = compare(await stored_days(), given)
        if not changes.any:
            return changes
        await _write(changes.years, given)
        await _count(changes, actor, at)
    return changes


async def _write(years: Sequence[int], given: Sequence[CalendarDay]) -> None:
    for year in years:
        await db.execute(
            "DELETE FROM calendar_day WHERE day >= {} AND day <= {}",
            date(year, 1, 1),
            date(year, 12, 31),
        )
    await CalendarDayRow.insert(
        *[
            CalendarDayRow(
                id=uuid4(),
                day=one.day,
                kind=one.kind,
                note=one.note[:100],
                source=one.source[:300],
                provisional=one.provisional,
            )
            for one in given
        ]
    )


async def _alone() -> None:
    """Let one change of the table happen at a time."""
    if not db.is_sqlite():  # SQLite has one writer anyway
        await db.execute("LOCK TABLE calendar_import IN SHARE ROW EXCLUSIVE MODE")


async def _count(changes: Changes, actor: Actor, at: datetime) -> None:
    years = ", ".join(str(year) for year in changes.years)
    row = CalendarImport(
        id=uuid4(),
        at=at,
        by_name=actor.name,
        years=years[:100],
        added=len(changes.added),
        changed=len(changes.changed),
        removed=len(changes.removed),
    )
    await CalendarImport.insert(row)
    await record(
        actor,
        "calendar.import",
        "calendar",
        row.id,
        at=at,
        before={"removed": [one.day for one in changes.removed]},
        after={
            "years": years,
            "added": [one.day for one in changes.added],
            "changed": [one.day for one in changes.changed],
        },
    )


async def bring_shipped(*, at: datetime) -> tuple[int, ...]:
    """Write into the table the years that come with the software and are better than what it has.

    A year is written when the table lacks it, or has it provisional and the software exact; return
    the years written. What an administrator imported exactly is never touched.
    """
    rows = await db.fetch("SELECT day, provisional FROM calendar_day")
    doubtful = {row["day"].year for row in rows if row["provisional"]}
    exact = {row["day"].year for row in rows} - doubtful
    wanted = [
        year
        for year in shipped.years()
        if year not in exact and not (year in doubtful and year in shipped.PROVISIONAL)
    ]
    given = [one for year in wanted for one in shipped.days_of(year)]
    if not given:
        return ()
    async with db.writing():
        await _alone()
        if len(await CalendarDayRow.select(CalendarDayRow.id)) != len(rows):
            return ()  # another process was first
        await _write(wanted, given)
        await _count(
            Changes(years=tuple(wanted), added=tuple(given), changed=(), removed=()), SYSTEM, at
        )
    return tuple(wanted)
