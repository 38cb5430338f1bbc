"""Everything of a day from all channels, what still lacks a suggestion, one contact with its scans (GOV-8)."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import db
from core.errors import InvalidInputError, NotFoundError
from core.forms import read
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks, facts
from plugins.government.inputs import Flash, Form, Query, day_in, number_in, typed, uuid_in
from plugins.government.intake import calls, letters, queries, scans
from plugins.government.intake.desk_forms import SUGGESTION_TEXT
from plugins.government.intake.entry_pages import UPLOAD_BYTES, Upload, pictures_of
from plugins.government.intake.facts import DETAILS, ENVELOPES, STAMPS
from plugins.government.matters import states
from plugins.government.papers.filling import office_of
from plugins.government.rights import HANDLE, READ, REGISTER
from plugins.government.screening import services as screening
from plugins.government.screening.facts import SUGGESTIONS


@get("/day", requires=READ)
async def show_day(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List what came on a day, by all channels."""
    query = typed(request)
    local = site_time(now)
    lacking = query.get("lacking") == "yes"
    day = day_in(query, "day", None if lacking else local.date())
    channel = query.get("channel", "") if query.get("channel") in facts.CHANNELS else ""
    page = number_in(query, "page")
    found, total = await queries.of_day(
        actor, at=now, day=day, channel=channel, lacking=lacking, page=page
    )
    rules = (await clocks.in_force(now)).values
    rooms = {one.site_id for one in found}
    close = time.fromisoformat(rules.close_of_business)
    return Template(
        "government/intake/day.html",
        context={
            "contacts": found,
            "office": await office_of(rooms.pop()) if len(rooms) == 1 else "",
            "total": total,
            "page": page,
            "pages": max(1, -(-total // queries.PAGE)),
            "query": query,
            "day": day,
            "before": day - timedelta(days=1) if day is not None else None,
            "after": day + timedelta(days=1) if day is not None and day < local.date() else None,
            "figures": await queries.figures_of_day(actor, at=now, day=day or local.date()),
            "closed": local.time() >= close or (day is not None and day < local.date()),
            "close": rules.close_of_business,
            "channels": facts.CHANNELS,
            "stages": states.STAGES,
            "purposes": facts.PURPOSES,
            "suggestions": SUGGESTIONS,
            "may_register": {one.id for one in found if actor.may_at(REGISTER, one.site_id)},
            "may_suggest": {one.id for one in found if actor.may_at(HANDLE, one.site_id)},
        },
    )


@post("/day/suggest", requires=HANDLE)
async def suggest(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Enter the suggestion for an item right in the list (GOV-8)."""
    matter_id = uuid_in(data, "matter")
    if matter_id is None:
        raise NotFoundError
    typed_text = read((SUGGESTION_TEXT,), data)
    text = typed_text.values["suggestion_text"]
    try:
        if typed_text.problems:  # too long: nothing is cut off or left out
            flash("error", typed_text.problems["suggestion_text"])
        else:
            chosen = data.get("suggestion", "")
            await screening.suggest(matter_id, chosen, text, actor=actor, at=now)
            flash("success", N_("The suggestion was entered."))
    except InvalidInputError:
        flash("error", N_("Choose the suggestion, then enter it."))
    day = day_in(data, "day")
    return Redirect(
        f"/government/day?day={day.isoformat()}" if day else "/government/day?lacking=yes",
        status_code=303,
    )


@get("/contacts/{contact_id:uuid}", requires=REGISTER)
async def show_contact(
    contact_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show one visit, letter or call with its scans."""
    return await contact_page(contact_id, actor, now)


async def contact_page(
    contact_id: UUID, actor: Actor, now: datetime, errors: dict[str, Any] | None = None
) -> Template:
    """Return the page of a contact, after a rejected file with what is wrong."""
    found = await queries.contact(contact_id, actor, now)
    rules = (await clocks.in_force(now)).values
    return Template(
        "government/intake/contact.html",
        context={
            "contact": found,
            "further": await queries.of_visit(found, actor, now),
            "letter": await letters.notes_of(contact_id),
            "call": await calls.notes_of(contact_id),
            "scans": await scans.of_contact(contact_id, actor, now),
            "details": DETAILS,
            "envelopes": ENVELOPES,
            "stamps": STAMPS,
            "channels": facts.CHANNELS,
            "frequencies": facts.FREQUENCIES,
            "rings_most": rules.rings_most,
            "errors": errors or {},
        },
        status_code=422 if errors else 200,
    )


@post(
    "/contacts/{contact_id:uuid}/scans",
    requires=REGISTER,
    request_max_body_size=UPLOAD_BYTES,
)
async def add_scans(
    contact_id: FromPath[UUID],
    data: Upload,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Add scans to a contact: the letter, its envelope, papers handed in."""
    await queries.contact(contact_id, actor, now)
    problems: dict[str, Message] = {}
    pictures = await pictures_of(data, problems)
    if problems:
        return await contact_page(contact_id, actor, now, problems)
    if not pictures:
        return await contact_page(contact_id, actor, now, {"scans": N_("Please choose a file.")})
    async with db.writing():
        await scans.keep(contact_id, pictures, actor=actor, at=now)
    flash("success", N_("The scans are kept."))
    return Redirect(f"/government/contacts/{contact_id}", status_code=303)


router = Router(path="/government", route_handlers=[show_day, suggest, show_contact, add_scans])
