"""Letters after a visit: entered, decided on, the unit told of threats (GOV-35)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, WrongStateError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import facts
from plugins.government.inputs import Flash, Form, Query, day_in, number_in, typed, uuid_in
from plugins.government.intake import after_visit, forms, scans
from plugins.government.intake.after_visit import ACT, DISPOSITIONS, MEANS, WHY_IDLE
from plugins.government.intake.desk_pages import place_of
from plugins.government.intake.facts import Reception
from plugins.government.intake.once import SENT_TWICE, SentAlreadyError, contact_of
from plugins.government.matters import queries as matters
from plugins.government.matters.queries import Filter
from plugins.government.rights import REGISTER
from plugins.government.subjects.queries import options as subjects
from plugins.government.units.queries import units

PATH = "/government/after-visit"
NUMBER = Field(
    name="number",
    label=N_("Number of the item it is about"),
    max_length=20,
    help=N_("Empty: no item is known"),
)
SUMMARY = Field(
    name="summary",
    label=N_("Main content of the letter"),
    kind="textarea",
    required=True,
    max_length=4000,
)
WRITTEN = Field(name="written_on", label=N_("Date of the letter"), kind="date")
THREAT = Field(name="threat", label=N_("A disturbance is announced in it"), kind="checkbox")
MEANS_FIELD = Field(
    name="told_means",
    label=N_("How the unit was told"),
    kind="select",
    options=tuple(MEANS.items()),
)
TOLD_TO = Field(name="told_to", label=N_("Who took it in there"), max_length=60)
DISPOSITION = Field(
    name="disposition",
    label=N_("What becomes of the letter"),
    kind="radio",
    required=True,
    options=tuple(DISPOSITIONS.items()),
)
WHY = Field(
    name="why_idle", label=N_("Why put aside"), kind="select", options=tuple(WHY_IDLE.items())
)


async def _entering(site_id: UUID) -> tuple[Field, ...]:
    told = [(str(one.id), one.name) for one in await units(site_id=site_id)]
    return (
        forms.ANONYMOUS,
        forms.NAME,
        forms.PHONE,
        NUMBER,
        WRITTEN,
        SUMMARY,
        THREAT,
        Field(name="told_unit", label=N_("Unit that was told"), kind="select", options=told),
        MEANS_FIELD,
        TOLD_TO,
    )


async def _acting() -> tuple[Field, ...]:
    return (forms.TITLE, forms.PURPOSE, forms.subject_field(await subjects()), forms.DEMAND)


async def _page(
    query: Mapping[str, str],
    actor: Actor,
    now: datetime,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
) -> Template:
    place = await place_of(actor, query)
    chosen = query.get("disposition", "")
    number = number_in(query, "page")
    found, total = await after_visit.all_letters(
        actor, at=now, disposition=chosen if chosen in DISPOSITIONS else "", page=number
    )
    return Template(
        "government/intake/after_visit.html",
        context={
            "letters": found,
            "total": total,
            "page": number,
            "pages": max(1, -(-total // after_visit.PAGE)),
            "query": query,
            "site": place.site,
            "once": values.get("once") or str(uuid4()),
            "entering": await _entering(place.site.id),
            "dispositions": DISPOSITIONS,
            "values": values,
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


async def _letter_page(
    contact_id: UUID,
    actor: Actor,
    now: datetime,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
) -> Template:
    line = await after_visit.letter(contact_id, actor, now)
    return Template(
        "government/intake/after_visit_letter.html",
        context={
            "one": line,
            "scans": await scans.of_contact(contact_id, actor, now),
            "disposition": DISPOSITION,
            "why": WHY,
            "acting": await _acting(),
            "dispositions": DISPOSITIONS,
            "why_idle": WHY_IDLE,
            "means": MEANS,
            "values": values,
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


@get("/after-visit", requires=REGISTER)
async def show_all(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List the letters, undecided ones first, with the form for the next."""
    return await _page(typed(request), actor, now, {}, {})


@post("/after-visit", requires=REGISTER)
async def enter(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Enter a letter as it came."""
    place = await place_of(actor, data)
    anonymous = bool(data.get("anonymous"))
    plain = {**data, "name": "—"} if anonymous else dict(data)
    cleaned = read(await _entering(place.site.id), plain)
    values, problems = cleaned.values, dict(cleaned.problems)
    if anonymous:
        problems.pop("name", None)
    matter_id = None
    if number := values["number"]:
        found, _ = await matters.matters(
            actor, Filter(), at=now, size=1, extra=("m.number = {}", [number])
        )
        if not found:
            problems["number"] = N_("There is no such item.")
        else:
            matter_id = found[0].id
    person = None
    if not anonymous:
        person = forms.person_of(values, problems, today=site_time(now).date())
    try:
        if problems:
            raise InvalidInputError(problems)
        contact_id = await after_visit.enter(
            after_visit.NewLetter(
                reception=Reception(
                    site_id=place.site.id,
                    channel=facts.AFTER_VISIT,
                    matter=forms.matter_of(
                        {"purpose": "other", "title": "—"},
                        channel=facts.AFTER_VISIT,
                        site_id=place.site.id,
                    ),
                    person=person,
                    contact_id=contact_of(data),
                    frequency=facts.REPEAT if matter_id else facts.FIRST,
                    receivers=(actor.name,),
                    summary=values["summary"],
                ),
                matter_id=matter_id,
                written_on=day_in(values, "written_on"),
                threat=values["threat"] == "yes",
                told_unit=uuid_in(values, "told_unit"),
                told_means=values["told_means"],
                told_to=values["told_to"],
            ),
            actor=actor,
            at=now,
        )
    except SentAlreadyError as error:
        flash("info", SENT_TWICE)
        return Redirect(f"{PATH}/{error.contact_id}", status_code=303)
    except InvalidInputError as error:
        return await _page({}, actor, now, data, error.problems)
    except WrongStateError as error:
        return await _page({}, actor, now, data, {"number": error.message})
    flash("success", N_("The letter is entered. Decide what becomes of it."))
    return Redirect(f"{PATH}/{contact_id}", status_code=303)


@get("/after-visit/{contact_id:uuid}", requires=REGISTER)
async def show(
    contact_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show one letter with what may become of it."""
    return await _letter_page(contact_id, actor, now, {}, {})


@post("/after-visit/{contact_id:uuid}", requires=REGISTER)
async def decide(
    contact_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Act on a letter, keep it on file, or put it aside."""
    line = await after_visit.letter(contact_id, actor, now)
    cleaned = read((DISPOSITION, WHY), data)
    problems: dict[str, Any] = dict(cleaned.problems)
    reception = None
    if cleaned.values["disposition"] == ACT and line.matter_id is None:
        item = read(await _acting(), data)
        problems |= item.problems
        reception = Reception(
            site_id=line.contact.site_id,
            channel=facts.AFTER_VISIT,
            matter=forms.matter_of(
                {**item.values, "purpose": item.values["purpose"] or "other"},
                channel=facts.AFTER_VISIT,
                site_id=line.contact.site_id,
            ),
        )
    elif cleaned.values["disposition"] == ACT:
        reception = Reception(
            site_id=line.contact.site_id,
            channel=facts.AFTER_VISIT,
            matter=forms.matter_of(
                {"purpose": "other", "title": "—"},
                channel=facts.AFTER_VISIT,
                site_id=line.contact.site_id,
            ),
        )
    try:
        if problems:
            raise InvalidInputError(problems)
        received = await after_visit.decide(
            contact_id,
            cleaned.values["disposition"],
            why_idle=cleaned.values["why_idle"],
            reception=reception,
            actor=actor,
            at=now,
            plugins=plugins,
        )
    except InvalidInputError as error:
        return await _letter_page(contact_id, actor, now, data, error.problems)
    except WrongStateError as error:
        flash("warning", error.message)
        return Redirect(PATH, status_code=303)
    if received is not None:
        flash("success", N_("Entered: {number}.", number=received.matter_number))
        return Redirect(f"/government/matters/{received.matter_id}", status_code=303)
    flash("success", N_("The decision was recorded."))
    return Redirect(PATH, status_code=303)


router = Router(path="/government", route_handlers=[show_all, enter, show, decide])
