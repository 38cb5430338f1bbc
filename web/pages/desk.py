"""The desk: who comes is found again, registered, and everybody who is here stands in sight."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from core.decisions import Allow, Deny
from core.errors import InvalidInputError, NotFoundError
from core.hosts import queries as hosts
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations import forms, history, judging, queries
from core.registrations.rulebook import reception
from core.registrations.services import Registered, register
from core.registrations.walls import hidden_purposes
from core.shifts import queries as shifts
from core.shifts.queries import Post
from core.visitors import forms as people
from core.visitors import matching
from core.visitors import queries as visitors
from core.visitors.names import name_readings
from core.visitors.search import search
from web.current import Current
from web.pages.sign_in import own_path
from web.place import Place, choose, place_of
from web.plugins import WebPlugins

WRITE, READ = "core:registration:write", "core:registration:read"
FEW = 8
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


@get("/desk", requires=WRITE)
async def show(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    plugins: NamedDependency[WebPlugins],
    visitor: FromQuery[str] = "",
) -> Template:
    """Show the desk; with `visitor` the form is filled in."""
    place = await place_of(current)
    if place is None:
        return Template("desk/nowhere.html")
    values = await _values(place, visitor, _hidden(actor, plugins))
    return await _page(place, values, {}, actor=actor, now=now, plugins=plugins)


def _hidden(actor: Actor, plugins: WebPlugins) -> Sequence[str]:
    return hidden_purposes(actor, plugins.register_purposes(), plugins.register_permissions())


@get("/desk/form", requires=WRITE)
async def prefilled_form(
    actor: NamedDependency[Actor],
    current: NamedDependency[Current],
    plugins: NamedDependency[WebPlugins],
    visitor: FromQuery[str] = "",
) -> Template:
    """Show the form alone, filled in for a known visitor."""
    place = await _place(current)
    values = await _values(place, visitor, _hidden(actor, plugins))
    return Template("desk/_form.html", context=await _form_context(place, values, {}, plugins))


async def _values(place: Place, visitor: str, hidden: Sequence[str]) -> dict[str, str]:
    """Return what the form stands filled in with for a known visitor, else nothing."""
    visitor_id = people.typed_id(visitor)
    if visitor_id is None:
        return {}
    row = await matching.alive(await visitors.row(visitor_id))
    if row is None:
        raise NotFoundError
    last = await history.usual(row.id, place.site.id, hidden=hidden)
    return {
        **people.prefilled(row),
        "purpose": last.purpose,
        "reason": last.reason,
        "host": last.host_name,
        "host_id": str(last.host_id or ""),
        "remark": "",
    }


async def _page(
    place: Place,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    *,
    actor: Actor,
    now: datetime,
    plugins: WebPlugins,
    q: str = "",
    found: list[visitors.VisitorCard] | None = None,
    here: Mapping[UUID, queries.Card] | None = None,
    status: int = 200,
) -> Template:
    context = {
        **await _form_context(place, values, errors, plugins),
        "lists": await _lists(place, actor, now),
        "post": await _post(place, actor),
        "me": actor.id,
        "q": q,
        "found": found,
        "here": here or {},
        "numbered": None,
    }
    return Template("desk/desk.html", context=context, status_code=status)


async def _post(place: Place, actor: Actor) -> Post | None:
    """Return who is on duty here, for whoever works in shifts."""
    if place.gate is None or not actor.may_at(shifts.WRITE, place.site.id):
        return None
    return await shifts.post(place.gate.id, actor)


async def _form_context(
    place: Place, values: Mapping[str, str], errors: Mapping[str, Message], plugins: WebPlugins
) -> dict[str, Any]:
    known = people.typed_id(values.get("visitor_id", ""))
    return {
        "place": place,
        "form": forms.arrival_form(plugins, place.site.id, values.get("purpose", "")),
        "values": values,
        "errors": errors,
        "known": await visitors.visitor(known) if known is not None else None,
        "by_eye": people.BY_EYE,
        "same_person": people.SAME_PERSON,
    }


async def _lists(place: Place, actor: Actor, now: datetime) -> dict[str, list[queries.Card]]:
    times = await reception(now)
    lists = await queries.open_at(place.site.id, actor=actor, now=now, times=times)
    inside = lists["inside"]
    lists["overdue"] = [card for card in inside if card.overdue]
    return lists


@post("/desk/find", requires=WRITE, status_code=200)
async def find(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    plugins: NamedDependency[WebPlugins],
) -> Template | Response[None]:
    """Show whom a typed text means, while it is being typed or as a page; a number leads to its visit.

    By POST: a phone or document number belongs in no address.
    """
    place = await _place(current)
    q = data.get("q", "")
    today = judging.site_time(now).date()
    numbered = await queries.by_number(q, actor=actor, today=today)
    if numbered is not None and not current.htmx:
        return Redirect(f"/registrations/{numbered}", status_code=303)
    found = await search(q, limit=FEW)
    here = await queries.present(
        [card.id for card in found], place.site.id, actor=actor, now=now, times=await reception(now)
    )
    if current.htmx:
        context = {"found": found, "here": here, "q": q, "numbered": numbered}
        return Template("desk/_found.html", context=context)
    return await _page(
        place, {}, {}, actor=actor, now=now, plugins=plugins, q=q, found=found, here=here
    )


@get("/desk/hosts", requires=WRITE)
async def suggest_hosts(current: NamedDependency[Current], host: FromQuery[str] = "") -> Template:
    """Offer hosts whose name, reading or office begins with or holds what is being typed."""
    place = await place_of(current)
    text = host.strip().casefold()
    offered = await hosts.hosts(site_id=place.site.id) if place is not None and text else []
    fitting = [one for one in offered if _fits(one, text)]
    return Template("desk/_hosts.html", context={"hosts": fitting[:FEW]})


def _fits(host: hosts.HostCard, text: str) -> bool:
    if text in host.name.casefold() or text in host.department.casefold():
        return True
    plain = text.replace(" ", "").replace("'", "")
    readings = name_readings(host.name)
    return any(r.full.startswith(plain) or r.initials.startswith(plain) for r in readings)


@get("/desk/lists", requires=WRITE)
async def lists(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
) -> Template:
    """Show who waits, is held, inside, overdue: fetched anew when something happens."""
    place = await _place(current)
    context = {"lists": await _lists(place, actor, now), "place": place}
    return Template("desk/_lists.html", context=context)


async def _place(current: Current) -> Place:
    place = await place_of(current)
    if place is None:
        raise NotFoundError
    return place


@post("/desk/form", requires=WRITE, status_code=200)
async def redraw(
    data: Form, current: NamedDependency[Current], plugins: NamedDependency[WebPlugins]
) -> Template:
    """Draw the form for another purpose, with what was typed; nothing is checked or kept.

    By POST, so that what was typed stands in no address.
    """
    place = await _place(current)
    return Template("desk/_form.html", context=await _form_context(place, data, {}, plugins))


@post("/desk", requires=WRITE)
async def arrive(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Register an arrival; a rejected form comes back as it was typed."""
    place = await _place(current)
    try:
        arrival = await forms.read_arrival(
            data,
            site_id=place.site.id,
            gate_id=place.gate_id,
            actor=actor,
            at=now,
            plugins=plugins,
        )
        done = await register(arrival, actor=actor, at=now, plugins=plugins)
    except InvalidInputError as error:
        return await _page(
            place, data, error.problems, actor=actor, now=now, plugins=plugins, status=422
        )
    flash(*said_of(done))
    return Redirect(f"/registrations/{done.id}", status_code=303)


def said_of(done: Registered) -> tuple[str, Message]:
    """Return what the desk reads after an arrival was registered, and how loudly."""
    if isinstance(done.decision, Allow):
        return "success", N_("Registered as {number}.", number=done.number)
    if isinstance(done.decision, Deny):
        return "error", N_(
            "Registered as {number} and refused: {reason}",
            number=done.number,
            reason=done.decision.reason,
        )
    return "warning", N_(
        "Registered as {number}; held for a decision: {reason}",
        number=done.number,
        reason=done.decision.reason,
    )


@post("/desk/place", requires=(WRITE, READ))
async def choose_place(
    data: Form, actor: NamedDependency[Actor], current: NamedDependency[Current]
) -> Response[None]:
    """Keep the gate at which this browser stands."""
    site = people.typed_id(data.get("site", ""))
    gate = people.typed_id(data.get("gate", ""))
    if site is None:
        raise NotFoundError
    await choose(current, actor, site, gate)
    return Redirect(own_path(data.get("next", "/desk")), status_code=303)


router = Router(
    path="",
    route_handlers=[show, prefilled_form, find, suggest_hosts, lists, redraw, arrive, choose_place],
)
