"""The gates: how each stands, and the guard's record of its opening and closing (SCH-1)."""

from datetime import datetime, timedelta
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import clock
from core.errors import WrongStateError
from core.forms import Field, read
from core.i18n import N_
from core.permissions import Actor
from core.settings import Settings
from plugins.school_gate.facts import DAY_KINDS, DISMISSAL, NORMAL, OPENING_KINDS, STATES
from plugins.school_gate.queries import timetable, today
from plugins.school_gate.registered import RECORD_GATE, WRITE_TIMETABLE
from plugins.school_gate.routes.inputs import Flash, Form
from plugins.school_gate.services import openings

MAY_LOOK = (RECORD_GATE, WRITE_TIMETABLE)
KIND = Field(
    name="kind",
    label=N_("Kind"),
    kind="select",
    required=True,
    options=tuple(OPENING_KINDS.items()),
)
NOTE = Field(name="note", label=N_("Remark"), max_length=200)


@get("/gates", requires=MAY_LOOK)
async def show_all(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Template:
    """Show how every gate stands."""
    local = clock.local(now, settings.zone)
    gates = [
        (gate, stands, today.said(stands))
        for gate in await timetable.gates_of(actor, *MAY_LOOK)
        for stands in [await timetable.gate_now(gate.id, gate.site, local)]
    ]
    return Template("school_gate/gates.html", context={"gates": gates, "states": STATES})


@get("/gates/{gate_id:uuid}", requires=MAY_LOOK)
async def show(
    gate_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Template:
    """Show one gate, what to record of it, and what was recorded."""
    gate = await timetable.gate_of(gate_id, actor, *MAY_LOOK)
    local = clock.local(now, settings.zone)
    stands = await timetable.gate_now(gate.id, gate.site, local)
    present = await timetable.present_opening(gate.id)
    proposed = DISMISSAL if stands.state.state == DISMISSAL else NORMAL
    return Template(
        "school_gate/gate.html",
        context={
            "gate": gate,
            "stands": stands,
            "said": today.said(stands),
            "present": present,
            "fields_": (KIND, NOTE),
            "values": {"kind": proposed},
            "recorded": await timetable.recorded(gate.id, now - timedelta(days=14)),
            "kinds": OPENING_KINDS,
            "states": STATES,
            "day_kinds": DAY_KINDS,
            "may_record": actor.may_at(RECORD_GATE, gate.site),
        },
    )


@post("/gates/{gate_id:uuid}/open", requires=RECORD_GATE)
async def record_opening(
    gate_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Record that the gate was opened."""
    typed = read((KIND, NOTE), data)
    try:
        await openings.open_gate(
            gate_id,
            typed.values["kind"],
            note=typed.values["note"] if "note" not in typed.problems else "",
            actor=actor,
            at=now,
        )
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("The opening is recorded."))
    return Redirect(f"/school-gate/gates/{gate_id}", status_code=303)


@post("/gates/{gate_id:uuid}/close", requires=RECORD_GATE)
async def record_closing(
    gate_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Record that the gate was closed."""
    try:
        await openings.close_gate(gate_id, actor=actor, at=now)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("The closing is recorded."))
    return Redirect(f"/school-gate/gates/{gate_id}", status_code=303)


router = Router(
    path="/school-gate", route_handlers=[show_all, show, record_opening, record_closing]
)
