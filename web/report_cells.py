"""What stands on the page of a report: cells with the rows they lead to, labels, tiles, points of the chart."""

from dataclasses import dataclass
from urllib.parse import urlencode

from core.i18n import N_, Message
from core.reports import queries
from core.reports.facts import RANGE, Dimension, Period
from core.reports.figures import Column, Hidden, Row, Value
from core.reports.queries import Made
from web.templating import translate

WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


def period_query(which: Period) -> dict[str, str]:
    """Return the parameters that name a period in an address."""
    if which.kind == RANGE:
        return {
            "kind": RANGE,
            "first": which.first.isoformat(),
            "last": which.last.isoformat(),
        }
    return {"kind": which.kind, "day": which.first.isoformat()}


def period_text(which: Period) -> Message:
    """Return what a period is called."""
    if which.kind == "day":
        name = WEEKDAYS[which.first.weekday()]
        return N_("{day}, {weekday}", day=which.first.isoformat(), weekday=name)
    if which.kind == "month":
        return Message(f"{which.first:%Y-%m}")
    if which.kind == "quarter":
        number = (which.first.month + 2) // 3
        return N_("Quarter {number} of {year}", number=number, year=which.first.year)
    if which.kind == "year":
        return Message(str(which.first.year))
    first, last = which.first.isoformat(), which.last.isoformat()
    if which.kind == "week":
        week = which.first.isocalendar().week
        return N_("Week {week}: {first} to {last}", week=week, first=first, last=last)
    return N_("{first} to {last}", first=first, last=last)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCell:
    """One figure: its text, and the page of its rows, if it leads to any."""

    text: str
    href: str = ""


def text_of(value: Value, below: int) -> str:
    """Return a figure as it is read."""
    if value is None:
        return "—"
    return f"<{below}" if isinstance(value, Hidden) else str(value)


def cell_of(made: Made, column: Column, value: Value, row: Row | None) -> ShownCell:
    """Return a figure with the page of the rows it counts; without a row it is a total."""
    text = text_of(value, made.report.suppress_below)
    counted = isinstance(value, int) and value > 0
    if not (made.leads and counted and column.measure.how == "sum"):
        return ShownCell(text=text)
    which = made.choice.period if row is None or row.step is None else row.step
    keys = {}
    if row is not None and row.step is None:
        keys[f"k.{made.table.dimension.name}"] = row.key
    if column.key is not None and made.table.split is not None:
        keys[f"k.{made.table.split.name}"] = column.key
    parameters = {**period_query(which), **keys, "field": column.measure.source}
    if made.choice.site_id is not None:
        parameters["site"] = str(made.choice.site_id)
    return ShownCell(text=text, href=f"/reports/{made.report.name}/rows?{urlencode(parameters)}")


def compares_lines(made: Made) -> bool:
    """Say whether each line stands beside its figure of the period before and a year before."""
    return not made.table.dimension.time and made.table.split is None


def line_of(made: Made, row: Row) -> dict[str, object]:
    """Return one line of the table: its label, its figures, those of other periods."""
    below = made.report.suppress_below
    others = []
    if compares_lines(made):
        for table in (made.before, made.year_before):
            then = table.row(row.key)
            if then is None:
                others.append("0" if made.table.columns[0].measure.how == "sum" else "—")
            else:
                others.append(text_of(then.values[0], below))
    return {
        "label": row_label(made, row),
        "cells": [
            cell_of(made, column, value, row)
            for column, value in zip(made.table.columns, row.values, strict=True)
        ],
        "others": others,
    }


def row_label(made: Made, row: Row) -> Message | str:
    """Return what a line is called."""
    return _step_label(row.step) if row.step else label_of(made, made.table.dimension, row.key)


def _step_label(step: Period) -> Message | str:
    if step.kind == "day" or step.first == step.last:
        weekday = WEEKDAYS[step.first.weekday()]
        return N_("{day}, {weekday}", day=f"{step.first:%m-%d}", weekday=weekday)
    if step.kind == "month":
        return f"{step.first:%Y-%m}"
    return N_("{first} to {last}", first=f"{step.first:%m-%d}", last=f"{step.last:%m-%d}")


def label_of(made: Made, dimension: Dimension, key: str) -> Message | str:
    """Return what a key of a dimension is called."""
    return made.label(dimension, key) if key else N_("(not said)")


def head_of(made: Made, column: Column) -> Message | str:
    """Return what stands above a column."""
    if made.table.split is None:
        return column.measure.label
    return N_("All") if column.key is None else label_of(made, made.table.split, column.key)


def tiles_of(made: Made) -> list[dict[str, object]]:
    """Return the totals with how they changed; of a split, the column of all."""
    tiles = []
    below = made.report.suppress_below
    for place, column in enumerate(made.table.columns):
        if column.key is not None:
            continue
        # A split may have other columns in other periods; the one of all is always the last.
        at = place if made.table.split is None else -1
        now = made.table.total[place]
        tiles.append(
            {
                "label": column.measure.label,
                "cell": cell_of(made, column, now, None),
                "unit": column.measure.unit,
                "before": text_of(made.before.total[at], below),
                "year": text_of(made.year_before.total[at], below),
                "change": queries.change(now, made.before.total[at])
                if column.measure.how == "sum"
                else None,
            }
        )
    return tiles


def points_of(made: Made) -> list[tuple[str, int | float | None]]:
    """Return the points of the chart: the first figure of each line, of a split that of all."""
    place = 0 if made.table.split is None else -1
    return [
        (
            _chart_label(made, row),
            value if isinstance(value := row.values[place], int | float) else None,
        )
        for row in made.table.rows
    ]


def _chart_label(made: Made, row: Row) -> str:
    if row.step is not None:
        return f"{row.step.first:%Y-%m}" if row.step.kind == "month" else f"{row.step.first:%m-%d}"
    return translate(row_label(made, row))[:8]
