"""Acts on review, re-review, more time, reasons of delay, closing and the file of final items."""

from datetime import datetime
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import NotFoundError, WrongStateError
from core.forms import read
from core.i18n import N_
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government.inputs import Flash, Form, day_in, uuid_in, whole_in
from plugins.government.matters import access
from plugins.government.opinions import closing, extending, pages, reviewing
from plugins.government.opinions.facts import FILING
from plugins.government.opinions.pages import Answer, acted
from plugins.government.opinions.routes import MAY
from plugins.government.opinions.tables import Extension
from plugins.government.rights import HANDLE

_MISSING = N_("Please fill this in.")


@get("/matters/{matter_id:uuid}/review", requires=HANDLE)
async def ask_form(
    matter_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of a request for review or re-review."""
    return (await pages.review(matter_id, actor, now)).drawn()


@post("/matters/{matter_id:uuid}/review", requires=HANDLE)
async def ask(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Enter a request for review or re-review; a late one may be recorded as refused."""
    form = await pages.review(matter_id, actor, now)
    cleaned = read(form.fields, data)
    day = day_in(data, "asked_on")
    if cleaned.problems or day is None:
        missing = {"asked_on": _MISSING} if day is None else {}
        return form.drawn(data, {**missing, **cleaned.problems})
    refuse = data.get("do") == "refuse"
    asked = reviewing.Asked(
        asked_on=day,
        in_writing=bool(cleaned.values["in_writing"]),
        reasons=cleaned.values["reasons"],
        evidence=cleaned.values["evidence"],
        good_reason=cleaned.values["good_reason"],
        body_id=uuid_in(cleaned.values, "body"),
        body_confirmed=bool(cleaned.values["body_confirmed"]),
        refuse=refuse,
    )
    said = N_("The refusal is on record.") if refuse else N_("The request is on its way.")
    work = reviewing.ask(matter_id, asked, actor=actor, at=now)
    return await acted(work, form, data, said, flash)


@get("/matters/{matter_id:uuid}/hearing", requires=MAY)
async def hearing_form(
    matter_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of a hearing's beginning or end."""
    return (await pages.hearing(matter_id, actor, now)).drawn()


@post("/matters/{matter_id:uuid}/hearing", requires=MAY)
async def hearing(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Let the clock of a re-review rest for a hearing, or run on."""
    form = await pages.hearing(matter_id, actor, now)
    day = day_in(data, "day")
    if data.get("do") == "end":
        said = N_("The clock of the re-review runs again.")
        work = reviewing.end_hearing(matter_id, day, actor=actor, at=now)
    else:
        said = N_("The clock of the re-review rests for the hearing.")
        work = reviewing.begin_hearing(matter_id, day, actor=actor, at=now)
    return await acted(work, form, data, said, flash)


@get("/matters/{matter_id:uuid}/extension", requires=MAY)
async def extend_form(
    matter_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of asking for more time."""
    return (await pages.extension(matter_id, actor, now)).drawn()


@post("/matters/{matter_id:uuid}/extension", requires=MAY)
async def extend(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Answer:
    """Ask the head for more time."""
    form = await pages.extension(matter_id, actor, now)
    cleaned = read(form.fields, data)
    if cleaned.problems:
        return form.drawn(data, cleaned.problems)
    work = extending.ask(
        matter_id,
        days=whole_in(cleaned.values, "days"),
        reason=cleaned.values["reason"],
        note=cleaned.values["note"],
        actor=actor,
        at=now,
        plugins=plugins,
    )
    return await acted(work, form, data, N_("The head is asked for more time."), flash)


async def _telling(extension_id: UUID, actor: Actor, now: datetime) -> pages.ActForm:
    row = await Extension.objects().get(Extension.id == extension_id)
    if row is None:
        raise NotFoundError
    return await pages.telling(extension_id, row.matter, actor, now)


@get("/extensions/{extension_id:uuid}/told", requires=MAY)
async def told_form(
    extension_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of having told the petitioner of more time."""
    return (await _telling(extension_id, actor, now)).drawn()


@post("/extensions/{extension_id:uuid}/told", requires=MAY)
async def told(
    extension_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Record that the petitioner was told of an extension."""
    form = await _telling(extension_id, actor, now)
    work = extending.tell(
        extension_id, on=day_in(data, "on"), method=data.get("method", ""), actor=actor, at=now
    )
    said = N_("It is on record that the petitioner was told.")
    return await acted(work, form, data, said, flash)


@get("/matters/{matter_id:uuid}/delay", requires=MAY)
async def delay_form(
    matter_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of telling why an item cannot be closed in time."""
    return (await pages.delay(matter_id, actor, now)).drawn()


@post("/matters/{matter_id:uuid}/delay", requires=MAY)
async def delay(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Tell who assigned the item why it cannot be closed in time."""
    form = await pages.delay(matter_id, actor, now)
    cleaned = read(form.fields, data)
    if cleaned.problems:
        return form.drawn(data, cleaned.problems)
    work = extending.report_delay(
        matter_id,
        reason=cleaned.values["reason"],
        note=cleaned.values["note"],
        actor=actor,
        at=now,
    )
    said = N_("The reason went to whoever assigned the item.")
    return await acted(work, form, data, said, flash)


@post("/delays/{delay_id:uuid}/seen", requires=HANDLE)
async def seen(
    delay_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Note that the office has read a reason of delay."""
    matter_id = await extending.see_delay(delay_id, actor=actor, at=now)
    flash("success", N_("Noted as read."))
    return Redirect(f"/government/matters/{matter_id}#time", status_code=303)


@get("/matters/{matter_id:uuid}/close", requires=HANDLE)
async def close_form(
    matter_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of closing an item."""
    return (await pages.closing(matter_id, actor, now)).drawn()


@post("/matters/{matter_id:uuid}/close", requires=HANDLE)
async def close(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Close an item."""
    form = await pages.closing(matter_id, actor, now)
    cleaned = read(form.fields, data)
    if cleaned.problems:
        return form.drawn(data, cleaned.problems)
    reason, note = cleaned.values["reason"], cleaned.values["note"]
    work = closing.close(matter_id, reason=reason, note=note, actor=actor, at=now)
    return await acted(work, form, data, N_("The item is closed."), flash)


@post("/matters/{matter_id:uuid}/filing", requires=HANDLE)
async def filing(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Keep what was found in the file of a final item."""
    await access.require(matter_id, actor, now)
    ticked = [name for name in FILING if data.get(name)]
    try:
        complete = await closing.confirm_filing(matter_id, ticked, actor=actor, at=now)
    except WrongStateError as error:
        flash("error", error.message)
    else:
        if complete:
            flash("success", N_("The file is complete: the item can be closed."))
        else:
            flash("warning", N_("Kept. Something is still missing."))
    return Redirect(f"/government/matters/{matter_id}#closing", status_code=303)


router = Router(
    path="/government",
    route_handlers=[
        *(ask_form, ask, hearing_form, hearing, extend_form, extend, told_form, told),
        *(delay_form, delay, seen, close_form, close, filing),
    ],
)
