"""The core's own reports of visits: what became of them, and how long visitors waited."""

from collections.abc import Sequence
from typing import Any

from core import db
from core.i18n import N_, Message
from core.reports.facts import (
    Asked,
    Balance,
    Cell,
    Dimension,
    Line,
    Measure,
    Picked,
    Report,
    Rows,
)
from core.reports.moments import day_of, hour_of, minutes_between

_CAME = "r.state NOT IN ('expected', 'voided') AND r.arrived_at IS NOT NULL"
_WAITED = f"{_CAME} AND r.entered_at IS NOT NULL"
# The outcomes exclude each other, so that they add up to all who came.
OUTCOMES = {
    "admitted": "r.state IN ('inside', 'left', 'closed')",
    "refused": "r.state = 'refused'",
    "held": "r.state = 'held'",
    "waiting": "r.state = 'waiting'",
    "gone": "r.state = 'cancelled'",
}
_FIELDS = {
    "came": "1 = 1",
    **OUTCOMES,
    "inside": "r.state = 'inside'",
    "departed": "r.state IN ('left', 'closed')",
}
DAY = Dimension(name="day", label=N_("Day"), time=True)
PURPOSE = Dimension(name="purpose", label=N_("Purpose"))
SITE = Dimension(name="site", label=N_("Site"))
HOURS = tuple((f"{hour:02}", Message(f"{hour:02}:00")) for hour in range(24))
HOUR = Dimension(name="hour", label=N_("Hour of arrival"), values=HOURS, gapless=True)
HOST = Dimension(name="department", label=N_("Department visited"))


def _columns(asked: Asked) -> dict[str, str]:
    return {
        "day": day_of("r.created_at", asked.period),
        "hour": hour_of("r.created_at", asked.period),
        "purpose": "r.purpose",
        "site": "CAST(r.site AS varchar(36))",
        "department": "coalesce(h.department, '')",
    }


def _where(
    asked: Asked, condition: str, keys: dict[str, str], *, hosts: bool = False
) -> tuple[str, list[Any]]:
    places, sites = asked.within("r.site")
    columns = _columns(asked)
    narrowed = "".join(f" AND {columns[name]} = {{}}" for name in keys)
    joined = hosts or "department" in asked.by or "department" in keys
    return (
        f" FROM registration r{' LEFT JOIN host h ON h.id = r.host' if joined else ''}"
        f" WHERE {condition} AND r.created_at >= {{}} AND r.created_at < {{}} AND {places}{narrowed}",
        [asked.period.since, asked.period.until, *sites, *keys.values()],
    )


def _grouped(asked: Asked, *more: str) -> tuple[str, str]:
    """Return the columns of the dimensions for SELECT, each named, and the list for GROUP BY."""
    columns = _columns(asked)
    chosen = "".join(f"{columns[name]} AS k_{name}, " for name in asked.by)
    names = [columns[name] for name in asked.by] + list(more)
    return chosen, f" GROUP BY {', '.join(names)}" if names else ""


def _keys(asked: Asked, row: dict[str, Any]) -> dict[str, str]:
    return {name: str(row[f"k_{name}"]) for name in asked.by}


async def visits(asked: Asked) -> Sequence[Cell]:
    """Count who came and what became of it."""
    chosen, grouped = _grouped(asked)
    tail, args = _where(asked, _CAME, {})
    fields = ", ".join(
        f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END) AS {name}"
        for name, condition in _FIELDS.items()
    )
    rows = await db.fetch(
        f"SELECT {chosen}{fields}, sum(r.head_count) AS people{tail}{grouped}", *args
    )
    return [
        Cell(
            keys=_keys(asked, row),
            sums={name: int(row[name] or 0) for name in (*_FIELDS, "people")},
        )
        for row in rows
        if row["came"]
    ]


async def rows_of_visits(asked: Asked, picked: Picked) -> Rows:
    """Return the visits behind a figure, in the order in which they came."""
    condition = _CAME
    if picked.counted != "people":
        condition += f" AND {_FIELDS[picked.counted]}"
    return await _rows(asked, picked, condition, people=picked.counted == "people")


_COLUMNS = (N_("Number"), N_("Came"), N_("Visitor"), N_("Host"), N_("Reason"), N_("People"))


async def _rows(asked: Asked, picked: Picked, condition: str, *, people: bool) -> Rows:
    tail, args = _where(asked, condition, dict(picked.keys), hosts=True)
    count = await db.fetch(f"SELECT count(*) AS n{tail}", *args)
    rows = await db.fetch(
        "SELECT r.id, r.number, r.created_at, r.entered_at, r.head_count, r.reason, r.host_text,"  # noqa: S608 - own names
        " h.name AS host_name, (SELECT v.name FROM visitor v WHERE v.id = r.visitor) AS visitor"
        f"{tail} ORDER BY r.created_at, r.number LIMIT {picked.limit} OFFSET {picked.offset}",
        *args,
    )
    lines = [
        Line(
            cells=(
                row["number"],
                row["created_at"],
                row["visitor"] or N_("(erased)"),
                row["host_name"] or row["host_text"],
                row["reason"],
                row["head_count"],
            ),
            path=f"/registrations/{row['id']}",
            amount=row["head_count"] if people else 1,
        )
        for row in rows
    ]
    return Rows(columns=_COLUMNS, lines=lines, total=count[0]["n"])


async def waits(asked: Asked) -> Sequence[Cell]:
    """Count how many minutes each admitted visitor waited."""
    waited = minutes_between("r.arrived_at", "r.entered_at")
    chosen, grouped = _grouped(asked, waited)
    tail, args = _where(asked, _WAITED, {})
    rows = await db.fetch(
        f"SELECT {chosen}{waited} AS minutes, count(*) AS n{tail}{grouped}", *args
    )
    found: dict[tuple[str, ...], dict[int, int]] = {}
    for row in rows:
        found.setdefault(tuple(_keys(asked, row).values()), {})[int(row["minutes"])] = row["n"]
    return [
        Cell(
            keys=dict(zip(asked.by, keys, strict=True)),
            sums={"admitted": sum(spread.values())},
            spread={"minutes": spread},
        )
        for keys, spread in found.items()
    ]


async def rows_of_waits(asked: Asked, picked: Picked) -> Rows:
    """Return the visits that were admitted."""
    return await _rows(asked, picked, _WAITED, people=False)


def _count(name: str, label: Message, unit: Message | None = None) -> Measure:
    return Measure(name=name, label=label, unit=unit)


VISITS = Report(
    name="core.visits",
    title=N_("Visits and outcomes"),
    hint=N_("Who came, why, and what became of it."),
    permission="core:report:read",
    dimensions=(DAY, PURPOSE, HOUR, HOST, SITE),
    measures=(
        _count("came", N_("Came")),
        _count("people", N_("People")),
        _count("admitted", N_("Admitted")),
        _count("refused", N_("Refused")),
        _count("held", N_("Held")),
        _count("waiting", N_("Waiting")),
        _count("gone", N_("Gone again")),
        _count("inside", N_("Still inside")),
        Measure(
            name="refused_share",
            label=N_("Refused of all"),
            how="share",
            of="refused",
            per="came",
            unit=N_("%"),
        ),
    ),
    query=visits,
    rows=rows_of_visits,
    rows_permission="core:registration:read",
    balances=(
        Balance(terms={"came": 1, **dict.fromkeys(OUTCOMES, -1)}),
        Balance(terms={"admitted": 1, "departed": -1, "inside": -1}),
    ),
    order=10,
)
WAITS = Report(
    name="core.waiting",
    title=N_("Waiting times"),
    hint=N_("From arrival to admission. Half of the visitors waited no longer than the median."),
    permission="core:report:read",
    dimensions=(DAY, HOUR, PURPOSE, HOST, SITE),
    measures=(
        _count("admitted", N_("Admitted")),
        Measure(name="median", label=N_("Median"), how="median", of="minutes", unit=N_("minutes")),
        Measure(
            name="p90",
            label=N_("Nine of ten waited at most"),
            how="p90",
            of="minutes",
            unit=N_("minutes"),
        ),
        Measure(name="mean", label=N_("Average"), how="mean", of="minutes", unit=N_("minutes")),
    ),
    query=waits,
    rows=rows_of_waits,
    rows_permission="core:registration:read",
    order=20,
)
