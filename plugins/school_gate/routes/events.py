"""Class events: the teacher's application and list, the offices' view, the printed list (SCH-12)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import clock
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.forms import read
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from core.typed import number_in, uuid_in
from plugins.school_gate import forms as school_forms
from plugins.school_gate.events import admitting, applying, forms, queries, services
from plugins.school_gate.events.facts import CAME_BY, CHANGEABLE, STATES
from plugins.school_gate.events.queries import EventLine
from plugins.school_gate.events.rights import (
    ADMIT_EVENT,
    APPLY_EVENT,
    CANCEL_EVENT,
    SEE_EVENT,
    is_teacher,
    teaches,
)
from plugins.school_gate.queries import pupils, timetable
from plugins.school_gate.queries.pupils import PupilFilter
from plugins.school_gate.routes.inputs import Flash, Form

Query = Request[Any, Any, Any]


@get(["/events", "/my-events"], requires=SEE_EVENT)
async def show_all(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List class events, the latest first."""
    page = number_in(request.query_params, "page")
    found, total = await queries.events(actor, page=page)
    return Template(
        "school_gate/events/list.html",
        context={
            "events": found,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // queries.PAGE)),
            "query": {name: str(value) for name, value in request.query_params.items()},
            "states": STATES,
            "may_apply": teaches(actor),
            "now_": now,
        },
    )


async def _fields(actor: Actor, now: datetime) -> tuple[Any, ...]:
    own = [
        (str(one.id), one.full_name)
        for one in await pupils.classes(actor, at_ms=clock.to_ms(now), teacher_id=actor.host_id)
    ]
    gates = [(str(gate.id), gate.name) for gate in await timetable.gates_of(actor, APPLY_EVENT)]
    return forms.fields(own, gates)


@get("/events/new", requires=APPLY_EVENT)
async def new(actor: NamedDependency[Actor], now: NamedDependency[datetime]) -> Template:
    """Show the form of an application; a teacher's only class is chosen already."""
    classes = list((await _fields(actor, now))[0].options) if teaches(actor) else []
    return await _form(actor, now, {"class": classes[0][0]} if len(classes) == 1 else {}, {})


async def _form(
    actor: Actor,
    now: datetime,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    line: EventLine | None = None,
    status: int = 200,
) -> Template:
    fields = await _fields(actor, now) if teaches(actor) else ()
    return Template(
        "school_gate/events/form.html",
        context={
            "fields_": fields,
            "has_class": bool(fields and fields[0].options),
            "values": values,
            "errors": errors,
            "line": line,
            "rules": (await timetable.in_force(now)).values,
        },
        status_code=status,
    )


@post("/events", requires=APPLY_EVENT)
async def create(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Write down an event as a draft."""
    if not teaches(actor):
        raise NotFoundError
    event, values, problems = forms.read_event(data, await _fields(actor, now), now)
    if event is None:
        return await _form(actor, now, values, problems, status=422)
    try:
        event_id = await services.create(event, actor=actor, at=now)
    except InvalidInputError as error:
        return await _form(actor, now, values, error.problems, status=422)
    flash("success", N_("Draft kept. Look at the list of parents, then submit it."))
    return Redirect(f"/school-gate/events/{event_id}", status_code=303)


@get("/events/{event_id:uuid}/edit", requires=APPLY_EVENT)
async def edit(
    event_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form of a draft."""
    line = await _own(event_id, actor)
    return await _form(actor, now, forms.values_of(line), {}, line)


async def _own(event_id: UUID, actor: Actor) -> EventLine:
    line = await queries.event(event_id, actor)
    if not is_teacher(actor, line.teacher_id, line.site_id):
        raise NotFoundError
    return line


@post("/events/{event_id:uuid}", requires=APPLY_EVENT)
async def change(
    event_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Change a draft."""
    line = await _own(event_id, actor)
    event, values, problems = forms.read_event(data, await _fields(actor, now), now)
    if event is None:
        return await _form(actor, now, values, problems, line, 422)
    try:
        await services.change(event_id, event, actor=actor, at=now)
    except InvalidInputError as error:
        return await _form(actor, now, values, error.problems, line, 422)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Saved."))
    return Redirect(f"/school-gate/events/{event_id}", status_code=303)


@get("/events/{event_id:uuid}", requires=SEE_EVENT)
async def show(
    event_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show an event, how it stands, and its list with who came."""
    await admitting.settle(now)
    return await page_of(event_id, actor, now)


async def page_of(
    event_id: UUID,
    actor: Actor,
    now: datetime,
    errors: Mapping[str, Message] | None = None,
    status: int = 200,
) -> Template:
    """Return an event's page, after a rejected form with what was wrong."""
    line = await queries.event(event_id, actor)
    own = is_teacher(actor, line.teacher_id, line.site_id)
    guests = await queries.guests(event_id)
    return Template(
        "school_gate/events/event.html",
        context={
            "line": line,
            "guests": guests,
            "counts": admitting.expected(guests),
            "states": STATES,
            "came_by": CAME_BY,
            "relation_label": school_forms.relation_label,
            "is_own": own,
            "changeable": own and line.state in CHANGEABLE,
            "may_admit": actor.may_at(ADMIT_EVENT, line.site_id),
            "may_cancel": services.may_cancel(line, actor),
            "is_over": now > line.ends_at,
            "reason": forms.REASON,
            "errors": errors or {},
        },
        status_code=status,
    )


@get("/events/{event_id:uuid}/list", requires=APPLY_EVENT)
async def edit_list(
    event_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show all guardians of the class's pupils, those on the list ticked."""
    return await _list(event_id, actor, now, {})


async def _list(
    event_id: UUID,
    actor: Actor,
    now: datetime,
    errors: Mapping[str, Message],
    status: int = 200,
) -> Template:
    line = await _own(event_id, actor)
    found, _ = await pupils.pupils(
        actor, PupilFilter(class_id=line.class_id), at_ms=clock.to_ms(now), size=500
    )
    return Template(
        "school_gate/events/guests.html",
        context={
            "line": line,
            "families": [(one, await pupils.guardians_of(one.id)) for one in found],
            "chosen": {guest.guardian_id for guest in await queries.guests(event_id)},
            "relation_label": school_forms.relation_label,
            "rules": (await timetable.in_force(now)).values,
            "errors": errors,
        },
        status_code=status,
    )


@post("/events/{event_id:uuid}/list", requires=APPLY_EVENT)
async def set_list(
    event_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Keep who is on the list."""
    chosen = [
        found for name in data if name.startswith("g-") and (found := uuid_in({"g": name[2:]}, "g"))
    ]
    try:
        count = await services.set_guests(event_id, chosen, actor=actor, at=now)
    except InvalidInputError as error:
        return await _list(event_id, actor, now, error.problems, 422)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("{count} parents are on the list.", count=count))
    return Redirect(f"/school-gate/events/{event_id}", status_code=303)


@post("/events/{event_id:uuid}/submit", requires=APPLY_EVENT)
async def submit(
    event_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Ask both offices."""
    try:
        await applying.submit(event_id, actor=actor, at=now, plugins=plugins)
    except InvalidInputError as error:
        return await page_of(event_id, actor, now, error.problems, 422)
    except (RefusedError, WrongStateError) as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Submitted: first the grade office signs, then the security office."))
    return Redirect(f"/school-gate/events/{event_id}", status_code=303)


@post("/events/{event_id:uuid}/cancel", requires=(APPLY_EVENT, CANCEL_EVENT))
async def cancel(
    event_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Call an event off, with the reason."""
    typed = read((forms.REASON,), data)
    try:
        if typed.problems:
            raise InvalidInputError(typed.problems)
        await services.cancel(event_id, reason=typed.values["reason"], actor=actor, at=now)
    except InvalidInputError as error:
        return await page_of(event_id, actor, now, error.problems, 422)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("The event is called off; its codes are refused."))
    return Redirect(f"/school-gate/events/{event_id}", status_code=303)


@post("/events/{event_id:uuid}/guests/{guest_id:uuid}/off", requires=APPLY_EVENT)
async def take_off(
    event_id: FromPath[UUID],
    guest_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Take a parent off an approved list."""
    try:
        await services.take_off(event_id, guest_id, actor=actor, at=now)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Taken off the list; the code is refused."))
    return Redirect(f"/school-gate/events/{event_id}", status_code=303)


router = Router(
    path="/school-gate",
    route_handlers=[
        show_all, new, create, edit, change, show, edit_list, set_list, submit, cancel, take_off,
    ],
)  # fmt: skip
