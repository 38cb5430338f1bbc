"""The core's own report of scans: from the counters by day, from the events themselves by hour.

Both count every stored scan, so either way the total is the same.
"""

from collections.abc import Sequence
from typing import Any

from core import clock, db
from core.i18n import N_, Message
from core.reports.facts import Asked, Balance, Cell, Dimension, Line, Measure, Picked, Report, Rows
from core.reports.moments import as_moment, day_of, hour_of
from core.reports.of_visits import HOURS

VERDICTS = {"allowed": 0, "held": 1, "refused": 2}
DAY = Dimension(name="day", label=N_("Day"), time=True)
HOUR = Dimension(name="hour", label=N_("Hour"), values=HOURS, gapless=True)
GATE = Dimension(name="gate", label=N_("Gate"))
DIRECTION = Dimension(
    name="direction", label=N_("Direction"), values=(("0", N_("In")), ("1", N_("Out")))
)
VERDICT = Dimension(
    name="verdict",
    label=N_("Verdict"),
    values=(("0", N_("Admitted")), ("1", N_("Held")), ("2", N_("Refused"))),
)
_COUNTED = "FROM scan_counter s JOIN gate g ON g.id = s.gate WHERE s.day >= {} AND s.day <= {}"
_STORED = "FROM scan_event s JOIN gate g ON g.id = s.gate WHERE s.at >= {} AND s.at < {}"


def _columns(asked: Asked, *, counted: bool) -> dict[str, str]:
    at = as_moment("s.at")
    return {
        "day": "s.day" if counted else day_of(at, asked.period),
        "hour": hour_of(at, asked.period),
        "gate": "CAST(s.gate AS varchar(36))",
        "direction": "s.direction",
        "verdict": "s.verdict",
    }


def _bounds(asked: Asked, *, counted: bool) -> list[Any]:
    if counted:
        return [asked.period.first.isoformat(), asked.period.last.isoformat()]
    return [clock.to_ms(asked.period.since), clock.to_ms(asked.period.until)]


async def scans(asked: Asked) -> Sequence[Cell]:
    """Count scans by verdict."""
    counted = "hour" not in asked.by
    columns = _columns(asked, counted=counted)
    chosen = "".join(f"{columns[name]} AS k_{name}, " for name in asked.by)
    names = [columns[name] for name in asked.by] + ["s.verdict"]
    number = "sum(s.total)" if counted else "count(*)"
    places, sites = asked.within("g.site")
    rows = await db.fetch(
        f"SELECT {chosen}s.verdict AS outcome, CAST({number} AS bigint) AS n"
        f" {_COUNTED if counted else _STORED} AND {places} GROUP BY {', '.join(names)}",
        *_bounds(asked, counted=counted),
        *sites,
    )
    return [_cell(asked, row) for row in rows]


def _cell(asked: Asked, row: dict[str, Any]) -> Cell:
    name = next(name for name, verdict in VERDICTS.items() if verdict == row["outcome"])
    return Cell(
        keys={key: str(row[f"k_{key}"]) for key in asked.by},
        sums={"scans": int(row["n"]), name: int(row["n"])},
    )


async def rows_of_scans(asked: Asked, picked: Picked) -> Rows:
    """Return the scans behind a figure, in order of time."""
    columns = _columns(asked, counted=False)
    where, args = f"{_STORED}", _bounds(asked, counted=False)
    places, sites = asked.within("g.site")
    where += f" AND {places}"
    args += sites
    for name, key in picked.keys.items():
        where += f" AND {columns[name]} = {{}}"
        args.append(int(key) if name in ("direction", "verdict") and key.isdigit() else key)
    if picked.counted != "scans":
        where += f" AND s.verdict = {VERDICTS[picked.counted]}"
    count = await db.fetch(f"SELECT count(*) AS n {where}", *args)
    rows = await db.fetch(
        "SELECT s.id, s.at, s.direction, s.verdict, s.code, s.reason, s.mode, g.name AS gate_name"
        f" {where} ORDER BY s.at, s.id LIMIT {picked.limit} OFFSET {picked.offset}",
        *args,
    )
    return Rows(
        columns=(N_("Time"), N_("Gate"), N_("Direction"), N_("Verdict"), N_("Reason"), N_("Mode")),
        lines=[_line(row) for row in rows],
        total=count[0]["n"],
    )


def _line(row: dict[str, Any]) -> Line:
    verdict, direction = dict(VERDICT.values), dict(DIRECTION.values)
    return Line(
        cells=(
            clock.from_ms(row["at"]),
            row["gate_name"],
            direction.get(str(row["direction"]), ""),
            verdict.get(str(row["verdict"]), ""),
            Message.load(row["reason"]) if row["reason"] else row["code"],
            N_("Offline") if row["mode"] else N_("Online"),
        )
    )


SCANS = Report(
    name="core.scans",
    title=N_("Scans at the gates"),
    hint=N_("Every scan that a gate made, corrections included."),
    permission="core:report:read",
    dimensions=(DAY, HOUR, GATE, DIRECTION, VERDICT),
    measures=(
        Measure(name="scans", label=N_("Scans")),
        Measure(name="allowed", label=N_("Admitted")),
        Measure(name="held", label=N_("Held")),
        Measure(name="refused", label=N_("Refused")),
    ),
    query=scans,
    rows=rows_of_scans,
    rows_permission="core:registration:read",
    balances=(Balance(terms={"scans": 1, "allowed": -1, "held": -1, "refused": -1}),),
    order=30,
)
