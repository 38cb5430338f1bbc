"""Storing the school's side of a visit, inside the core's own transactions.

Stored: the pupil or member of staff a visit is about, the relation, the organisation; as long as the
visit itself (core/privacy decides how long).
"""

from uuid import UUID

from core import db
from core.i18n import N_
from core.incidents import services as incidents
from core.incidents.facts import Opening
from core.incidents.tables import Incident
from core.permissions import SYSTEM, Actor
from core.registrations.facts import RegistrationFacts
from core.registrations.tables import Registration
from core.visitors.tables import Visitor
from plugins.school_gate import forms
from plugins.school_gate.events.admitting import note_arrival
from plugins.school_gate.facts import CLASS_EVENT, PARENT, STAFF_FAMILY, TRADER
from plugins.school_gate.incident_kinds import KINDS, LEAFLETS
from plugins.school_gate.queries import visits
from plugins.school_gate.queries.holders import site_locale
from plugins.school_gate.services import stay_announcing
from plugins.school_gate.tables import Guardian, Pupil, SchoolVisit


async def store(registration: RegistrationFacts) -> None:
    """Store what the form answered; a name that is one pupil's or one member of staff's is linked."""
    if not visits.is_ours(registration):
        return
    said = visits.from_answers(registration.answers)
    pupil_id = staff_id = None
    if registration.purpose in {PARENT, CLASS_EVENT}:
        pupil_id = await _pupil(said["about"], registration.site_id)
        if pupil_id is not None:
            await _know_guardian(pupil_id, registration.visitor_id)
    elif registration.purpose == STAFF_FAMILY:
        staff_id = await _staff(said["about"], registration.site_id)
    await note_arrival(registration, said["about"])
    linked = pupil_id or staff_id
    await db.execute(
        "DELETE FROM school_gate_visit WHERE registration = {}", registration.registration_id
    )
    await SchoolVisit(
        registration=registration.registration_id,
        pupil=pupil_id,
        staff=staff_id,
        about="" if linked else said["about"],
        relation=said["relation"],
        organisation=said["organisation"],
        confirmed=said["confirmed"] == "yes",
        leaflets=said["leaflets"] == "yes",
    ).save()
    if registration.answers.get(forms.STAYS_FIELD):
        await stay_announcing.announce_visit(registration)
    if registration.purpose == TRADER and said["leaflets"] == "yes":
        await _note_leaflets(registration, said["organisation"])


async def _note_leaflets(registration: RegistrationFacts, organisation: str) -> None:
    """Record leaflets or a stall near the gate as an incident, once for a visit (SCH-13)."""
    if await Incident.exists().where(Incident.registration == registration.registration_id):
        return
    visit = (
        await Registration.objects().where(Registration.id == registration.registration_id).first()
    )
    kind = next(kind for kind in KINDS if kind.name == LEAFLETS)
    opening = Opening(
        site_id=registration.site_id,
        kind=LEAFLETS,
        seen="",
        gate_id=registration.gate_id,
        registration_id=registration.registration_id,
        spot=N_("In front of the gate").translate(site_locale()),
    )
    seen = " · ".join(filter(None, (organisation, registration.reason)))
    noted_by = Actor(
        kind="user",
        id=visit.created_by if visit else None,
        name=visit.received_by if visit else SYSTEM.name,
        permissions=frozenset(),
    )
    await incidents.write_down(
        opening,
        kind,
        seen=seen or kind.label.translate(site_locale()),
        actor=noted_by,
        at=registration.asked_at,
    )


async def _pupil(text: str, site_id: UUID) -> UUID | None:
    """Return the one active pupil with this number or exact name; None for none or several."""
    if not text:
        return None
    found = await Pupil.objects().where(
        Pupil.site == site_id,
        Pupil.active.eq(True),
        (Pupil.number == text) | (Pupil.name == text),
    )
    return found[0].id if len(found) == 1 else None


async def _staff(text: str, site_id: UUID) -> UUID | None:
    if not text:
        return None
    rows = await db.fetch(
        "SELECT s.id FROM school_gate_staff s JOIN host h ON h.id = s.host"
        " WHERE s.site = {} AND s.active AND (s.number = {} OR h.name = {})",
        site_id,
        text,
        text,
    )
    return rows[0]["id"] if len(rows) == 1 else None


async def _know_guardian(pupil_id: UUID, visitor_id: UUID) -> None:
    """Link the pupil's guardian to the visitor who has the same phone, or the same name."""
    visitor = await Visitor.objects().where(Visitor.id == visitor_id).first()
    if visitor is None:
        return
    guardians = await Guardian.objects().where(
        Guardian.pupil == pupil_id, Guardian.active.eq(True), Guardian.visitor.is_null()
    )
    for guardian in guardians:
        same_phone = visitor.phone_index and guardian.phone_index == visitor.phone_index
        if same_phone or guardian.name == visitor.name:
            await Guardian.update({Guardian.visitor: visitor_id}).where(Guardian.id == guardian.id)
            return


async def erase(visitor_id: UUID) -> None:
    """Blank what is kept of a visitor; the visits' figures stay, a pupil's roster stays the school's."""
    await db.execute(
        "UPDATE school_gate_visit SET about = '', relation = '', organisation = '', pupil = NULL,"
        " staff = NULL WHERE registration IN (SELECT id FROM registration WHERE visitor = {})",
        visitor_id,
    )
    await Guardian.update({Guardian.visitor: None}).where(Guardian.visitor == visitor_id)
