"""A month's tables: this month, the one before, the same of last year; counted at once, kept as JSON."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core.i18n import N_, Message
from core.reports.facts import Asked, Cell, Period
from core.reports.figures import fields_of
from core.reports.queries import change
from plugins.government import facts as words
from plugins.government.figures import counting, facts
from plugins.government.figures.reports import subject_names, unit_names

Sums = dict[str, int]
NOW, BEFORE, YEAR = "now", "before", "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Sums by table and key, for three periods; `names` are what units and subjects were called."""

    tables: Mapping[str, Mapping[str, Mapping[str, Sums]]]
    totals: Mapping[str, Sums]
    names: Mapping[str, Mapping[str, str]]

    @property
    def faults(self) -> list[str]:
        """Return the tables whose lines do not add up to the total, or which do not balance."""
        found = []
        for table, lines in self.tables[NOW].items():
            cells = [Cell(keys={}, sums=sums) for sums in lines.values()]
            added = {name: n for name, n in fields_of(cells).sums.items() if n}
            total = {name: n for name, n in self.totals[NOW].items() if n}
            if added != total or any(_unbalanced(sums) for sums in lines.values()):
                found.append(table)
        return found


def _unbalanced(sums: Mapping[str, int]) -> bool:
    return any(
        sum(sums.get(name, 0) * times for name, times in balance.terms.items())
        for balance in facts.BALANCES
    )


async def counted(period: Period, site_id: UUID) -> Content:
    """Count the tables of a month of one site from the records, all of them."""
    tables: dict[str, dict[str, dict[str, Sums]]] = {}
    totals: dict[str, Sums] = {}
    periods = ((NOW, period), (BEFORE, period.previous), (YEAR, period.a_year_before))
    for which, span in periods:
        cube = await counting.cells(
            Asked(period=span, sites=frozenset({site_id}), by=tuple(facts.TABLES)),
            counting.OFFICIAL,
        )
        tables[which] = {table: _folded(cube, table) for table in facts.TABLES}
        totals[which] = dict(fields_of(cube).sums)
    return Content(tables=tables, totals=totals, names=await _names(tables))


def _folded(cube: list[Cell], table: str) -> dict[str, Sums]:
    lines: dict[str, defaultdict[str, int]] = {}
    for cell in cube:
        line = lines.setdefault(cell.keys[table], defaultdict(int))
        for name, number in cell.sums.items():
            line[name] += number
    return {key: dict(line) for key, line in lines.items()}


async def _names(
    tables: Mapping[str, Mapping[str, Mapping[str, Sums]]],
) -> dict[str, dict[str, str]]:
    """Return the names of the units and subjects that occur, to be kept with the figures."""
    known: dict[str, Mapping[str, Message | str]] = {
        facts.SUBJECT: await subject_names(),
        facts.PLACE: await unit_names(),
        facts.UNIT: await unit_names(),
    }
    return {
        table: {
            key: str(names[key])
            for which in tables.values()
            for key in which[table]
            if key in names and isinstance(names[key], str)
        }
        for table, names in known.items()
    }


def dump(content: Content) -> str:
    """Return the tables as JSON."""
    return json.dumps(
        {"tables": content.tables, "totals": content.totals, "names": content.names},
        ensure_ascii=False,
        sort_keys=True,
    )


def load(text: str) -> Content:
    """Read what `dump` wrote."""
    return Content(**json.loads(text))


_WORDS: dict[str, Mapping[str, Message]] = {
    facts.CHANNEL: words.CHANNELS,
    facts.PURPOSE: words.PURPOSES,
    facts.SIZE: words.SIZES,
    facts.FREQUENCY: words.FREQUENCIES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a monthly table: the sums, and the times of the two periods it is compared with."""

    key: str
    label: Message | str
    sums: Sums
    before: int
    year: int

    @property
    def grown(self) -> tuple[float | None, float | None]:
        """By how many in a hundred the times grew against the month before and a year before."""
        now = self.sums.get(facts.TIMES, 0)
        return change(now, self.before), change(now, self.year)


def lines(content: Content, table: str) -> list[Line]:
    """Return the lines of a table, known keys in their order, the others by how many."""
    shown = content.tables[NOW][table]
    order = list(_WORDS.get(table, {}))
    keys = sorted(
        shown,
        key=lambda key: (
            order.index(key) if key in order else len(order),
            key in ("", facts.NOT_BROKEN_DOWN),
            -shown[key].get(facts.TIMES, 0),
        ),
    )
    return [
        Line(
            key=key,
            label=label(content, table, key),
            sums=shown[key],
            before=content.tables[BEFORE][table].get(key, {}).get(facts.TIMES, 0),
            year=content.tables[YEAR][table].get(key, {}).get(facts.TIMES, 0),
        )
        for key in keys
    ]


def label(content: Content, table: str, key: str) -> Message | str:
    """Return what a line is called."""
    if not key:
        return N_("(not said)")
    if key == facts.NOT_BROKEN_DOWN:
        return N_("Not broken down (confidential)")
    known = _WORDS.get(table, {})
    return known[key] if key in known else content.names.get(table, {}).get(key, key)


def difference(kept: Content, counted_now: Content) -> dict[str, tuple[int, int]]:
    """Return the totals that are not what they were when the tables were checked: then and now."""
    then, now = kept.totals[NOW], counted_now.totals[NOW]
    return {
        name: (then.get(name, 0), now.get(name, 0))
        for name in facts.COUNTED
        if then.get(name, 0) != now.get(name, 0)
    }
