"""Slips at the gate: which are valid now, who collects, both signatures, who is not back (SCH-5, SCH-6)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import NotFoundError, RefusedError, WrongStateError
from core.forms import Field
from core.gate.photos import photo_path
from core.i18n import N_, Message
from core.permissions import Actor
from core.typed import uuid_in
from plugins.school_gate import forms as school_forms
from plugins.school_gate.leave import forms, queries, releasing
from plugins.school_gate.leave.facts import KINDS, LEAVE, OUT, OVERDUE, READY, STANDINGS
from plugins.school_gate.leave.rights import RELEASE_LEAVE
from plugins.school_gate.leave.settling import settle
from plugins.school_gate.queries import pupils, timetable
from plugins.school_gate.routes.inputs import Flash, Form

Query = Request[Any, Any, Any]


@get("/leave/gate", requires=RELEASE_LEAVE)
async def at_gate(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List the slips with which somebody may go out or come in now, and who is still out."""
    await settle(now)
    lines = [line for line in await queries.open_slips(actor, at=now) if line.slip.issued]
    unsigned = [
        line
        for line in await queries.unsettled(now)
        if line.slip.kind == LEAVE
        and line.row["exit_event"]
        and not line.slip.released
        and _may(actor, line)
    ]
    return Template(
        "school_gate/leave/gate.html",
        context={
            "ready": queries.standing_in(lines, READY),
            "unsigned": unsigned,
            "away": queries.standing_in(lines, OUT, OVERDUE),
            "kinds": KINDS,
            "standings": STANDINGS,
            "photo_path": photo_path,
            "gate": str(uuid_in(request.query_params, "gate") or ""),
        },
    )


def _may(actor: Actor, line: queries.SlipLine) -> bool:
    return actor.may_at(RELEASE_LEAVE, line.site_id)


@get("/leave/{slip_id:uuid}/release", requires=RELEASE_LEAVE)
async def release_form(
    slip_id: FromPath[UUID],
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Template:
    """Show who may collect the pupil, and where both sign."""
    await settle(now)
    gate = str(uuid_in(request.query_params, "gate") or "")
    return await _page(slip_id, actor, now, {"gate": gate}, {})


async def _page(
    slip_id: UUID,
    actor: Actor,
    now: datetime,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    status: int = 200,
) -> Template:
    line, who = await _choice(slip_id, actor, now)
    return Template(
        "school_gate/leave/release.html",
        context={
            "line": line,
            "slip": line.slip,
            "row": line.row,
            "photo": photo_path(line.photo),
            "kinds": KINDS,
            "standings": STANDINGS,
            "guardians": await pupils.guardians_of(line.pupil_id),
            "photo_path": photo_path,
            "relation_label": school_forms.relation_label,
            "who": who,
            "document": forms.DOCUMENT,
            "paper": forms.PAPER,
            "gates": await timetable.gates_of(actor, RELEASE_LEAVE),
            "values": values,
            "errors": errors,
            "open": line.standing == READY
            or (line.row["exit_event"] is not None and not line.slip.released),
        },
        status_code=status,
    )


async def _choice(slip_id: UUID, actor: Actor, now: datetime) -> tuple[queries.SlipLine, Field]:
    line = await queries.slip(slip_id, actor, at=now)
    if not _may(actor, line):
        raise NotFoundError
    guardians = await pupils.guardians_of(line.pupil_id)
    return line, forms.collectors(guardians, alone=line.slip.alone)


@post("/leave/{slip_id:uuid}/release", requires=RELEASE_LEAVE)
async def release(
    slip_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Record who collects and that both signed; the slip is used."""
    await settle(now)
    _, who = await _choice(slip_id, actor, now)
    handed, values, problems = forms.read_release(data, who)
    values = {**data, **values}
    if handed is None:
        return await _page(slip_id, actor, now, values, problems, 422)
    try:
        await releasing.release(slip_id, handed, actor=actor, at=now)
    except RefusedError as error:
        return await _page(slip_id, actor, now, values, {"": error.decision.reason}, 422)
    except WrongStateError as error:
        flash("warning", error.message)
        return Redirect(f"/school-gate/leave/{slip_id}", status_code=303)
    flash("success", N_("Recorded. Now scan the badge, if it was not scanned yet."))
    return Redirect(f"/school-gate/leave/gate?gate={data.get('gate', '')}", status_code=303)


router = Router(path="/school-gate", route_handlers=[at_gate, release_form, release])
