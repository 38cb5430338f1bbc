"""A parent's own link to their child's slip: made by the class teacher, opened without an account.

Its holder sees the slip and may confirm that they know of it and agree: that is the contact which a
leave slip needs. No phone number, no name of other adults. The link ends with the slip. What else waits
for the same parent stands below it (homes/parent.py).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import db
from core.errors import NotFoundError, WrongStateError
from core.i18n import N_
from core.links import services as links
from core.permissions import Actor
from plugins.school_gate.leave import queries, telling
from plugins.school_gate.leave.facts import ASKED, VOID
from plugins.school_gate.leave.queries import SlipLine
from plugins.school_gate.leave.services import LINK, change, is_own, taken
from plugins.school_gate.leave.tables import LeaveSlip
from plugins.school_gate.tables import Guardian

_OPEN_AFTER = timedelta(days=1)
_NOTHING = N_("Nothing waits for your answer any more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A slip as a parent sees it. `may_confirm`: the contact is still waited for."""

    line: SlipLine
    parent: str
    may_confirm: bool


async def share(slip_id: UUID, guardian_id: UUID, *, actor: Actor, at: datetime) -> tuple[str, str]:
    """Make a parent's link to a slip; return their name and the secret. An earlier link ends."""
    async with db.writing():
        line = await taken(slip_id, actor=actor, at=at)
        guardian = (
            await Guardian.objects()
            .where(
                Guardian.id == guardian_id,
                Guardian.pupil == line.pupil_id,
                Guardian.active.eq(True),
            )
            .first()
        )
        if guardian is None or not is_own(line, actor):
            raise NotFoundError
        ends = max(line.row["ends_at"], line.row["expected_back_at"] or line.row["ends_at"])
        if line.standing == VOID or at > ends:
            raise WrongStateError(N_("This slip has ended. There is nothing to send."))
        await links.revoke(slip_id, LINK, at=at)
        secret = await links.create(LINK, slip_id, expires=ends + _OPEN_AFTER, at=at)
        await change(
            slip_id,
            "share",
            {LeaveSlip.link_guardian: guardian_id},
            actor=actor,
            at=at,
            guardian=guardian_id,
        )
    return guardian.name, secret


async def behind(secret: str, *, at: datetime) -> Shown:
    """Return the slip that a link opens, or raise NotFoundError."""
    line = await queries.slip_by_id(await links.open(secret, LINK, at=at), at=at)
    if line is None or not line.pupil_name:
        raise NotFoundError
    return Shown(
        line=line,
        parent=await _name(line.row["link_guardian"]),
        may_confirm=line.standing == ASKED and not line.slip.contacted,
    )


async def _name(guardian_id: UUID | None) -> str:
    guardian = await Guardian.objects().where(Guardian.id == guardian_id).first()
    return guardian.name if guardian is not None else ""


async def confirm(secret: str, *, at: datetime) -> None:
    """Record that the parent knows of the leave and agrees; the class teacher is told."""
    async with db.writing():
        slip_id = await links.open(secret, LINK, at=at)
        shown = await behind(secret, at=at)
        if not shown.parent:
            raise WrongStateError(_NOTHING)
        await agreed(slip_id, shown.line.row["link_guardian"], shown.parent, at=at)
        await links.mark_used(secret, at=at)


async def agreed(slip_id: UUID, guardian_id: UUID, parent: str, *, at: datetime) -> None:
    """Note a parent's agreement as the contact that a slip needs, inside the caller's transaction."""
    await db.fetch("SELECT id FROM school_gate_leave WHERE id = {} FOR UPDATE", slip_id)
    line = await queries.slip_by_id(slip_id, at=at)
    if line is None or line.standing != ASKED or line.slip.contacted:
        raise WrongStateError(_NOTHING)
    await change(
        slip_id,
        "contact",
        {
            LeaveSlip.contacted_at: at,
            LeaveSlip.contact_means: "link",
            LeaveSlip.contact_with: parent,
            LeaveSlip.contact_guardian: guardian_id,
        },
        actor=Actor(kind="link", name=parent),
        at=at,
        means="link",
    )
    await telling.tell(
        await telling.teachers(line.teacher_id),
        f"leave_confirmed/{slip_id}",
        N_("The parent of {name} agrees to the leave", name=line.pupil_name),
        N_("Now issue the slip."),
        f"/school-gate/leave/{slip_id}",
        at=at,
    )
