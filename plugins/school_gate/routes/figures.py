"""Figures of the gate: per hour, the morning peak, refusals, late arrivals; CSV, XLSX, print (SCH-22)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.response import Template

from core import clock
from core.i18n import N_
from core.permissions import Actor
from core.reports import export
from core.reports.export import Content, Sheet
from core.settings import Settings
from core.typed import day_in, uuid_in
from plugins.school_gate.queries import figure_rows, figures, timetable
from plugins.school_gate.queries.figure_rows import Behind, FigureRow
from plugins.school_gate.queries.figures import DAY, MONTH, WEEK, Figures, Period
from plugins.school_gate.registered import READ_FIGURES
from plugins.school_gate.routes.inputs import site_of
from plugins.school_gate.routes.roster import as_csv

KINDS = ((DAY, N_("One day")), (WEEK, N_("One week")), (MONTH, N_("One month")))
SEE_VISITS = "core:registration:read"
Query = Request[Any, Any, Any]


def _period(query: Mapping[str, str], now: datetime, settings: Settings) -> Period:
    today = clock.local(now, settings.zone).date()
    day = day_in(query, "day", today)
    return figures.period(query.get("period", DAY), day, settings.zone)


@get("/figures", requires=READ_FIGURES)
async def show(
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    locale: NamedDependency[str],
) -> Template | Response[bytes]:
    """Show the figures of a day, week or month, or give them as CSV."""
    query = {name: str(value) for name, value in request.query_params.items()}
    site, sites = await site_of(actor, query, READ_FIGURES)
    if site is None:
        return Template("school_gate/no_site.html")
    gates = [g for g in await timetable.gates_of(actor, READ_FIGURES) if g.site == site.id]
    gate_id = _gate(query, gates)
    wanted = _period(query, now, settings)
    rulebook = await timetable.in_force(now)
    found = await figures.figures(site.id, wanted, rulebook.values, gate_id=gate_id)
    if query.get("format") in ("csv", "xlsx"):
        heading = f"{N_('Figures of the school gate').translate(locale)} {site.name}"
        return await _file(
            _rows(found, locale),
            f"school-gate-{wanted.first}-{wanted.kind}",
            (heading, _span(wanted), export.made_by("", locale, now)),
            query,
            now,
        )
    return Template(
        "school_gate/figures.html",
        context={
            "found": found,
            "period": wanted,
            "kinds": KINDS,
            "query": {
                **query,
                "period": wanted.kind,
                "day": wanted.first.isoformat(),
                "site": str(site.id),
            },
            "site": site,
            "sites": [(str(one.id), one.name) for one in sites],
            "gates": [(str(gate.id), gate.name) for gate in gates],
            "rules": rulebook.values,
        },
    )


def _gate(query: Mapping[str, str], gates: Sequence[Any]) -> UUID | None:
    wanted = uuid_in(query, "gate")
    return wanted if wanted in {gate.id for gate in gates} else None


def _rows(found: Figures, locale: str) -> list[list[str]]:
    """Return the figures as a table: what, of what, how many."""
    plain = (
        (N_("Entries"), found.entries),
        (N_("Exits"), found.exits),
        (N_("Refused scans"), found.refused),
        (N_("Held scans"), found.held),
        (N_("Badge failures"), found.badge_failures),
        (N_("Pupils without a badge"), found.without_badge),
        (N_("Late arrivals"), len(found.late)),
        (N_("Slips open now"), found.slips_open),
    )
    head = (N_("Figure"), N_("Item"), N_("Count"))
    rows = [[title.translate(locale) for title in head]]
    rows += [[title.translate(locale), "", str(count)] for title, count in plain]
    entries, exits = N_("Entries").translate(locale), N_("Exits").translate(locale)
    for hour, came, went in found.hours:
        rows += [[entries, f"{hour}:00", str(came)], [exits, f"{hour}:00", str(went)]]
    for slot, came, _ in found.peak:
        rows.append([N_("Entries by five minutes").translate(locale), slot, str(came)])
    for day, came, went in found.days:
        rows += [[entries, day.isoformat(), str(came)], [exits, day.isoformat(), str(went)]]
    for reason in found.reasons:
        what = N_("Refused scans") if reason.verdict == 2 else N_("Held scans")
        rows.append([what.translate(locale), reason.reason.translate(locale), str(reason.count)])
    for reason in found.refused_visits:
        text = reason.reason.translate(locale)
        rows.append([N_("Visits refused").translate(locale), text, str(reason.count)])
    return rows


def _span(wanted: Period) -> str:
    first, last = wanted.first.isoformat(), wanted.last.isoformat()
    return first if first == last else f"{first} – {last}"


async def _file(
    lines: list[list[str]],
    name: str,
    above: tuple[str, ...],
    query: Mapping[str, str],
    now: datetime,
) -> Response[bytes]:
    """Return a table as CSV, or as a workbook with its counts as numbers and its title above."""
    if query["format"] == "csv":
        return as_csv(lines, f"{name}.csv")
    head, *body = lines
    rows: list[list[Content]] = [
        [*line[:-1], int(line[-1]) if line[-1].isdigit() else line[-1]] for line in body
    ]
    sheet = Sheet(title=above[0], notes=above[1:], columns=head, rows=rows)
    return Response(
        await export.made(sheet, "xlsx", at=now),
        media_type=export.XLSX,
        headers={
            "content-disposition": f'attachment; filename="{name}.xlsx"',
            "cache-control": "no-store",
        },
    )


@get("/figures/rows", requires=READ_FIGURES)
async def show_rows(
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    locale: NamedDependency[str],
) -> Template | Response[bytes]:
    """Show the rows behind a figure, or give them as CSV or XLSX."""
    query = {name: str(value) for name, value in request.query_params.items()}
    site, _ = await site_of(actor, query, READ_FIGURES)
    if site is None:
        return Template("school_gate/no_site.html")
    gates = [g for g in await timetable.gates_of(actor, READ_FIGURES) if g.site == site.id]
    wanted = _period(query, now, settings)
    behind = _behind(query)
    rulebook = await timetable.in_force(now)
    found, total = await figure_rows.rows(
        site.id,
        wanted,
        behind,
        rulebook.values,
        gate_id=_gate(query, gates),
        visitors=actor.may_at(SEE_VISITS, site.id),
    )
    if query.get("format") in ("csv", "xlsx"):
        lines = _lines(found, locale, settings)
        title = figure_rows.TITLES[behind.what].translate(locale)
        above = (f"{title} {site.name}", _span(wanted), export.made_by("", locale, now))
        return await _file(lines, f"school-gate-{behind.what}-{wanted.first}", above, query, now)
    back = {k: v for k, v in query.items() if k in ("period", "day", "gate", "site")}
    return Template(
        "school_gate/figure_rows.html",
        context={
            "rows": found,
            "total": total,
            "title": figure_rows.TITLES[behind.what],
            "behind": behind,
            "period": wanted,
            "query": query,
            "back": back,
        },
    )


def _behind(query: Mapping[str, str]) -> Behind:
    """Return which figure an address asks for; nonsense asks for all refused scans."""
    what = query.get("what", "")
    hour, slot, code = query.get("hour", ""), None, query.get("code")
    try:
        slot = time.fromisoformat(query["slot"]) if query.get("slot") else None
    except ValueError:
        slot = None
    on = query.get("on", "")
    return Behind(
        what=what if what in figure_rows.TITLES else figure_rows.REFUSED,
        code=code[:60] if code is not None else None,
        hour=int(hour) if hour.isascii() and hour.isdigit() and len(hour) < 3 else None,
        slot=slot.replace(tzinfo=None) if slot else None,
        day=day_in(query, "on", date.min)
        if on and day_in(query, "on", date.min) != date.min
        else None,
    )


def _lines(found: Sequence[FigureRow], locale: str, settings: Settings) -> list[list[str]]:
    heads = (
        N_("When"),
        N_("Name"),
        N_("Class or number"),
        N_("Gate"),
        N_("Direction"),
        N_("Reason"),
    )
    ways = {0: N_("In").translate(locale), 1: N_("Out").translate(locale)}
    lines = [[head.translate(locale) for head in heads]]
    for row in found:
        local = clock.local(clock.from_ms(row.at), settings.zone)
        way = "" if row.direction is None else ways[row.direction]
        reason = row.reason.translate(locale) if row.reason else ""
        lines.append([f"{local:%Y-%m-%d %H:%M:%S}", row.name, row.group, row.gate, way, reason])
    return lines


router = Router(path="/school-gate", route_handlers=[show, show_rows])
