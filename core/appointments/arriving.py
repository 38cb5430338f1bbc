"""An appointment becomes a registration when the visitor stands at the desk, without retyping (CORE-4)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core import clock, db
from core.appointments import moves, states
from core.appointments.tables import Appointment
from core.errors import NotFoundError
from core.hosts.tables import Host
from core.log.tables import LogEntry
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import consent
from core.registrations import states as visit_states
from core.registrations.services import Arrival, Registered, register
from core.visitors import protected
from core.visitors.matching import Person, alive
from core.visitors.tables import Visitor

_AGREEING = ("appointment.propose", "appointment.confirm", "appointment.reschedule")


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTheDesk:
    """What the desk adds to an appointment on arrival; empty means as agreed or as known."""

    gate_id: UUID | None = None
    document_shown: bool = False
    document_kind: str = ""
    document_number: str = ""
    document_by_eye: bool = False
    head_count: int = 0
    plate: str = ""
    goods: str = ""
    remark: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


async def arrive(
    appointment_id: UUID,
    seen: AtTheDesk,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    version: int | None = None,
) -> Registered:
    """Register the visitor of an appointment; what the host agreed to ahead counts as their consent."""
    async with db.writing():
        row = await moves.take(appointment_id, "arrive", actor=actor, version=version)
        was_confirmed = row.state == states.CONFIRMED
        host = await Host.objects().where(Host.id == row.host).first() if row.host else None
        arrival = await _arrival(row, host, seen, at)
        registered = await register(arrival, actor=actor, at=at, plugins=plugins)
        await moves.write(
            row,
            "arrive",
            {"state": states.ARRIVED},
            actor=actor,
            at=at,
            plugins=plugins,
            note={"registration": str(registered.id)},
        )
        waits = registered.state in (visit_states.WAITING, visit_states.HELD)
        agreed_by = host.name if host is not None else row.host_text
        if was_confirmed and agreed_by and waits:
            await consent.note(
                registered.id,
                given=True,
                by=agreed_by,
                means="appointment",
                answered_at=await agreed_at(row.id),
                actor=actor,
                at=at,
                plugins=plugins,
            )
    return registered


async def _arrival(row: Appointment, host: Host | None, seen: AtTheDesk, at: datetime) -> Arrival:
    stored = await Visitor.objects().where(Visitor.id == row.visitor).first()
    visitor = await alive(stored) if stored is not None else None
    if visitor is None:
        raise NotFoundError
    person = Person(
        name=visitor.name,
        phone=protected.clear_phone(visitor),
        document_kind=seen.document_kind,
        document_number=seen.document_number,
        document_by_eye=seen.document_by_eye,
        plate=seen.plate or row.plate,
        visitor_id=visitor.id,
    )
    return Arrival(
        site_id=row.site,
        gate_id=seen.gate_id,
        person=person,
        purpose=row.purpose,
        reason=row.reason,
        host_id=host.id if host is not None and host.active else None,
        host_text=row.host_text or (host.name if host is not None else ""),
        head_count=seen.head_count or row.head_count,
        document_shown=seen.document_shown,
        goods=seen.goods,
        remark=seen.remark,
        expected_leave_at=row.ends_at if row.ends_at > at else None,
        appointment_id=row.id,
        answers=seen.answers,
    )


async def agreed_at(appointment_id: UUID) -> datetime | None:
    """Return when the appointment was confirmed last, as the log has it."""
    rows = (
        await LogEntry.select(LogEntry.at, LogEntry.after)
        .where(
            LogEntry.record_kind == "appointment",
            LogEntry.record_id == str(appointment_id),
            LogEntry.act.is_in(list(_AGREEING)),
        )
        .order_by(LogEntry.id, ascending=False)
    )
    for entry in rows:
        after = json.loads(entry["after"] or "{}")
        if after.get("state") == states.CONFIRMED:
            return clock.from_ms(entry["at"])
    return None
