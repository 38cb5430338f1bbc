"""Items that the system finds by itself: late, unreturned, idle, passed around; reads only (GOV-28).

Every statement goes through `access.seen_by`: nobody finds here what they may not see.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from core import db
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.facts import MATTER
from plugins.government.matters import access, states
from plugins.government.supervising.facts import BOUNCED, IDLE, LATE, UNRETURNED, Found

MOST = 500
# The clock of the unit's result; the others are the office's duties or windows that nobody exceeds.
REPORT = "government.report"
DUTIES = tuple(f"government.{name}" for name, one in clocks.CLOCKS.items() if not one.window)
_MATTER = "m.id AS matter_id, m.number, m.stage, m.holder AS holder_id, h.name AS holder"
_HOLDER = " LEFT JOIN government_unit h ON h.id = m.holder"


def joined(inner: str) -> str:
    """Return a FROM that joins rows of the core, which name an item as text, to their items."""
    if db.is_sqlite():
        return f"({inner}) d JOIN government_matter m ON m.id = d.record"
    # OFFSET 0 keeps PostgreSQL from reading other kinds' records as ids.
    return f"({inner} OFFSET 0) d JOIN government_matter m ON m.id = d.record::uuid"


async def _late(actor: Actor, at: datetime, names: Sequence[str], limit: int) -> list[Found]:
    today = site_time(at).date()
    seen, args = await access.seen_by(actor, at)
    inner = (
        "SELECT record, name, label, due FROM deadline WHERE record_kind = {} AND state = 'running'"
        f" AND due < {{}} AND name IN ({access.places(names)})"
    )
    rows = await db.fetch(
        f"SELECT {_MATTER}, d.label, d.due FROM {joined(inner)}{_HOLDER} WHERE {seen}"
        " ORDER BY d.due, m.number LIMIT {}",
        MATTER,
        today,
        *names,
        *args,
        limit,
    )
    found: dict[UUID, Found] = {}
    for row in rows:  # an item is listed once, by its longest overdue clock
        if row["matter_id"] not in found:
            label = Message.load(row["label"])
            why = label.values.get("clock", label)
            why = why if isinstance(why, Message) else label
            found[row["matter_id"]] = _found(row, why, row["due"], (today - row["due"]).days)
    return list(found.values())


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


async def late(actor: Actor, *, at: datetime, limit: int = MOST) -> list[Found]:
    """Return items of which a duty's time is over, the longest first."""
    names = [name for name in DUTIES if name != REPORT]
    return await _marked(await _late(actor, at, names, limit))


async def unreturned(actor: Actor, *, at: datetime, limit: int = MOST) -> list[Found]:
    """Return items whose unit should have returned its result, the longest first."""
    return await _marked(await _late(actor, at, [REPORT], limit))


async def idle(actor: Actor, *, at: datetime, limit: int = MOST) -> list[Found]:
    """Return items with a unit on which nothing was entered for the days of the settings."""
    days = (await clocks.in_force(at)).values.idle_days
    seen, args = await access.seen_by(actor, at)
    with_unit = (states.FORWARDED, states.HANDLING)
    rows = await db.fetch(
        f"SELECT {_MATTER}, (SELECT max(st.id) FROM government_step st WHERE st.matter = m.id)"
        f" AS last_step FROM government_matter m{_HOLDER}"
        f" WHERE m.stage IN ({access.places(with_unit)}) AND {seen} AND NOT EXISTS"
        " (SELECT 1 FROM government_step st WHERE st.matter = m.id AND st.at > {})"
        " ORDER BY last_step LIMIT {}",
        *with_unit,
        *args,
        at - timedelta(days=days),
        limit,
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


async def bounced(actor: Actor, *, at: datetime, limit: int = MOST) -> list[Found]:
    """Return open items returned or sent round at least as often as the settings say (GOV-54)."""
    least = (await clocks.in_force(at)).values.bounce_count
    seen, args = await access.seen_by(actor, at)
    inner = (
        "SELECT record, taken_at, returns, loops FROM holding WHERE record_kind = {}"
        " AND ended_at IS NULL AND (returns > 0 OR loops > 0) AND returns + loops >= {}"
    )
    rows = await db.fetch(
        f"SELECT {_MATTER}, d.taken_at, d.returns, d.loops FROM {joined(inner)}{_HOLDER}"
        f" WHERE {seen} ORDER BY d.returns + d.loops DESC, m.number LIMIT {{}}",
        MATTER,
        least,
        *args,
        limit,
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


LOOK = {LATE: late, UNRETURNED: unreturned, IDLE: idle, BOUNCED: bounced}


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
    return [
        replace(
            one,
            urged=len(urged[one.matter_id]),
            urged_at=max(urged[one.matter_id], default=None),
            supervision_id=open_ones[one.matter_id]["id"] if one.matter_id in open_ones else None,
            supervision_number=(
                open_ones[one.matter_id]["number"] if one.matter_id in open_ones else ""
            ),
        )
        for one in found
    ]
