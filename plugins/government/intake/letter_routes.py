"""Letters by batch: deliveries opened, letters entered one by one with their scans (GOV-4)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government.facts import FREQUENCIES, LETTER
from plugins.government.inputs import Flash, Form, Query, day_in, number_in, typed
from plugins.government.intake import entry_forms, forms, letters, queries
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
from plugins.government.intake.once import SENT_TWICE, SentAlreadyError
from plugins.government.matters import states
from plugins.government.papers.filling import office_of
from plugins.government.rights import REGISTER
from plugins.government.screening.facts import SUGGESTIONS

BATCH = (
    Field(
        name="received_on", label=N_("Day on which the letters came"), kind="date", required=True
    ),
    Field(name="pieces", label=N_("Number of letters"), kind="number", required=True, max_length=4),
    Field(name="carrier", label=N_("Brought by"), max_length=60),
)


@get("/letters", requires=REGISTER)
async def show_batches(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List the batches of letters, with the form for the next one."""
    values = {"received_on": site_time(now).date().isoformat(), "pieces": "1"}
    return await _batches(typed(request), values, {}, actor, now)


async def _batches(
    query: Mapping[str, str],
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    actor: Actor,
    now: datetime,
) -> Template:
    place = await place_of(actor, query)
    page = number_in(query, "page")
    found, total = await letters.batches(place.site.id, actor, now, page=page)
    return Template(
        "government/intake/letters.html",
        context={
            "site": place.site,
            "batches": found,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // letters.PAGE)),
            "query": query if not errors else {},
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
        return await _batches(data, dict(cleaned.values), error.problems, actor, now)
    return Redirect(f"/government/letters/{batch_id}", status_code=303)


@get("/letters/{batch_id:uuid}", requires=REGISTER)
async def show_batch(
    request: Query,
    batch_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Template:
    """Show a batch: the letters entered, and the form for the next one."""
    line = await letters.batch(batch_id, actor, now)
    query = typed(request)
    values = await fresh(line.site_id, query, actor, now)
    return await _batch_page(line, values, {}, actor, now, number_in(query, "page"))


async def _batch_page(
    line: letters.BatchLine,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    actor: Actor,
    now: datetime,
    page: int = 1,
) -> Template:
    entered, total = await queries.of_day(actor, at=now, batch=line.id, page=page)
    return await entry_page(
        SORTS[LETTER],
        values,
        errors,
        actor,
        now,
        action=f"/government/letters/{line.id}",
        batch=line,
        entered=entered,
        total=total,
        page=page,
        pages=max(1, -(-total // queries.PAGE)),
        stages=states.STAGES,
        frequencies=FREQUENCIES,
        suggestions=SUGGESTIONS,
        office=await office_of(line.site_id),
    )


@post("/letters/{batch_id:uuid}", requires=REGISTER, request_max_body_size=UPLOAD_BYTES)
async def enter_letter(
    batch_id: FromPath[UUID],
    data: Upload,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Enter a letter with its scans."""
    line = await letters.batch(batch_id, actor, now)
    texts = {**texts_of(data), "site": str(line.site_id)}
    if texts.get("pick"):
        return await _batch_page(line, await picked(texts, actor, now), {}, actor, now)
    if texts.get("do") == "look":
        return await _batch_page(line, texts, {}, actor, now)
    try:
        new, screened, values, problems = await typed_entry(
            SORTS[LETTER], texts, line.site_id, actor, now
        )
        pages = forms.number(values, "pages", problems, least=1, most=500)
        pictures = await pictures_of(data, problems)
        entry_forms.refuse(problems)
        notes = letters.LetterNotes(
            envelope=values["envelope"] or "whole",
            stamp=values["stamp"] or "whole",
            pages=pages or 1,
        )
        done = await letters.enter(
            batch_id, new, screened, notes, pictures, actor=actor, at=now, plugins=plugins
        )
    except SentAlreadyError:
        flash("info", SENT_TWICE)
        return Redirect(f"/government/letters/{batch_id}", status_code=303)
    except InvalidInputError as error:
        return await _batch_page(line, texts, error.problems, actor, now)
    except RefusedError as error:
        problem = {FIELD_OF.get(error.code, ""): error.message}
        return await _batch_page(line, texts, problem, actor, now)
    except WrongStateError as error:
        return await _batch_page(line, texts, {"": error.message}, actor, now)
    say(done, flash)
    flash("success", N_("Entered: {number}.", number=done.received.matter_number))
    return Redirect(f"/government/letters/{batch_id}", status_code=303)


router = Router(
    path="/government", route_handlers=[show_batches, open_batch, show_batch, enter_letter]
)
