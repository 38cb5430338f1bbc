"""The report of hot work: how much, by day and by what became of it."""

from collections.abc import Sequence

from core import db
from core.i18n import N_
from core.registrations.judging import site_time
from core.reports.facts import Asked, Cell, Dimension, Measure, Report
from laifang_contractors.hot_work import facts


async def count(asked: Asked) -> Sequence[Cell]:
    """Count hot work by the dimensions asked for."""
    within, sites = asked.within("site")
    rows = await db.fetch(
        f"SELECT state, asked_at FROM contractors_hot_work WHERE {within}"
        " AND asked_at >= {} AND asked_at < {}",
        *sites,
        asked.period.since,
        asked.period.until,
    )
    found: dict[tuple[str, ...], int] = {}
    for row in rows:
        known = {"state": row["state"], "day": site_time(row["asked_at"]).date().isoformat()}
        key = tuple(known[name] for name in asked.by)
        found[key] = found.get(key, 0) + 1
    return [
        Cell(keys=dict(zip(asked.by, key, strict=True)), sums={"works": number})
        for key, number in found.items()
    ]


HOT_WORK = Report(
    name="contractors.hot_work",
    title=N_("Hot work"),
    hint=N_("What was asked for, and what became of it."),
    permission=facts.SEE,
    dimensions=(
        Dimension(name="day", label=N_("Day of the wish"), time=True),
        Dimension(name="state", label=N_("What became of it"), values=tuple(facts.STATES.items())),
    ),
    measures=(Measure(name="works", label=N_("Hot work")),),
    query=count,
)
