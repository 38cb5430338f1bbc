"""Reports: the list, one report with its figures, and the rows behind a figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, Router, get
from litestar.connection import Request
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from core import clock, db
from core.errors import NotFoundError
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from core.reports import export, queries
from core.reports.export import Content, Sheet
from core.reports.facts import KINDS, RANGE, Dimension, Period, Report, Rows, period, span
from core.reports.figures import Column, Hidden, Row, Value
from core.reports.queries import Choice, Made
from core.settings import Settings
from core.sites import queries as sites
from web.plugins import WebPlugins
from web.templating import translate

PAGE = 50
MOST_EXPORTED = 20_000
KIND_LABELS = {
    "day": N_("Day"),
    "week": N_("Week"),
    "month": N_("Month"),
    "quarter": N_("Quarter"),
    "year": N_("Year"),
    "range": N_("From … to …"),
}
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
Query = Mapping[str, str]


@get("/reports", signed_in=True)
async def show_all(actor: NamedDependency[Actor], plugins: NamedDependency[WebPlugins]) -> Template:
    """List the reports that the reader may see."""
    found = queries.visible(actor, plugins)
    if not found:
        raise NotFoundError
    return Template("reports/list.html", context={"reports": found})


@get("/reports/{name:str}", signed_in=True)
async def show(
    request: Request[Any, Any, Any],
    name: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
) -> Template | Response[bytes]:
    """Show one report as table and chart, or give it as CSV or XLSX."""
    report = queries.report_named(name, actor, plugins)
    query = dict(request.query_params.items())
    choice = _choice(query, settings.zone, now)
    made = await queries.made(report, choice, actor=actor, plugins=plugins)
    if query.get("format") in ("csv", "xlsx"):
        return _file(_sheet(made), query["format"], f"{report.name}-{choice.period.first}", now)
    allowed = actor.sites_with(report.permission)
    seen = [
        site
        for site in await sites.sites(actor, with_closed=True)
        if allowed is None or site.id in allowed
    ]
    return Template(
        "reports/report.html",
        context={
            "report": report,
            "made": made,
            "query": _kept(query, choice),
            "period": choice.period,
            "period_text": period_text(choice.period),
            "kinds": list(KIND_LABELS.items()),
            "sites": [(str(site.id), site.name) for site in seen],
            "dimensions": [(one.name, one.label) for one in report.dimensions],
            "splits": [
                (one.name, one.label)
                for one in report.dimensions
                if not one.time and one.name != made.table.dimension.name
            ],
            "measures": [(one.name, one.label) for one in report.measures],
            "heads": [_head(made, column) for column in made.table.columns],
            "lines": [_line(made, row) for row in made.table.rows],
            "total": [
                _cell(made, column, value, None)
                for column, value in zip(made.table.columns, made.table.total, strict=True)
            ],
            "compared": _compares_lines(made),
            "tiles": _tiles(made),
            "chart": _points(made),
        },
    )


@get("/reports/{name:str}/rows", signed_in=True)
async def show_rows(
    request: Request[Any, Any, Any],
    name: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
) -> Template | Response[bytes]:
    """Show the rows behind one figure, or give them as CSV or XLSX, which is logged."""
    report = queries.report_named(name, actor, plugins)
    query = dict(request.query_params.items())
    choice = _choice(query, settings.zone, now)
    keys = {key[2:]: value for key, value in query.items() if key.startswith("k.")}
    page = _number(query.get("page", ""))
    form = query.get("format", "")
    whole = form in ("csv", "xlsx")
    rows = await queries.rows_behind(
        report,
        choice,
        field=query.get("field", ""),
        keys=keys,
        limit=MOST_EXPORTED if whole else PAGE,
        offset=0 if whole else (page - 1) * PAGE,
        actor=actor,
    )
    chosen = await _chosen(report, query, keys, plugins)
    if whole:
        async with db.writing():
            await record(
                actor,
                "report.export",
                "report",
                report.name,
                at=now,
                after={"rows": len(rows.lines), **query},
            )
        sheet = _sheet_of_rows(report, rows, choice, chosen, settings.zone)
        return _file(sheet, form, f"{report.name}-rows-{choice.period.first}", now)
    back = {k: v for k, v in query.items() if k not in ("field", "page") and k[:2] != "k."}
    return Template(
        "reports/rows.html",
        context={
            "report": report,
            "rows": rows,
            "query": query,
            "page": page,
            "pages": max(1, -(-rows.total // PAGE)),
            "period_text": period_text(choice.period),
            "chosen": chosen,
            "cut": rows.total > MOST_EXPORTED,
            "back": f"/reports/{report.name}?{urlencode(back)}",
        },
    )


# -- what was asked


def _choice(query: Query, zone: ZoneInfo, now: datetime) -> Choice:
    return Choice(
        period=_period(query, zone, now),
        site_id=_uuid(query.get("site", "")),
        by=query.get("by", ""),
        split=query.get("split", ""),
        measure=query.get("measure", ""),
    )


def _period(query: Query, zone: ZoneInfo, now: datetime) -> Period:
    today = clock.local(now, zone).date()
    kind = query.get("kind", "week")
    if kind == RANGE:
        last = _date(query.get("last", "")) or today
        return span(_date(query.get("first", "")) or last.replace(day=1), last, zone)
    return period(kind if kind in KINDS else "week", _date(query.get("day", "")) or today, zone)


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found is not None and 1900 <= found.year <= 2200 else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFoundError from error


def _number(text: str) -> int:
    return min(max(int(text), 1), 100_000) if text.isdigit() and len(text) < 7 else 1


def _kept(query: Query, choice: Choice) -> dict[str, str]:
    """Return the parameters that links of the page keep, the period always among them."""
    kept = {k: query[k] for k in ("site", "by", "split", "measure") if query.get(k)}
    return {**_of_period(choice.period), **kept}


def _of_period(which: Period) -> dict[str, str]:
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


# -- what is shown


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


def _cell(made: Made, column: Column, value: Value, row: Row | None) -> ShownCell:
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
    parameters = {**_of_period(which), **keys, "field": column.measure.source}
    if made.choice.site_id is not None:
        parameters["site"] = str(made.choice.site_id)
    return ShownCell(text=text, href=f"/reports/{made.report.name}/rows?{urlencode(parameters)}")


def _compares_lines(made: Made) -> bool:
    return not made.table.dimension.time and made.table.split is None


def _line(made: Made, row: Row) -> dict[str, object]:
    below = made.report.suppress_below
    others = []
    if _compares_lines(made):
        for table in (made.before, made.year_before):
            then = table.row(row.key)
            if then is None:
                others.append("0" if made.table.columns[0].measure.how == "sum" else "—")
            else:
                others.append(text_of(then.values[0], below))
    return {
        "label": _row_label(made, row),
        "cells": [
            _cell(made, column, value, row)
            for column, value in zip(made.table.columns, row.values, strict=True)
        ],
        "others": others,
    }


def _row_label(made: Made, row: Row) -> Message | str:
    return _step_label(row.step) if row.step else _label(made, made.table.dimension, row.key)


def _step_label(step: Period) -> Message | str:
    if step.kind == "day" or step.first == step.last:
        weekday = WEEKDAYS[step.first.weekday()]
        return N_("{day}, {weekday}", day=f"{step.first:%m-%d}", weekday=weekday)
    if step.kind == "month":
        return f"{step.first:%Y-%m}"
    return N_("{first} to {last}", first=f"{step.first:%m-%d}", last=f"{step.last:%m-%d}")


def _label(made: Made, dimension: Dimension, key: str) -> Message | str:
    return made.label(dimension, key) if key else N_("(not said)")


def _head(made: Made, column: Column) -> Message | str:
    if made.table.split is None:
        return column.measure.label
    return N_("All") if column.key is None else _label(made, made.table.split, column.key)


def _tiles(made: Made) -> list[dict[str, object]]:
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
                "cell": _cell(made, column, now, None),
                "unit": column.measure.unit,
                "before": text_of(made.before.total[at], below),
                "year": text_of(made.year_before.total[at], below),
                "change": queries.change(now, made.before.total[at])
                if column.measure.how == "sum"
                else None,
            }
        )
    return tiles


def _points(made: Made) -> list[tuple[str, int | float | None]]:
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
    return translate(_row_label(made, row))[:8]


async def _chosen(
    report: Report, query: Query, keys: Query, plugins: WebPlugins
) -> list[tuple[Message | str, Message | str]]:
    """Return what narrows the rows, in words."""
    found: list[tuple[Message | str, Message | str]] = []
    for measure in report.measures:
        if measure.how == "sum" and measure.source == query.get("field"):
            found.append((N_("Figure"), measure.label))
            break
    dimensions = [one for name in keys if (one := report.dimension(name))]
    labels = await queries.labels_of(dimensions, plugins)
    for one in dimensions:
        key = keys[one.name]
        found.append((one.label, labels[one.name].get(key, key) if key else N_("(not said)")))
    return found


# -- files


def _file(sheet: Sheet, form: str, name: str, now: datetime) -> Response[bytes]:
    is_csv = form == "csv"
    return Response(
        export.as_csv(sheet) if is_csv else export.as_xlsx(sheet, at=now),
        media_type=export.CSV if is_csv else export.XLSX,
        headers={
            "content-disposition": f'attachment; filename="{name}.{form}"',
            "cache-control": "no-store",
        },
    )


def _sheet(made: Made) -> Sheet:
    below = made.report.suppress_below

    def content(value: Value) -> Content:
        return text_of(value, below) if isinstance(value, Hidden) else value

    compared = _compares_lines(made)
    more = [N_("Period before"), N_("A year before")] if compared else []

    def others(key: str | None) -> list[Content]:
        if not compared:
            return []
        found: list[Content] = []
        for table in (made.before, made.year_before):
            values = table.total if key is None else (r.values if (r := table.row(key)) else (0,))
            found.append(content(values[0]))
        return found

    return Sheet(
        title=translate(made.report.title),
        notes=[translate(period_text(made.choice.period))],
        columns=[
            translate(made.table.dimension.label),
            *(translate(_head(made, column)) for column in made.table.columns),
            *(
                f"{translate(_head(made, made.table.columns[0]))} · {translate(one)}"
                for one in more
            ),
        ],
        rows=[
            [
                row.key if made.table.dimension.time else translate(_row_label(made, row)),
                *(content(value) for value in row.values),
                *others(row.key),
            ]
            for row in made.table.rows
        ],
        total=[
            translate(N_("Total")),
            *(content(value) for value in made.table.total),
            *others(None),
        ],
    )


def _sheet_of_rows(
    report: Report,
    rows: Rows,
    choice: Choice,
    chosen: Sequence[tuple[Message | str, Message | str]],
    zone: ZoneInfo,
) -> Sheet:
    def content(cell: object) -> Content:
        if isinstance(cell, datetime):
            return f"{clock.local(cell, zone):%Y-%m-%d %H:%M}"
        return cell if isinstance(cell, int) else translate(cell)

    notes = [translate(period_text(choice.period))]
    notes += [f"{translate(label)}: {translate(value)}" for label, value in chosen]
    return Sheet(
        title=translate(report.title),
        notes=notes,
        columns=[translate(column) for column in rows.columns],
        rows=[[content(cell) for cell in line.cells] for line in rows.lines],
    )


router = Router(path="", route_handlers=[show_all, show, show_rows])
