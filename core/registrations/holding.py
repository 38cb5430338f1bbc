"""What a person decides: a held visit is released or refused by name, with a reason."""

from datetime import datetime
from uuid import UUID

from core import db
from core.errors import InvalidInputError
from core.i18n import N_, Message
from core.passes import services as passes
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import moves, states


async def release(
    registration_id: UUID,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    version: int | None = None,
) -> None:
    """Lift the hold, so that the visitor waits on; the same hold does not come back for this visit."""
    _said(reason)
    async with db.writing():
        row = await moves.take(
            registration_id, "release", actor=actor, permission=moves.DECIDE, version=version
        )
        await moves.write(
            row,
            "release",
            {"state": states.WAITING},
            actor=actor,
            at=at,
            plugins=plugins,
            note={"released": row.decision_code, "reason": reason},
        )


async def refuse(
    registration_id: UUID,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    version: int | None = None,
) -> None:
    """Turn a visitor away. Whoever registers may turn away who waits; a held one needs the right."""
    _said(reason)
    async with db.writing():
        row = await moves.take(registration_id, "refuse", actor=actor, version=version)
        if row.state == states.HELD:
            moves.permit(actor, moves.DECIDE, row.site)
        changed = {
            "state": states.REFUSED,
            "decision_code": "refused_by_person",
            "decision_reason": Message(reason).dump(),
            "decision_rule": "",
            "decision_version": "",
        }
        await moves.write(
            row,
            "refuse",
            changed,
            actor=actor,
            at=at,
            plugins=plugins,
            note={"reason": reason},
            quiet=("decision_reason", "decision_version"),
        )
        await passes.revoke_for_registration(row.id, reason="refused", actor=actor, at=at)


def _said(reason: str) -> None:
    if not reason:
        raise InvalidInputError({"reason": N_("Please say why.")})
