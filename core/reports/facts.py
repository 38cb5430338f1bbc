"""What a report is: the periods it covers, the cells it counts, and what a plugin says of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from core.i18n import Message
from core.permissions import ANONYMOUS, Actor

DAY, WEEK, MONTH, QUARTER, YEAR, RANGE = "day", "week", "month", "quarter", "year", "range"
KINDS = (DAY, WEEK, MONTH, QUARTER, YEAR, RANGE)
_MONTHS = {MONTH: 1, QUARTER: 3, YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a week from Monday, a month, quarter, year or any range; `last` is included."""

    kind: str
    first: date
    last: date
    zone: ZoneInfo

    @property
    def since(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), self.zone).astimezone(UTC)

    @property
    def until(self) -> datetime:
        """The first moment that is not in it any more."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone).astimezone(UTC)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def previous(self) -> "Period":
        """The period of the same kind before; before a range, as many days."""
        before = self.first - timedelta(days=1)
        if self.kind == RANGE:
            return replace(self, first=self.first - timedelta(days=self.days), last=before)
        return period(self.kind, before, self.zone)

    @property
    def following(self) -> "Period":
        """The period of the same kind after; after a range, as many days."""
        after = self.last + timedelta(days=1)
        if self.kind == RANGE:
            return replace(self, first=after, last=self.last + timedelta(days=self.days))
        return period(self.kind, after, self.zone)

    @property
    def a_year_before(self) -> "Period":
        """The same period of the year before: the week of the same number, the same dates."""
        if self.kind == WEEK:
            year, week, _ = self.first.isocalendar()
            last_week = date(year - 1, 12, 28).isocalendar().week
            first = date.fromisocalendar(year - 1, min(week, last_week), 1)
            return replace(self, first=first, last=first + timedelta(days=6))
        first = _a_year_before(self.first)
        if self.kind in _MONTHS:
            return period(self.kind, first, self.zone)
        return replace(self, first=first, last=_a_year_before(self.last))

    @property
    def step(self) -> str:
        """How finely a table goes through it: by day, week or month."""
        return DAY if self.days <= 62 else WEEK if self.days <= 184 else MONTH

    @property
    def steps(self) -> "list[Period]":
        """Its steps in order, the first and last cut to what lies within."""
        found: list[Period] = []
        day = self.first
        while day <= self.last:
            whole = period(self.step, day, self.zone)
            last = min(whole.last, self.last)
            kind = whole.kind if (whole.first, whole.last) == (day, last) else RANGE
            found.append(Period(kind, day, last, self.zone))
            day = last + timedelta(days=1)
        return found


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def period(kind: str, day: date, zone: ZoneInfo) -> Period:
    """Return the period of a kind that holds a day; of a range there is only the day itself."""
    if kind == WEEK:
        first = day - timedelta(days=day.weekday())
        return Period(kind, first, first + timedelta(days=6), zone)
    months = _MONTHS.get(kind)
    if months is None:
        return Period(kind, day, day, zone)
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return Period(kind, first, date(year, month + 1, 1) - timedelta(days=1), zone)


def span(first: date, last: date, zone: ZoneInfo) -> Period:
    """Return the range between two days, in whichever order they are given."""
    return Period(RANGE, min(first, last), max(first, last), zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One way to break figures down. The keys of one of `time` are days (`2026-11-23`).

    `values` name and order the keys that are known beforehand; with `gapless` those between the first
    and the last that occur have a line each, even an empty one. Keys of dimensions called `purpose`,
    `site` and `gate` are named by the core; `named` is asked for names that only its owner knows.
    """

    name: str
    label: Message
    time: bool = False
    values: Sequence[tuple[str, Message]] = ()
    gapless: bool = False
    named: Callable[[], Awaitable[Mapping[str, Message | str]]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure of each line, made of the cells' fields, so that lines and total are made alike.

    `how`: `sum` of the field `of`; `median`, `p90` or `mean` of the spread `of`; `share`, the sum of
    `of` in a hundred of the sum of `per`; `ratio`, `of` divided by `per`. `of` is the measure's own
    name when it is not given. Only sums lead to the rows behind them.
    """

    name: str
    label: Message
    how: str = "sum"
    of: str = ""
    per: str = ""
    unit: Message | None = None

    @property
    def source(self) -> str:
        """The field it is made of."""
        return self.of or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What was counted under some keys, one for each dimension asked for.

    `sums` add up; `spread` says how often each value occurred, so that a median of any group is exact.
    """

    keys: Mapping[str, str]
    sums: Mapping[str, int] = field(default_factory=dict)
    spread: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A sum of fields that must be zero in every line: `{"opened": 1, "closed": -1, "open": -1}`."""

    terms: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is counted: which period, at which sites (None: at all), by which dimensions.

    `reader` is for whom: a part that hides records from some counts only what the reader may see.
    """

    period: Period
    sites: frozenset[UUID] | None = None
    by: tuple[str, ...] = ()
    reader: Actor = ANONYMOUS

    def within(self, column: str) -> tuple[str, list[UUID]]:
        """Return a condition that keeps a column of a statement to these sites, and its arguments."""
        if self.sites is None:
            return "1 = 1", []
        if not self.sites:
            return "1 = 0", []
        return f"{column} IN ({', '.join('{}' for _ in self.sites)})", sorted(self.sites)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """One figure whose rows are wanted: the field it sums, the keys of its line and column."""

    counted: str
    keys: Mapping[str, str] = field(default_factory=dict)
    limit: int = 50
    offset: int = 0


Shown = str | int | datetime | Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row behind a figure; `amount` is what it adds to it, `path` the page about it."""

    cells: Sequence[Shown]
    path: str = ""
    amount: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A page of the rows behind a figure, and how many there are in all."""

    columns: Sequence[Message]
    lines: Sequence[Line]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report that a part registers; `name` is `<part>.<report>`.

    `query` counts what is asked, grouped by the dimensions `asked.by` and no others. `rows` gives the
    rows behind one figure to those who also hold `rows_permission`. Counts from 1 to below
    `suppress_below` are hidden from everybody without the permission `in_full`.
    """

    name: str
    title: Message
    hint: Message
    permission: str
    dimensions: Sequence[Dimension]
    measures: Sequence[Measure]
    query: Callable[[Asked], Awaitable[Sequence[Cell]]]
    rows: Callable[[Asked, Picked], Awaitable[Rows]] | None = None
    rows_permission: str = ""
    balances: Sequence[Balance] = ()
    suppress_below: int = 0
    in_full: str = ""
    order: int = 100

    def dimension(self, name: str) -> Dimension | None:
        """Return a dimension by name, None when there is no such."""
        return next((one for one in self.dimensions if one.name == name), None)

    def measure(self, name: str) -> Measure | None:
        """Return a measure by name, None when there is no such."""
        return next((one for one in self.measures if one.name == name), None)
