"""What people without an account do by link: a visitor proposes, moves, calls off; a host answers.

A link opens one appointment only and expires. Its holder sees what they or the other side said of
this appointment, never a phone or document number.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from core import db
from core.accounts.limits import Limit, key_of, take_or_refuse
from core.appointments import codes, moves, services, states, telling
from core.appointments.policies import Window
from core.appointments.rulebook import visits_ahead
from core.appointments.services import Proposal
from core.appointments.tables import Appointment
from core.errors import InvalidInputError, NotFoundError
from core.hosts import queries as hosts
from core.hosts.tables import Host
from core.i18n import N_
from core.links import services as links
from core.log.services import record
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.facts import Purpose
from core.registrations.services import purposes
from core.registrations.tables import Registration
from core.sites.tables import Site
from core.visitors.tables import Visitor

_VISITOR = Actor(kind="link", name="visitor")
_MOST_OPEN = 3  # for one person: more is a mistake or mischief


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An appointment as the holder of one of its links sees it."""

    id: UUID
    code: str
    site_id: UUID
    site_name: str
    visitor_name: str
    organisation: str
    host_name: str
    room: str
    purpose: str
    reason: str
    head_count: int
    window: Window
    state: str
    answer_note: str
    version: int
    registration_id: UUID | None

    @property
    def may_change(self) -> bool:
        """Whether the visitor can still move it or call it off."""
        return self.state in states.OPEN


async def propose(proposal: Proposal, *, at: datetime, plugins: Plugins) -> str:
    """Enter what a visitor proposes on the public page; return the secret of their link.

    Whom they name is looked up in the directory, and they are not told whether it was found.
    """
    limits = await visits_ahead(at)
    if not limits.public_form or proposal.purpose not in {
        p.name for p in public_purposes(plugins, proposal.site_id)
    }:
        raise NotFoundError
    hourly = Limit(limits.proposals_an_hour, 3600 / limits.proposals_an_hour)
    host = await hosts.by_name(proposal.host_text, proposal.site_id)
    proposal = replace(proposal, host_id=host.id if host is not None else None)
    async with db.writing():
        await services.check(proposal, at=at, plugins=plugins)
        await take_or_refuse(key_of("appointment.public", str(proposal.site_id)), hourly, at=at)
        visitor = await services.visitor_for(proposal.person, trusted=False, actor=_VISITOR, at=at)
        await _not_too_many(visitor, at)
        row = await services.insert(
            proposal,
            visitor,
            state=states.PROPOSED,
            proposed_by="visitor",
            actor=_VISITOR,
            at=at,
            plugins=plugins,
        )
        await telling.ask_host(row, at=at)
        return await give_link(row, at=at)


def public_purposes(plugins: Plugins, site_id: UUID) -> list[Purpose]:
    """Return the purposes for which visitors may propose an appointment at a site."""
    return [purpose for purpose in purposes(plugins, site_id) if purpose.public]


async def public_sites(plugins: Plugins, *, at: datetime) -> list[Site]:
    """Return the sites that take proposals of visitors; none while the public form is off."""
    if not (await visits_ahead(at)).public_form:
        return []
    sites = await Site.objects().where(Site.active.eq(True)).order_by(Site.name)
    return [site for site in sites if public_purposes(plugins, site.id)]


async def _not_too_many(visitor: Visitor, at: datetime) -> None:
    open_ones = await Appointment.count().where(
        Appointment.visitor == visitor.id,
        Appointment.state.is_in(list(states.OPEN)),
        Appointment.ends_at > at,
    )
    if open_ones >= _MOST_OPEN:
        raise InvalidInputError(
            {
                "name": N_(
                    "Several appointments under this name are open already. Use the link you were "
                    "given, or call the person you want to visit."
                )
            }
        )


async def give_link(row: Appointment, *, at: datetime) -> str:
    """Make a link for the visitor of an appointment and return its secret."""
    return await links.create(
        telling.VISITOR, row.id, expires=await telling.closing(row, at=at), at=at
    )


async def share(appointment_id: UUID, *, actor: Actor, at: datetime) -> str:
    """Make a link that staff or host pass on to the visitor; return its secret."""
    async with db.writing():
        row = await Appointment.objects().where(Appointment.id == appointment_id).first()
        if row is None or not moves.may_change(actor, row.site, row.host):
            raise NotFoundError
        await record(actor, "appointment.share", "appointment", row.id, at=at)
        return await give_link(row, at=at)


async def shown(secret: str, *, at: datetime) -> Shown:
    """Return the appointment that a visitor's link opens, or raise NotFoundError."""
    return await _shown(await links.open(secret, telling.VISITOR, at=at))


async def asked(secret: str, *, at: datetime) -> Shown:
    """Return the appointment that a host is asked about by link, or raise NotFoundError."""
    return await _shown(await links.open(secret, telling.HOST, at=at))


async def _shown(appointment_id: UUID) -> Shown:
    row = await Appointment.objects().where(Appointment.id == appointment_id).first()
    if row is None:
        raise NotFoundError
    visitor = await Visitor.objects().where(Visitor.id == row.visitor).first()
    if visitor is None or visitor.erased_at is not None:
        raise NotFoundError
    host = await Host.objects().where(Host.id == row.host).first() if row.host else None
    site = await Site.objects().where(Site.id == row.site).first()
    visit = (
        await Registration.select(Registration.id)
        .where(Registration.appointment == row.id)
        .order_by(Registration.created_at, ascending=False)
        .first()
    )
    # Whom they named is all a visitor learns of the directory before somebody confirms.
    known = host is not None and row.state in (states.CONFIRMED, states.ARRIVED)
    return Shown(
        id=row.id,
        code=codes.code_of(row.id),
        site_id=row.site,
        site_name=site.name if site is not None else "",
        visitor_name=visitor.name,
        organisation=visitor.organisation,
        host_name=row.host_text or (host.name if host is not None else ""),
        room=host.room if host is not None and known else "",
        purpose=row.purpose,
        reason=row.reason,
        head_count=row.head_count,
        window=Window(starts_at=row.starts_at, ends_at=row.ends_at),
        state=row.state,
        answer_note=row.answer_note,
        version=row.version,
        registration_id=visit["id"] if visit else None,
    )


async def move(
    secret: str, window: Window, *, version: int, at: datetime, plugins: Plugins
) -> None:
    """Let the visitor ask for another time; the host is asked anew."""
    appointment_id = await links.open(secret, telling.VISITOR, at=at)
    await services.reschedule(
        appointment_id, window, actor=_VISITOR, at=at, plugins=plugins, version=version
    )


async def call_off(secret: str, *, version: int, at: datetime, plugins: Plugins) -> None:
    """Let the visitor call it off."""
    appointment_id = await links.open(secret, telling.VISITOR, at=at)
    await services.cancel(appointment_id, actor=_VISITOR, at=at, plugins=plugins, version=version)


async def answer(
    secret: str, *, given: bool, note: str, version: int, at: datetime, plugins: Plugins
) -> None:
    """Let the host who holds the link of a letter confirm or refuse; a link answers once."""
    async with db.writing():
        appointment_id = await links.open(secret, telling.HOST, at=at)
        row = await Appointment.objects().where(Appointment.id == appointment_id).first()
        host = await Host.objects().where(Host.id == row.host).first() if row else None
        actor = Actor(kind="link", name=host.name if host is not None else "host")
        act = services.confirm if given else services.refuse
        await act(appointment_id, note=note, version=version, actor=actor, at=at, plugins=plugins)
        await links.mark_used(secret, at=at)
