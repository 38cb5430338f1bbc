"""Reports: the list, one report with its figures, and the rows behind a figure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, Router, get
from litestar.connection import Request
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from core import clock, db, typed
from core.errors import NotFoundError
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from core.reports import queries
from core.reports.facts import KINDS, RANGE, Period, Report, period, span
from core.reports.queries import Choice
from core.settings import Settings
from core.sites import queries as sites
from web import report_file
from web.plugins import WebPlugins
from web.report_cells import (
    cell_of,
    compares_lines,
    head_of,
    line_of,
    period_query,
    period_text,
    points_of,
    tiles_of,
)

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
        return await report_file.answer(
            report_file.sheet_of_figures(made),
            query["format"],
            f"{report.name}-{choice.period.first}",
            now,
        )
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
            "heads": [head_of(made, column) for column in made.table.columns],
            "lines": [line_of(made, row) for row in made.table.rows],
            "total": [
                cell_of(made, column, value, None)
                for column, value in zip(made.table.columns, made.table.total, strict=True)
            ],
            "compared": compares_lines(made),
            "tiles": tiles_of(made),
            "chart": points_of(made),
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
    page = typed.number_in(query, "page")
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
        sheet = report_file.sheet_of_rows(report, rows, choice, chosen, settings.zone)
        return await report_file.answer(
            sheet, form, f"{report.name}-rows-{choice.period.first}", now
        )
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
        last = typed.day(query.get("last", "")) or today
        return span(typed.day(query.get("first", "")) or last.replace(day=1), last, zone)
    return period(kind if kind in KINDS else "week", typed.day(query.get("day", "")) or today, zone)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFoundError from error


def _kept(query: Query, choice: Choice) -> dict[str, str]:
    """Return the parameters that links of the page keep, the period always among them."""
    kept = {k: query[k] for k in ("site", "by", "split", "measure") if query.get(k)}
    return {**period_query(choice.period), **kept}


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


router = Router(path="", route_handlers=[show_all, show, show_rows])
