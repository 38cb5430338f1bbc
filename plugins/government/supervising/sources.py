"""From where the lists of supervision are read: one condition for each, for its lines and its count.

Every one goes through `access.seen_by`: nobody finds here what they may not see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import db
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.facts import MATTER
from plugins.government.matters import access, states
from plugins.government.supervising.rights import SEE

# The clock of the unit's result; the others are the office's duties or windows that nobody exceeds.
REPORT = "government.report"
DUTIES = tuple(f"government.{name}" for name, one in clocks.CLOCKS.items() if not one.window)
OTHERS = tuple(name for name in DUTIES if name != REPORT)
MATTER_COLUMNS = (
    "m.id AS matter_id, m.site AS site_id, m.number, m.stage, m.holder AS holder_id,"
    " h.name AS holder"
)
GROUPED = "m.id, m.site, m.number, m.stage, m.holder, h.name"
HOLDER = " LEFT JOIN government_unit h ON h.id = m.holder"


def joined(inner: str) -> str:
    """Return a FROM that joins rows of the core, which name an item as text, to their items."""
    if db.is_sqlite():
        return f"({inner}) d JOIN government_matter m ON m.id = d.record"
    # OFFSET 0 keeps PostgreSQL from reading other kinds' records as ids, and from walking all items:
    # how few of the clocks are overdue it does not guess.
    return (
        f"({inner} OFFSET 0) d CROSS JOIN LATERAL"
        " (SELECT * FROM government_matter WHERE id = d.record::uuid OFFSET 0) m"
    )


@dataclass(frozen=True, slots=True)
class Where:
    """Which items a list finds: what stands after SELECT ... FROM, with its arguments."""

    source: str
    args: Sequence[Any]


async def _kept(actor: Actor, at: datetime, holder_id: UUID | None) -> tuple[str, list[Any]]:
    seen, args = await access.seen_by(actor, at)
    here, sites = access.within(actor, SEE)
    kept, values = f"{seen} AND {here}", [*args, *sites]
    if holder_id is None:
        return kept, values
    return f"{kept} AND m.holder = {{}}", [*values, holder_id]


async def overdue(
    actor: Actor, at: datetime, names: Sequence[str], holder_id: UUID | None
) -> Where:
    """Return the items with a running clock of these names whose day is over."""
    kept, args = await _kept(actor, at, holder_id)
    inner = (
        "SELECT record, due FROM deadline WHERE record_kind = {} AND state = 'running'"
        f" AND due < {{}} AND name IN ({access.places(names)})"
    )
    return Where(
        f"{joined(inner)}{HOLDER} WHERE {kept}", [MATTER, site_time(at).date(), *names, *args]
    )


async def silent(actor: Actor, at: datetime, unit_id: UUID | None) -> Where:
    """Return the items of urgings and supervisions that a unit left unanswered past their day."""
    seen, args = await access.seen_by(actor, at)
    here, sites = access.within(actor, SEE)
    today = site_time(at).date()
    where = f"m.stage IN ({access.places(states.OPEN)}) AND {seen} AND {here}"
    values: list[Any] = [today, today, *states.OPEN, *args, *sites]
    if unit_id is not None:
        where, values = f"{where} AND w.unit = {{}}", [*values, unit_id]
    return Where(
        "(SELECT matter, unit, answer_by AS due, 'urging' AS what FROM government_urging"
        " WHERE answered_at IS NULL AND answer_by < {}"
        " UNION ALL SELECT matter, unit, due_on, 'supervision' FROM government_supervision"
        " WHERE state = 'open' AND due_on < {}) w JOIN government_matter m ON m.id = w.matter"
        f" JOIN government_unit h ON h.id = w.unit WHERE {where}",
        values,
    )


async def lying(actor: Actor, at: datetime, holder_id: UUID | None) -> Where:
    """Return the items with a unit on which nothing was entered for the days of the settings."""
    days = (await clocks.in_force(at)).values.idle_days
    kept, args = await _kept(actor, at, holder_id)
    with_unit = (states.FORWARDED, states.HANDLING)
    return Where(
        f"government_matter m{HOLDER} WHERE m.stage IN ({access.places(with_unit)}) AND {kept}"
        " AND NOT EXISTS"
        " (SELECT 1 FROM government_step st WHERE st.matter = m.id AND st.at > {})",
        [*with_unit, *args, at - timedelta(days=days)],
    )


async def around(actor: Actor, at: datetime, holder_id: UUID | None) -> Where:
    """Return the items returned or sent round as often as the settings say."""
    least = (await clocks.in_force(at)).values.bounce_count
    kept, args = await _kept(actor, at, holder_id)
    inner = (
        "SELECT record, taken_at, returns, loops FROM holding WHERE record_kind = {}"
        " AND ended_at IS NULL AND (returns > 0 OR loops > 0) AND returns + loops >= {}"
    )
    return Where(f"{joined(inner)}{HOLDER} WHERE {kept}", [MATTER, least, *args])
