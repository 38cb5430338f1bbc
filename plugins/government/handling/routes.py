"""Pages of handling: the acts on an item, the unit's own list, the weekly lists."""

from collections.abc import Mapping
from datetime import datetime
from itertools import chain
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.documents.queries import of_record
from core.errors import InvalidInputError, RefusedError
from core.i18n import N_
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import facts
from plugins.government.acts import routes_of
from plugins.government.handling import forms, inbox, office_acts, unit_acts, weekly
from plugins.government.handling.facts import FORWARDINGS, KINDS
from plugins.government.handling.papers import LIST
from plugins.government.inputs import (
    Flash,
    Form,
    Query,
    day_in,
    number_in,
    pages_of,
    typed,
    uuid_in,
)
from plugins.government.matters import states
from plugins.government.papers.kinds import KINDS as PAPERS
from plugins.government.rights import HANDLE, UNIT
from plugins.government.units import queries as units
from plugins.government.units.facts import COUNTY, COUNTY_OFFICE, DEPARTMENT

VIEWS = {
    "new": N_("To be acknowledged"),
    "working": N_("In work"),
    "returned": N_("Result to be checked"),
    "copy": N_("Copies and meetings"),
    "past": N_("Former items"),
}


@get("/unit", requires=UNIT)
async def unit_items(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List the items of the reader's own unit."""
    query = typed(request)
    own = await units.units_of(actor)
    counts = await inbox.unit_counts(own, actor, now)
    asked = query.get("view", "")
    first = next((one for one in VIEWS if counts.get(one)), "new")
    view = asked if asked in VIEWS else first
    page = number_in(query, "page")
    found, total = await inbox.of_units(own, view, actor=actor, at=now, page=page)
    today = site_time(now).date()
    return Template(
        "government/handling/unit.html",
        context={
            "units": list((await units.names(own)).values()),
            "rows": found,
            "view": view,
            "views": VIEWS,
            "counts": counts,
            "query": query,
            "page": page,
            "pages": max(1, -(-total // 50)),
            "total": total,
            "today": today,
            "lists": await weekly.lists_to(own, actor, now),
            "stages": states.STAGES,
            "forwardings": FORWARDINGS,
            "kinds": KINDS,
        },
    )


@get("/weekly", requires=HANDLE)
async def show_weekly(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the letters that wait for each unit, and the lists that went out."""
    return await _weekly(actor, now, typed(request))


async def _weekly(
    actor: Actor,
    now: datetime,
    query: Mapping[str, str] | None = None,
    *,
    refused: object = None,
    errors: object = None,
) -> Template:
    query = query or {}
    page = number_in(query, "page")
    lists, total = await weekly.lists(actor, now, unit_id=uuid_in(query, "unit"), page=page)
    today = site_time(now).date()
    rules = (await forms.rules_at(now)).values
    return Template(
        "government/handling/weekly.html",
        context={
            "waiting": await weekly.waiting(actor, now),
            "lists": lists,
            "total": total,
            "page": page,
            "pages": pages_of(total, weekly.PAGE),
            "query": query,
            "units": [
                (str(one.id), one.name)
                for one in await units.units(COUNTY, COUNTY_OFFICE, DEPARTMENT)
            ],
            "today": today,
            "report_on": forms.plus(today, rules.transfer_days),
            "letter_days": rules.letter_days,
            "kinds": KINDS,
            "refused": refused,
            "errors": errors or {},
        },
        status_code=422 if refused or errors else 200,
    )


@post("/weekly", requires=HANDLE)
async def send_list(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Send the week's list to a unit."""
    unit_id = uuid_in(data, "unit")
    if unit_id is None:
        flash("error", N_("Please choose one of the options."))
        return Redirect("/government/weekly", status_code=303)
    try:
        list_id = await weekly.send_list(
            unit_id, report_on=day_in(data, "report_on"), actor=actor, at=now
        )
    except InvalidInputError as error:
        return await _weekly(actor, now, errors=error.problems)
    except RefusedError as error:
        return await _weekly(actor, now, refused=error.decision)
    flash("success", N_("The list is out; the unit reports back by its day."))
    return Redirect(f"/government/weekly/{list_id}", status_code=303)


@get("/weekly/{list_id:uuid}", requires=(HANDLE, UNIT))
async def show_list(
    list_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show one weekly list with its items, to read and to print."""
    found, lines = await weekly.one_list(list_id, actor=actor, at=now)
    return Template(
        "government/handling/list.html",
        context={
            "list_": found,
            "lines": lines,
            "kinds": KINDS,
            "purposes": facts.PURPOSES,
            "in_office": actor.may(HANDLE),
            "papers": await of_record(LIST, list_id, actor=actor, kinds=PAPERS),
        },
    )


router = Router(
    path="/government",
    route_handlers=[
        unit_items,
        show_weekly,
        send_list,
        show_list,
        *chain.from_iterable(routes_of(act) for act in (*office_acts.ACTS, *unit_acts.ACTS)),
    ],
)
