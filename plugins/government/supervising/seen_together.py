"""The running clocks of all items that somebody may see, in one list; reads only (GOV-24, GOV-31)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import db
from core.deadlines.facts import INTERNAL, STATUTORY
from core.deadlines.queries import Clock, shown
from core.deadlines.tables import Deadline
from core.i18n import N_, Message
from core.permissions import Actor
from plugins.government.facts import MATTER
from plugins.government.matters import access
from plugins.government.supervising.sources import joined
from plugins.government.units import queries as units

PAGE = 50
TRACKS: dict[str, Message] = {
    STATUTORY: N_("Limit by law"),
    INTERNAL: N_("The office's own limit"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One clock with its item."""

    clock: Clock
    matter_id: UUID
    number: str
    holder: str


async def running(
    actor: Actor,
    *,
    at: datetime,
    name: str = "",
    track: str = "",
    holder_id: UUID | None = None,
    page: int = 1,
) -> tuple[list[Line], int]:
    """Return one page of the running and paused clocks that somebody may see, and how many there are.

    The soonest come first.
    """
    seen, args = await access.seen_by(actor, at)
    # An expression, so that SQLite takes the index of the clocks that run, not that of all records.
    inner = (
        "SELECT id, record, due FROM deadline WHERE record_kind || '' = {}"
        " AND state IN ('running', 'paused')"
    )
    inside: list[object] = [MATTER]
    for column, value in (("name", f"government.{name}" if name else ""), ("track", track)):
        if value:
            inner += f" AND {column} = {{}}"
            inside.append(value)
    where = seen
    if holder_id is not None:
        where += " AND m.holder = {}"
        args = [*args, holder_id]
    count = await db.count(f"FROM {joined(inner)} WHERE {where}", *inside, *args)
    rows = await db.fetch(
        "SELECT d.id AS clock_id, m.id AS matter_id, m.number, h.name AS holder"
        f" FROM {joined(inner)} LEFT JOIN government_unit h ON h.id = m.holder WHERE {where}"
        " ORDER BY d.due IS NULL, d.due, m.number LIMIT {} OFFSET {}",
        *inside,
        *args,
        PAGE,
        (page - 1) * PAGE,
    )
    stored = (
        await Deadline.objects().where(Deadline.id.is_in([row["clock_id"] for row in rows]))
        if rows
        else []
    )
    clocks = {one.id: one for one in await shown(stored, at)}
    return [
        Line(
            clock=clocks[row["clock_id"]],
            matter_id=row["matter_id"],
            number=row["number"],
            holder=row["holder"] or "",
        )
        for row in rows
        if row["clock_id"] in clocks
    ], count


async def holders() -> list[tuple[str, str]]:
    """Return the units that hold items, for a select."""
    return [(str(one.id), one.name) for one in await units.units()]
