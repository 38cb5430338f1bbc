"""The reception desk: one screen from greeting to receipt (GOV-2 to 16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import DomainError, InvalidInputError, NotFoundError, RefusedError
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from core.sites.queries import sites
from core.sites.tables import Site
from plugins.government import clocks, facts, sealing
from plugins.government.inputs import Flash, Form, Query, typed, uuid_in
from plugins.government.intake import arrivals, desk, desk_forms, forms, queries, recognition
from plugins.government.intake import services as intake
from plugins.government.intake.desk_forms import Choices
from plugins.government.intake.facts import DETAILS, Recognition
from plugins.government.matters import queries as matters
from plugins.government.matters import states
from plugins.government.people import services as people
from plugins.government.people.facts import Person
from plugins.government.rights import REGISTER
from plugins.government.screening import queries as screening
from plugins.government.screening.facts import (
    DECISIONS,
    GROUNDS,
    INTERVIEW_WHY,
    MANNERS,
    STANDINGS,
)
from plugins.government.subjects.queries import options as subjects
from plugins.government.units import facts as unit_kinds
from plugins.government.units.queries import units

DESK = "/government/desk"


@dataclass(frozen=True, slots=True)
class Place:
    """The reception room at which somebody keeps the desk, and those that they may choose from."""

    site: Site
    own: list[Site]


async def place_of(actor: Actor, query: Mapping[str, Any]) -> Place:
    """Return the reception room that an address names, else the first; NotFoundError without one.

    Where the organisation has other places too, only those with a reception room are offered.
    """
    allowed = actor.sites_with(REGISTER)
    rooms = {unit.site_id for unit in await units(unit_kinds.OFFICE)}
    own = [one for one in await sites(actor) if allowed is None or one.id in allowed]
    own = [one for one in own if one.id in rooms] or own
    if not own:
        raise NotFoundError
    wanted = uuid_in(query, "site")
    return Place(next((one for one in own if one.id == wanted), own[0]), own)


async def choices_at(site_id: UUID, actor: Actor) -> Choices:
    """Return what the selects of a desk offer."""
    places = await units(unit_kinds.COUNTY, unit_kinds.DEPARTMENT, site_id=site_id)
    staff = [one for one in await desk.receivers_at(site_id) if one[0] != str(actor.id)]
    return Choices(await subjects(), [(str(unit.id), unit.name) for unit in places], staff)


async def known_of(data: Mapping[str, Any], actor: Actor, now: datetime) -> Person | None:
    """Return whom the form is about: the petitioner that was chosen, else the visit at the gate."""
    petitioner_id, arrival_id = uuid_in(data, "petitioner"), uuid_in(data, "arrival")
    gate = None
    if arrival_id is not None:
        gate = await arrivals.person_at_gate(arrival_id, actor.sites_with(REGISTER))
    if petitioner_id is None:
        return gate
    await recognition.may_know(petitioner_id, actor, now)
    return await people.petitioner(petitioner_id)


async def recognised(data: Mapping[str, str], actor: Actor, now: datetime) -> Recognition | None:
    """Return who the typed person may be and what is suggested; None while nobody is named."""
    chosen = uuid_in(data, "petitioner")
    known = await known_of(data, actor, now)
    plain = forms.unmasked(data, known)
    values = forms.cleaned((*forms.PERSON, *forms.PERSON_MORE, *forms.CHECKS), plain)
    problems: dict[str, Message] = {}
    today = site_time(now).date()
    person = forms.person_of(
        values.values, problems, today=today, visitor_id=known.visitor_id if known else None
    )
    if not (person.name or person.phone or person.document or chosen):
        return None
    rules = (await clocks.in_force(now)).values
    return await recognition.recognise(
        person,
        chosen=chosen,
        subject_id=uuid_in(data, "subject"),
        place_id=uuid_in(data, "place"),
        title=str(data.get("title", "")).strip(),
        actor=actor,
        at=now,
        today=today,
        similar_days=rules.similar_days,
    )


async def known_context(data: Mapping[str, str], actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what the part about the known person needs."""
    found = await recognised(data, actor, now)
    lapsed = {}
    if found is not None:
        for one in found.found[:1]:
            for line in one.matters:
                if hint := await screening.lapsed(line.id, line.stage, now):
                    lapsed[line.id] = hint
    return {
        "recognition": found,
        "lapsed": lapsed,
        "grounds": GROUNDS,
        "stages": states.STAGES,
        "open_stages": states.OPEN,
        "frequencies": facts.FREQUENCIES,
        "values": data,
    }


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
            "waiting": await arrivals.waiting(place.site.id),
            "errors": errors,
            "named": {field.name: field for field in choices.fields},
            "person": forms.PERSON,
            "person_more": forms.PERSON_MORE,
            "matter_more": forms.MATTER_MORE,
            "standings": STANDINGS,
            "found": None,
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


@post("/desk", requires=REGISTER)
async def receive(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Receive somebody: register, decide, stamp, print; or only look who it may be."""
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
        done = await desk.receive(reception, screened, actor=actor, at=now, plugins=plugins)
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


FIELD_OF = {
    "ground_missing": "ground",
    "body_missing": "body",
    "answer_missing": "told_text",
    "outline_missing": "decision",
}


def say(done: desk.Done, flash: Flash) -> None:
    """Tell what came of a reception beyond what the receipt shows."""
    if done.received.held is not None:
        flash(
            "warning",
            N_("The gate keeps this visitor waiting: {why}", why=done.received.held),
        )
    if done.manner == "oral" and done.received.attached:
        flash("info", N_("A written notice is given once only: this time they were told orally."))
    if done.from_abroad:
        flash("info", N_("Reported to the head of the room and of the bureau."))


async def receipt_of(contact_id: UUID, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what the receipt shows: the contact, its item, the code, what was told."""
    contact = await queries.contact(contact_id, actor, now)
    if contact.matter_id is None:
        raise NotFoundError
    matter = await matters.matter(contact.matter_id, actor, now)
    interviews = [
        one for one in await screening.interviews(matter.id) if one.contact_id == contact_id
    ]
    told = [one for one in await screening.told(matter.id) if one.at == contact.received_at]
    return {
        "contact": contact,
        "matter": matter,
        "code": matter_code(matter.row),
        "told": told,
        "interviews": interviews,
        "clocks": [
            one
            for one in await clocks.of_matter(matter.id, at=now)
            if one.state == "running" and one.track == "statutory"
        ],
        "decisions": DECISIONS,
        "manners": MANNERS,
        "why": INTERVIEW_WHY,
        "details": DETAILS,
    }


def matter_code(row: Mapping[str, Any]) -> str:
    """Return the code by which the petitioner asks for an item; it stands on paper only."""
    return sealing.unseal(row["query_cipher"], "government_matter", "query_cipher", row["id"])


@get("/contacts/{contact_id:uuid}/receipt", requires=REGISTER)
async def receipt(
    contact_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the receipt as it is printed and handed over."""
    return Template(
        "government/intake/receipt.html",
        context={
            **await receipt_of(contact_id, actor, now),
            "channels": facts.CHANNELS,
            "purposes": facts.PURPOSES,
            "stages": states.STAGES,
        },
    )


@post("/contacts/{contact_id:uuid}/leave", requires=REGISTER)
async def leave(
    contact_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Note that a visitor left the reception room."""
    await intake.end_visit(contact_id, actor=actor, at=now, plugins=plugins)
    flash("success", N_("The visit is ended."))
    return Redirect(DESK if data.get("from") == "desk" else "/government/day", status_code=303)


router = Router(path="/government", route_handlers=[show, show_known, receive, receipt, leave])
