"""One appointment taken for an act, moved along its table, and written with its log row and event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core import db
from core.appointments import states
from core.appointments.tables import Appointment
from core.errors import NotFoundError, StaleError, WrongStateError
from core.i18n import N_
from core.log.changing import change
from core.notices.services import tell
from core.permissions import Actor
from core.plugins import Plugins

READ = "core:appointment:read"
WRITE = "core:appointment:write"
OWN = "core:appointment:own"
# Acts that no person with an account does: the system's own, and what a link's holder may do.
_WITHOUT_PERMISSION = frozenset({"system", "link"})


def is_own(actor: Actor, host_id: UUID | None) -> bool:
    """Say whether the actor is the host and answers for their own visitors."""
    return host_id is not None and actor.host_id == host_id and actor.may(OWN)


def may_see(actor: Actor, site_id: UUID, host_id: UUID | None) -> bool:
    """Say whether the actor may see an appointment at this site with this host."""
    return actor.may_at(READ, site_id) or is_own(actor, host_id)


def may_change(actor: Actor, site_id: UUID, host_id: UUID | None) -> bool:
    """Say whether the actor may act on an appointment at this site with this host."""
    if actor.kind in _WITHOUT_PERMISSION:
        return True
    return actor.may_at(WRITE, site_id) or is_own(actor, host_id)


async def take(
    appointment_id: UUID, act: str, *, actor: Actor, version: int | None = None
) -> Appointment:
    """Return an appointment locked for an act; call it inside the act's `db.writing()`.

    NotFoundError where the actor may not act, StaleError when it changed since `version` was shown,
    WrongStateError when its state does not allow the act.
    """
    await db.fetch("SELECT id FROM appointment WHERE id = {} FOR UPDATE", appointment_id)
    row = await Appointment.objects().where(Appointment.id == appointment_id).first()
    if row is None or not may_change(actor, row.site, row.host):
        raise NotFoundError
    if version is not None and row.version != version:
        raise StaleError
    if not states.may(act, row.state):
        raise WrongStateError(
            N_("This is not possible any more: look at the state of the appointment.")
        )
    return row


async def write(
    row: Appointment,
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
    if not states.leads(act, row.state, to):
        raise ValueError(f"{act} does not lead from {row.state} to {to}")
    await change(row, act, changed, actor=actor, at=at, note=note, quiet=quiet)
    await announce(row, act, at=at, plugins=plugins)


async def announce(row: Appointment, act: str, *, at: datetime, plugins: Plugins) -> None:
    """Tell plugins and live boards what became of an appointment."""
    payload = {"state": row.state, "purpose": row.purpose}
    await tell(plugins, f"appointment.{act}", row.id, at=at, site_id=row.site, payload=payload)
