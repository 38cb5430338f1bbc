"""Items that the system finds: late, unreturned, unanswered, idle, passed around; reads only (GOV-28).

Each list is a `Finder`: where its lines are read, and what each line tells. Every statement goes
through `access.seen_by`: nobody finds here what they may not see.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from core import db
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government.facts import MATTER
from plugins.government.matters import access
from plugins.government.supervising import sources
from plugins.government.supervising.facts import (
    BOUNCED,
    IDLE,
    LATE,
    UNANSWERED,
    UNRETURNED,
    Found,
)

PAGE = 50
ALL = 5000  # of a list as a file
Told = tuple[Message, date]  # what is late, and since when


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """One list. `select` and `order` are the SQL around its source, `counted` what a line is.

    `told` says of each row what is late and since when, given the day.
    """

    source: Callable[[Actor, datetime, UUID | None], Awaitable[sources.Where]]
    select: str
    order: str
    counted: str = "1"
    told: Callable[[Sequence[db.Row], date], Awaitable[Sequence[Told]]]


async def find(
    name: str,
    actor: Actor,
    *,
    at: datetime,
    holder_id: UUID | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[Found]:
    """Return lines of one of the lists, the longest late first."""
    finder = FINDERS[name]
    where = await finder.source(actor, at, holder_id)
    rows = await db.fetch(
        f"SELECT {finder.select} FROM {where.source} {finder.order} LIMIT {{}} OFFSET {{}}",
        *where.args,
        limit,
        offset,
    )
    today = site_time(at).date()
    return await _marked(
        [
            Found(
                matter_id=row["matter_id"],
                site_id=row["site_id"],
                number=row["number"],
                stage=row["stage"],
                holder_id=row["holder_id"],
                holder=row["holder"] or "",
                why=why,
                since=since,
                days=(today - since).days,
            )
            for row, (why, since) in zip(rows, await finder.told(rows, today), strict=True)
        ]
    )


async def count(name: str, actor: Actor, *, at: datetime, holder_id: UUID | None = None) -> int:
    """Return how many lines one of the lists has."""
    where = await FINDERS[name].source(actor, at, holder_id)
    return await db.count(f"FROM {where.source}", *where.args, what=FINDERS[name].counted)


def _overdue(names: Sequence[str]) -> Finder:
    """Return the list of items with a clock of these names whose day is over."""

    async def source(actor: Actor, at: datetime, holder_id: UUID | None) -> sources.Where:
        return await sources.overdue(actor, at, names, holder_id)

    async def told(rows: Sequence[db.Row], today: date) -> list[Told]:
        labels = await _labels([row["matter_id"] for row in rows], names, today)
        return [(labels[row["matter_id"]], _day(row["due"])) for row in rows]

    return Finder(
        source=source,
        select=f"{sources.MATTER_COLUMNS}, min(d.due) AS due",
        order=f"GROUP BY {sources.GROUPED} ORDER BY min(d.due), m.number",
        counted="DISTINCT m.id",
        told=told,
    )


async def _labels(ids: Sequence[UUID], names: Sequence[str], today: date) -> dict[UUID, Message]:
    """Return the name of each item's longest overdue clock."""
    if not ids:
        return {}
    rows = await db.fetch(
        "SELECT record, label, due FROM deadline WHERE record_kind = {} AND state = 'running'"
        f" AND due < {{}} AND name IN ({access.places(names)}) AND record IN ({access.places(ids)})"
        " ORDER BY due DESC",
        MATTER,
        today,
        *names,
        *map(str, ids),
    )
    found: dict[UUID, Message] = {}
    for row in rows:
        label = Message.load(row["label"])
        clock = label.values.get("clock", label)
        found[UUID(str(row["record"]))] = clock if isinstance(clock, Message) else label
    return found


def _day(value: date | str) -> date:
    """Return a day that was aggregated: SQLite gives it as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


async def _silent(rows: Sequence[db.Row], today: date) -> list[Told]:
    return [
        (
            N_("Supervision not answered")
            if row["what"] == "supervision"
            else N_("Urging not answered"),
            _day(row["due"]),
        )
        for row in rows
    ]


async def _lying(rows: Sequence[db.Row], today: date) -> list[Told]:
    last = await _moments([row["last_step"] for row in rows if row["last_step"] is not None])
    return [
        (
            N_("Nothing entered since"),
            site_time(last[row["last_step"]]).date() if row["last_step"] in last else today,
        )
        for row in rows
    ]


async def _moments(steps: Sequence[int]) -> dict[int, datetime]:
    if not steps:
        return {}
    rows = await db.fetch(
        f"SELECT id, at FROM government_step WHERE id IN ({access.places(steps)})", *steps
    )
    return {row["id"]: row["at"] for row in rows}


async def _around(rows: Sequence[db.Row], today: date) -> list[Told]:
    return [
        (
            N_(
                "{returns} times returned, {loops} times in a circle",
                returns=row["returns"],
                loops=row["loops"],
            ),
            site_time(row["taken_at"]).date(),
        )
        for row in rows
    ]


FINDERS: Mapping[str, Finder] = {
    LATE: _overdue(sources.OTHERS),
    UNRETURNED: _overdue((sources.REPORT,)),
    # The unit named is the one that should answer, whoever holds the item: a line for each of both.
    UNANSWERED: Finder(
        source=sources.silent,
        select="m.id AS matter_id, m.site AS site_id, m.number, m.stage, h.id AS holder_id,"
        " h.name AS holder, min(w.due) AS due, min(w.what) AS what",
        order="GROUP BY m.id, m.site, m.number, m.stage, h.id, h.name ORDER BY min(w.due), m.number",
        counted="DISTINCT CAST(m.id AS varchar(36)) || CAST(h.id AS varchar(36))",
        told=_silent,
    ),
    IDLE: Finder(
        source=sources.lying,
        select=f"{sources.MATTER_COLUMNS},"
        " (SELECT max(st.id) FROM government_step st WHERE st.matter = m.id) AS last_step",
        order="ORDER BY last_step, m.number",
        told=_lying,
    ),
    BOUNCED: Finder(
        source=sources.around,
        select=f"{sources.MATTER_COLUMNS}, d.taken_at, d.returns, d.loops",
        order="ORDER BY d.returns + d.loops DESC, m.number",
        told=_around,
    ),
}


async def _marked(found: list[Found]) -> list[Found]:
    """Return the same with what was done about each: how often urged, the open supervision."""
    ids = [one.matter_id for one in found]
    if not ids:
        return []
    places = access.places(ids)
    urged: dict[UUID, list[datetime]] = defaultdict(list)
    for row in await db.fetch(
        f"SELECT matter, at FROM government_urging WHERE matter IN ({places})", *ids
    ):
        urged[row["matter"]].append(row["at"])
    open_ones = {
        row["matter"]: row
        for row in await db.fetch(
            "SELECT matter, id, number FROM government_supervision"
            f" WHERE matter IN ({places}) AND closed_at IS NULL",
            *ids,
        )
    }
    with_units = {
        row["matter"]
        for row in await db.fetch(
            "SELECT DISTINCT matter FROM government_matter_unit"
            f" WHERE until IS NULL AND matter IN ({places})",
            *ids,
        )
    }
    return [
        replace(
            one,
            with_unit=one.matter_id in with_units,
            urged=len(urged[one.matter_id]),
            urged_at=max(urged[one.matter_id], default=None),
            supervision_id=open_ones[one.matter_id]["id"] if one.matter_id in open_ones else None,
            supervision_number=(
                open_ones[one.matter_id]["number"] if one.matter_id in open_ones else ""
            ),
        )
        for one in found
    ]
