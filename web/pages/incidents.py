"""Incidents: what is open, and a form that fits a phone (CORE-16); one of them stands in incident.py."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, NotFoundError
from core.forms import Field, read
from core.i18n import N_, Message
from core.incidents import queries, services
from core.incidents.facts import Opening
from core.incidents.queries import READ, WRITE
from core.permissions import Actor
from core.settings import Settings
from core.visitors.forms import typed_id
from web.current import Current
from web.pages.incident import SEEN, clock_time, kind_field, labels
from web.place import Place, place_of
from web.plugins import WebPlugins

SPOT = Field(name="spot", label=N_("Where exactly"), max_length=100)
HAPPENED = Field(name="happened", label=N_("When, if not just now"), kind="time")
STATES = [("open", N_("Open")), ("closed", N_("Closed")), ("voided", N_("Void"))]
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


@get("/incidents", requires=(READ, WRITE))
async def show(
    actor: NamedDependency[Actor],
    plugins: NamedDependency[WebPlugins],
    status: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    page: FromQuery[int] = 1,
) -> Template:
    """List the incidents that one may see, newest first."""
    lines, total = await queries.incidents(actor, state=status, kind=kind, page=page)
    query = {"status": status, "kind": kind, "page": str(page) if page > 1 else ""}
    names = labels(plugins)
    return Template(
        "incidents/list.html",
        context={
            "lines": lines,
            "total": total,
            "page": max(page, 1),
            "pages": max(1, -(-total // queries.PAGE)),
            "query": {name: value for name, value in query.items() if value},
            "states": STATES,
            "kinds": list(names.items()),
            "labels": names,
            "may_write": actor.may(WRITE),
        },
    )


@get("/incidents/new", requires=WRITE)
async def new(
    current: NamedDependency[Current],
    plugins: NamedDependency[WebPlugins],
    registration: FromQuery[str] = "",
) -> Template:
    """Show the form: one phone screen."""
    place = await place_of(current)
    if place is None:
        return Template("desk/nowhere.html")
    return _form(place, plugins, {"registration": registration}, {})


def _fields(place: Place, plugins: WebPlugins) -> Sequence[Field]:
    return [kind_field(plugins, place.site.id), SEEN, SPOT, HAPPENED]


def _form(
    place: Place,
    plugins: WebPlugins,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    status: int = 200,
) -> Template:
    context = {
        "place": place,
        "fields_": _fields(place, plugins),
        "values": values,
        "errors": errors,
    }
    return Template("incidents/new.html", context=context, status_code=status)


@post("/incidents", requires=WRITE)
async def open_one(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Write an incident down and go on to its steps."""
    place = await place_of(current)
    if place is None:
        raise NotFoundError
    cleaned = read(_fields(place, plugins), data)
    values = cleaned.values
    problems = dict(cleaned.problems)
    happened = clock_time(values["happened"], now, settings.zone)
    if values["happened"] and happened is None:
        problems["happened"] = N_("A time of day like 06:30.")
    if problems:
        return _form(place, plugins, data, problems, 422)
    opening = Opening(
        site_id=place.site.id,
        gate_id=place.gate_id,
        kind=values["kind"],
        seen=values["seen"],
        spot=values["spot"],
        happened_at=happened,
        registration_id=typed_id(data.get("registration", "")),
    )
    try:
        made = await services.open_incident(opening, actor=actor, at=now, plugins=plugins)
    except InvalidInputError as error:
        return _form(place, plugins, data, error.problems, 422)
    flash("success", N_("Written down. Now go through the steps."))
    return Redirect(f"/incidents/{made}", status_code=303)


router = Router(path="", route_handlers=[show, new, open_one])
