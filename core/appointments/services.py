"""Agreeing on a visit ahead (CORE-4): proposed by staff or host, confirmed, moved, refused, called off.

Stored: who comes (the visitor's own record), whom they visit, when, why. core/privacy decides how
long; the log holds neither names nor numbers of visitors. The visitor's own acts: on_link.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.appointments import moves, policies, states, telling
from core.appointments.policies import Window
from core.appointments.rulebook import visits_ahead
from core.appointments.tables import Appointment
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.hosts.tables import Host
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.services import purposes
from core.sites.tables import Site
from core.visitors import matching
from core.visitors import services as visitors
from core.visitors.matching import Person
from core.visitors.tables import Visitor

_CHOOSE = N_("Please choose one of the options.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A visit somebody proposes. `host_text` is whom the proposer named when no host was chosen."""

    site_id: UUID
    person: Person
    window: Window
    purpose: str
    reason: str = ""
    host_id: UUID | None = None
    host_text: str = ""
    head_count: int = 1
    plate: str = ""


async def propose(
    proposal: Proposal, *, actor: Actor, at: datetime, plugins: Plugins, agreed: bool = False
) -> UUID:
    """Enter an appointment that staff makes, or a host for their own visitor.

    A host's own is confirmed; that of staff is when the host `agreed` already, else they are asked.
    """
    own = moves.is_own(actor, proposal.host_id)
    if not own and not actor.may_at(moves.WRITE, proposal.site_id):
        raise NotFoundError
    async with db.writing():
        await check(proposal, at=at, plugins=plugins)
        by_host = own and not actor.may_at(moves.WRITE, proposal.site_id)
        visitor = await visitor_for(proposal.person, trusted=not by_host, actor=actor, at=at)
        row = await insert(
            proposal,
            visitor,
            state=states.CONFIRMED if own or agreed else states.PROPOSED,
            proposed_by="host" if by_host else "staff",
            actor=actor,
            at=at,
            plugins=plugins,
        )
        if row.state == states.PROPOSED:
            await telling.ask_host(row, at=at)
    return row.id


async def check(proposal: Proposal, *, at: datetime, plugins: Plugins) -> None:
    """Raise InvalidInputError where site, purpose, host or time cannot be; call it in the act."""
    if not await Site.exists().where(Site.id == proposal.site_id, Site.active.eq(True)):
        raise NotFoundError
    problems = dict(await _problems_of_time(proposal.window, at))
    if proposal.purpose not in {p.name for p in purposes(plugins, proposal.site_id)}:
        problems["purpose"] = _CHOOSE
    if proposal.host_id is not None and not await _receives_at(proposal.host_id, proposal.site_id):
        problems["host"] = N_("This host is not in the directory.")
    if problems:
        raise InvalidInputError(problems)


async def _problems_of_time(window: Window, at: datetime) -> Mapping[str, Message]:
    limits = await visits_ahead(at)
    return policies.problems_of(
        window, now=at, days_ahead=limits.days_ahead, longest_hours=limits.longest_hours
    )


async def _receives_at(host_id: UUID, site_id: UUID) -> bool:
    return await Host.exists().where(
        Host.id == host_id,
        Host.active.eq(True),
        (Host.site == site_id) | Host.site.is_null(),
    )


async def visitor_for(person: Person, *, trusted: bool, actor: Actor, at: datetime) -> Visitor:
    """Return the visitor a proposal is about; one who is not `trusted` changes nobody's record.

    Whoever types a stranger's name and phone on a public page must not rewrite what is known of them.
    """
    if trusted:
        return (await visitors.remember(person, actor=actor, at=at)).visitor
    for likeness in await matching.likenesses(person):
        if likeness.by == "name_and_phone":
            return likeness.visitor
    bare = Person(
        name=person.name,
        phone=person.phone,
        organisation=person.organisation,
        plate=person.plate,
    )
    return (await visitors.remember(bare, actor=actor, at=at)).visitor


async def insert(
    proposal: Proposal,
    visitor: Visitor,
    *,
    state: str,
    proposed_by: str,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> Appointment:
    """Write a new appointment with its log row and event; call it inside the act."""
    row = Appointment(
        id=uuid4(),
        site=proposal.site_id,
        visitor=visitor.id,
        host=proposal.host_id,
        host_text=proposal.host_text,
        purpose=proposal.purpose,
        reason=proposal.reason,
        head_count=proposal.head_count,
        plate=proposal.plate,
        starts_at=proposal.window.starts_at,
        ends_at=proposal.window.ends_at,
        state=state,
        proposed_by=proposed_by,
        created_at=at,
        created_by=actor.id,
        version=1,
    )
    await Appointment.insert(row)
    after = {
        "state": state,
        "site": row.site,
        "purpose": row.purpose,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "proposed_by": proposed_by,
        "head_count": row.head_count,
        "host": row.host,
    }
    await record(actor, "appointment.propose", "appointment", row.id, at=at, after=after)
    await moves.announce(row, "propose", at=at, plugins=plugins)
    return row


async def confirm(
    appointment_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    note: str = "",
    version: int | None = None,
) -> None:
    """Say that the visit may take place; `note` is for the visitor."""
    await _answer(
        appointment_id,
        "confirm",
        states.CONFIRMED,
        note,
        version,
        actor=actor,
        at=at,
        plugins=plugins,
    )


async def refuse(
    appointment_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    note: str = "",
    version: int | None = None,
) -> None:
    """Say that the visit cannot take place; `note` tells the visitor why."""
    await _answer(
        appointment_id, "refuse", states.REFUSED, note, version, actor=actor, at=at, plugins=plugins
    )


async def _answer(
    appointment_id: UUID,
    act: str,
    to: str,
    note: str,
    version: int | None,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> None:
    async with db.writing():
        row = await moves.take(appointment_id, act, actor=actor, version=version)
        changed = {"state": to, "answer_note": note}
        await moves.write(row, act, changed, actor=actor, at=at, plugins=plugins)


async def reschedule(
    appointment_id: UUID,
    window: Window,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    agreed: bool = False,
    version: int | None = None,
) -> None:
    """Move an appointment to another time; the host is asked anew unless it is they, or they `agreed`."""
    async with db.writing():
        row = await moves.take(appointment_id, "reschedule", actor=actor, version=version)
        if problems := await _problems_of_time(window, at):
            raise InvalidInputError(problems)
        agreed = agreed or moves.is_own(actor, row.host)
        changed = {
            "starts_at": window.starts_at,
            "ends_at": window.ends_at,
            "state": states.CONFIRMED if agreed else states.PROPOSED,
        }
        await moves.write(row, "reschedule", changed, actor=actor, at=at, plugins=plugins)
        await telling.keep_links_open(row, at=at)
        if row.state == states.PROPOSED:
            await telling.ask_host(row, at=at)


async def cancel(
    appointment_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    note: str = "",
    version: int | None = None,
) -> None:
    """Call an appointment off; `note` tells the other side why."""
    async with db.writing():
        row = await moves.take(appointment_id, "cancel", actor=actor, version=version)
        changed = {"state": states.CANCELLED, "answer_note": note}
        await moves.write(row, "cancel", changed, actor=actor, at=at, plugins=plugins)
        if not moves.is_own(actor, row.host):
            await telling.tell_host_it_is_off(row, at=at)


async def no_show(
    appointment_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    version: int | None = None,
) -> None:
    """Note that the visitor did not come; whoever comes later is received all the same."""
    async with db.writing():
        row = await moves.take(appointment_id, "no_show", actor=actor, version=version)
        if at < row.starts_at:
            raise WrongStateError(N_("The agreed time is still to come."))
        changed = {"state": states.NO_SHOW}
        await moves.write(row, "no_show", changed, actor=actor, at=at, plugins=plugins)
