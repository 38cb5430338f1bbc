"""The list of a month for the supervision office: what was supervised, and what was assigned (GOV-28)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from core.errors import NotFoundError, WrongStateError
from core.i18n import N_
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import sheets
from plugins.government.inputs import Flash, Form, Query, typed, uuid_in
from plugins.government.matters.states import STAGES
from plugins.government.papers.filling import office_of
from plugins.government.supervising import queries, recommending, services, states
from plugins.government.supervising.facts import REASONS, AssignedLine, SupervisionLine
from plugins.government.supervising.rights import SEE, SUPERVISE

COLUMNS = (
    N_("Kind"),
    N_("Supervision"),
    N_("Petition item"),
    N_("Unit"),
    N_("Ground of supervision"),
    N_("Opened"),
    N_("Due on"),
    N_("State"),
)


def _month_of(text: str, now: datetime) -> date:
    """Return the first day of the month asked for, of the present one for nonsense."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return site_time(now).date().replace(day=1)
    return found if 2000 <= found.year <= 2100 else site_time(now).date().replace(day=1)


def _span(month: date, now: datetime) -> tuple[datetime, datetime]:
    """Return the moments between which a month lies."""
    zone = site_time(now).tzinfo
    after = (month + timedelta(days=32)).replace(day=1)
    midnight = datetime.min.time()
    return datetime.combine(month, midnight, zone), datetime.combine(after, midnight, zone)


@get("/supervising/monthly", requires=SEE)
async def show_month(
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    locale: NamedDependency[str],
) -> Template | Response[bytes]:
    """Show the list of a month for the supervision office, to be printed and given; or as a file."""
    query = typed(request)
    month = _month_of(query.get("month", ""), now)
    sites = await services.sites_of(actor)
    wanted = uuid_in(query, "site")
    site = next((one for one in sites if one[0] == wanted), sites[0] if sites else None)
    if site is None:
        raise NotFoundError
    begin, end = _span(month, now)
    this = site_time(now).date().replace(day=1)
    lines = await queries.supervisions(
        actor,
        queries.Wanted(site_id=site[0], since=begin, until=end),
        at=now,
        limit=queries.MONTH,
    )
    assigned = await queries.assigned(actor, at=now, site_id=site[0], since=begin, until=end)
    if form := sheets.wanted(query):
        return await _file(lines, assigned, month, form, locale, now, await office_of(site[0]))
    context: dict[str, Any] = {
        "query": {"month": f"{month:%Y-%m}", "site": str(site[0])},
        "office": await office_of(site[0]),
        "month": month,
        "before": (month - timedelta(days=1)).strftime("%Y-%m"),
        "after": end.strftime("%Y-%m") if month < this else "",
        "lines": lines,
        "assigned": assigned,
        "stages": STAGES,
        "states": states.STATES,
        "reasons": REASONS,
        "today": site_time(now).date(),
        "site": site,
        "sites": sites,
        "given": (await queries.months_given(site[0])).get(month),
        "may_give": actor.may_at(SUPERVISE, site[0]),
    }
    return Template("government/supervising/monthly.html", context=context)


async def _file(
    lines: Sequence[SupervisionLine],
    assigned: Sequence[AssignedLine],
    month: date,
    form: str,
    locale: str,
    at: datetime,
    unit: str,
) -> Response[bytes]:
    rows: list[tuple[sheets.Cell, ...]] = [
        (
            N_("Supervisions"),
            one.number,
            one.matter_number,
            one.unit,
            REASONS[one.reason],
            site_time(one.opened_at),
            one.due_on,
            states.STATES[one.state],
        )
        for one in lines
    ]
    rows += [
        (
            N_("Assigned to units"),
            "",
            one.number,
            one.unit,
            "",
            site_time(one.sent_at),
            one.due_on,
            STAGES[one.stage],
        )
        for one in assigned
    ]
    return await sheets.answer(
        N_("List of the month"),
        COLUMNS,
        rows,
        form=form,
        name=f"supervision-{month:%Y-%m}",
        locale=locale,
        at=at,
        unit=unit,
        about=f"{month:%Y-%m}",
        signed=True,
    )


@post("/supervising/monthly", requires=SUPERVISE)
async def give_month(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Note that the month's list was given to the supervision office."""
    month = _month_of(data.get("month", ""), now)
    site_id: UUID | None = uuid_in(data, "site")
    if site_id is None or not actor.may_at(SUPERVISE, site_id):
        raise NotFoundError
    begin, end = _span(month, now)
    wanted = queries.Wanted(site_id=site_id, since=begin, until=end)
    try:
        await recommending.give_month(
            site_id=site_id,
            month=month,
            count=await queries.count(actor, wanted, at=now),
            actor=actor,
            at=now,
        )
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("It is noted that the list was given."))
    path = f"/government/supervising/monthly?month={month:%Y-%m}&site={site_id}"
    return Redirect(path, status_code=303)


router = Router(path="/government", route_handlers=[show_month, give_month])
