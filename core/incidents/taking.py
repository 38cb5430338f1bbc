"""An incident taken for an act: locked, seen by whom it concerns, its version counted, the act logged."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core import clock, db
from core.errors import (
    NotFoundError,
    StaleError,
    WrongStateError,
)
from core.i18n import N_
from core.incidents.queries import WRITE, known
from core.incidents.tables import Incident
from core.log.services import record
from core.permissions import Actor

LONGEST_TEXT = 4000


RECORD_KIND = "incident"


async def log(
    row: Incident, act: str, actor: Actor, at: datetime, after: Mapping[str, Any]
) -> None:
    """Log an act on an incident: what was done, never what was written."""
    await record(actor, f"incident.{act}", RECORD_KIND, row.id, at=at, after=after)


async def take(
    incident_id: UUID, *, actor: Actor, version: int | None = None, state: str = "open"
) -> Incident:
    """Return an incident locked for an act; an empty `state` takes it in any.

    NotFoundError for whom it does not exist, StaleError when it changed since it was read.
    """
    await db.fetch("SELECT id FROM incident WHERE id = {} FOR UPDATE", incident_id)
    row = await known(incident_id, actor=actor, at=clock.now())
    if actor.kind != "system" and not actor.may_at(WRITE, row.site):
        raise NotFoundError
    if version is not None and row.version != version:
        raise StaleError
    if state and row.state != state:
        raise WrongStateError(N_("This incident is closed. Correct or reopen it."))
    return row


async def changed(row: Incident) -> None:
    """Count the change, so that older pages are told that they are old."""
    row.version += 1
    await Incident.update({Incident.version: row.version}).where(Incident.id == row.id)
