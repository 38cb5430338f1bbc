"""Long stays: the security office is told, registers, gives a badge, extends, ends (SCH-16).

Stored: who (the visitor's own row), from, until, with whom, where, why; as long as the visitor's own
data is kept, then only that somebody stayed (lodge_keeping).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from core import db
from core.accounts.queries import accounts
from core.decisions import Deny
from core.documents import badge as paper
from core.documents.badge import Badge
from core.documents.numbering import next_number
from core.documents.typst import in_turn
from core.errors import InvalidInputError, NotFoundError, RefusedError, StaleError, WrongStateError
from core.hosts.tables import Host
from core.i18n import N_, Message
from core.log.services import record
from core.notices.services import IN_APP, notify
from core.passes import queries as stored_passes
from core.passes import services as passes
from core.permissions import SYSTEM, Actor
from core.registrations.facts import RegistrationFacts
from core.registrations.judging import site_time
from core.registrations.rulebook import organisation_name
from core.registrations.tables import Registration
from core.settings import Settings
from core.visitors import services as visitors
from core.visitors.matching import Person
from plugins.school_gate import stay_policies as policies
from plugins.school_gate.facts import RESIDENT
from plugins.school_gate.lodge_registered import NOTIFY_STAY, WRITE_STAY
from plugins.school_gate.queries import timetable
from plugins.school_gate.queries.holders import site_locale
from plugins.school_gate.queries.rights import permit
from plugins.school_gate.stay_tables import ResidentStay
from plugins.school_gate.tables import StaffMember

RECORD = "school_gate_stay"
OFFICE, DEPUTY = "security_office", "duty_officer"
_ACCENT = "#8a4b08"


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
            host=await _host(new.host, new.site_id),
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


async def _host(name: str, site_id: UUID) -> UUID | None:
    """Return the one host of the school with this name; a free text stays a text."""
    if not name:
        return None
    found = await Host.objects().where(Host.name == name, Host.active.eq(True))
    ids = {host.id for host in found if host.site in (None, site_id)}
    staff = await StaffMember.select(StaffMember.host).where(
        StaffMember.site == site_id, StaffMember.active.eq(True)
    )
    ids = {one for one in ids if one in {row["host"] for row in staff}} or ids
    return ids.pop() if len(ids) == 1 else None


async def _locked(stay_id: UUID, actor: Actor, version: int | None = None) -> ResidentStay:
    await db.fetch("SELECT id FROM school_gate_stay WHERE id = {} FOR UPDATE", stay_id)
    row = await ResidentStay.objects().where(ResidentStay.id == stay_id).first()
    if row is None:
        raise NotFoundError
    permit(actor, row.site, WRITE_STAY)
    if version is not None and row.version != version:
        raise StaleError
    if row.state == policies.ENDED:
        raise WrongStateError(N_("This stay has ended."))
    return row


async def register(
    stay_id: UUID,
    *,
    kind: str,
    host: str,
    place: str,
    first_day: date,
    last_day: date,
    version: int | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Register a stay, or change what is registered; a badge is made anew when its days change."""
    rulebook = await timetable.in_force(at)
    if kind not in policies.KINDS:
        raise InvalidInputError({"kind": N_("Please choose one of the options.")})
    async with db.writing():
        row = await _locked(stay_id, actor, version)
        decision = policies.may_register(
            policies.StayFacts(first_day=first_day, last_day=last_day, host=host, place=place),
            rulebook.values,
            rulebook.name,
        )
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        before = {"from": row.first_day, "until": row.last_day, "place": row.place}
        new_days = (row.first_day, row.last_day) != (first_day, last_day)
        await ResidentStay.update(
            {
                ResidentStay.kind: kind,
                ResidentStay.host: await _host(host, row.site),
                ResidentStay.host_name: host,
                ResidentStay.place: place,
                ResidentStay.first_day: first_day,
                ResidentStay.last_day: last_day,
                ResidentStay.state: policies.REGISTERED,
                ResidentStay.registered_at: row.registered_at or at,
                ResidentStay.registered_by_name: row.registered_by_name or actor.name,
                ResidentStay.version: row.version + 1,
            }
        ).where(ResidentStay.id == row.id)
        await record(
            actor,
            "school_gate.stay_register",
            RECORD,
            row.id,
            at=at,
            before={name: str(value or "") for name, value in before.items()},
            after={"from": str(first_day), "until": str(last_day), "place": place},
        )
        if new_days and row.badge:
            await _revoke(row, N_("The days of the stay changed."), actor=actor, at=at)
            await _issue(row, first_day, last_day, actor=actor, at=at)


async def extend(stay_id: UUID, last_day: date, *, reason: str, actor: Actor, at: datetime) -> None:
    """Let a stay go on until another day; the old badge is worthless, a new one is to be printed."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Please say why.")})
    async with db.writing():
        row = await _locked(stay_id, actor)
        if row.state != policies.REGISTERED or row.first_day is None or row.last_day is None:
            raise WrongStateError(N_("Register the stay first."))
        if last_day <= row.last_day:
            raise InvalidInputError(
                {"last_day": N_("The new last day lies after {day}.", day=str(row.last_day))}
            )
        rules = (await timetable.in_force(at)).values
        if last_day > site_time(at).date() + timedelta(days=rules.stay_days):
            raise InvalidInputError(
                {"last_day": N_("At most {days} days from today.", days=rules.stay_days)}
            )
        await ResidentStay.update(
            {ResidentStay.last_day: last_day, ResidentStay.version: row.version + 1}
        ).where(ResidentStay.id == row.id)
        await record(
            actor,
            "school_gate.stay_extend",
            RECORD,
            row.id,
            at=at,
            before={"until": str(row.last_day)},
            after={"until": str(last_day), "reason": reason.strip()[:200]},
        )
        if row.badge:
            await _revoke(row, N_("The stay was extended."), actor=actor, at=at)
            await _issue(row, row.first_day, last_day, actor=actor, at=at)


async def end(stay_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """End a stay; its badge is worthless from this moment."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Please say why.")})
    async with db.writing():
        row = await _locked(stay_id, actor)
        await ResidentStay.update(
            {
                ResidentStay.state: policies.ENDED,
                ResidentStay.ended_at: at,
                ResidentStay.ended_by_name: actor.name,
                ResidentStay.end_reason: reason.strip()[:200],
                ResidentStay.version: row.version + 1,
            }
        ).where(ResidentStay.id == row.id)
        await record(
            actor,
            "school_gate.stay_end",
            RECORD,
            row.id,
            at=at,
            after={"reason": reason.strip()[:200]},
        )
        if row.badge:
            await _revoke(row, N_("The stay has ended."), actor=actor, at=at)


# -- the badge


async def issue_badge(stay_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Issue a badge that is good for the days of the stay."""
    async with db.writing():
        row = await _locked(stay_id, actor)
        if row.state != policies.REGISTERED or row.first_day is None or row.last_day is None:
            raise WrongStateError(N_("Register the stay first."))
        if row.last_day < site_time(at).date():
            raise WrongStateError(N_("The stay is over. Extend it first."))
        if row.badge:
            await _revoke(row, N_("Replaced."), actor=actor, at=at)
        await _issue(row, row.first_day, row.last_day, actor=actor, at=at)


async def _issue(
    row: ResidentStay, first_day: date, last_day: date, *, actor: Actor, at: datetime
) -> None:
    zone = site_time(at).tzinfo
    begins = max(at - timedelta(minutes=5), datetime.combine(first_day, time(), zone))
    made = await passes.issue(
        RESIDENT,
        row.id,
        row.site,
        not_before=begins,
        expires=datetime.combine(last_day + timedelta(days=1), time(), zone),
        actor=actor,
        at=at,
    )
    await ResidentStay.update({ResidentStay.badge: made.pass_id}).where(ResidentStay.id == row.id)


async def _revoke(row: ResidentStay, reason: Message, *, actor: Actor, at: datetime) -> None:
    found = await stored_passes.stored_passes([row.badge])
    if found and found[0].revoked_at is None:
        await passes.revoke(row.badge, reason=reason.translate(site_locale()), actor=actor, at=at)


async def badge_pdf(
    stay_id: UUID, *, settings: Settings, locale: str, actor: Actor, at: datetime
) -> bytes:
    """Return the badge as a PDF of one card; printing is logged."""
    row = await ResidentStay.objects().where(ResidentStay.id == stay_id).first()
    if row is None:
        raise NotFoundError
    permit(actor, row.site, WRITE_STAY)
    if not row.badge or row.state != policies.REGISTERED:
        raise WrongStateError(N_("There is no valid badge. Issue one first."))
    visitor = await db.fetch("SELECT name FROM visitor WHERE id = {}", row.visitor)
    card = Badge(
        organisation=await organisation_name(at) or settings.organisation_name,
        title=N_("Resident outsider").translate(locale),
        name=visitor[0]["name"],
        lines=tuple(filter(None, (policies.KINDS[row.kind].translate(locale), row.place))),
        number=row.number,
        token=await passes.token_of(row.badge),
        footer=N_(
            "Valid {first} to {last}", first=str(row.first_day), last=str(row.last_day)
        ).translate(locale),
        accent=_ACCENT,
    )
    async with db.writing():
        await record(
            actor, "school_gate.badge_print", "pass", row.badge, at=at, after={"stay": row.id}
        )
    return await in_turn(paper.card_pdf, card, made_at=at)
