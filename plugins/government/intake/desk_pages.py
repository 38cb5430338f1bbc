"""What every form of the desk shares: which desk, whom it is about, who that may be, what to tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.errors import NotFoundError
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from core.sites.queries import sites
from core.sites.tables import Site
from plugins.government import clocks, facts
from plugins.government.inputs import Flash, uuid_in
from plugins.government.intake import arrivals, desk, forms, recognition
from plugins.government.intake import queries as contacts
from plugins.government.intake.desk_forms import Choices
from plugins.government.intake.facts import Recognition
from plugins.government.intake.queries import ContactLine
from plugins.government.matters import states
from plugins.government.people import services as people
from plugins.government.people.facts import Person
from plugins.government.rights import REGISTER
from plugins.government.screening import queries as screening
from plugins.government.screening.facts import GROUND_ACTS, GROUNDS
from plugins.government.subjects.queries import options as subjects
from plugins.government.units import facts as unit_kinds
from plugins.government.units.queries import units

DESK = "/government/desk"
# The field beside which a refusal stands, by its code.
FIELD_OF = {
    "ground_missing": "ground",
    "body_missing": "body",
    "answer_missing": "told_text",
    "outline_missing": "decision",
}


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
    return await people.petitioner(await people.current(petitioner_id))


async def picked(data: Mapping[str, str], actor: Actor, now: datetime) -> dict[str, str]:
    """Return a form after somebody was picked who it may be: what was typed stays, gaps are filled."""
    chosen = {**data, "petitioner": data["pick"]}
    known = await known_of(chosen, actor, now)
    stored = forms.prefilled(known) if known is not None else {}
    kept = {name: value for name, value in chosen.items() if value or name not in stored}
    return {**stored, **kept}


async def recognised(data: Mapping[str, str], actor: Actor, now: datetime) -> Recognition | None:
    """Return who the typed person may be and what is suggested; None while nobody is named."""
    picked_id = uuid_in(data, "petitioner")
    chosen = await people.current(picked_id) if picked_id is not None else None
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
        without={one.matter_id for one in await of_visit(data, actor, now) if one.matter_id},
    )


async def of_visit(data: Mapping[str, Any], actor: Actor, now: datetime) -> list[ContactLine]:
    """Return what the visit brought already to which a form adds a further matter."""
    beside = uuid_in(data, "beside")
    if beside is None:
        return []
    first = await contacts.contact(beside, actor, now)
    return [first, *await contacts.of_visit(first, actor, now)]


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
        "ground_acts": GROUND_ACTS,
        "stages": states.STAGES,
        "open_stages": states.OPEN,
        "frequencies": facts.FREQUENCIES,
        "values": data,
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
