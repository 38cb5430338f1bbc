"""Long stays that the lodge announces, so that the security office registers them (SCH-16)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.accounts.queries import accounts
from core.documents.numbering import next_number
from core.errors import InvalidInputError
from core.i18n import N_
from core.log.services import record
from core.notices.services import IN_APP, notify
from core.permissions import SYSTEM, Actor
from core.registrations.facts import RegistrationFacts
from core.registrations.judging import site_time
from core.registrations.tables import Registration
from core.visitors import services as visitors
from core.visitors.matching import Person
from plugins.school_gate import stay_policies as policies
from plugins.school_gate.lodge_registered import NOTIFY_STAY, WRITE_STAY
from plugins.school_gate.queries.rights import permit
from plugins.school_gate.services.stays import RECORD, host_of
from plugins.school_gate.stay_tables import ResidentStay

OFFICE, DEPUTY = "security_office", "duty_officer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What is said of a long stay; days, host and place may follow when the office registers it."""

    site_id: UUID
    kind: str
    person: Person | None = None
    registration_id: UUID | None = None
    host: str = ""
    place: str = ""
    first_day: date | None = None
    last_day: date | None = None
    remark: str = ""


async def announce(new: Announced, *, actor: Actor, at: datetime) -> UUID:
    """Note a long stay and tell the security office, which registers it."""
    if new.kind not in policies.KINDS:
        raise InvalidInputError({"kind": N_("Please choose one of the options.")})
    permit(actor, new.site_id, NOTIFY_STAY, WRITE_STAY)
    async with db.writing():
        visitor_id = await _visitor(new, actor=actor, at=at)
        await _refuse_double(visitor_id, new.site_id)
        year = site_time(at).year
        row = ResidentStay(
            id=uuid4(),
            number=f"{year}-{await next_number(RECORD, year):04d}",
            site=new.site_id,
            visitor=visitor_id,
            registration=new.registration_id,
            kind=new.kind,
            host=await host_of(new.host, new.site_id),
            host_name=new.host,
            place=new.place,
            first_day=new.first_day,
            last_day=new.last_day,
            remark=new.remark,
            state=policies.NOTIFIED,
            notified_at=at,
            notified_by=actor.id,
            notified_by_name=actor.name,
        )
        await ResidentStay.insert(row)
        await record(
            actor,
            "school_gate.stay_announce",
            RECORD,
            row.id,
            at=at,
            after={"number": row.number, "kind": row.kind, "registration": new.registration_id},
        )
        await _tell_office(row, but=actor.id, at=at)
    return row.id


async def _visitor(new: Announced, *, actor: Actor, at: datetime) -> UUID:
    if new.registration_id is not None:
        visit = (
            await Registration.objects()
            .where(Registration.id == new.registration_id, Registration.site == new.site_id)
            .first()
        )
        if visit is None:
            raise InvalidInputError({"registration": N_("There is no such visit here.")})
        return UUID(str(visit.visitor))
    if new.person is None:
        raise InvalidInputError({"name": N_("Please fill this in.")})
    return (await visitors.remember(new.person, actor=actor, at=at)).visitor.id


async def _refuse_double(visitor_id: UUID, site_id: UUID) -> None:
    known = (
        await ResidentStay.objects()
        .where(
            ResidentStay.visitor == visitor_id,
            ResidentStay.site == site_id,
            ResidentStay.state != policies.ENDED,
        )
        .first()
    )
    if known is not None:
        raise InvalidInputError(
            {"name": N_("This person is in a long stay already: {number}.", number=known.number)}
        )


async def announce_visit(registration: RegistrationFacts) -> None:
    """Note the long stay that the desk ticked on a visit's form, in the visit's own transaction."""
    if await ResidentStay.exists().where(
        ResidentStay.visitor == registration.visitor_id,
        ResidentStay.site == registration.site_id,
        ResidentStay.state != policies.ENDED,
    ):
        return
    visit = (
        await Registration.objects().where(Registration.id == registration.registration_id).first()
    )
    year = registration.asked_at.year
    row = ResidentStay(
        id=uuid4(),
        number=f"{year}-{await next_number(RECORD, year):04d}",
        site=registration.site_id,
        visitor=registration.visitor_id,
        registration=registration.registration_id,
        kind=policies.RELATIVE if registration.purpose.endswith("family") else policies.OTHER,
        host=registration.host_id,
        host_name=registration.host_name,
        remark=registration.reason[:200],
        state=policies.NOTIFIED,
        notified_at=registration.asked_at,
        notified_by_name=visit.received_by if visit else "",
    )
    await ResidentStay.insert(row)
    await record(
        SYSTEM,
        "school_gate.stay_announce",
        RECORD,
        row.id,
        at=registration.asked_at,
        after={"number": row.number, "registration": registration.registration_id},
    )
    await _tell_office(row, but=None, at=registration.asked_at)


async def _tell_office(row: ResidentStay, *, but: UUID | None, at: datetime) -> None:
    for user in await office_users(row.site):
        if user != but:
            await notify(
                key=f"school_gate.stay/{row.id}/{user}",
                channel=IN_APP,
                subject=N_("A long stay is to be registered: {number}", number=row.number),
                body=N_("The lodge announced it. Register from, until, host and place."),
                at=at,
                user=user,
                url=f"/school-gate/stays/{row.id}",
            )


async def office_users(site_id: UUID) -> list[UUID]:
    """Return the users of the security office; where there are none, the duty officers."""
    for role in (OFFICE, DEPUTY):
        found = [
            account.id
            for account in await accounts()
            if account.active
            and any(g.role == role and g.site_id in (None, site_id) for g in account.roles)
        ]
        if found:
            return found
    return []
