"""The directory of hosts: people and offices that are visited."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from core.forms import Field, read
from core.hosts import queries, services
from core.hosts.services import HostEntry
from core.i18n import N_, Message
from core.permissions import Actor
from core.sites import queries as sites
from core.text import TextError, normalise_phone
from core.visitors.forms import typed_id

ADMIN = "core:site:admin"
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


def clean_email(text: str) -> str:
    """Return an e-mail address that a letter can be sent to; TextError for what is none."""
    name, at, domain = text.rpartition("@")
    good = at and name and "." in domain and not domain.startswith(".") and text.isascii()
    if not good or any(sign in text for sign in " ,;<>()\"'\\"):
        raise TextError("email", N_("This is no e-mail address. Example: name@school.cn."))
    return f"{name}@{domain.lower()}"


NAME = Field(name="name", label=N_("Name of the person or office"), required=True)
DEPARTMENT = Field(name="department", label=N_("Department"))
ROOM = Field(name="room", label=N_("Room"), max_length=50)
PHONE = Field(
    name="phone",
    label=N_("Work phone"),
    kind="tel",
    max_length=40,
    inputmode="tel",
    clean=normalise_phone,
    help=N_("The desk calls it to ask for consent."),
)
EMAIL = Field(
    name="email",
    label=N_("Work e-mail"),
    kind="email",
    max_length=200,
    clean=clean_email,
    help=N_("Gets the question whether a visitor is received; never the visitor's particulars."),
)
ACTIVE = Field(name="active", label=N_("Can be visited"), kind="checkbox")


async def _fields(actor: Actor) -> tuple[Field, ...]:
    offered = await sites.sites(actor)
    site = Field(
        name="site",
        label=N_("Site"),
        kind="select",
        options=tuple((str(one.id), one.name) for one in offered),
        placeholder=N_("Every site").msgid,
    )
    return (NAME, DEPARTMENT, ROOM, PHONE, EMAIL, site, ACTIVE)


@get("/hosts", requires=ADMIN)
async def show_all(
    actor: NamedDependency[Actor], q: FromQuery[str] = "", inactive: FromQuery[str] = ""
) -> Template:
    """Show the directory."""
    found = await queries.hosts(
        site_ids=actor.site_ids, text=q.strip(), with_inactive=bool(inactive)
    )
    query = {k: v for k, v in {"q": q, "inactive": inactive}.items() if v}
    return Template("hosts/list.html", context={"hosts": found, "query": query})


async def _form(
    actor: Actor,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    host_id: UUID | None = None,
    status: int = 200,
) -> Template:
    context = {
        "fields_": await _fields(actor),
        "values": values,
        "errors": errors,
        "host_id": host_id,
    }
    return Template("hosts/form.html", context=context, status_code=status)


def _entry(values: Mapping[str, str]) -> HostEntry:
    return HostEntry(
        name=values["name"],
        department=values["department"],
        room=values["room"],
        phone=values["phone"],
        email=values["email"],
        site_id=typed_id(values["site"]),
        active=bool(values["active"]),
    )


@get("/hosts/new", requires=ADMIN)
async def show_new(actor: NamedDependency[Actor]) -> Template:
    """Show an empty form."""
    return await _form(actor, {"active": "yes"}, {})


@post("/hosts", requires=ADMIN)
async def add(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Enter a host."""
    typed = read(await _fields(actor), data)
    if typed.problems:
        return await _form(actor, typed.values, typed.problems, status=422)
    await services.add(_entry(typed.values), actor=actor, at=now)
    flash("success", N_("Entered in the directory."))
    return Redirect("/hosts", status_code=303)


@get("/hosts/{host_id:uuid}", requires=ADMIN)
async def show(host_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Template:
    """Show one host's entry."""
    row = await queries.host(host_id, actor)
    card = queries.card(row)
    values = {
        "name": card.name,
        "department": card.department,
        "room": card.room,
        "phone": card.phone,
        "email": card.email,
        "site": str(row.site or ""),
        "active": "yes" if card.active else "",
    }
    return await _form(actor, values, {}, host_id)


@post("/hosts/{host_id:uuid}", requires=ADMIN)
async def change(
    host_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Change a host's entry."""
    await queries.host(host_id, actor)
    typed = read(await _fields(actor), data)
    if typed.problems:
        return await _form(actor, typed.values, typed.problems, host_id, 422)
    await services.change(host_id, _entry(typed.values), actor=actor, at=now)
    flash("success", N_("Saved."))
    return Redirect("/hosts", status_code=303)


router = Router(path="", route_handlers=[show_all, show_new, add, show, change])
