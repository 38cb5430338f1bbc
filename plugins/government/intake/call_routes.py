"""Calls with a timer: entered while somebody speaks (GOV-5)."""

from collections.abc import Mapping
from datetime import datetime

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from core import clock
from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government import clocks
from plugins.government.facts import PHONE
from plugins.government.inputs import Flash, Form, Query, typed
from plugins.government.intake import calls, entry_forms, forms
from plugins.government.intake.desk_pages import FIELD_OF, picked, place_of, say
from plugins.government.intake.entry_forms import SORTS
from plugins.government.intake.entry_pages import entry_page, fresh, typed_entry
from plugins.government.intake.once import SENT_TWICE, SentAlreadyError
from plugins.government.rights import REGISTER


@get("/calls/new", requires=REGISTER)
async def new_call(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of a call; its timer runs from now."""
    query = typed(request)
    place = await place_of(actor, query)
    values = await fresh(place.site.id, query, actor, now)
    return await _page({**values, "started": str(clock.to_ms(now))}, {}, actor, now)


async def _page(
    values: Mapping[str, str], errors: Mapping[str, Message], actor: Actor, now: datetime
) -> Template:
    rules = (await clocks.in_force(now)).values
    return await entry_page(
        SORTS[PHONE],
        values,
        errors,
        actor,
        now,
        action="/government/calls",
        rings_most=rules.rings_most,
        elapsed=1000 * calls.seconds_of(values.get("started", ""), clock.to_ms(now)),
    )


@post("/calls", requires=REGISTER)
async def take_call(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Enter a call."""
    if data.get("pick"):
        return await _page(await picked(data, actor, now), {}, actor, now)
    if data.get("do") == "look":
        return await _page(data, {}, actor, now)
    place = await place_of(actor, data)
    try:
        new, screened, values, problems = await typed_entry(
            SORTS[PHONE], data, place.site.id, actor, now
        )
        rings = forms.number(values, "rings", problems, least=0, most=99)
        entry_forms.refuse(problems)
        done = await calls.take(
            new,
            screened,
            rings=rings,
            seconds=calls.seconds_of(data.get("started", ""), clock.to_ms(now)),
            actor=actor,
            at=now,
            plugins=plugins,
        )
    except SentAlreadyError as error:
        flash("info", SENT_TWICE)
        return Redirect(f"/government/contacts/{error.contact_id}", status_code=303)
    except InvalidInputError as error:
        return await _page(data, error.problems, actor, now)
    except RefusedError as error:
        return await _page(data, {FIELD_OF.get(error.code, ""): error.message}, actor, now)
    except WrongStateError as error:
        return await _page(data, {"": error.message}, actor, now)
    say(done, flash)
    flash("success", N_("Entered: {number}.", number=done.received.matter_number))
    return Redirect(f"/government/contacts/{done.received.contact_id}", status_code=303)


router = Router(path="/government", route_handlers=[new_call, take_call])
