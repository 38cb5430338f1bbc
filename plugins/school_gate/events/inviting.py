"""A parent's own link to an invitation: made by the class teacher, opened without an account.

Its holder sees the event, the own name and child, and the code; nothing of other families. The link
ends a day after the event.
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
from plugins.school_gate.events import queries
from plugins.school_gate.events.facts import APPROVED, CANCELLED
from plugins.school_gate.events.queries import EventLine, GuestLine
from plugins.school_gate.events.rights import is_teacher
from plugins.school_gate.events.services import LINK, RECORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What a parent sees; `token` is empty once there is no good code any more."""

    line: EventLine
    guest: GuestLine
    token: str
    cancelled: bool


async def share(
    event_id: UUID, guest_id: UUID, *, actor: Actor, at: datetime
) -> tuple[GuestLine, str]:
    """Make a parent's link and return its secret; an earlier one ends."""
    async with db.writing():
        line = await queries.event(event_id, actor)
        if not is_teacher(actor, line.teacher_id, line.site_id):
            raise NotFoundError
        guest = next((one for one in await queries.guests(event_id) if one.id == guest_id), None)
        if guest is None:
            raise NotFoundError
        if line.state != APPROVED or at > line.ends_at:
            raise WrongStateError(N_("Only parents of an approved event to come get a link."))
        await links.revoke(guest_id, LINK, at=at)
        expires = line.ends_at + timedelta(days=1)
        secret = await links.create(LINK, guest_id, expires=expires, at=at)
        await record(
            actor, "school_gate.event_share", RECORD, event_id, at=at, after={"guest": guest_id}
        )
    return guest, secret


async def behind(secret: str, *, at: datetime) -> Invitation:
    """Return the invitation that a link opens, or raise NotFoundError."""
    guest_id = await links.open(secret, LINK, at=at)
    found = await queries.guests_by_id([guest_id])
    if not found or found[0].removed:
        raise NotFoundError
    guest = found[0]
    line = await queries.event_by_id(guest.event_id)
    if line is None or not guest.name:
        raise NotFoundError
    good = line.state == APPROVED and at <= line.ends_at and guest.pass_id
    token = await passes.token_of(guest.pass_id) if good else ""
    return Invitation(line=line, guest=guest, token=token, cancelled=line.state == CANCELLED)
