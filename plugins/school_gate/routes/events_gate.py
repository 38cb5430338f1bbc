"""A class event at the gate: the guard's list to tick; invitations with codes to print (SCH-12)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from markupsafe import Markup

from core.errors import NotFoundError, RefusedError, WrongStateError
from core.i18n import N_
from core.passes import services as passes
from core.passes.qr import qr_svg
from core.permissions import Actor
from core.settings import Settings
from core.typed import uuid_in
from plugins.school_gate import forms as school_forms
from plugins.school_gate.events import admitting, inviting, queries
from plugins.school_gate.events.facts import APPROVED, CAME_BY, STATES
from plugins.school_gate.events.rights import ADMIT_EVENT, APPLY_EVENT, is_teacher
from plugins.school_gate.queries import timetable
from plugins.school_gate.routes.inputs import Flash, Form

Query = Request[Any, Any, Any]


@get("/events/{event_id:uuid}/gate", requires=ADMIT_EVENT)
async def at_gate(
    event_id: FromPath[UUID],
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Template:
    """Show the guard's list, narrowed by a name that was typed."""
    await admitting.settle(now)
    line = await queries.event(event_id, actor)
    if not actor.may_at(ADMIT_EVENT, line.site_id):
        raise NotFoundError
    guests = await queries.guests(event_id)
    text = str(request.query_params.get("q", "")).strip()[:50]
    shown = [
        one
        for one in guests
        if not text or text in one.name or text in one.pupil_name or text == one.pupil_number
    ]
    return Template(
        "school_gate/events/gate.html",
        context={
            "line": line,
            "guests": shown,
            "counts": admitting.expected(guests),
            "states": STATES,
            "came_by": CAME_BY,
            "relation_label": school_forms.relation_label,
            "open": line.is_open(now),
            "query": {"q": text, "gate": str(uuid_in(request.query_params, "gate") or "")},
            "gates": await timetable.gates_of(actor, ADMIT_EVENT),
        },
    )


@post("/events/{event_id:uuid}/guests/{guest_id:uuid}/came", requires=ADMIT_EVENT)
async def came(
    event_id: FromPath[UUID],
    guest_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Tick a parent who came, or take a tick back."""
    try:
        if data.get("do") == "untick":
            await admitting.untick(event_id, guest_id, actor=actor, at=now)
        else:
            gate_id = uuid_in(data, "gate")
            await admitting.tick(event_id, guest_id, gate_id=gate_id, actor=actor, at=now)
    except (RefusedError, WrongStateError) as error:
        flash("error", error.message)
    back = f"/school-gate/events/{event_id}/gate?gate={uuid_in(data, 'gate') or ''}"
    return Redirect(back, status_code=303)


@get("/events/{event_id:uuid}/invitations", requires=APPLY_EVENT)
async def invitations(
    event_id: FromPath[UUID], actor: NamedDependency[Actor], locale: NamedDependency[str]
) -> Template:
    """Show every invitation with its code, to print and cut."""
    line = await queries.event(event_id, actor)
    if not is_teacher(actor, line.teacher_id, line.site_id) or line.state != APPROVED:
        raise NotFoundError
    guests = [one for one in await queries.guests(event_id) if one.pass_id]
    tokens = await passes.tokens_of([one.pass_id for one in guests])
    label = N_("QR code of the invitation").translate(locale)
    return Template(
        "school_gate/events/invitations.html",
        context={
            "line": line,
            "cards": [
                (one, Markup(qr_svg(tokens[one.pass_id], label)))  # noqa: S704 - paths, escaped label
                for one in guests
                if one.pass_id in tokens
            ],
            "relation_label": school_forms.relation_label,
        },
    )


@post("/events/{event_id:uuid}/guests/{guest_id:uuid}/link", requires=APPLY_EVENT, status_code=200)
async def share(
    event_id: FromPath[UUID],
    guest_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    locale: NamedDependency[str],
    settings: NamedDependency[Settings],
) -> Template:
    """Make a parent's link, shown once to be sent or scanned."""
    guest, secret = await inviting.share(event_id, guest_id, actor=actor, at=now)
    address = f"{settings.base_url}/school-gate/e/{secret}"
    label = N_("QR code of the address").translate(locale)
    return Template(
        "school_gate/leave/link.html",
        context={
            "title": guest.name,
            "back": f"/school-gate/events/{event_id}",
            "address": address,
            "qr": Markup(qr_svg(address, label)),  # noqa: S704 - paths and an escaped label
        },
    )


router = Router(path="/school-gate", route_handlers=[at_gate, came, invitations, share])
