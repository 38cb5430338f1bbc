"""The report of the hours without network: what they could have hidden, and what was found (SCH-20)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core import clock, db
from core.gate.exposure import ALONE, Entry, exposed, spells
from core.i18n import N_, Message
from core.reports.facts import Asked, Balance, Cell, Line, Measure, Picked, Report, Rows
from core.reports.of_scans import DAY, GATE

MISSING, DOUBLE = "missing", "double"
_WAYS = {
    ALONE: N_("Decided by the gate alone"),
    "unaware": N_("Decided with the server, while another gate was cut off"),
    MISSING: N_("A scan that never arrived"),
}
# Acts of the period that were not known at once; those told late of before it reach into it.
_ACTS = (
    "SELECT e.site, e.at, e.received_at FROM scan_event e WHERE e.mode = 1"
    " AND e.at < {} AND e.received_at > {}"
)
_ENTRIES = (
    "SELECT e.id, e.at, e.gate, e.site, e.mode, e.pass_id, g.name AS gate_name,"
    " CASE WHEN EXISTS (SELECT 1 FROM scan_conflict c WHERE c.second_event = e.id"
    " AND c.kind IN ('double_entry', 'second_single_entry')"
    " AND (c.closed_at IS NULL OR c.closed_by IS NOT NULL)) THEN 1 ELSE 0 END AS double"
    " FROM scan_event e JOIN gate g ON g.id = e.gate"
    " WHERE e.at >= {} AND e.at < {} AND e.direction = 0 AND e.verdict = 0"
    " AND e.code <> 'undo' AND e.pass_id IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM scan_event c WHERE c.corrects = e.id) AND "
)
_GAPS = (
    "SELECT c.note, c.opened_at, g.id AS gate, g.name AS gate_name FROM scan_conflict c"
    " JOIN gate_device d ON c.key LIKE 'gap/' || CAST(d.id AS varchar(36)) || ':%'"
    " JOIN gate g ON g.id = d.gate WHERE c.kind = 'gap' AND c.closed_at IS NULL"
    " AND c.opened_at >= {} AND c.opened_at < {} AND "
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """One entry, or a run of missing scans, that could have been a double entry."""

    at: int
    gate: str
    gate_name: str
    how: str
    amount: int = 1
    double: int = 0
    pass_id: str = ""


async def _found(asked: Asked) -> list[_Found]:
    since, until = clock.to_ms(asked.period.since), clock.to_ms(asked.period.until)
    times: dict[str, list[tuple[int, int]]] = {}
    for row in await db.fetch(_ACTS, until, since):
        times.setdefault(str(row["site"]), []).append((row["at"], row["received_at"]))
    if not times:
        return await _missing(asked, since, until)
    places, sites = asked.within("e.site")
    rows: dict[int, db.Row] = {}
    entries: dict[str, list[Entry]] = {}
    within = {site: spells(acts) for site, acts in times.items()}
    first = max(since, min(spell[0].starts for spell in within.values()))
    for row in await db.fetch(f"{_ENTRIES}{places} ORDER BY e.at, e.id", first, until, *sites):
        rows[row["id"]] = row
        entries.setdefault(str(row["site"]), []).append(
            Entry(row["id"], row["at"], row["mode"] == 1, bool(row["double"]))
        )
    found = [
        _Found(
            at=entry.at,
            gate=str(rows[entry.id]["gate"]),
            gate_name=rows[entry.id]["gate_name"],
            how=how,
            double=int(entry.double),
            pass_id=rows[entry.id]["pass_id"],
        )
        for site, some in entries.items()
        for entry, how in exposed(some, within.get(site, []))
    ]
    found.sort(key=lambda one: one.at)
    return found + await _missing(asked, since, until)


async def _missing(asked: Asked, since: int, until: int) -> list[_Found]:
    places, sites = asked.within("c.site")
    return [
        _Found(
            at=row["opened_at"],
            gate=str(row["gate"]),
            gate_name=row["gate_name"],
            how=MISSING,
            amount=_length(row["note"]),
        )
        for row in await db.fetch(f"{_GAPS}{places} ORDER BY c.opened_at", since, until, *sites)
    ]


def _length(run: str) -> int:
    """Return how many numbers a run such as `17-23` has."""
    first, _, last = run.partition("-")
    return int(last) - int(first) + 1 if first.isdigit() and last.isdigit() else 1


def _keys(one: _Found, asked: Asked, names: Sequence[str]) -> tuple[str, ...]:
    day = clock.from_ms(one.at).astimezone(asked.period.zone).date().isoformat()
    known = {"day": day, "gate": one.gate}
    return tuple(known[name] for name in names)


async def offline(asked: Asked) -> Sequence[Cell]:
    """Count what was decided without knowing all."""
    sums: dict[tuple[str, ...], Counter[str]] = {}
    for one in await _found(asked):
        cell = sums.setdefault(_keys(one, asked, asked.by), Counter())
        cell["most"] += one.amount
        cell[one.how] += one.amount
        cell[DOUBLE] += one.double
    return [
        Cell(keys=dict(zip(asked.by, keys, strict=True)), sums=dict(cell))
        for keys, cell in sums.items()
    ]


async def rows_of_offline(asked: Asked, picked: Picked) -> Rows:
    """Return the entries behind a figure, in order of time."""
    names = list(picked.keys)
    wanted = tuple(picked.keys.values())
    found = [
        one
        for one in await _found(asked)
        if _keys(one, asked, names) == wanted
        and (
            picked.counted == "most"
            or (picked.counted == DOUBLE and one.double)
            or picked.counted == one.how
        )
    ]
    page = found[picked.offset : picked.offset + picked.limit]
    return Rows(
        columns=(N_("Time"), N_("Gate"), N_("How"), N_("Double entry")),
        lines=[_line(one) for one in page],
        total=len(found),
    )


def _line(one: _Found) -> Line:
    cells: tuple[datetime | str | Message, ...] = (
        clock.from_ms(one.at),
        one.gate_name,
        _WAYS[one.how],
        N_("Yes") if one.double else "",
    )
    path = f"/passes/{one.pass_id}" if one.pass_id else "/conflicts"
    return Line(cells=cells, path=path, amount=one.amount)


OFFLINE = Report(
    name="core.offline",
    title=N_("Hours without network"),
    hint=N_(
        "Entries that a gate decided without knowing all, or that never arrived: the largest number of "
        "double entries that could have been hidden, and how many there were."
    ),
    permission="core:report:read",
    dimensions=(DAY, GATE),
    measures=(
        Measure(name="most", label=N_("Could be hidden at most")),
        Measure(name="double", label=N_("Double entries found")),
        Measure(name="alone", label=N_("Entries decided alone")),
        Measure(name="unaware", label=N_("Entries while another gate was cut off")),
        Measure(name="missing", label=N_("Scans that never arrived")),
    ),
    query=offline,
    rows=rows_of_offline,
    rows_permission="core:registration:read",
    balances=(Balance(terms={"most": 1, "alone": -1, "unaware": -1, "missing": -1}),),
    order=35,
)
