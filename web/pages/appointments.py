"""Appointments: the day, the week, one appointment, and making a new one. Acts: appointment_acts.py."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from core import typed
from core.appointments import forms, moves, queries, services, states
from core.appointments.queries import Card, Filter
from core.errors import InvalidInputError, NotFoundError
from core.forms import Field
from core.hosts import queries as hosts
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.forms import HOST
from core.registrations.services import purposes
from core.settings import Settings
from core.visitors import forms as people
from core.visitors import queries as visitors
from web import drawing
from web.current import Current
from web.pages.appointment_page import page
from web.place import Place, place_of
from web.plugins import WebPlugins

READ, WRITE, OWN = moves.READ, moves.WRITE, moves.OWN
ARRIVE = "core:registration:write"
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]
ANYWAY = Field(name="anyway", label=N_("Make the appointment all the same"), kind="checkbox")
_A_DAY, _A_WEEK = timedelta(days=1), timedelta(days=7)
_FAR = timedelta(days=800)


# -- day and week


@get("/appointments", requires=READ)
async def show_all(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    settings: NamedDependency[Settings],
    plugins: NamedDependency[WebPlugins],
    view: FromQuery[str] = "day",
    day: FromQuery[str] = "",
    status: FromQuery[str] = "",
    q: FromQuery[str] = "",
) -> Template | Redirect:
    """Show a day or a week of appointments, or the proposals nobody has answered; a code leads to its page."""
    text = typed.line(q)
    if text and (found := await queries.by_code(text, actor=actor)):
        return Redirect(f"/appointments/{found.id}", status_code=303)
    place = await place_of(current)
    if place is None:
        return Template("desk/nowhere.html")
    today = now.astimezone(settings.zone).date()
    chosen = typed.day(day) or today
    view = view if view in ("day", "week", "proposed") else "day"
    first = chosen - timedelta(days=chosen.weekday()) if view == "week" else chosen
    last = first + (_A_WEEK if view == "week" else _A_DAY)
    wanted = Filter(
        site_id=place.site.id,
        since=_midnight(first, settings.zone) if view != "proposed" else now,
        until=_midnight(last, settings.zone) if view != "proposed" else now + _FAR,
        state=states.PROPOSED if view == "proposed" else status if status in states.STATES else "",
        text=text,
    )
    cards = await queries.appointments(wanted, actor=actor)
    step = _A_WEEK if view == "week" else _A_DAY
    return Template(
        "appointments/list.html",
        context={
            "place": place,
            "cards": cards,
            "days": _by_day(cards, first, last, settings.zone) if view == "week" else [],
            "clashing": queries.clashing(cards),
            "view": view,
            "chosen": chosen,
            "today": today,
            "before": (chosen - step).isoformat(),
            "after": (chosen + step).isoformat(),
            "proposed": await queries.unanswered(actor=actor, now=now),
            "query": {
                key: value
                for key, value in (("view", view), ("day", day), ("status", status), ("q", text))
                if value and (key, value) != ("view", "day")
            },
            "state_options": [(name, drawing.state_look(name)[0]) for name in states.STATES],
            "labels": {p.name: p.label for p in plugins.register_purposes()},
            "may_write": actor.may_at(WRITE, place.site.id),
            "may_arrive": actor.may_at(ARRIVE, place.site.id),
        },
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _by_day(
    cards: Sequence[Card], first: date, last: date, zone: ZoneInfo
) -> list[tuple[date, list[Card]]]:
    days: dict[date, list[Card]] = {
        first + timedelta(days=n): [] for n in range((last - first).days)
    }
    for card in cards:
        days.setdefault(card.window.starts_at.astimezone(zone).date(), []).append(card)
    return sorted(days.items())


# -- a new one


@get("/appointments/new", requires=(WRITE, OWN))
async def new(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    settings: NamedDependency[Settings],
    plugins: NamedDependency[WebPlugins],
    visitor: FromQuery[str] = "",
    day: FromQuery[str] = "",
) -> Template:
    """Show the form; with `visitor` it is filled in."""
    place = await place_of(current)
    if place is None:
        return Template("desk/nowhere.html")
    wanted = typed.day(day) or now.astimezone(settings.zone).date()
    values = {"day": wanted.isoformat()}
    visitor_id = people.typed_id(visitor)
    if visitor_id is not None and actor.may("core:visitor:read"):
        values |= people.prefilled(await visitors.row(visitor_id))
    return _form(place, values, {}, actor, plugins)


def _form(
    place: Place,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    actor: Actor,
    plugins: WebPlugins,
    clashes: Sequence[Card] = (),
) -> Template:
    kind = _kind(place, actor)
    return Template(
        "appointments/new.html",
        context={
            "place": place,
            "kind": kind,
            "form": forms.form_for(purposes(plugins, place.site.id), kind=kind),
            "host": HOST,
            "values": values,
            "errors": errors,
            "clashes": clashes,
            "anyway": ANYWAY,
            "back": "/my-visitors" if kind == "host" else "/appointments",
        },
        status_code=422 if errors or clashes else 200,
    )


def _kind(place: Place, actor: Actor) -> str:
    """Return how the reader makes appointments here: as `staff`, or as `host` for themselves."""
    if actor.may_at(WRITE, place.site.id):
        return "staff"
    if actor.host_id is None or not actor.may(OWN):
        raise NotFoundError
    return "host"


@post("/appointments", requires=(WRITE, OWN))
async def make(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Make an appointment; one that clashes is first shown with what it clashes with."""
    place = await place_of(current)
    if place is None:
        raise NotFoundError
    kind = _kind(place, actor)
    form = forms.form_for(purposes(plugins, place.site.id), kind=kind)
    try:
        wanted = await forms.read_proposal(
            data, form, site_id=place.site.id, actor=actor, at=now, kind=kind
        )
        if not data.get("anyway"):
            found = await queries.clashes(
                wanted.window, host_id=wanted.host_id, visitor_id=wanted.person.visitor_id
            )
            if found:
                return _form(place, data, {}, actor, plugins, found)
        made = await services.propose(
            wanted, actor=actor, at=now, plugins=plugins, agreed=bool(data.get("agreed"))
        )
    except InvalidInputError as error:
        return _form(place, data, forms.placed(error.problems), actor, plugins)
    flash("success", N_("The appointment is made."))
    return Redirect(f"/appointments/{made}", status_code=303)


@get("/appointments/hosts", requires=WRITE)
async def suggest_hosts(current: NamedDependency[Current], host: FromQuery[str] = "") -> Template:
    """Offer hosts whose name or office holds what is being typed."""
    place = await place_of(current)
    text = typed.line(host)
    offered = []
    if place is not None and text:
        offered = await hosts.hosts(site_id=place.site.id, text=text, limit=8)
    return Template("appointments/_hosts.html", context={"hosts": offered})


# -- one


@get("/appointments/{appointment_id:uuid}", requires=(READ, OWN))
async def show(
    appointment_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show one appointment."""
    return await page(appointment_id, actor=actor, now=now, plugins=plugins)


router = Router(path="", route_handlers=[show_all, new, suggest_hosts, make, show])
