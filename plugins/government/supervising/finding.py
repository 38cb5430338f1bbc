"""Items that the system finds: late, unreturned, unanswered, idle, passed around; reads only (GOV-28).

Every statement goes through `access.seen_by`: nobody finds here what they may not see.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
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


async def _late(
    actor: Actor,
    at: datetime,
    names: Sequence[str],
    holder_id: UUID | None,
    limit: int,
    offset: int,
) -> list[Found]:
    where = await sources.overdue(actor, at, names, holder_id)
    rows = await db.fetch(
        f"SELECT {sources.MATTER_COLUMNS}, min(d.due) AS due FROM {where.source}"
        f" GROUP BY {sources.GROUPED}"
        " ORDER BY min(d.due), m.number LIMIT {} OFFSET {}",
        *where.args,
        limit,
        offset,
    )
    today = site_time(at).date()
    labels = await _labels([row["matter_id"] for row in rows], names, today)
    found = []
    for row in rows:
        due = _day(row["due"])
        found.append(_found(row, labels[row["matter_id"]], due, (today - due).days))
    return found


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


def _found(row: db.Row, why: Message, since: date, days: int) -> Found:
    return Found(
        matter_id=row["matter_id"],
        number=row["number"],
        stage=row["stage"],
        holder_id=row["holder_id"],
        holder=row["holder"] or "",
        why=why,
        since=since,
        days=days,
    )


async def late(
    actor: Actor,
    *,
    at: datetime,
    holder_id: UUID | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[Found]:
    """Return items of which a duty's time is over, the longest first."""
    return await _marked(await _late(actor, at, sources.OTHERS, holder_id, limit, offset))


async def unreturned(
    actor: Actor,
    *,
    at: datetime,
    holder_id: UUID | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[Found]:
    """Return items whose unit should have returned its result, the longest first."""
    return await _marked(await _late(actor, at, (sources.REPORT,), holder_id, limit, offset))


async def unanswered(
    actor: Actor,
    *,
    at: datetime,
    holder_id: UUID | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[Found]:
    """Return items on which a unit left an urging or a supervision unanswered, the longest first.

    The unit named is the one that should answer, whoever holds the item.
    """
    where = await sources.silent(actor, at, holder_id)
    rows = await db.fetch(
        "SELECT m.id AS matter_id, m.number, m.stage, h.id AS holder_id, h.name AS holder,"
        f" min(w.due) AS due, min(w.what) AS what FROM {where.source}"
        " GROUP BY m.id, m.number, m.stage, h.id, h.name ORDER BY min(w.due), m.number"
        " LIMIT {} OFFSET {}",
        *where.args,
        limit,
        offset,
    )
    today = site_time(at).date()
    found = []
    for row in rows:
        due = _day(row["due"])
        supervised = row["what"] == "supervision"
        why = N_("Supervision not answered") if supervised else N_("Urging not answered")
        found.append(_found(row, why, due, (today - due).days))
    return await _marked(found)


async def idle(
    actor: Actor,
    *,
    at: datetime,
    holder_id: UUID | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[Found]:
    """Return items with a unit on which nothing was entered for the days of the settings."""
    where = await sources.lying(actor, at, holder_id)
    rows = await db.fetch(
        f"SELECT {sources.MATTER_COLUMNS}, (SELECT max(st.id) FROM government_step st WHERE st.matter = m.id)"
        f" AS last_step FROM {where.source} ORDER BY last_step, m.number LIMIT {{}} OFFSET {{}}",
        *where.args,
        limit,
        offset,
    )
    last = await _moments([row["last_step"] for row in rows if row["last_step"] is not None])
    today = site_time(at).date()
    found = []
    for row in rows:
        since = site_time(last[row["last_step"]]).date() if row["last_step"] in last else today
        found.append(_found(row, N_("Nothing entered since"), since, (today - since).days))
    return await _marked(found)


async def _moments(steps: Sequence[int]) -> dict[int, datetime]:
    if not steps:
        return {}
    rows = await db.fetch(
        f"SELECT id, at FROM government_step WHERE id IN ({access.places(steps)})", *steps
    )
    return {row["id"]: row["at"] for row in rows}


async def bounced(
    actor: Actor,
    *,
    at: datetime,
    holder_id: UUID | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[Found]:
    """Return open items returned or sent round at least as often as the settings say (GOV-54)."""
    where = await sources.around(actor, at, holder_id)
    rows = await db.fetch(
        f"SELECT {sources.MATTER_COLUMNS}, d.taken_at, d.returns, d.loops FROM {where.source}"
        " ORDER BY d.returns + d.loops DESC, m.number LIMIT {} OFFSET {}",
        *where.args,
        limit,
        offset,
    )
    today = site_time(at).date()
    found = []
    for row in rows:
        since = site_time(row["taken_at"]).date()
        why = N_(
            "{returns} times returned, {loops} times in a circle",
            returns=row["returns"],
            loops=row["loops"],
        )
        found.append(_found(row, why, since, (today - since).days))
    return await _marked(found)


LOOK = {
    LATE: late,
    UNRETURNED: unreturned,
    UNANSWERED: unanswered,
    IDLE: idle,
    BOUNCED: bounced,
}


async def count(name: str, actor: Actor, *, at: datetime, holder_id: UUID | None = None) -> int:
    """Return how many lines one of the lists has."""
    if name in (LATE, UNRETURNED):
        names = sources.OTHERS if name == LATE else (sources.REPORT,)
        where, what = await sources.overdue(actor, at, names, holder_id), "DISTINCT m.id"
    elif name == UNANSWERED:
        # One line for each item and unit; both together as one text count them on either engine.
        silent = await sources.silent(actor, at, holder_id)
        where, what = silent, "DISTINCT CAST(m.id AS varchar(36)) || CAST(h.id AS varchar(36))"
    else:
        look = sources.lying if name == IDLE else sources.around
        where, what = await look(actor, at, holder_id), "*"
    rows = await db.fetch(f"SELECT count({what}) AS n FROM {where.source}", *where.args)
    number: int = rows[0]["n"]
    return number


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
