"""One reception day with its bookings and who is added; delegated, moved, cancelled, settled."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.forms import read
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government.inputs import (
    Flash,
    Form,
    day_in,
    uuid_in,
    whole_in,
)
from plugins.government.matters import queries as matters
from plugins.government.reception import acts, booking, forms, papers, queries
from plugins.government.reception.facts import BOOKING_STATES
from plugins.government.reception.rights import PLAN
from plugins.government.rights import HANDLE, READ
from plugins.government.units import queries as units

Answer = Response[None] | Template


@get("/reception/{day_id:uuid}", requires=READ)
async def show(
    day_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show one reception day with its bookings; printed as the day's list."""
    return await _day(day_id, actor, now, "", {}, {})


async def _day(
    day_id: UUID,
    actor: Actor,
    now: datetime,
    form: str,
    values: dict[str, str],
    errors: Any,
) -> Template:
    day = await queries.day(day_id, actor)
    plans = actor.may_at(PLAN, day.site_id)
    today = site_time(now).date()
    everybody = [(str(one.id), one.name) for one in await units.units(site_id=day.site_id)]
    here = {
        "day": day.day.isoformat(),
        "place": day.place,
        "begins": day.begins,
        "ends": day.ends,
        "slots": str(day.slots),
        "heads": "1",
    }
    may = day.state == "planned" and day.day >= today
    return Template(
        "government/reception/day.html",
        context={
            "day": day,
            "bookings": await queries.bookings(day_id, actor, at=now),
            "sections": await queries.sections(day_id),
            "states": BOOKING_STATES,
            "plans": plans and may,
            "reinstates": plans and day.state == "cancelled" and day.day >= today,
            "delegates": may and (plans or day.leader_id == actor.id),
            "books": may and actor.may_at(HANDLE, day.site_id),
            "settles": day.day <= today and actor.may_at(HANDLE, day.site_id),
            "desk": actor.may_at(HANDLE, day.site_id),
            "delegate": forms.delegate(await queries.receivers(day.site_id)) if may else (),
            "change": forms.CHANGE,
            "cancel": forms.CANCEL,
            "section": forms.section(everybody),
            "book": forms.BOOK_HERE,
            "form": form,
            "values": {**here, **values},
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


async def _acted(
    work: Awaitable[Any],
    day_id: UUID,
    form: str,
    data: dict[str, str],
    said: Message,
    actor: Actor,
    now: datetime,
    flash: Flash,
) -> Answer:
    """Carry out an act on a day; a refusal brings its page back with what was typed."""
    try:
        await work
    except InvalidInputError as error:
        return await _day(day_id, actor, now, form, data, error.problems)
    except (RefusedError, WrongStateError) as error:
        return await _day(day_id, actor, now, form, data, {"": error.message})
    flash("success", said)
    return Redirect(f"/government/reception/{day_id}", status_code=303)


@post("/reception/{day_id:uuid}/delegate", requires=(READ, PLAN))
async def delegate(
    day_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Let somebody else receive on a day."""
    day = await queries.day(day_id, actor)
    cleaned = read(forms.delegate(await queries.receivers(day.site_id)), data)
    user_id = uuid_in(cleaned.values, "user")
    if cleaned.problems or user_id is None:
        return await _day(day_id, actor, now, "delegate", data, cleaned.problems)
    post_ = cleaned.values["post"]
    work = acts.delegate(day_id, user_id, post=post_, actor=actor, at=now)
    said = N_("The day is delegated; who receives is told.")
    return await _acted(work, day_id, "delegate", data, said, actor, now, flash)


@post("/reception/{day_id:uuid}/change", requires=PLAN)
async def change(
    day_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Change place, hours and places of a day."""
    cleaned = read(forms.CHANGE, data)
    if cleaned.problems:
        return await _day(day_id, actor, now, "change", data, cleaned.problems)
    work = acts.change(
        day_id,
        day=day_in(cleaned.values, "day"),
        place=cleaned.values["place"],
        begins=cleaned.values["begins"],
        ends=cleaned.values["ends"],
        slots=whole_in(cleaned.values, "slots"),
        actor=actor,
        at=now,
    )
    said = N_("The reception day was changed. Who receives is told; call those who booked.")
    return await _acted(work, day_id, "change", data, said, actor, now, flash)


@post("/reception/{day_id:uuid}/cancel", requires=PLAN)
async def cancel(
    day_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Let a reception day not take place."""
    work = acts.cancel(day_id, reason=data.get("note", ""), actor=actor, at=now)
    said = N_("The reception day does not take place; call those who booked.")
    return await _acted(work, day_id, "cancel", data, said, actor, now, flash)


@post("/reception/{day_id:uuid}/reinstate", requires=PLAN)
async def reinstate(
    day_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Let a cancelled day take place after all."""
    work = acts.reinstate(day_id, actor=actor, at=now)
    said = N_("The reception day takes place after all; call those who booked.")
    return await _acted(work, day_id, "reinstate", {}, said, actor, now, flash)


@post("/reception/{day_id:uuid}/sections", requires=PLAN)
async def sections(
    day_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Add a unit whose head is to be there, or drop it."""
    unit_id = uuid_in(data, "unit")
    if unit_id is None:
        problem = {"unit": N_("Please choose one of the options.")}
        return await _day(day_id, actor, now, "section", data, problem)
    if data.get("do") == "drop":
        work = acts.drop_section(day_id, unit_id, actor=actor, at=now)
        said = N_("The unit need not be there.")
    else:
        work = acts.add_section(day_id, unit_id, actor=actor, at=now)
        said = N_("The unit's head is told to be there.")
    return await _acted(work, day_id, "section", data, said, actor, now, flash)


@post("/reception/{day_id:uuid}/book", requires=HANDLE)
async def book(
    day_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Book a place at the desk, for an item or without."""
    cleaned = read(forms.BOOK_HERE, data)
    if cleaned.problems:
        return await _day(day_id, actor, now, "book", data, cleaned.problems)
    matter_id = None
    if number := cleaned.values["number"]:
        found, _ = await matters.matters(
            actor, matters.Filter(), at=now, size=1, extra=("m.number = {}", [number])
        )
        if not found:
            problem = {"number": N_("There is no such item.")}
            return await _day(day_id, actor, now, "book", data, problem)
        matter_id = found[0].id
    work = booking.book(
        day_id,
        name=cleaned.values["name"],
        phone=cleaned.values["phone"],
        topic=cleaned.values["topic"],
        heads=whole_in(cleaned.values, "heads"),
        at=now,
        actor=actor,
        matter_id=matter_id,
    )
    said = N_("The place is booked.")
    return await _acted(work, day_id, "book", data, said, actor, now, flash)


@post("/bookings/{booking_id:uuid}/settle", requires=HANDLE)
async def settle(
    booking_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Note that somebody was received, did not come, or called off."""
    day_id = await queries.day_of(booking_id)
    try:
        await booking.settle(booking_id, data.get("state", ""), actor=actor, at=now)
    except (WrongStateError, InvalidInputError) as error:
        flash("error", error.message)
    else:
        flash("success", N_("Noted."))
    return Redirect(f"/government/reception/{day_id}", status_code=303)


@get("/bookings/{booking_id:uuid}/slip", requires=HANDLE)
async def slip(
    booking_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[bytes]:
    """Send the slip of a booking: printed when the petitioner has come."""
    pdf = await papers.slip(booking_id, actor=actor, at=now)
    headers = {
        "content-disposition": 'inline; filename="reception.pdf"',
        "cache-control": "private, no-store",
    }
    return Response(pdf, media_type="application/pdf", headers=headers)


router = Router(
    path="/government",
    route_handlers=[show, delegate, change, cancel, reinstate, sections, book, settle, slip],
)
