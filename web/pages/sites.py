"""Sites, their gates, and which plugins are on where (CORE-23)."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core.errors import InvalidInputError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.sites import queries, services
from core.text import TextError, fold_width
from web.plugins import WebPlugins

ADMIN = "core:site:admin"
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


def clean_code(text: str) -> str:
    """Return a short code in small letters; TextError for what cannot stand in addresses and files."""
    code = fold_width(text).strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,19}", code):
        raise TextError("code", N_("A code has letters a to z, digits and hyphens."))
    return code


def _number(low: int, high: int) -> Callable[[str], str]:
    def clean(text: str) -> str:
        folded = fold_width(text).strip()
        if not re.fullmatch(r"\d{1,5}", folded, re.ASCII) or not low <= int(folded) <= high:
            raise TextError(
                "number", N_("A whole number from {low} to {high}.", low=low, high=high)
            )
        return str(int(folded))

    return clean


CODE = Field(name="code", label=N_("Code"), required=True, max_length=20, clean=clean_code)
NAME = Field(name="name", label=N_("Name of the place"), required=True)
AUDIENCE = Field(
    name="audience",
    label=N_("Number of the organisation in passes"),
    kind="number",
    required=True,
    inputmode="numeric",
    clean=_number(0, 65535),
    help=N_("Passes with another number are refused here. Sites of one body share it."),
)
ZONE = Field(
    name="zone",
    label=N_("Zone"),
    kind="number",
    required=True,
    inputmode="numeric",
    clean=_number(0, 15),
    help=N_("A pass opens the zones it names, 0 to 15."),
)
ACTIVE = Field(name="active", label=N_("In use"), kind="checkbox")
NEW_SITE = (NAME, CODE, AUDIENCE)
SITE = (NAME, ACTIVE)
NEW_GATE = (NAME, CODE, ZONE)
GATE = (NAME, ZONE, ACTIVE)


@get("/sites", requires=ADMIN)
async def show_all(actor: NamedDependency[Actor]) -> Template:
    """Show the sites and the form of a new one."""
    return await _sites(actor, {"audience": "1"}, {})


async def _sites(
    actor: Actor, values: Mapping[str, str], errors: Mapping[str, Message], status: int = 200
) -> Template:
    context = {
        "sites": await queries.sites(actor, with_closed=True),
        "fields_": NEW_SITE,
        "values": values,
        "errors": errors,
    }
    return Template("sites/list.html", context=context, status_code=status)


@post("/sites", requires=ADMIN)
async def add(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Set up a site."""
    typed = read(NEW_SITE, data)
    if typed.problems:
        return await _sites(actor, data, typed.problems, 422)
    try:
        site_id = await services.add_site(
            code=typed.values["code"],
            name=typed.values["name"],
            audience=int(typed.values["audience"]),
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _sites(actor, data, error.problems, 422)
    flash("success", N_("The site is set up. Add its gates now."))
    return Redirect(f"/sites/{site_id}", status_code=303)


async def _page(
    site_id: UUID,
    actor: Actor,
    plugins: WebPlugins,
    *,
    part: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, Message] | None = None,
    status: int = 200,
) -> Template:
    site = await queries.site(site_id, actor)
    titles = {book.plugin: book.title for book in plugins.register_rulebooks()}
    kept = {"name": site.name, "active": "yes" if site.active else ""}
    context = {
        "site": site,
        "gates": await queries.gates(site_id, with_closed=True),
        "plugins": [
            (name, titles.get(name, Message(name)), plugins.is_on(name, site_id))
            for name in plugins.names
        ],
        "site_fields": SITE,
        "gate_fields": NEW_GATE,
        "change_fields": GATE,
        "part": part,
        "site_values": values if part == "site" and values else kept,
        "values": values or {},
        "errors": errors or {},
    }
    return Template("sites/site.html", context=context, status_code=status)


@get("/sites/{site_id:uuid}", requires=ADMIN)
async def show(
    site_id: FromPath[UUID], actor: NamedDependency[Actor], plugins: NamedDependency[WebPlugins]
) -> Template:
    """Show one site with its gates and plugins."""
    return await _page(site_id, actor, plugins)


@post("/sites/{site_id:uuid}", requires=ADMIN)
async def change(
    site_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Rename, close or open a site."""
    typed = read(SITE, data)
    if typed.problems:
        return await _page(
            site_id, actor, plugins, part="site", values=data, errors=typed.problems, status=422
        )
    await services.change_site(
        site_id,
        name=typed.values["name"],
        active=bool(typed.values["active"]),
        actor=actor,
        at=now,
    )
    flash("success", N_("Saved."))
    return Redirect(f"/sites/{site_id}", status_code=303)


@post("/sites/{site_id:uuid}/gates", requires=ADMIN)
async def add_gate(
    site_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Set up a gate."""
    typed = read(NEW_GATE, data)
    problems = dict(typed.problems)
    if not problems:
        try:
            await services.add_gate(
                site_id,
                code=typed.values["code"],
                name=typed.values["name"],
                zone=int(typed.values["zone"]),
                actor=actor,
                at=now,
            )
        except InvalidInputError as error:
            problems.update(error.problems)
    if problems:
        return await _page(
            site_id, actor, plugins, part="gate", values=data, errors=problems, status=422
        )
    flash("success", N_("The gate is set up."))
    return Redirect(f"/sites/{site_id}", status_code=303)


@post("/gates/{gate_id:uuid}", requires=ADMIN)
async def change_gate(
    gate_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Rename a gate, move it to another zone, close or open it."""
    gate = await queries.gate(gate_id, actor)
    typed = read(GATE, data)
    if typed.problems:
        return await _page(
            gate.site,
            actor,
            plugins,
            part=str(gate_id),
            values=data,
            errors=typed.problems,
            status=422,
        )
    await services.change_gate(
        gate_id,
        name=typed.values["name"],
        zone=int(typed.values["zone"]),
        active=bool(typed.values["active"]),
        actor=actor,
        at=now,
    )
    flash("success", N_("Saved."))
    return Redirect(f"/sites/{gate.site}", status_code=303)


@post("/sites/{site_id:uuid}/plugins/{name:str}", requires=ADMIN)
async def switch_plugin(
    site_id: FromPath[UUID],
    name: FromPath[str],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Switch a plugin on or off at a site."""
    on = data.get("on") == "yes"
    await services.switch_plugin(site_id, name, on=on, actor=actor, at=now, plugins=plugins)
    flash("success", N_("Switched on here.") if on else N_("Switched off here; its records stay."))
    return Redirect(f"/sites/{site_id}", status_code=303)


router = Router(
    path="",
    route_handlers=[show_all, add, show, change, add_gate, change_gate, switch_plugin],
)
