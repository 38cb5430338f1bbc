"""One registration taken for an act, moved along its table, and written with its log row and event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core import db
from core.decisions import Allow, Decision, verdict_of
from core.errors import NotFoundError, StaleError, WrongStateError
from core.i18n import N_
from core.log.changing import change
from core.notices.services import tell
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import states
from core.registrations.tables import Registration

WRITE = "core:registration:write"
DECIDE = "core:registration:decide"
READ = "core:registration:read"
# The system itself, the holder of a link, a gate device: what they may do is decided where they come in.
_WITHOUT_PERMISSION = frozenset({"system", "link", "device"})


def permit(actor: Actor, permission: str, site_id: UUID) -> None:
    """Raise NotFoundError unless the actor may do this at the site: what one may not see is not there."""
    if actor.kind not in _WITHOUT_PERMISSION and not actor.may_at(permission, site_id):
        raise NotFoundError


async def take(
    registration_id: UUID,
    act: str,
    *,
    actor: Actor,
    permission: str = WRITE,
    version: int | None = None,
) -> Registration:
    """Return a registration locked for an act; call it inside the act's `db.writing()`.

    StaleError when it changed since `version` was shown, WrongStateError when its state does not
    allow the act. An act that moves nothing is not in the table of states and always allowed.
    """
    await db.fetch("SELECT id FROM registration WHERE id = {} FOR UPDATE", registration_id)
    row = await Registration.objects().where(Registration.id == registration_id).first()
    if row is None:
        raise NotFoundError
    permit(actor, permission, row.site)
    if version is not None and row.version != version:
        raise StaleError
    if act in states.ACTS and not states.may(act, row.state):
        raise WrongStateError(N_("This is not possible any more: look at the visit's state."))
    return row


async def write(
    row: Registration,
    act: str,
    changed: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    note: Mapping[str, Any] | None = None,
    quiet: tuple[str, ...] = (),
) -> None:
    """Write what an act changed, with its log row and event. `note` is logged and not stored.

    `quiet` names columns that change and are not worth a word in the log.
    """
    to = changed.get("state", row.state)
    if act in states.ACTS and not states.leads(act, row.state, to):
        raise ValueError(f"{act} does not lead from {row.state} to {to}")
    await change(row, act, changed, actor=actor, at=at, note=note, quiet=quiet)
    await tell(
        plugins,
        f"registration.{act}",
        row.id,
        at=at,
        site_id=row.site,
        payload={"state": row.state, "purpose": row.purpose},
    )


def decision_columns(decision: Decision) -> dict[str, str]:
    """Return a decision as a registration keeps it (CORE-22); an Allow clears what was there."""
    if isinstance(decision, Allow):
        return dict.fromkeys(
            ("decision_code", "decision_reason", "decision_rule", "decision_version"), ""
        )
    return {
        "decision_code": decision.code,
        "decision_reason": decision.reason.dump(),
        "decision_rule": decision.rule,
        "decision_version": decision.version,
    }


def logged_decision(decision: Decision) -> dict[str, str]:
    """Return a decision as the log keeps it: every refusal and hold, with its rule (CORE-22)."""
    if isinstance(decision, Allow):
        return {}
    return {
        "verdict": verdict_of(decision),
        "code": decision.code,
        "decision": decision.reason.dump(),
        "rule": decision.rule,
        "rulebook": decision.version,
    }
