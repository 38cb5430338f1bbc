"""A pass folded anew from its events, and the conflicts that a person closes."""

from datetime import datetime
from uuid import UUID

from core import clock, db
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.gate import refolding
from core.gate.facts import Presence
from core.gate.tables import ScanConflict
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor

CONFLICT_PERMISSION = "core:gate:conflict"
_STANDING = (
    "SELECT id, site, registration, single_entry, revoked_at, inside, entries, last_at,"
    " last_direction, last_event FROM pass WHERE id = {} FOR UPDATE"
)


async def refold(pass_id: str, *, at: datetime) -> Presence:
    """Set a pass to what its events say and store the conflicts among them; call it in `db.writing()`.

    Needed after corrections; what a gate without network delivers late is folded by `refolding`.
    """
    rows = await db.fetch(_STANDING, pass_id)
    if not rows:
        raise NotFoundError
    standing = {pass_id: refolding.standing_of(rows[0])}
    folded = await refolding.fold_on(standing, {pass_id: refolding.Change(since=0)}, at=at)
    return folded[pass_id]


async def close_conflict(conflict_id: UUID, *, note: str, actor: Actor, at: datetime) -> None:
    """Close a conflict with its explanation."""
    if not note.strip():
        raise InvalidInputError({"note": N_("Please say how it came about.")})
    async with db.writing():
        await db.fetch("SELECT id FROM scan_conflict WHERE id = {} FOR UPDATE", conflict_id)
        row = await ScanConflict.objects().where(ScanConflict.id == conflict_id).first()
        if row is None or not actor.may_at(CONFLICT_PERMISSION, row.site):
            raise NotFoundError
        if row.closed_at is not None:
            raise WrongStateError(N_("Somebody closed this conflict already."))
        await ScanConflict.update(
            {
                ScanConflict.closed_at: clock.to_ms(at),
                ScanConflict.closed_by: actor.id,
                ScanConflict.note: note.strip(),
            }
        ).where(ScanConflict.id == conflict_id)
        await record(
            actor,
            "gate.close_conflict",
            "conflict",
            conflict_id,
            at=at,
            after={"kind": row.kind, "pass": row.pass_id, "note": note.strip()},
        )
