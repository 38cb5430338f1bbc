"""From counted cells to a table: lines, totals, shares, medians, and hiding what is too small.

Lines and totals are made of the same cells in the same way, so a total is never added up from what is
shown; hidden figures, medians and shares stay right.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from core.reports.facts import Balance, Cell, Dimension, Measure, Period

Key = str


class Hidden(Enum):
    """Stands where a count is too small to be shown."""

    SMALL = "small"


Value = int | float | Hidden | None


@dataclass(slots=True)
class Fields:
    """The fields of some cells taken together."""

    sums: Counter[str] = field(default_factory=Counter)
    spread: dict[str, Counter[int]] = field(default_factory=dict)

    def add(self, cell: Cell) -> None:
        """Take one more cell in."""
        self.sums.update(cell.sums)
        for name, values in cell.spread.items():
            self.spread.setdefault(name, Counter()).update(values)


def fields_of(cells: Iterable[Cell]) -> Fields:
    """Return the fields of these cells taken together."""
    found = Fields()
    for cell in cells:
        found.add(cell)
    return found


def value_of(measure: Measure, fields: Fields) -> int | float | None:
    """Return one figure; None where there is nothing to make it of."""
    if measure.how == "sum":
        return fields.sums[measure.source]
    if measure.how in ("share", "ratio"):
        whole = fields.sums[measure.per]
        part = fields.sums[measure.source]
        if not whole:
            return None
        return round(part * 100 / whole, 1) if measure.how == "share" else round(part / whole, 2)
    values = fields.spread.get(measure.source, Counter())
    if not (number := sum(values.values())):
        return None
    if measure.how == "mean":
        return round(sum(value * times for value, times in values.items()) / number, 1)
    # The value at or below which so many in a hundred lie (nearest rank).
    share = {"median": 50, "p90": 90}[measure.how]
    return _at_rank(values, max(1, -(-number * share // 100)))


def _at_rank(values: Mapping[int, int], rank: int) -> int:
    seen = 0
    for value in sorted(values):
        seen += values[value]
        if seen >= rank:
            return value
    raise ValueError(rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: a measure, of all cells or of those with one key of the dimension split by."""

    measure: Measure
    key: Key | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line. `step` is the part of the period it stands for, when the table goes through time."""

    key: Key
    values: tuple[Value, ...]
    step: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Figures of one period. `faults` are the keys of lines (empty: the total) that do not balance."""

    period: Period
    dimension: Dimension
    split: Dimension | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: tuple[Value, ...]
    faults: tuple[Key, ...] = ()

    def row(self, key: Key) -> Row | None:
        """Return a line by its key."""
        return next((row for row in self.rows if row.key == key), None)


def table_of(
    cells: Sequence[Cell],
    period: Period,
    dimension: Dimension,
    measures: Sequence[Measure],
    *,
    split: Dimension | None = None,
    balances: Sequence[Balance] = (),
    suppress_below: int = 0,
    judged_by: Sequence[Measure] = (),
) -> Table:
    """Return the figures by one dimension; `split` breaks the first measure down into columns.

    What is too small is looked for in the columns of `judged_by`, too, so that whoever asks for one
    measure after another is shown the same lines each time.
    """
    columns = _columns(cells, measures, split)
    unseen = tuple(c for c in _columns(cells, judged_by, None) if c not in columns)
    judged = (*columns, *unseen)
    lines = _lines(cells, period, dimension)
    values = {key: tuple(_value(c, split, found) for c in judged) for key, found in lines.items()}
    total = tuple(_value(column, split, cells) for column in judged)
    faults = [key for key, found in lines.items() if not _balanced(found, balances)]
    if not _balanced(cells, balances):
        faults.append("")
    if suppress_below:
        values, total = suppressed(values, total, judged, suppress_below)
    steps = {step.first.isoformat(): step for step in period.steps} if dimension.time else {}
    return Table(
        period=period,
        dimension=dimension,
        split=split,
        columns=columns,
        rows=tuple(
            Row(key=k, values=v[: len(columns)], step=steps.get(k)) for k, v in values.items()
        ),
        total=total[: len(columns)],
        faults=tuple(faults),
    )


def _columns(
    cells: Sequence[Cell], measures: Sequence[Measure], split: Dimension | None
) -> tuple[Column, ...]:
    if split is None:
        return tuple(Column(measure=measure) for measure in measures)
    keys = _ordered({cell.keys[split.name] for cell in cells}, split)
    return (
        *(Column(measure=measures[0], key=key) for key in keys),
        Column(measure=measures[0]),
    )


def _ordered(keys: Iterable[Key], dimension: Dimension) -> list[Key]:
    known = {key: place for place, (key, _) in enumerate(dimension.values)}
    return sorted(keys, key=lambda key: (known.get(key, len(known)), key))


def _filled(keys: list[Key], known: list[Key]) -> list[Key]:
    """Return the keys with every known one that lies between them."""
    places = [known.index(key) for key in keys if key in known]
    between = known[min(places) : max(places) + 1] if places else []
    return between + [key for key in keys if key not in between]


def _lines(cells: Sequence[Cell], period: Period, dimension: Dimension) -> dict[Key, list[Cell]]:
    """Return the cells of each line: of time every step has one, of others each key that occurs."""
    if not dimension.time:
        keys = _ordered({cell.keys[dimension.name] for cell in cells}, dimension)
        if dimension.gapless:
            keys = _filled(keys, [key for key, _ in dimension.values])
        lines: dict[Key, list[Cell]] = {key: [] for key in keys}
        for cell in cells:
            lines[cell.keys[dimension.name]].append(cell)
        return lines
    lines, of_day = {}, {}
    for step in period.steps:
        first = step.first.isoformat()
        lines[first] = []
        for number in range(step.days):
            of_day[_day(step, number)] = first
    for cell in cells:
        lines[of_day[cell.keys[dimension.name]]].append(cell)
    return lines


def _day(step: Period, number: int) -> str:
    return step.first.fromordinal(step.first.toordinal() + number).isoformat()


def _value(column: Column, split: Dimension | None, cells: Iterable[Cell]) -> Value:
    if column.key is not None and split is not None:
        cells = (cell for cell in cells if cell.keys[split.name] == column.key)
    return value_of(column.measure, fields_of(cells))


def _balanced(cells: Iterable[Cell], balances: Sequence[Balance]) -> bool:
    sums = fields_of(cells).sums
    return all(
        sum(sums[name] * times for name, times in balance.terms.items()) == 0
        for balance in balances
    )


def suppressed(
    values: Mapping[Key, tuple[Value, ...]],
    total: tuple[Value, ...],
    columns: Sequence[Column],
    below: int,
) -> tuple[dict[Key, tuple[Value, ...]], tuple[Value, ...]]:
    """Hide every line with a count from 1 to below `below`, and so many more that none can be found out.

    A line is hidden whole, since its counts may add up. What is hidden is at least two lines, and in
    no column do their counts sum to something small; where that cannot be had, the total goes too.
    Periods that overlap are not defended against, nor several dimensions.
    """
    counted = [place for place, column in enumerate(columns) if column.measure.how == "sum"]

    def small(line: tuple[Value, ...]) -> bool:
        return any(0 < _count(line[place]) < below for place in counted)

    hidden = {key for key, line in values.items() if small(line)}
    shown = sorted(set(values) - hidden, key=lambda key: sum(_counts(values[key], counted)))
    while hidden and (len(hidden) < 2 or small(_summed(values, hidden, counted))):
        while shown and not any(_counts(values[shown[0]], counted)):
            shown.pop(0)  # an empty line hides nothing
        if not shown:
            break
        hidden.add(shown.pop(0))
    veiled: tuple[Value, ...] = (Hidden.SMALL,) * len(columns)
    safe = not hidden or (len(hidden) > 1 and not small(_summed(values, hidden, counted)))
    return (
        {key: veiled if key in hidden else line for key, line in values.items()},
        total if safe and not small(total) else veiled,
    )


def _count(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _counts(line: tuple[Value, ...], places: Sequence[int]) -> list[int]:
    return [_count(line[place]) for place in places]


def _summed(
    values: Mapping[Key, tuple[Value, ...]], keys: Iterable[Key], places: Sequence[int]
) -> tuple[Value, ...]:
    lines = [values[key] for key in keys]
    width = len(lines[0])
    return tuple(
        sum(_count(line[place]) for line in lines) if place in places else 0
        for place in range(width)
    )
