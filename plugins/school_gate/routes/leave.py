"""Slips: what is due, the list, one slip with what may be done with it (SCH-5, SCH-6)."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import clock
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.forms import Field, read
from core.gate.photos import photo_path
from core.i18n import N_, Message
from core.permissions import Actor
from core.typed import number_in, uuid_in
from plugins.school_gate import forms as school_forms
from plugins.school_gate.leave import forms, queries, releasing, services
from plugins.school_gate.leave.facts import KINDS, LEAVE, STANDINGS
from plugins.school_gate.leave.history import entries
from plugins.school_gate.leave.rights import (
    ISSUE_LEAVE,
    READ_LEAVE,
    RELEASE_LEAVE,
    SEE_LEAVE,
    STAMP_LEAVE,
    teaches,
)
from plugins.school_gate.leave.settling import settle
from plugins.school_gate.queries import pupils, timetable
from plugins.school_gate.queries.pupils import PupilFilter
from plugins.school_gate.routes.inputs import Flash, Form, way_back

Query = Request[Any, Any, Any]


@get("/leave", requires=SEE_LEAVE)
async def show_all(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List slips, the latest first, of a kind or a pupil."""
    await settle(now)
    query = {name: str(value) for name, value in request.query_params.items()}
    kind = query.get("kind", "") if query.get("kind") in KINDS else ""
    page = number_in(query, "page")
    found, total = await queries.slips(
        actor, at=now, kind=kind, pupil_id=uuid_in(query, "pupil"), page=page
    )
    return Template(
        "school_gate/leave/list.html",
        context={
            "lines": found,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // queries.PAGE)),
            "query": query,
            "kinds": KINDS,
            "standings": STANDINGS,
            "may_issue": teaches(actor),
        },
    )


async def _own_pupils(actor: Actor, now: datetime) -> list[tuple[str, str]]:
    """Return the pupils of the teacher's own classes as a select offers them."""
    if not teaches(actor):
        return []
    found, _ = await pupils.pupils(
        actor, PupilFilter(teacher_id=actor.host_id), at_ms=clock.to_ms(now), size=500
    )
    return [(str(one.id), f"{one.full_class} {one.name}（{one.number}）") for one in found]


@get("/leave/new", requires=ISSUE_LEAVE)
async def new(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form for a slip of one kind."""
    kind = str(request.query_params.get("kind", LEAVE))
    if kind not in KINDS:
        raise NotFoundError
    rules = (await timetable.in_force(now)).values
    values = forms.suggested(kind, now, rules)
    values["pupil"] = str(request.query_params.get("pupil", ""))
    return await _form(kind, actor, now, values, {})


async def _form(
    kind: str,
    actor: Actor,
    now: datetime,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    status: int = 200,
) -> Template:
    own = await _own_pupils(actor, now)
    return Template(
        "school_gate/leave/new.html",
        context={
            "kind": kind,
            "kinds": KINDS,
            "fields_": forms.fields(kind, own),
            "contact": forms.CONTACT,
            "has_pupils": bool(own),
            "values": values,
            "errors": errors,
        },
        status_code=status,
    )


@post("/leave", requires=ISSUE_LEAVE)
async def ask(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Write down what a pupil asks for, and issue it where the parent was spoken to."""
    kind = data.get("kind", "")
    if kind not in KINDS:
        raise NotFoundError
    typed = forms.read_slip(kind, data, await _own_pupils(actor, now), now)
    if typed.new is None:
        return await _form(kind, actor, now, typed.values, typed.problems, 422)
    issue_now = data.get("do") == "issue"
    try:
        slip_id = await services.ask(
            typed.new, contact=typed.contact, issue_now=issue_now, actor=actor, at=now
        )
    except InvalidInputError as error:
        return await _form(kind, actor, now, typed.values, error.problems, 422)
    except RefusedError as error:
        problem = {"contact_with": error.decision.reason}
        return await _form(kind, actor, now, typed.values, problem, 422)
    flash("success", _SAID_ISSUED[kind] if issue_now else N_("Written down. It is not issued yet."))
    return Redirect(f"/school-gate/leave/{slip_id}", status_code=303)


_SAID_ISSUED = {
    LEAVE: N_("Issued. The grade office is asked for its stamp."),
    "boarder": N_("Issued. It is valid at the gate from its beginning."),
    "entry": N_("Issued. It is valid at the gate from its beginning."),
}


@get("/leave/{slip_id:uuid}", requires=SEE_LEAVE)
async def show(
    slip_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show one slip: how it stands, what happened, what one may do with it."""
    await settle(now)
    return await page_of(slip_id, actor, now)


async def page_of(
    slip_id: UUID,
    actor: Actor,
    now: datetime,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, Message] | None = None,
    status: int = 200,
) -> Template:
    """Return a slip's page, after a rejected form with what was typed."""
    line = await queries.slip(slip_id, actor, at=now)
    own = services.is_own(line, actor)
    return Template(
        "school_gate/leave/slip.html",
        context={
            "line": line,
            "slip": line.slip,
            "row": line.row,
            "photo": photo_path(line.photo),
            "kinds": KINDS,
            "standings": STANDINGS,
            "history": entries(line),
            "signatures": releasing.signatures(line),
            "is_own": own,
            "may_stamp": services.may_stamp(line, actor),
            "may_void": services.may_void(line, actor),
            "may_release": actor.may_at(RELEASE_LEAVE, line.site_id),
            "may_end": own
            or actor.may_at(RELEASE_LEAVE, line.site_id)
            or actor.may_at(READ_LEAVE, line.site_id),
            "guardians": await pupils.guardians_of(line.pupil_id) if own else [],
            "relation_label": school_forms.relation_label,
            "contact": forms.CONTACT,
            "reason": forms.REASON,
            "note": forms.NOTE,
            "values": values or forms.suggested(LEAVE, now, (await timetable.in_force(now)).values),
            "errors": errors or {},
        },
        status_code=status,
    )


@post("/leave/{slip_id:uuid}/contact", requires=ISSUE_LEAVE)
async def contact(
    slip_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Record that the parent was spoken to."""
    made, problems = forms.read_contact(data, now)
    try:
        if made is None:
            raise InvalidInputError(problems)
        await services.record_contact(slip_id, made, actor=actor, at=now)
    except InvalidInputError as error:
        return await page_of(slip_id, actor, now, values=data, errors=error.problems, status=422)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("The contact is recorded."))
    return Redirect(f"/school-gate/leave/{slip_id}", status_code=303)


@post("/leave/{slip_id:uuid}/issue", requires=ISSUE_LEAVE)
async def issue(
    slip_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Issue a slip that was asked for."""
    try:
        await services.issue(slip_id, actor=actor, at=now)
    except (RefusedError, WrongStateError) as error:
        flash("error", error.message)
    else:
        flash("success", N_("Issued."))
    return Redirect(way_back(data, f"/school-gate/leave/{slip_id}"), status_code=303)


@post("/leave/{slip_id:uuid}/stamp", requires=STAMP_LEAVE)
async def stamp(
    slip_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Stamp a slip as its grade office."""
    try:
        await services.stamp(slip_id, actor=actor, at=now)
    except (RefusedError, WrongStateError) as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Stamped. The slip is valid at the gate in its window."))
    return Redirect(way_back(data, f"/school-gate/leave/{slip_id}"), status_code=303)


async def _worded(
    slip_id: UUID,
    data: Mapping[str, str],
    asked: Field,
    act: Callable[..., Awaitable[None]],
    said: Message,
    actor: Actor,
    now: datetime,
    flash: Flash,
) -> Response[None] | Template:
    """Do what takes one sentence of why or how; without it the slip's page asks for it."""
    typed = read((asked,), data)
    try:
        if typed.problems:
            raise InvalidInputError(typed.problems)
        await act(slip_id, **{asked.name: typed.values[asked.name]}, actor=actor, at=now)
    except InvalidInputError as error:
        return await page_of(slip_id, actor, now, values=data, errors=error.problems, status=422)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", said)
    return Redirect(f"/school-gate/leave/{slip_id}", status_code=303)


@post("/leave/{slip_id:uuid}/refuse", requires=STAMP_LEAVE)
async def refuse(
    slip_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Refuse the stamp, with the reason."""
    said = N_("Refused. The class teacher is told.")
    return await _worded(slip_id, data, forms.REASON, services.refuse, said, actor, now, flash)


@post("/leave/{slip_id:uuid}/void", requires=(ISSUE_LEAVE, STAMP_LEAVE))
async def void(
    slip_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Void a slip that was not used, with the reason."""
    said = N_("The slip is void.")
    return await _worded(slip_id, data, forms.REASON, services.void, said, actor, now, flash)


@post("/leave/{slip_id:uuid}/back", requires=SEE_LEAVE)
async def back(
    slip_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Record a return that no scan shows."""
    said = N_("The return is recorded.")
    return await _worded(slip_id, data, forms.NOTE, releasing.come_back, said, actor, now, flash)


router = Router(
    path="/school-gate",
    route_handlers=[show_all, new, ask, show, contact, issue, stamp, refuse, void, back],
)
