"""Pages of assessment: units ranked by quarter or year, commendations, staff."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from core.reports.facts import MONTH, QUARTER, YEAR, Period, period
from core.settings import Settings
from plugins.government import clocks, sheets
from plugins.government.assessing import policies, queries, services
from plugins.government.inputs import Flash, Form, Query, day_in, number_in, typed, uuid_in
from plugins.government.offices import room, rooms
from plugins.government.papers.filling import office_of
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

COLUMNS = (
    N_("Unit that answers"),
    N_("Place in the ranking"),
    N_("Mark"),
    N_("Items in this time"),
)
_FIVE = tuple((str(number), str(number)) for number in (5, 4, 3, 2, 1))
STAFF_FIELDS = (
    *(
        Field(name=name, label=label, kind="select", required=True, options=_FIVE)
        for name, label in POINTS.items()
    ),
    Field(
        name="note",
        label=N_("What stood out (read by those who mark)"),
        kind="textarea",
        max_length=500,
    ),
)
_DAY = timedelta(days=1)


def _period(query: Mapping[str, str], today: date, settings: Settings) -> Period:
    kind = query.get("period", QUARTER)
    day = day_in(query, "day", today) or today
    return period(kind if kind in KINDS else QUARTER, day, settings.zone)


@get("/assessment", requires=ASSESS_READ)
async def show(
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    locale: NamedDependency[str],
) -> Template | Response[bytes]:
    """Show the units of a quarter or year with rates, marks and places; or give them as a file."""
    query = typed(request)
    if form := sheets.wanted(query):
        site_id = await room(query, actor, ASSESS_READ)
        span = _period(query, site_time(now).date(), settings)
        lines = await _lines(span, site_id, now)
        return await sheets.answer(
            N_("Assessment of units"),
            [*COLUMNS, *(N_("{rate} (%)", rate=label) for label in policies.RATES.values())],
            [
                (
                    one.name,
                    one.place,
                    one.mark,
                    one.items,
                    *(one.rates[r].percent for r in one.rates),
                )
                for one in lines
            ],
            form=form,
            name=f"assessment-{span.kind}-{span.first}",
            locale=locale,
            at=now,
            unit=await office_of(site_id),
            about=f"{span.first} – {span.last}",
            signed=True,
        )
    return await _units(query, actor, now, settings, {}, {})


async def _lines(span: Period, site_id: UUID, now: datetime) -> Sequence[policies.Marked]:
    """Return the units as they were fixed, whatever the records say later; else as counted now."""
    row = await services.kept(span, site_id) if span.kind != MONTH else None
    if row is not None:
        return services.opened(row.content)
    return await queries.marked(span, site_id, (await clocks.in_force(now)).values, now)


async def _units(
    query: dict[str, str],
    actor: Actor,
    now: datetime,
    settings: Settings,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
) -> Template:
    site_id = await room(query, actor, ASSESS_READ)
    today = site_time(now).date()
    span = _period(query, today, settings)
    rules = (await clocks.in_force(now)).values
    row = await services.kept(span, site_id) if span.kind != MONTH else None
    page = number_in(query, "page")
    commendations, total = await queries.commendations(site_id, page=page)
    shown = {"period": span.kind, "day": span.first.isoformat(), "site": str(site_id)}
    return Template(
        "government/assessing/units.html",
        context={
            "query": shown | ({"page": str(page)} if page > 1 else {}),
            "office": await office_of(site_id),
            "span": span,
            "before": span.previous.first,
            "after": span.last + _DAY if span.last < today else None,
            "kinds": KINDS,
            "rates": policies.RATES,
            "weights": queries.weights_of(rules),
            "fewest": rules.assess_fewest,
            "lines": await _lines(span, site_id, now),
            "kept": row,
            "may_fix": actor.may_at(ASSESS, site_id),
            "over": span.last < today and span.kind != MONTH,
            "site_id": site_id,
            "rooms": await rooms(actor, ASSESS_READ),
            "fields_": await _commend_fields(site_id),
            "values": values,
            "errors": errors,
            "commendations": commendations,
            "page": page,
            "pages": max(1, -(-total // queries.PAGE)),
            "total": total,
        },
        status_code=422 if errors else 200,
    )


async def _commend_fields(site_id: UUID) -> tuple[Field, ...]:
    found = await units(COUNTY, DEPARTMENT, site_id=site_id)
    return (
        Field(
            name="unit",
            label=N_("Unit that answers"),
            kind="select",
            required=True,
            options=[(str(one.id), one.name) for one in found],
        ),
        Field(name="reason", label=N_("For what"), required=True, max_length=300),
    )


@get("/assessment/staff", requires=ASSESS)
async def show_staff(
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Template:
    """Show what the office's staff did in a quarter, and their marks."""
    return await _staff_page(typed(request), actor, now, settings, {}, {})


async def _staff_page(
    query: Mapping[str, str],
    actor: Actor,
    now: datetime,
    settings: Settings,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
) -> Template:
    site_id = await room(query, actor, ASSESS)
    today = site_time(now).date()
    span = period(QUARTER, day_in(query, "day", today) or today, settings.zone)
    return Template(
        "government/assessing/staff.html",
        context={
            "span": span,
            "before": span.previous.first,
            "after": span.last + _DAY if span.last < today else None,
            "site_id": site_id,
            "fields_": STAFF_FIELDS,
            "points": POINTS,
            "own": actor.id,
            "lines": await queries.staff_lines(span, site_id),
            "values": values,
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


@post("/assessment/acts/{act:str}", requires=ASSESS)
async def do(
    act: FromPath[str],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Fix an assessment, commend a unit, or mark one of the staff."""
    site_id = await room(data, actor, ASSESS)
    span = _period(dict(data), site_time(now).date(), settings)
    try:
        if act == "fix":
            await services.fix(span, site_id, actor=actor, at=now)
            flash("success", N_("The assessment is fixed as it stands."))
        elif act == "commend":
            await _commend(site_id, data, actor, now)
            flash("success", N_("The unit was commended."))
        elif act == "staff":
            span = period(QUARTER, span.first, settings.zone)
            await _staff(span, site_id, data, actor, now)
            flash("success", N_("The marks were kept."))
        else:
            raise NotFoundError
    except InvalidInputError as error:
        page = _staff_page if act == "staff" else _units
        return await page(dict(data), actor, now, settings, data, error.problems)
    except WrongStateError as error:
        flash("error", error.message)
    path = "/government/assessment/staff" if act == "staff" else "/government/assessment"
    back = f"{path}?period={span.kind}&day={span.first}&site={site_id}"
    return Redirect(back, status_code=303)


async def _commend(site_id: UUID, data: dict[str, str], actor: Actor, now: datetime) -> None:
    cleaned = read(await _commend_fields(site_id), data)
    unit_id = uuid_in(cleaned.values, "unit")
    if cleaned.problems or unit_id is None:
        raise InvalidInputError(cleaned.problems)
    await services.commend(site_id, unit_id, cleaned.values["reason"], actor=actor, at=now)


async def _staff(
    span: Period, site_id: UUID, data: dict[str, str], actor: Actor, now: datetime
) -> None:
    user_id = uuid_in(data, "user")
    if user_id is None:
        raise NotFoundError
    cleaned = read(STAFF_FIELDS, data)
    if cleaned.problems:
        raise InvalidInputError(cleaned.problems)
    points = {name: int(cleaned.values[name]) for name in POINTS}
    await services.mark_staff(
        span, site_id, user_id, points, cleaned.values["note"], actor=actor, at=now
    )


router = Router(path="/government", route_handlers=[show, show_staff, do])
