"""Entered by hand: what a superior body assigned, what stands on another platform (GOV-1, GOV-6)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government.facts import ONLINE, SUPERIOR
from plugins.government.inputs import Flash, Query, typed
from plugins.government.intake import entry_forms, online
from plugins.government.intake.desk_pages import FIELD_OF, picked, place_of, say
from plugins.government.intake.entry_forms import SORTS
from plugins.government.intake.entry_pages import (
    UPLOAD_BYTES,
    Upload,
    entry_page,
    fresh,
    pictures_of,
    texts_of,
    typed_entry,
)
from plugins.government.intake.facts import Reception
from plugins.government.intake.once import SENT_TWICE, SentAlreadyError
from plugins.government.rights import REGISTER

ASSIGNED, BY_HAND = "/government/assigned", "/government/online/new"
_PATHS = {SUPERIOR: ASSIGNED, ONLINE: BY_HAND}


async def _page(
    channel: str,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    actor: Actor,
    now: datetime,
) -> Template:
    return await entry_page(SORTS[channel], values, errors, actor, now, action=_PATHS[channel])


async def _show(request: Query, channel: str, actor: Actor, now: datetime) -> Template:
    query = typed(request)
    place = await place_of(actor, query)
    values = await fresh(place.site.id, query, actor, now)
    values["received_on"] = site_time(now).date().isoformat()
    return await _page(channel, values, {}, actor, now)


@get("/assigned", requires=REGISTER)
async def show_assigned(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of an item that a superior body assigned."""
    return await _show(request, SUPERIOR, actor, now)


@get("/online/new", requires=REGISTER)
async def show_online(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of an item that stands on another platform."""
    return await _show(request, ONLINE, actor, now)


def _assigned(
    new: Reception, values: Mapping[str, str], problems: dict[str, Message], today: date
) -> Reception:
    """Return the reception with who assigned it and until when; what is impossible joins `problems`."""
    if {"source", "received_on", "report_by"} & problems.keys():
        return new
    received = date.fromisoformat(values["received_on"])
    report_by = date.fromisoformat(values["report_by"]) if values["report_by"] else None
    if received > today:
        problems["received_on"] = N_("This day is still to come.")
    if report_by is not None and report_by <= received:
        problems["report_by"] = N_("The report is wanted after the day it reached the office.")
    return replace(
        new,
        matter=replace(new.matter, source=values["source"], source_number=values["source_number"]),
        received_on=received,
        report_by=report_by,
    )


async def _enter(
    channel: str,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    plugins: Plugins,
    flash: Flash,
) -> Response[None] | Template:
    texts = texts_of(data)
    if texts.get("pick"):
        return await _page(channel, await picked(texts, actor, now), {}, actor, now)
    if texts.get("do") == "look":
        return await _page(channel, texts, {}, actor, now)
    place = await place_of(actor, texts)
    try:
        new, screened, values, problems = await typed_entry(
            SORTS[channel], texts, place.site.id, actor, now
        )
        if channel == SUPERIOR:
            new = _assigned(new, values, problems, site_time(now).date())
        pictures = await pictures_of(data, problems)
        entry_forms.refuse(problems)
        done = await online.enter(new, screened, pictures, actor=actor, at=now, plugins=plugins)
    except SentAlreadyError as error:
        flash("info", SENT_TWICE)
        return Redirect(f"/government/contacts/{error.contact_id}", status_code=303)
    except InvalidInputError as error:
        return await _page(channel, texts, error.problems, actor, now)
    except RefusedError as error:
        problem = {FIELD_OF.get(error.code, ""): error.message}
        return await _page(channel, texts, problem, actor, now)
    except WrongStateError as error:
        return await _page(channel, texts, {"": error.message}, actor, now)
    say(done, flash)
    flash("success", N_("Entered: {number}.", number=done.received.matter_number))
    return Redirect(f"/government/contacts/{done.received.contact_id}", status_code=303)


@post("/assigned", requires=REGISTER, request_max_body_size=UPLOAD_BYTES)
async def enter_assigned(
    data: Upload,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Enter an item that a superior body assigned."""
    return await _enter(SUPERIOR, data, actor, now, plugins, flash)


@post("/online/new", requires=REGISTER, request_max_body_size=UPLOAD_BYTES)
async def enter_online(
    data: Upload,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Enter an item that stands on another platform."""
    return await _enter(ONLINE, data, actor, now, plugins, flash)


router = Router(
    path="/government", route_handlers=[show_assigned, show_online, enter_assigned, enter_online]
)
