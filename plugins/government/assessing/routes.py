"""Pages of assessment: units ranked by quarter or year, commendations, staff."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import db
from core.errors import DomainError, InvalidInputError
from core.i18n import N_
from core.permissions import Actor
from core.registrations.judging import site_time
from core.reports.facts import MONTH, QUARTER, YEAR, Period, period
from core.settings import Settings
from plugins.government import clocks
from plugins.government.assessing import policies, queries, services
from plugins.government.inputs import Flash, Form, Query, day_in, typed, uuid_in
from plugins.government.offices import room, rooms
from plugins.government.rights import CLERK, DEPUTY, HEAD
from plugins.government.units.facts import COUNTY, DEPARTMENT
from plugins.government.units.queries import units

ASSESS_READ = "government:assessment:read"
ASSESS = "government:assessment:fix"
KINDS = {MONTH: N_("Month so far"), QUARTER: N_("Quarter"), YEAR: N_("Year")}
POINTS = {
    "attitude": N_("Attitude"),
    "speed": N_("Speed of work"),
    "results": N_("Results of work"),
    "satisfaction": N_("Satisfaction of petitioners"),
}


def _period(query: dict[str, str], today: date, settings: Settings) -> Period:
    kind = query.get("period", QUARTER)
    day = day_in(query, "day", today) or today
    return period(kind if kind in KINDS else QUARTER, day, settings.zone)


@get("/assessment", requires=ASSESS_READ)
async def show(
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Template:
    """Show the units of a quarter or year with rates, marks and places."""
    query = typed(request)
    site_id = await room(query, actor, ASSESS_READ)
    today = site_time(now).date()
    span = _period(query, today, settings)
    rules = (await clocks.in_force(now)).values
    row = await services.kept(span, site_id) if span.kind != MONTH else None
    return Template(
        "government/assessing/units.html",
        context={
            "query": query,
            "span": span,
            "kinds": KINDS,
            "rates": policies.RATES,
            "weights": queries.weights_of(rules),
            "fewest": rules.assess_fewest,
            "lines": await queries.marked(span, site_id, rules, now),
            "kept": row,
            "may_fix": actor.may_at(ASSESS, site_id),
            "over": span.last < today and span.kind != MONTH,
            "site_id": site_id,
            "rooms": await rooms(actor, ASSESS_READ),
            "units": [
                (str(u.id), u.name) for u in await units(COUNTY, DEPARTMENT, site_id=site_id)
            ],
            "commendations": await db.fetch(
                "SELECT c.*, u.name AS unit_name FROM government_commendation c"
                " JOIN government_unit u ON u.id = c.unit WHERE c.site = {}"
                " ORDER BY c.at DESC LIMIT 20",
                site_id,
            ),
        },
    )


@get("/assessment/staff", requires=ASSESS)
async def show_staff(
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Template:
    """Show what the office's staff did in a quarter, and their marks."""
    query = typed(request)
    site_id = await room(query, actor, ASSESS)
    span = period(
        QUARTER, day_in(query, "day", site_time(now).date()) or site_time(now).date(), settings.zone
    )
    return Template(
        "government/assessing/staff.html",
        context={
            "query": query,
            "span": span,
            "site_id": site_id,
            "points": POINTS,
            "own": actor.id,
            "lines": await queries.staff_lines(span, site_id, (CLERK, HEAD, DEPUTY)),
        },
    )


@post("/assessment/acts/{act:str}", requires=ASSESS)
async def do(
    act: FromPath[str],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Fix an assessment, commend a unit, or mark one of the staff."""
    site_id = await room(data, actor, ASSESS)
    span = _period(dict(data), site_time(now).date(), settings)
    path = "/government/assessment/staff" if act == "staff" else "/government/assessment"
    back = f"{path}?period={span.kind}&day={span.first}&site={site_id}"
    try:
        if act == "fix":
            await services.fix(span, site_id, actor=actor, at=now)
            flash("success", N_("The assessment is fixed as it stands."))
        elif act == "commend":
            await _commend(site_id, data, actor, now)
            flash("success", N_("The unit was commended."))
        elif act == "staff":
            await _staff(span, site_id, data, actor, now)
            flash("success", N_("The marks were kept."))
    except DomainError as error:
        problems: dict[str, Any] = dict(getattr(error, "problems", {}))
        flash("error", next(iter(problems.values()), error.message))
    return Redirect(back, status_code=303)


async def _commend(site_id: UUID, data: dict[str, str], actor: Actor, now: datetime) -> None:
    unit_id = uuid_in(data, "unit")
    if unit_id is None:
        raise InvalidInputError({"unit": N_("Please choose one of the options.")})
    reason = data.get("reason", "").strip()[:300]
    await services.commend(site_id, unit_id, reason, actor=actor, at=now)


async def _staff(
    span: Period, site_id: UUID, data: dict[str, str], actor: Actor, now: datetime
) -> None:
    user_id = uuid_in(data, "user")
    points = {
        name: int(data.get(name, "0") or 0) for name in POINTS if data.get(name, "").isdigit()
    }
    if user_id is not None:
        note = data.get("note", "").strip()[:500]
        await services.mark_staff(span, site_id, user_id, points, note, actor=actor, at=now)


router = Router(path="/government", route_handlers=[show, show_staff, do])
