"""What the records say for a bulletin: its table, chart and first sentence, in the site's language."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from core.i18n import N_, Message
from core.reports import figures as core_figures
from core.reports.facts import Asked, Dimension, Measure, Period
from core.reports.figures import Hidden, Table, Value
from core.reports.queries import change
from core.settings import load as settings
from plugins.government.bulletins.facts import UNITS, Kind
from plugins.government.facts import REPEAT
from plugins.government.figures import counting, facts
from plugins.government.figures.counting import OFFICIAL, Sight
from plugins.government.figures.reports import DIMENSIONS, SMALLEST

_COLUMNS = (
    facts.TIMES,
    facts.BATCHES,
    facts.PERSONS,
    facts.GROUP_BATCHES,
    facts.GROUP_PERSONS,
    REPEAT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A table, the bars of its chart, and the totals of the period, the one before, a year before."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    bars: Sequence[tuple[str, int]]
    now: Mapping[str, int | None]
    before: Mapping[str, int | None]
    year: Mapping[str, int | None]


def say(text: Message | str) -> str:
    """Return a text in the site's language, in which bulletins are written."""
    return text.translate(settings().locale) if isinstance(text, Message) else text


def sight_of_unit(unit_id: UUID) -> Sight:
    """Return what a bulletin to a unit counts: what it answers for or what lies there, no secrets."""
    condition = "(m.secret = {} AND (m.holder = {} OR m.place = {}))"
    args = [False, unit_id, unit_id]
    return Sight((condition, args), (condition, args))


async def filled(
    kind: Kind, name: str, period: Period, site_id: UUID, unit_id: UUID | None
) -> Figures:
    """Count what a bulletin says. To counties and departments nothing below five is told."""
    below = SMALLEST if name == UNITS else 0
    sight = sight_of_unit(unit_id) if unit_id is not None else OFFICIAL
    dimension = next(one for one in DIMENSIONS if one.name == kind.by)
    measures = [Measure(name=one, label=facts.COUNTED[one]) for one in _COLUMNS]
    tables = [
        core_figures.table_of(
            await counting.cells(
                Asked(period=span, sites=frozenset({site_id}), by=(kind.by,)), sight
            ),
            span,
            dimension,
            measures,
            suppress_below=below,
        )
        for span in (period, period.previous, period.a_year_before)
    ]
    names = await _names(dimension)
    place = _COLUMNS.index(kind.compares)
    rows = _rows(tables, names, place, below)
    return Figures(
        heads=[
            say(dimension.label),
            *(say(measure.label) for measure in measures),
            say(N_("Against the period before")),
            say(N_("Against a year before")),
        ],
        rows=rows,
        bars=[
            (names.get(row.key, row.key) or "—", number)
            for row in sorted(tables[0].rows, key=lambda row: -_number(row.values[place]))[:10]
            if (number := _number(row.values[place]))
        ],
        now=_totals(tables[0]),
        before=_totals(tables[1]),
        year=_totals(tables[2]),
    )


async def _names(dimension: Dimension) -> dict[str, str]:
    known: dict[str, Message | str] = dict(dimension.values)
    if dimension.named is not None:
        known |= await dimension.named()
    known[""] = N_("(not said)")
    return {key: say(text) for key, text in known.items()}


def _rows(
    tables: Sequence[Table], names: Mapping[str, str], place: int, below: int
) -> list[list[str]]:
    def shown(value: Value) -> str:
        return f"<{below}" if isinstance(value, Hidden) else str(value or 0)

    def against(now: Value, then: Value) -> str:
        grown = change(now, then)
        return "—" if grown is None else f"{grown:+g}%"

    found = []
    ordered = sorted(tables[0].rows, key=lambda row: -_number(row.values[place]))
    for row in ordered:
        others = [table.row(row.key) for table in tables[1:]]
        found.append(
            [
                names.get(row.key, row.key),
                *map(shown, row.values),
                *(against(row.values[place], o.values[place] if o else 0) for o in others),
            ]
        )
    found.append(
        [
            say(N_("Total")),
            *map(shown, tables[0].total),
            *(against(tables[0].total[place], table.total[place]) for table in tables[1:]),
        ]
    )
    return found


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _totals(table: Table) -> dict[str, int | None]:
    return {
        name: None if isinstance(value, Hidden) else _number(value)
        for name, value in zip(_COLUMNS, table.total, strict=True)
    }


def sentence(figures: Figures) -> str:
    """Return the overview's first sentence, as offices write it."""
    now = {name: n for name, n in figures.now.items() if n is not None}
    if len(now) < len(_COLUMNS):
        return ""
    return say(
        N_(
            "{times} petitions were received, {batches} batches of {persons} persons came in person"
            " ({change} batches against the period before); of these {groups} were groups with"
            " {people} persons. {repeat} were repeated.",
            times=now[facts.TIMES],
            batches=now[facts.BATCHES],
            persons=now[facts.PERSONS],
            change=_grown(figures, facts.BATCHES),
            groups=now[facts.GROUP_BATCHES],
            people=now[facts.GROUP_PERSONS],
            repeat=now[REPEAT],
        )
    )


def _grown(figures: Figures, name: str) -> str:
    grown = change(figures.now[name], figures.before[name])
    return "—" if grown is None else f"{grown:+g}%"


def dump(figures: Figures) -> str:
    """Return figures as JSON."""
    return json.dumps(asdict(figures), ensure_ascii=False)


def load(text: str) -> Figures | None:
    """Read what `dump` wrote; None for none."""
    return Figures(**json.loads(text)) if text else None
