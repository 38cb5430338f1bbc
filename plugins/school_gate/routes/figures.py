"""Figures of the gate: per hour, the morning peak, refusals, late arrivals; CSV and print (SCH-22)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.response import Template

from core import clock
from core.i18n import N_
from core.permissions import Actor
from core.settings import Settings
from plugins.school_gate.queries import figures, timetable
from plugins.school_gate.queries.figures import DAY, MONTH, WEEK, Figures, Period
from plugins.school_gate.registered import READ_FIGURES
from plugins.school_gate.routes.inputs import day_in, site_of, uuid_in
from plugins.school_gate.routes.roster import as_csv

KINDS = ((DAY, N_("One day")), (WEEK, N_("One week")), (MONTH, N_("One month")))
VERDICTS = {"held": 1, "refused": 2}
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
    if query.get("format") == "csv":
        return as_csv(_rows(found, locale), f"school-gate-{wanted.first}-{wanted.kind}.csv")
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


@get("/figures/rows", requires=READ_FIGURES)
async def show_rows(
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Template:
    """Show the scans behind a figure of refused or held ones."""
    query = {name: str(value) for name, value in request.query_params.items()}
    site, _ = await site_of(actor, query, READ_FIGURES)
    if site is None:
        return Template("school_gate/no_site.html")
    gates = [g for g in await timetable.gates_of(actor, READ_FIGURES) if g.site == site.id]
    wanted = _period(query, now, settings)
    found = await figures.rows_behind(
        site.id,
        wanted,
        verdict=VERDICTS.get(query.get("verdict", ""), 2),
        code=query.get("code", ""),
        gate_id=_gate(query, gates),
    )
    return Template(
        "school_gate/figure_rows.html", context={"rows": found, "period": wanted, "query": query}
    )


router = Router(path="/school-gate", route_handlers=[show, show_rows])
