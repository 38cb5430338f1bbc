"""Letters by batch and calls with a timer: one form each (GOV-4, GOV-5)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Template

from core import clock
from core.errors import DomainError, InvalidInputError, NotFoundError, RefusedError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import clocks, facts
from plugins.government.inputs import Flash, Form, Query, day_in, typed
from plugins.government.intake import calls, entry_forms, forms, letters, queries, scans
from plugins.government.intake.desk_routes import (
    FIELD_OF,
    choices_at,
    known_context,
    known_of,
    place_of,
    recognised,
    say,
)
from plugins.government.matters import states
from plugins.government.rights import REGISTER
from plugins.government.screening.facts import STANDINGS

BATCH = (
    Field(
        name="received_on", label=N_("Day on which the letters came"), kind="date", required=True
    ),
    Field(name="pieces", label=N_("Number of letters"), kind="number", required=True, max_length=4),
    Field(name="carrier", label=N_("Brought by"), max_length=60),
)
Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]


async def entry_page(
    data: Mapping[str, str],
    errors: Mapping[str, Message],
    actor: Actor,
    now: datetime,
    own: tuple[Field, ...],
    **more: Any,
) -> Template:
    """Return the form of an entry, after a rejection with what was typed."""
    place = await place_of(actor, data)
    choices = await choices_at(place.site.id, actor)
    found = entry_forms.fields(choices, own)
    return Template(
        "government/intake/entry.html",
        context={
            **await known_context(data, actor, now),
            "site": place.site,
            "errors": errors,
            "named": {field.name: field for field in found},
            "own": own,
            "person_more": forms.PERSON_MORE,
            "matter_more": forms.MATTER_MORE,
            "standings": STANDINGS,
            **more,
        },
        status_code=422 if errors else 200,
    )


def _fresh(site_id: UUID) -> dict[str, str]:
    return {"heads": "1", "belonging": facts.MAINLAND, "site": str(site_id), "pages": "1"}


@get("/letters", requires=REGISTER)
async def show_batches(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List the batches of letters, with the form for the next one."""
    query = typed(request)
    values = {"received_on": site_time(now).date().isoformat(), "pieces": "1"}
    return await _batches(query, values, {}, actor)


async def _batches(
    query: Mapping[str, str], values: Mapping[str, str], errors: Mapping[str, Message], actor: Actor
) -> Template:
    place = await place_of(actor, query)
    return Template(
        "government/intake/letters.html",
        context={
            "site": place.site,
            "batches": await letters.batches(place.site.id),
            "fields_": BATCH,
            "values": values,
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


@post("/letters", requires=REGISTER)
async def open_batch(
    data: Form, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[None] | Template:
    """Note that the letters of a delivery were opened."""
    cleaned = read(BATCH, data)
    problems = dict(cleaned.problems)
    pieces = forms.number(cleaned.values, "pieces", problems, least=1, most=2000)
    received_on = day_in(cleaned.values, "received_on")
    if received_on is None:
        problems.setdefault("received_on", N_("Please fill this in."))
    place = await place_of(actor, data)
    try:
        if problems or received_on is None:
            raise InvalidInputError(problems)
        batch_id = await letters.open_batch(
            site_id=place.site.id,
            received_on=received_on,
            pieces=pieces or 1,
            carrier=cleaned.values["carrier"],
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _batches(data, dict(cleaned.values), error.problems, actor)
    return Redirect(f"/government/letters/{batch_id}", status_code=303)


@get("/letters/{batch_id:uuid}", requires=REGISTER)
async def show_batch(
    request: Query,
    batch_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Template:
    """Show a batch: the letters entered, and the form for the next one."""
    line = await letters.batch(batch_id, actor)
    query = typed(request)
    values = {
        **_fresh(line.site_id),
        **({"petitioner": query["petitioner"]} if "petitioner" in query else {}),
    }
    known = await known_of(query, actor, now)
    if known is not None:
        values |= forms.prefilled(known)
    return await _batch_page(line, values, {}, actor, now)


async def _batch_page(
    line: letters.BatchLine,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    actor: Actor,
    now: datetime,
) -> Template:
    entered = []
    for contact_id in await letters.contacts_of(line.id):
        try:
            entered.append(await queries.contact(contact_id, actor, now))
        except NotFoundError:
            continue  # an item that this reader may not see
    return await entry_page(
        values,
        errors,
        actor,
        now,
        forms.LETTER,
        channel=facts.LETTER,
        action=f"/government/letters/{line.id}",
        batch=line,
        entered=entered,
        stages=states.STAGES,
    )


@post(
    "/letters/{batch_id:uuid}",
    requires=REGISTER,
    request_max_body_size=scans.MAX_BYTES + 100_000,
)
async def enter_letter(
    batch_id: FromPath[UUID],
    data: Upload,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Enter a letter with its scans."""
    line = await letters.batch(batch_id, actor)
    texts = {name: str(value) for name, value in data.items() if isinstance(value, str)}
    texts["site"] = str(line.site_id)
    if texts.get("do") == "look":
        return await _batch_page(line, texts, {}, actor, now)
    try:
        new, screened, values, problems = await _entry(
            texts, forms.LETTER, facts.LETTER, line.site_id, actor, now
        )
        pages = forms.number(values, "pages", problems, least=1, most=500)
        pictures = []
        if not problems:
            try:
                pictures = await scans.prepared(await uploaded(data))
            except DomainError as error:
                problems["scans"] = error.message
        entry_forms.refuse(problems)
        notes = letters.LetterNotes(
            envelope=values["envelope"] or "whole",
            stamp=values["stamp"] or "whole",
            pages=pages or 1,
        )
        done = await letters.enter(
            batch_id, new, screened, notes, pictures, actor=actor, at=now, plugins=plugins
        )
    except InvalidInputError as error:
        return await _batch_page(line, texts, error.problems, actor, now)
    except RefusedError as error:
        problem = {FIELD_OF.get(error.code, ""): error.message}
        return await _batch_page(line, texts, problem, actor, now)
    say(done, flash)
    flash("success", N_("Entered: {number}.", number=done.received.matter_number))
    return Redirect(f"/government/letters/{batch_id}", status_code=303)


async def uploaded(data: Mapping[str, Any]) -> list[bytes]:
    """Return the files of a form, empty ones left out."""
    given = data.get("scans")
    files = given if isinstance(given, list) else [given]
    found = [await one.read() for one in files if isinstance(one, UploadFile)]
    return [content for content in found if content]


async def _entry(
    data: Mapping[str, str],
    own: tuple[Field, ...],
    channel: str,
    site_id: UUID,
    actor: Actor,
    now: datetime,
) -> tuple[Any, Any, dict[str, str], dict[str, Message]]:
    seen = None if data.get("anonymous") else await recognised(data, actor, now)
    return entry_forms.read_entry(
        data,
        await choices_at(site_id, actor),
        own,
        channel=channel,
        site_id=site_id,
        known=await known_of(data, actor, now),
        own_name=actor.name,
        today=site_time(now).date(),
        suggested=seen.suggested.frequency if seen else facts.FIRST,
    )


@get("/calls/new", requires=REGISTER)
async def new_call(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of a call; its timer runs from now."""
    query = typed(request)
    place = await place_of(actor, query)
    values = {**_fresh(place.site.id), "started": str(clock.to_ms(now))}
    if "petitioner" in query:
        values["petitioner"] = query["petitioner"]
    known = await known_of(query, actor, now)
    if known is not None:
        values |= forms.prefilled(known)
    return await _call_page(values, {}, actor, now)


async def _call_page(
    values: Mapping[str, str], errors: Mapping[str, Message], actor: Actor, now: datetime
) -> Template:
    rules = (await clocks.in_force(now)).values
    return await entry_page(
        values,
        errors,
        actor,
        now,
        forms.CALL,
        channel=facts.PHONE,
        action="/government/calls",
        batch=None,
        entered=[],
        rings_most=rules.rings_most,
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
    if data.get("do") == "look":
        return await _call_page(data, {}, actor, now)
    place = await place_of(actor, data)
    try:
        new, screened, values, problems = await _entry(
            data, forms.CALL, facts.PHONE, place.site.id, actor, now
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
    except InvalidInputError as error:
        return await _call_page(data, error.problems, actor, now)
    except RefusedError as error:
        problem = {FIELD_OF.get(error.code, ""): error.message}
        return await _call_page(data, problem, actor, now)
    say(done, flash)
    flash("success", N_("Entered: {number}.", number=done.received.matter_number))
    return Redirect(f"/government/contacts/{done.received.contact_id}", status_code=303)


router = Router(
    path="/government",
    route_handlers=[show_batches, open_batch, show_batch, enter_letter, new_call, take_call],
)
