"""Acts on opinions: drafted, put forward, recorded as received, delivered, how they were taken."""

from datetime import datetime
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.documents import deliveries
from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.forms import read
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government.inputs import Flash, Form, Query, day_in, number_in, typed
from plugins.government.matters import access, states
from plugins.government.matters import queries as matters
from plugins.government.opinions import delivering, drafting, pages, queries, today
from plugins.government.opinions.facts import Texts
from plugins.government.opinions.pages import Answer, acted
from plugins.government.rights import HANDLE, UNIT

MAY = (HANDLE, UNIT)
_MISSING = N_("Please fill this in.")


@get("/opinions", requires=MAY)
async def show_due(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List the items for which an opinion is to be delivered, told, closed, read."""
    query = typed(request)
    names = list(today.LISTS) if actor.may(HANDLE) else list(today.FOR_UNITS)
    due = query.get("due", "") if query.get("due") in names else names[0]
    page = number_in(query, "page")
    lines, total = await matters.matters(
        actor, matters.Filter(), at=now, page=page, extra=today.condition_of(due)
    )
    return Template(
        "government/opinions/list.html",
        context={
            "title": today.LISTS[due][0],
            "lists": [(name, today.LISTS[name][0]) for name in names],
            "due": due,
            "lines": lines,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // matters.PAGE)),
            "query": query,
            "stages": states.STAGES,
        },
    )


@get("/matters/{matter_id:uuid}/opinion", requires=MAY)
async def draft_form(
    matter_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of the opinion that is due."""
    return (await pages.opinion(matter_id, actor, now)).drawn()


@post("/matters/{matter_id:uuid}/opinion", requires=MAY)
async def draft(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Answer:
    """Keep the draft of the opinion that is due, or put it forward for signature at once."""
    form = await pages.opinion(matter_id, actor, now)
    cleaned = read(form.fields, data)
    keeps = data.get("do") == "keep"
    problems = {
        name: problem
        for name, problem in cleaned.problems.items()
        if not keeps or name == "outcome" or cleaned.values[name]
    }
    if problems:
        return form.drawn(data, problems)
    texts = Texts(
        **{name: cleaned.values[name] for name in ("claims", "facts", "basis", "decision")}
    )

    async def work() -> None:
        found = await drafting.save_draft(
            matter_id, cleaned.values["outcome"], texts, actor=actor, at=now
        )
        if not keeps:
            await drafting.submit(found, actor=actor, at=now, plugins=plugins)

    said = N_("The draft was kept.") if keeps else N_("Put forward for signature.")
    return await acted(work(), form, data, said, flash)


@post("/opinions/{opinion_id:uuid}/take-back", requires=MAY)
async def take_back(
    opinion_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Take an opinion back from the signers, to change it."""
    matter_id = await queries.matter_of(opinion_id)
    await access.require(matter_id, actor, now)
    level, said = "success", N_("Taken back: it can be changed.")
    try:
        await drafting.take_back(opinion_id, actor=actor, at=now, plugins=plugins)
    except (WrongStateError, RefusedError, InvalidInputError) as error:
        level, said = "error", error.message
    flash(level, said)
    return Redirect(f"/government/matters/{matter_id}#opinions", status_code=303)


@get("/opinions/{opinion_id:uuid}/received", requires=HANDLE)
async def received_form(
    opinion_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of an opinion that came on paper."""
    return (await pages.received(opinion_id, actor, now)).drawn()


@post("/opinions/{opinion_id:uuid}/received", requires=HANDLE)
async def received(
    opinion_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Record an opinion that came on paper from a body without accounts."""
    form = await pages.received(opinion_id, actor, now)
    cleaned = read(form.fields, data)
    problems: dict[str, Message] = dict(cleaned.problems)
    day = day_in(data, "issued_on")
    if problems or day is None:
        return form.drawn(data, {"issued_on": _MISSING, **problems} if day is None else problems)
    work = drafting.record_received(
        opinion_id,
        label=cleaned.values["label"],
        signed_by=cleaned.values["signed_by"],
        issued_on=day,
        actor=actor,
        at=now,
    )
    return await acted(work, form, data, N_("The opinion is on record."), flash)


@get("/opinions/{opinion_id:uuid}/deliver", requires=MAY)
async def deliver_form(
    opinion_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of a delivery."""
    return (await pages.delivery(opinion_id, actor, now)).drawn()


@post("/opinions/{opinion_id:uuid}/deliver", requires=MAY)
async def deliver(
    opinion_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Record how an opinion reached the petitioner."""
    form = await pages.delivery(opinion_id, actor, now)
    cleaned = read(form.fields, data)
    if cleaned.problems:
        return form.drawn(data, cleaned.problems)

    async def work() -> None:
        delivery = deliveries.typed(cleaned.values, data.get("signature", ""))
        await delivering.deliver(opinion_id, delivery, actor=actor, at=now)

    return await acted(work(), form, data, N_("The delivery is on record."), flash)


@get("/opinions/by-paper/{document_id:uuid}", requires=MAY)
async def by_paper(
    document_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Redirect:
    """Lead from an opinion's paper to where its delivery is noted."""
    found = await queries.opinion(await queries.by_paper(document_id))
    await access.require(found.matter_id, actor, now)
    if found.delivered is not None:
        return Redirect(f"/government/matters/{found.matter_id}#opinions", status_code=303)
    return Redirect(f"/government/opinions/{found.id}/deliver", status_code=303)


@get("/opinions/{opinion_id:uuid}/undeliver", requires=MAY)
async def undeliver_form(
    opinion_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of taking back a delivery that was noted wrongly."""
    return (await pages.undoing(opinion_id, actor, now)).drawn()


@post("/opinions/{opinion_id:uuid}/undeliver", requires=MAY)
async def undeliver(
    opinion_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Take back a delivery that was noted wrongly."""
    form = await pages.undoing(opinion_id, actor, now)
    cleaned = read(form.fields, data)
    if cleaned.problems:
        return form.drawn(data, cleaned.problems)
    work = delivering.void(opinion_id, cleaned.values["reason"], actor=actor, at=now)
    return await acted(work, form, data, N_("The note is taken back."), flash)


@get("/opinions/{opinion_id:uuid}/tell", requires=MAY)
async def tell_form(
    opinion_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of having told orally what came of an item."""
    return (await pages.told(opinion_id, actor, now)).drawn()


@post("/opinions/{opinion_id:uuid}/tell", requires=MAY)
async def tell(
    opinion_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Record that what came of an item was told orally."""
    form = await pages.told(opinion_id, actor, now)
    cleaned = read(form.fields, data)
    day = day_in(data, "on")
    if cleaned.problems or day is None:
        missing = {"on": _MISSING} if day is None else {}
        return form.drawn(data, {**missing, **cleaned.problems})
    work = delivering.tell(
        opinion_id,
        on=day,
        means=cleaned.values["means"],
        note=cleaned.values["note"],
        actor=actor,
        at=now,
    )
    return await acted(work, form, data, N_("It is on record that it was told."), flash)


@get("/opinions/{opinion_id:uuid}/taken", requires=MAY)
async def taken_form(
    opinion_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of how an opinion was taken."""
    return (await pages.taking(opinion_id, actor, now)).drawn()


@post("/opinions/{opinion_id:uuid}/taken", requires=MAY)
async def taken(
    opinion_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Record how the petitioner took an opinion."""
    form = await pages.taking(opinion_id, actor, now)
    cleaned = read(form.fields, data)
    if cleaned.problems:
        return form.drawn(data, cleaned.problems)
    work = delivering.record_taken(
        opinion_id,
        taken=cleaned.values["taken"],
        note=cleaned.values["note"],
        led_to=cleaned.values["led_to"],
        consent=bool(cleaned.values["consent"]),
        actor=actor,
        at=now,
    )
    return await acted(work, form, data, N_("It is on record how it was taken."), flash)


@get("/opinions/{opinion_id:uuid}/publish", requires=MAY)
async def publish_form(
    opinion_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of making a result known."""
    return (await pages.publishing(opinion_id, actor, now)).drawn()


@post("/opinions/{opinion_id:uuid}/publish", requires=MAY)
async def publish(
    opinion_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Record that a result was made known in a limited circle."""
    form = await pages.publishing(opinion_id, actor, now)
    cleaned = read(form.fields, data)
    if cleaned.problems:
        return form.drawn(data, cleaned.problems)
    work = delivering.publish(opinion_id, circle=cleaned.values["circle"], actor=actor, at=now)
    return await acted(work, form, data, N_("It is on record where it was made known."), flash)


router = Router(
    path="/government",
    route_handlers=[
        *(show_due, draft_form, draft, take_back, received_form, received, deliver_form, deliver),
        *(by_paper, undeliver_form, undeliver, tell_form, tell),
        *(taken_form, taken, publish_form, publish),
    ],
)
