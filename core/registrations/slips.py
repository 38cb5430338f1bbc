"""The slip a visitor carries: its pass, and what is printed on it. Drawing is core/documents' business."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import db
from core.errors import WrongStateError
from core.hosts.tables import Host
from core.i18n import N_
from core.log.services import record
from core.passes import services as passes
from core.passes.tables import Pass
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import judging, moves, states
from core.registrations.facts import Detail
from core.registrations.rulebook import reception
from core.registrations.tables import Registration

MAY_HAVE_SLIP = (states.WAITING, states.INSIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What a slip says; the token is drawn as its QR code, on both parts.

    `badge_lines` are what plugins add to the pass itself; they stand below its code.
    """

    registration: Registration
    pass_id: str
    token: str
    details: list[Detail]
    badge_lines: list[str]


async def issue(registration_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins) -> Slip:
    """Issue the slip of a visit, or return the one already issued: a reprint equals the first print."""
    async with db.writing():
        row = await moves.take(registration_id, "slip", actor=actor)
        pass_id, token = await pass_for(row, actor=actor, at=at)
        await record(
            actor, "registration.slip", "registration", row.id, at=at, after={"pass": pass_id}
        )
        facts = await judging.facts_of(row, at=at)
    details, _ = await plugins.collect_registration_details(facts)
    lines, _ = await plugins.collect_badge_lines(passes.VISIT, row.visitor)
    return Slip(registration=row, pass_id=pass_id, token=token, details=details, badge_lines=lines)


async def pass_for(row: Registration, *, actor: Actor, at: datetime) -> tuple[str, str]:
    """Return the pass of a visit and its token, issued now unless there is one; call it in the act."""
    found = await current_pass(row.id)
    if found is not None:
        return found, await passes.token_of(found)
    if row.state not in MAY_HAVE_SLIP:
        raise WrongStateError(N_("A slip is printed while the visitor waits or is inside."))
    grace = timedelta(minutes=(await reception(at)).slip_grace_minutes)
    end = max(row.expected_leave_at or at, at) + grace + timedelta(minutes=1)
    issued = await passes.issue(
        passes.VISIT,
        row.visitor,
        row.site,
        registration_id=row.id,
        not_before=at,
        expires=end,
        single_entry=True,
        actor=actor,
        at=at,
    )
    return issued.pass_id, issued.token


async def current_pass(registration_id: UUID) -> str | None:
    """Return the id of the pass of a visit that is still good."""
    row = (
        await Pass.select(Pass.id)
        .where(Pass.registration == registration_id, Pass.revoked_at.is_null())
        .order_by(Pass.issued_at, ascending=False)
        .first()
    )
    return row["id"] if row else None


async def host_lines(row: Registration) -> tuple[str, str]:
    """Return whom a visit is to, and the office with its room."""
    host = await Host.objects().where(Host.id == row.host).first() if row.host else None
    if host is None:
        return row.host_text, ""
    return host.name, " ".join(part for part in (host.department, host.room) if part)
