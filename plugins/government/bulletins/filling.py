"""What the records say for a bulletin: its table, chart and first sentence, in the site's language."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from uuid import UUID

from core.i18n import N_, Message
from core.reports import figures as core_figures
from core.reports.facts import Asked, Dimension, Measure, Period
from core.reports.figures import Hidden, Table, Value
from core.reports.queries import change
from core.settings import load as settings
from plugins.government.bulletins import handled
from plugins.government.bulletins.facts import UNITS, Kind
from plugins.government.facts import REPEAT
from plugins.government.figures import counting, facts
from plugins.government.figures.counting import OFFICIAL, Sight
from plugins.government.figures.reports import DIMENSIONS, SMALLEST
from plugins.government.matters.access import places
from plugins.government.units.queries import with_ancestors

_COLUMNS = (
    facts.TIMES,
    facts.BATCHES,
    facts.PERSONS,
    facts.GROUP_BATCHES,
    facts.GROUP_PERSONS,
    REPEAT,
)
_SAID = tuple(facts.COUNTED[one] for one in _COLUMNS)
_MEASURES = tuple(Measure(name=one, label=facts.COUNTED[one]) for one in _COLUMNS)
_AGAINST = (N_("Against the period before"), N_("Against a year before"))
_NAMED = 3  # how many are named as standing out


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A table, the bars of its chart, and the totals of the period, the one before, a year before.

    `more` are further tables: title, heads, rows. `most`: what stands out, by measure, as the clerk is
    told it: name, number, and what they are in a hundred.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    bars: Sequence[tuple[str, int]]
    now: Mapping[str, int | None]
    before: Mapping[str, int | None]
    year: Mapping[str, int | None]
    more: Sequence[tuple[str, Sequence[str], Sequence[Sequence[str]]]] = ()
    most: Mapping[str, Sequence[tuple[str, int, float]]] = field(default_factory=dict)


def say(text: Message | str) -> str:
    """Return a text in the site's language, in which bulletins are written."""
    return text.translate(settings().locale) if isinstance(text, Message) else text


async def sight_of_unit(unit_id: UUID) -> Sight:
    """Return what a bulletin to a unit counts: what it answers for or what lies there.

    Nothing secret, and nothing that does not exist for the unit, ever.
    """
    kept_from = await with_ancestors([unit_id])
    condition = (
        "(m.secret = {} AND (m.holder = {} OR m.place = {}) AND NOT EXISTS (SELECT 1 FROM"
        f" government_barred b WHERE b.matter = m.id AND b.unit IN ({places(kept_from)})))"
    )
    args = [False, unit_id, unit_id, *kept_from]
    return Sight((condition, args), (condition, args))


async def filled(
    kind: Kind, name: str, period: Period, site_id: UUID, unit_id: UUID | None
) -> Figures:
    """Count what a bulletin says. To counties and departments nothing below five is told."""
    below = SMALLEST if name == UNITS else 0
    sight = await sight_of_unit(unit_id) if unit_id is not None else OFFICIAL
    spans = (period, period.previous, period.a_year_before)
    cubes = [
        await counting.cells(
            Asked(period=span, sites=frozenset({site_id}), by=(kind.by, *kind.more)), sight
        )
        for span in spans
    ]
    place = _COLUMNS.index(kind.compares)
    made: list[tuple[str, Sequence[str], Sequence[Sequence[str]]]] = []
    first: tuple[list[Table], dict[str, str]] | None = None
    for by in (kind.by, *kind.more):
        dimension = next(one for one in DIMENSIONS if one.name == by)
        tables = [
            core_figures.table_of(cube, span, dimension, _MEASURES, suppress_below=below)
            for cube, span in zip(cubes, spans, strict=True)
        ]
        names = await _names(dimension)
        first = first or (tables, names)
        heads = [say(one) for one in (dimension.label, *_SAID, *_AGAINST)]
        made.append((say(facts.TABLES[by]), heads, _rows(tables, names, place, below)))
    assert first is not None  # noqa: S101 - there is always one table
    tables, names = first
    if kind.handled:
        lines = await handled.rows(period, site_id)
        made.append(
            (
                say(handled.HEADS[0]),
                [say(one) for one in handled.HEADS],
                [[say(label), *numbers] for label, numbers in lines],
            )
        )
    return Figures(
        heads=made[0][1],
        rows=made[0][2],
        bars=[(line[0], line[1]) for line in _most(tables[0], names, place, 10)],
        now=_totals(tables[0]),
        before=_totals(tables[1]),
        year=_totals(tables[2]),
        more=made[1:],
        most={
            one: _most(tables[0], names, _COLUMNS.index(one), _NAMED)
            for one in dict.fromkeys((kind.compares, REPEAT, facts.GROUP_BATCHES))
        },
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


def _most(
    table: Table, names: Mapping[str, str], place: int, count: int
) -> list[tuple[str, int, float]]:
    """Return the lines with the most of one measure: name, number, in a hundred of the total."""
    whole = _number(table.total[place])
    found = [
        (
            names.get(row.key, row.key) or "—",
            number,
            round(number * 100 / whole, 1) if whole else 0.0,
        )
        for row in table.rows
        if (number := _number(row.values[place]))
    ]
    return sorted(found, key=lambda line: -line[1])[:count]


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
        return say(N_("Little was received in this time: counts below 5 are not told."))
    if not now[facts.TIMES]:
        return say(N_("Nothing was received in this time."))
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


def outstanding(figures: Figures) -> str:
    """Return what stands out as sentences for the clerk to go on from; nothing that is hidden."""
    said = []
    for name, words in _STANDS_OUT.items():
        if lines := figures.most.get(name):
            listed = say(N_(", ")).join(
                say(N_("{name} {number} ({share}%)", name=one, number=number, share=f"{share:g}"))
                for one, number, share in lines
            )
            said.append(say(Message(words.msgid, {"list": listed})))
    return "\n".join(said)


_STANDS_OUT: dict[str, Message] = {
    facts.TIMES: N_("Most was received on: {list}."),
    REPEAT: N_("Most repeated petitions: {list}."),
    facts.GROUP_BATCHES: N_("Most batches of groups: {list}."),
}


def dump(figures: Figures) -> str:
    """Return figures as JSON."""
    return json.dumps(asdict(figures), ensure_ascii=False)


def load(text: str) -> Figures | None:
    """Read what `dump` wrote; None for none."""
    return Figures(**json.loads(text)) if text else None
