"""The pages on which the head of the room keeps up what the public reads (GOV-45)."""

from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import NotFoundError
from core.forms import read
from core.i18n import N_
from core.permissions import Actor
from plugins.government.asking import forms, office
from plugins.government.inputs import Flash, Form, Query, typed
from plugins.government.rights import SETTINGS
from plugins.government.units import queries as units


async def _room(request: Query, actor: Actor) -> tuple[UUID, str, str]:
    rooms = [one for one in await office.rooms_for(actor) if actor.may_at(SETTINGS, one[0])]
    wanted = typed(request).get("site", "")
    found = next((one for one in rooms if one[1] == wanted), rooms[0] if rooms else None)
    if found is None:
        raise NotFoundError
    return found


@get("/office/edit", requires=SETTINGS)
async def edit(request: Query, actor: NamedDependency[Actor]) -> Template:
    """Show the form of the office's public page, and the units' own."""
    room = await _room(request, actor)
    return await _edit(room, await office.page(room[0]), {})


async def _edit(
    room: tuple[UUID, str, str], values: dict[str, str], errors: dict[str, object]
) -> Template:
    return Template(
        "government/asking/edit.html",
        context={
            "room": room,
            "fields_": forms.OFFICE,
            "values": values,
            "errors": errors,
            "units": await office.unit_pages(room[0]),
        },
        status_code=422 if errors else 200,
    )


@post("/office/edit", requires=SETTINGS)
async def save(
    request: Query,
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Change the office's public page."""
    room = await _room(request, actor)
    cleaned = read(forms.OFFICE, data)
    if cleaned.problems:
        return await _edit(room, data, dict(cleaned.problems))
    await office.save(room[0], cleaned.values, actor=actor, at=now)
    flash("success", N_("The public page was changed."))
    return Redirect(f"/government/office/edit?site={room[1]}", status_code=303)


@get("/office/units/{unit_id:uuid}", requires=SETTINGS)
async def edit_unit(unit_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Template:
    """Show the form of what the public reads about a unit's own office."""
    unit = await units.unit(unit_id)
    pages = await office.unit_pages(unit.site_id)
    values = next((dict(one.values) for one in pages if one.unit.id == unit_id), {})
    return Template(
        "government/asking/edit_unit.html",
        context={"unit": unit, "fields_": forms.UNIT, "values": values, "errors": {}},
    )


@post("/office/units/{unit_id:uuid}", requires=SETTINGS)
async def save_unit(
    unit_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Change what the public reads about a unit's own office."""
    cleaned = read(forms.UNIT, data)
    if cleaned.problems:
        return Template(
            "government/asking/edit_unit.html",
            context={
                "unit": await units.unit(unit_id),
                "fields_": forms.UNIT,
                "values": data,
                "errors": dict(cleaned.problems),
            },
            status_code=422,
        )
    await office.save_unit(unit_id, cleaned.values, actor=actor, at=now)
    flash("success", N_("The public page was changed."))
    return Redirect("/government/office/edit", status_code=303)


router = Router(path="/government", route_handlers=[edit, save, edit_unit, save_unit])
