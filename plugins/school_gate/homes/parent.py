"""What waits for a parent, behind any of their links: slips, invitations, their own visits (SCH-5, 12).

A parent has no account. A link that the class teacher makes opens this for a month (`share`); the link to
one slip or one invitation shows it below what it was made for. Who is listed twice because of two
children, with the same name and phone at the same school, is one parent. What was sent to another adult
is not shown, nor are phone numbers or other names.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import db
from core.errors import NotFoundError, WrongStateError
from core.i18n import N_
from core.links import services as links
from core.log.services import record
from core.passes import services as passes
from core.permissions import Actor
from plugins.school_gate.events import queries as events
from plugins.school_gate.events.facts import APPROVED
from plugins.school_gate.events.inviting import Invitation
from plugins.school_gate.leave import queries as leave
from plugins.school_gate.leave import sharing
from plugins.school_gate.leave.facts import ASKED, COMING, OUT, OVERDUE, READY, TO_STAMP
from plugins.school_gate.leave.queries import SlipLine
from plugins.school_gate.leave.services import LINK as SLIP_LINK
from plugins.school_gate.queries import pupils
from plugins.school_gate.queries.adults import keeps_adults
from plugins.school_gate.queries.rights import places
from plugins.school_gate.tables import Guardian, Pupil

LINK = "school_parent"
LASTS = timedelta(days=30)
_WAITING = (ASKED, OVERDUE, TO_STAMP, READY, COMING, OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipSeen:
    """A slip of the parent's child; `may_agree`: their answer is waited for."""

    line: SlipLine
    may_agree: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSeen:
    """The parent's own visit that is expected or waits: how it stands, without why it is held."""

    number: str
    state: str
    consent: str
    host: str
    moment: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """What waits for a parent, with their name and their children's."""

    parent: str
    children: tuple[str, ...]
    slips: tuple[SlipSeen, ...]
    invitations: tuple[Invitation, ...]
    visits: tuple[VisitSeen, ...]


async def share(guardian_id: UUID, *, actor: Actor, at: datetime) -> tuple[str, UUID, str]:
    """Make a parent's own link; return their name, the pupil and the secret. An earlier one ends."""
    async with db.writing():
        guardian = await _guardian(guardian_id)
        pupil = await pupils.pupil(guardian.pupil, actor)
        if not await keeps_adults(actor, pupil):
            raise NotFoundError
        await links.revoke(guardian_id, LINK, at=at)
        secret = await links.create(LINK, guardian_id, expires=at + LASTS, at=at)
        await record(
            actor,
            "school_gate.parent_share",
            "school_gate_pupil",
            pupil.id,
            at=at,
            after={"guardian": guardian_id},
        )
    return guardian.name, pupil.id, secret


async def _guardian(guardian_id: UUID) -> Guardian:
    found = (
        await Guardian.objects()
        .where(Guardian.id == guardian_id, Guardian.active.eq(True), Guardian.name != "")
        .first()
    )
    if found is None:
        raise NotFoundError
    return found


async def behind(secret: str, purpose: str, *, at: datetime) -> UUID | None:
    """Return whose link this is: of their own, to a slip, or to an invitation; NotFoundError for none."""
    record_id = await links.open(secret, purpose, at=at)
    if purpose == LINK:
        return record_id
    if purpose == SLIP_LINK:
        line = await leave.slip_by_id(record_id, at=at)
        return line.row["link_guardian"] if line is not None else None
    found = await events.guests_by_id([record_id])
    return found[0].guardian_id if found else None


async def waiting(guardian_id: UUID, *, at: datetime, besides: UUID | None = None) -> Waits:
    """Return all that waits for a parent; `besides` is a slip or invitation that is shown already."""
    guardian = await _guardian(guardian_id)
    family = await _family(guardian)
    if not family:
        raise NotFoundError
    own = [one.id for one in family]
    children = await Pupil.objects().where(
        Pupil.id.is_in([one.pupil for one in family]), Pupil.active.eq(True)
    )
    shown = [child.id for child in children]
    return Waits(
        parent=guardian.name,
        children=tuple(child.name for child in children),
        slips=tuple(await _slips(own, shown, at, besides)),
        invitations=tuple(await _invitations(own, at, besides)),
        visits=tuple(await _visits([one.visitor for one in family if one.visitor])),
    )


async def _family(guardian: Guardian) -> list[Guardian]:
    """Return the rows of one adult: the same name and phone at the same school, for each child one."""
    pupil = await Pupil.objects().where(Pupil.id == guardian.pupil, Pupil.active.eq(True)).first()
    if pupil is None or guardian.phone_index is None:
        return [guardian] if pupil is not None else []
    return await Guardian.objects().where(
        Guardian.phone_index == guardian.phone_index,
        Guardian.name == guardian.name,
        Guardian.active.eq(True),
        Guardian.pupil.is_in(Pupil.select(Pupil.id).where(Pupil.site == pupil.site)),
    )


async def _slips(
    own: list[UUID], children: list[UUID], at: datetime, besides: UUID | None
) -> list[SlipSeen]:
    lines = await leave.open_of_pupils(children, at=at)
    return [
        SlipSeen(line=line, may_agree=line.standing == ASKED and not line.slip.contacted)
        for line in sorted(lines, key=lambda one: _WAITING.index(one.standing))
        if line.id != besides and line.row["link_guardian"] in (None, *own)
    ]


async def _invitations(own: list[UUID], at: datetime, besides: UUID | None) -> list[Invitation]:
    rows = await db.fetch(
        "SELECT e.id FROM school_gate_event_guest e JOIN school_gate_event v ON v.id = e.event"  # noqa: S608
        f" WHERE e.guardian IN ({places(own)}) AND e.removed_at IS NULL AND v.state = {{}}"
        " AND v.ends_at >= {} ORDER BY v.starts_at, e.id LIMIT 20",
        *own,
        APPROVED,
        at,
    )
    found: list[Invitation] = []
    for guest in await events.guests_by_id([row["id"] for row in rows if row["id"] != besides]):
        line = await events.event_by_id(guest.event_id)
        if line is not None and guest.name:
            token = await passes.token_of(guest.pass_id) if guest.pass_id else ""
            found.append(Invitation(line=line, guest=guest, token=token, cancelled=False))
    return found


async def _visits(visitors: list[UUID]) -> list[VisitSeen]:
    if not visitors:
        return []
    rows = await db.fetch(
        "SELECT r.number, r.state, r.consent, r.host_text, r.created_at, r.arrived_at,"  # noqa: S608
        " h.name AS host, h.department FROM registration r LEFT JOIN host h ON h.id = r.host"
        f" WHERE r.visitor IN ({places(visitors)})"
        " AND r.state IN ('expected', 'waiting', 'held', 'inside') ORDER BY r.created_at LIMIT 20",
        *visitors,
    )
    return [
        VisitSeen(
            number=row["number"],
            state=row["state"],
            consent=row["consent"],
            host=" ".join(filter(None, (row["department"], row["host"] or row["host_text"]))),
            moment=row["arrived_at"] or row["created_at"],
        )
        for row in rows
    ]


async def agree(secret: str, purpose: str, slip_id: UUID, *, at: datetime) -> None:
    """Record that a parent knows of a leave that waits for them behind this link, and agrees."""
    async with db.writing():
        guardian_id = await behind(secret, purpose, at=at)
        if guardian_id is None:
            raise NotFoundError
        waits = await waiting(guardian_id, at=at)
        if not any(one.line.id == slip_id for one in waits.slips):
            raise NotFoundError
        guardian = await _guardian(guardian_id)
        for one in await _family(guardian):
            if any(s.line.id == slip_id and s.line.pupil_id == one.pupil for s in waits.slips):
                await sharing.agreed(slip_id, one.id, one.name, at=at)
                return
        raise WrongStateError(N_("Nothing waits for your answer any more."))
