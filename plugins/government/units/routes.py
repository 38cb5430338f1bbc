"""Units of the office: the list, one with its staff, entered and named by whoever keeps the house."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import db
from core.errors import InvalidInputError, NotFoundError
from core.forms import Field, read
from core.i18n import N_
from core.permissions import Actor
from core.sites.queries import sites
from plugins.government.inputs import Flash, Form, uuid_in
from plugins.government.rights import SETTINGS, UNIT_CLERK, UNIT_HEAD
from plugins.government.units import queries, services
from plugins.government.units.facts import KINDS, UnitLine

UNIT_ROLES = (UNIT_CLERK, UNIT_HEAD)


async def _fields(actor: Actor) -> list[Field]:
    own = [(str(one.id), one.name) for one in await sites(actor)]
    every = [(str(one.id), one.name) for one in await queries.units()]
    return [
        Field(name="site", label=N_("Reception room"), kind="select", required=True, options=own),
        Field(
            name="kind",
            label=N_("Kind of unit"),
            kind="select",
            required=True,
            options=tuple(KINDS.items()),
        ),
        Field(name="code", label=N_("Code"), required=True, max_length=20),
        Field(name="name", label=N_("Name of the unit"), required=True, max_length=100),
        Field(name="parent", label=N_("Next higher body"), kind="select", options=every),
        *_REACHED,
    ]


_REACHED = (
    Field(
        name="phone",
        label=N_("Phone"),
        max_length=40,
        help=N_("Letters to petitioners name it as the number to call."),
    ),
    Field(name="address", label=N_("Address"), max_length=200),
)


@get("/units", requires=SETTINGS)
async def show_all(actor: NamedDependency[Actor]) -> Template:
    """List the units."""
    return await _list(actor, {}, {})


async def _list(
    actor: Actor, values: dict[str, Any], errors: dict[str, Any], status: int = 200
) -> Template:
    units = await queries.units(active_only=False)
    fields = await _fields(actor)
    if len(fields[0].options) == 1:
        values = {"site": fields[0].options[0][0], **values}
    return Template(
        "government/units/list.html",
        context={
            "units": units,
            "names": {one.id: one.name for one in units},
            "staff": await queries.staff_counts(),
            "fields_": fields,
            "values": values,
            "errors": errors,
        },
        status_code=status,
    )


@post("/units", requires=SETTINGS)
async def add(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Enter a unit."""
    cleaned = read(await _fields(actor), data)
    site_id = uuid_in(cleaned.values, "site")
    if cleaned.problems or site_id is None:
        return await _list(actor, dict(cleaned.values), dict(cleaned.problems), 422)
    try:
        unit_id = await services.add(
            site_id=site_id,
            kind=cleaned.values["kind"],
            code=cleaned.values["code"],
            name=cleaned.values["name"],
            parent_id=uuid_in(cleaned.values, "parent"),
            phone=cleaned.values["phone"],
            address=cleaned.values["address"],
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _list(actor, dict(cleaned.values), dict(error.problems), 422)
    flash("success", N_("The unit was entered."))
    return Redirect(f"/government/units/{unit_id}", status_code=303)


@get("/units/{unit_id:uuid}", requires=SETTINGS)
async def show(unit_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Template:
    """Show a unit and who works for it."""
    return await _unit(unit_id, actor, None, {})


async def _particulars(unit: UnitLine) -> tuple[Field, ...]:
    above = [
        (str(one.id), one.name)
        for one in await queries.units(site_id=unit.site_id)
        if one.id != unit.id
    ]
    return (
        Field(name="name", label=N_("Name of the unit"), required=True, max_length=100),
        Field(
            name="kind",
            label=N_("Kind of unit"),
            kind="select",
            required=True,
            options=tuple(KINDS.items()),
        ),
        Field(name="parent", label=N_("Next higher body"), kind="select", options=above),
        *_REACHED,
        Field(
            name="active",
            label=N_("In use"),
            kind="checkbox",
            help=N_("A unit that is switched off is offered nowhere; its items stay as they are."),
        ),
    )


async def _unit(
    unit_id: UUID, actor: Actor, values: dict[str, Any] | None, errors: dict[str, Any]
) -> Template:
    unit = await queries.unit(unit_id)
    if not actor.may_at(SETTINGS, unit.site_id):
        raise NotFoundError
    stored = {
        "name": unit.name,
        "kind": unit.kind,
        "parent": str(unit.parent_id or ""),
        "phone": unit.phone,
        "address": unit.address,
        "active": "yes" if unit.active else "",
    }
    staff = await queries.staff(unit_id)
    rows = await db.fetch("SELECT id, name, login FROM account WHERE active ORDER BY name")
    return Template(
        "government/units/unit.html",
        context={
            "unit": unit,
            "fields_": await _particulars(unit),
            "values": stored if values is None else values,
            "errors": errors,
            "staff": staff,
            "without_role": await queries.without(UNIT_ROLES, [one[0] for one in staff]),
            "accounts": [(str(row["id"]), f"{row['name']} ({row['login']})") for row in rows],
            "may_make_accounts": actor.may("core:account:admin"),
        },
        status_code=422 if errors else 200,
    )


@post("/units/{unit_id:uuid}", requires=SETTINGS)
async def change(
    unit_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Change what is said of a unit, or switch it off or on."""
    unit = await queries.unit(unit_id)
    if not actor.may_at(SETTINGS, unit.site_id):
        raise NotFoundError
    cleaned = read(await _particulars(unit), data)
    if cleaned.problems:
        return await _unit(unit_id, actor, dict(cleaned.values), dict(cleaned.problems))
    wanted = services.Particulars(
        name=cleaned.values["name"],
        kind=cleaned.values["kind"],
        parent_id=uuid_in(cleaned.values, "parent"),
        phone=cleaned.values["phone"],
        address=cleaned.values["address"],
        active=bool(cleaned.values["active"]),
    )
    try:
        await services.change(unit_id, wanted, actor=actor, at=now)
    except InvalidInputError as error:
        return await _unit(unit_id, actor, dict(cleaned.values), dict(error.problems))
    flash("success", N_("Saved."))
    return Redirect(f"/government/units/{unit_id}", status_code=303)


@post("/units/{unit_id:uuid}/staff", requires=SETTINGS)
async def name_staff(
    unit_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Let somebody work for a unit, or no longer."""
    user_id = uuid_in(data, "user")
    if user_id is None:
        flash("error", N_("Please choose one of the options."))
    elif data.get("do") == "withdraw":
        await services.withdraw_member(unit_id, user_id, actor=actor, at=now)
        flash("success", N_("From now on they do not work for this unit."))
    else:
        await services.name_member(
            unit_id, user_id, head=data.get("head") == "yes", actor=actor, at=now
        )
        flash("success", N_("They work for this unit now."))
    return Redirect(f"/government/units/{unit_id}", status_code=303)


router = Router(path="/government", route_handlers=[show_all, add, show, change, name_staff])
