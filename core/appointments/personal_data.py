"""What appointments hold of a person: given to them on request, taken away on erasure."""

from uuid import UUID

from core import clock
from core.appointments import states, telling
from core.appointments.tables import Appointment
from core.hosts.tables import Host
from core.i18n import N_
from core.links import services as links
from core.log.services import record
from core.permissions import SYSTEM
from core.privacy.facts import PersonalData
from core.privacy.queries import merged_into
from core.registrations.facts import Detail


async def stored(visitor_id: UUID) -> list[PersonalData]:
    """Return the appointments of a visitor, also those made under records merged since."""
    ids = [visitor_id, *await merged_into(visitor_id)]
    rows = (
        await Appointment.objects()
        .where(Appointment.visitor.is_in(ids))
        .order_by(Appointment.starts_at)
    )
    return [await _one(row) for row in rows]


async def _one(row: Appointment) -> PersonalData:
    host = await Host.objects().where(Host.id == row.host).first() if row.host else None
    return PersonalData(
        title=N_("Appointment"),
        details=[
            Detail(label=N_("Starts at"), value=row.starts_at.isoformat()),
            Detail(label=N_("Ends at"), value=row.ends_at.isoformat()),
            Detail(label=N_("Purpose"), value=row.purpose),
            Detail(label=N_("Reason"), value=row.reason),
            Detail(label=N_("Host"), value=row.host_text or (host.name if host else "")),
            Detail(label=N_("Plate"), value=row.plate),
            Detail(label=N_("State"), value=row.state),
            Detail(label=N_("Answer"), value=row.answer_note),
        ],
    )


async def erase(visitor_id: UUID) -> None:
    """Empty the texts of a visitor's appointments, and call off what is still ahead.

    Call it inside the act that erases the visitor; when and with what end stays for the figures.
    """
    at = clock.now()
    for row in await Appointment.objects().where(Appointment.visitor == visitor_id):
        await Appointment.update(
            {
                Appointment.reason: "",
                Appointment.plate: "",
                Appointment.host_text: "",
                Appointment.answer_note: "",
            }
        ).where(Appointment.id == row.id)
        for purpose in (telling.VISITOR, telling.HOST):
            await links.revoke(row.id, purpose, at=at)
        if row.state in states.OPEN:
            await Appointment.update(
                {Appointment.state: states.CANCELLED, Appointment.version: row.version + 1}
            ).where(Appointment.id == row.id)
            after = {"state": states.CANCELLED, "because": "erased"}
            before = {"state": row.state}
            await record(
                SYSTEM, "appointment.cancel", "appointment", row.id, at=at,
                before=before, after=after,
            )  # fmt: skip
