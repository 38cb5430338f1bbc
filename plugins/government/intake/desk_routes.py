"""The reception desk: one screen from greeting to receipt (GOV-2 to 16)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from core.errors import DomainError, InvalidInputError, NotFoundError, RefusedError
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import facts
from plugins.government.inputs import Flash, Form, Query, typed, uuid_in
from plugins.government.intake import arrivals, desk, desk_forms, forms, recognition
from plugins.government.intake import queries as contacts
from plugins.government.intake.desk_pages import (
    DESK,
    FIELD_OF,
    choices_at,
    known_context,
    known_of,
    of_visit,
    picked,
    place_of,
    recognised,
    say,
)
from plugins.government.intake.facts import Recognition
from plugins.government.intake.once import SENT_TWICE, SentAlreadyError, contact_of
from plugins.government.intake.receipt_routes import receipt_of
from plugins.government.intake.services import ReceivedAlreadyError
from plugins.government.matters import queries as matters
from plugins.government.people import services as people
from plugins.government.reception import queries as reception
from plugins.government.rights import REGISTER
from plugins.government.screening.facts import STANDINGS

_FURTHER = N_(
    "This visitor is being received already. Register again, and it is entered as another matter of"
    " the same visit."
)


async def page(
    data: Mapping[str, str],
    errors: Mapping[str, Message],
    actor: Actor,
    now: datetime,
    status: int = 200,
    **more: Any,
) -> Template:
    """Return the desk, after a rejected form with what was typed."""
    place = await place_of(actor, data)
    choices = await choices_at(place.site.id, actor)
    return Template(
        "government/intake/desk.html",
        context={
            **await known_context(data, actor, now),
            "site": place.site,
            "sites": place.own,
            "beside": await of_visit(data, actor, now),
            "waiting": await arrivals.waiting(place.site.id, actor, now),
            "booked": await reception.booked_today(place.site.id, actor, at=now),
            "errors": errors,
            "named": {field.name: field for field in choices.fields},
            "once": data.get("once") or str(uuid4()),
            "person": forms.PERSON,
            "person_more": forms.PERSON_MORE,
            "matter_more": forms.MATTER_MORE,
            "standings": STANDINGS,
            "found": None,
            "found_most": recognition.MOST,
            "q": "",
            "done": None,
            **more,
        },
        status_code=status,
    )


@get("/desk", requires=REGISTER)
async def show(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the desk: empty, with somebody chosen, or with the receipt of who was just received."""
    query = typed(request)
    values = {"heads": "1", "belonging": facts.MAINLAND, "site": query.get("site", "")}
    if uuid_in(query, "beside"):
        values |= await _beside(query, actor, now)
        query |= {name: values[name] for name in ("petitioner", "beside")}
    known = await known_of(query, actor, now)
    if known is not None:
        values |= forms.prefilled(known)
        values |= {name: query[name] for name in ("petitioner", "arrival") if name in query}
    if arrival_id := uuid_in(query, "arrival"):
        values["heads"] = str(await arrivals.heads_at_gate(arrival_id))
    more: dict[str, Any] = {}
    if text := query.get("q", "").strip()[:60]:
        more = {"q": text, "found": await recognition.searched(text, actor, at=now)}
    if contact_id := uuid_in(query, "received"):
        more["done"] = await receipt_of(contact_id, actor, now)
    return await page(values, {}, actor, now, **more)


async def _beside(query: Mapping[str, str], actor: Actor, now: datetime) -> dict[str, str]:
    """Return the form for a further matter of a visit: the party and who receives stay as they are."""
    first = (await of_visit(query, actor, now))[0]
    choices = await choices_at(first.site_id, actor)
    party = await matters.party(first.matter_id) if first.matter_id else []
    named = [
        " ".join(filter(None, (person.name, person.phone)))
        for person in [
            await people.petitioner(one) for one, _, role in party if role == "representative"
        ]
    ]
    others = first.receivers.split("、")
    return {
        "site": str(first.site_id),
        "beside": query["beside"],
        "petitioner": str(first.petitioner_id or ""),
        "heads": str(first.heads),
        "representatives": "\n".join(named),
        "receiver": next((key for key, name in choices.staff if name in others), ""),
        "same": "",
    }


@post("/desk/known", requires=REGISTER)
async def show_known(
    data: Form, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show who the typed person may be, their earlier items, first or repeated (GOV-3)."""
    # What was suggested for another person does not stand for this one; the clerk's choice does.
    fresh = {name: value for name, value in data.items() if name != "frequency"}
    context = await known_context(fresh, actor, now)
    if not _is_of(context["recognition"], fresh.get("same", "")):
        context["values"] = {name: value for name, value in fresh.items() if name != "same"}
    return Template("government/intake/_known.html", context=context)


def _is_of(found: Recognition | None, same: str) -> bool:
    """Say whether a chosen item (`attach:<id>`, `again:<id>`) is one of the person's who was found."""
    earlier = {str(line.id) for one in found.found[:1] for line in one.matters} if found else set()
    return same.partition(":")[2] in earlier


async def _offer_further(
    data: Mapping[str, str], error: ReceivedAlreadyError, actor: Actor, now: datetime
) -> Template:
    """Return the form as what was typed would be a further matter of the visit that goes on."""
    try:
        await contacts.contact(error.contact_id, actor, now)
    except NotFoundError:
        return await page(data, error.problems, actor, now, 422)
    offered = {**data, "beside": str(error.contact_id)}
    return await page(offered, {"": _FURTHER}, actor, now, 422)


@post("/desk", requires=REGISTER)
async def receive(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Receive somebody: register, decide, stamp, print; or only look who it may be."""
    if data.get("pick"):
        return await page(await picked(data, actor, now), {}, actor, now)
    if data.get("do") == "look":
        return await page(data, {}, actor, now)
    place = await place_of(actor, data)
    try:
        seen = await recognised(data, actor, now)
        reception, screened = desk_forms.read_visit(
            data,
            await choices_at(place.site.id, actor),
            site_id=place.site.id,
            known=await known_of(data, actor, now),
            own_name=actor.name,
            today=site_time(now).date(),
            suggested=seen.suggested.frequency if seen else facts.FIRST,
        )
        reception = replace(reception, contact_id=contact_of(data))
        done = await desk.receive(reception, screened, actor=actor, at=now, plugins=plugins)
    except SentAlreadyError as error:
        flash("info", SENT_TWICE)
        return Redirect(f"{DESK}?received={error.contact_id}", status_code=303)
    except ReceivedAlreadyError as error:
        return await _offer_further(data, error, actor, now)
    except InvalidInputError as error:
        return await page(data, error.problems, actor, now, 422)
    except RefusedError as error:
        problem = {FIELD_OF.get(error.code, ""): error.message}
        return await page(data, problem, actor, now, 422)
    except NotFoundError:
        raise
    except DomainError as error:
        return await page(data, {"": error.message}, actor, now, 422)
    say(done, flash)
    return Redirect(f"{DESK}?received={done.received.contact_id}", status_code=303)


router = Router(path="/government", route_handlers=[show, show_known, receive])
