"""Long stays: the security office registers, gives a badge, extends, ends (SCH-16).

Stored: who (the visitor's own row), from, until, with whom, where, why; as long as the visitor's own
data is kept, then only that somebody stayed (lodge_keeping).
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from core import db
from core.decisions import Deny
from core.documents import badge as paper
from core.documents.badge import Badge
from core.documents.typst import in_turn
from core.errors import InvalidInputError, NotFoundError, RefusedError, StaleError, WrongStateError
from core.hosts.tables import Host
from core.i18n import N_, Message
from core.log.services import record
from core.passes import queries as stored_passes
from core.passes import services as passes
from core.permissions import Actor
from core.registrations.judging import site_time
from core.registrations.rulebook import organisation_name
from core.settings import Settings
from plugins.school_gate import stay_policies as policies
from plugins.school_gate.facts import RESIDENT
from plugins.school_gate.lodge_registered import WRITE_STAY
from plugins.school_gate.queries import timetable
from plugins.school_gate.queries.holders import site_locale
from plugins.school_gate.queries.rights import permit
from plugins.school_gate.stay_tables import ResidentStay
from plugins.school_gate.tables import StaffMember

RECORD = "school_gate_stay"
_ACCENT = "#8a4b08"


async def host_of(name: str, site_id: UUID) -> UUID | None:
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
                ResidentStay.host: await host_of(host, row.site),
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
