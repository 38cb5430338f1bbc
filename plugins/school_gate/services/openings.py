"""What guards record of the gates: opening and closing, with time and name (SCH-1)."""

from datetime import datetime
from uuid import UUID

from core import db
from core.errors import InvalidInputError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from plugins.school_gate.facts import OPENING_KINDS
from plugins.school_gate.queries import timetable
from plugins.school_gate.registered import RECORD_GATE
from plugins.school_gate.tables import GateOpening


async def open_gate(
    gate_id: UUID, kind: str, *, note: str = "", actor: Actor, at: datetime
) -> GateOpening:
    """Record that the gate was opened. One that is still recorded as open must be closed first."""
    if kind not in OPENING_KINDS:
        raise InvalidInputError({"kind": N_("Please choose one of the options.")})
    async with db.writing():
        gate = await timetable.gate_of(gate_id, actor, RECORD_GATE)
        await db.fetch("SELECT id FROM gate WHERE id = {} FOR UPDATE", gate_id)
        if await timetable.present_opening(gate_id):
            raise WrongStateError(N_("The gate is recorded as open. Record its closing first."))
        opening = GateOpening(
            gate=gate.id,
            kind=kind,
            note=note,
            opened_at=at,
            opened_by=actor.id,
            opened_by_name=actor.name,
        )
        await opening.save()
        await record(
            actor,
            "school_gate.open",
            "gate",
            gate.id,
            at=at,
            after={"opening": str(opening.id), "kind": kind, "note": note},
        )
        db.after_commit(timetable.forget)
    return opening


async def close_gate(gate_id: UUID, *, actor: Actor, at: datetime) -> GateOpening:
    """Record that the gate was closed."""
    async with db.writing():
        gate = await timetable.gate_of(gate_id, actor, RECORD_GATE)
        await db.fetch("SELECT id FROM gate WHERE id = {} FOR UPDATE", gate_id)
        opening = await timetable.present_opening(gate_id)
        if opening is None:
            raise WrongStateError(N_("The gate is not recorded as open."))
        opening.closed_at, opening.closed_by, opening.closed_by_name = at, actor.id, actor.name
        await opening.save(
            [GateOpening.closed_at, GateOpening.closed_by, GateOpening.closed_by_name]
        )
        await record(
            actor,
            "school_gate.close",
            "gate",
            gate.id,
            at=at,
            after={"opening": str(opening.id), "kind": opening.kind},
        )
        db.after_commit(timetable.forget)
    return opening
