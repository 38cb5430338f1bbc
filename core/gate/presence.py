"""A pass folded anew from its events, and the conflicts that a person closes."""

from datetime import datetime
from uuid import UUID, uuid4

from core import clock, db
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.gate import fold as folding
from core.gate.facts import Conflict, PassEvent, Presence
from core.gate.tables import ScanConflict
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor

CONFLICT_PERMISSION = "core:gate:conflict"
_FOUND_BY_FOLD = (
    folding.DOUBLE_ENTRY,
    folding.EXIT_WITHOUT_ENTRY,
    folding.ENTRY_AFTER_REVOCATION,
    folding.SECOND_SINGLE_ENTRY,
)
_PASS = "SELECT site, registration, single_entry, revoked_at FROM pass WHERE id = {} FOR UPDATE"  # noqa: S105
_EVENTS = (
    "SELECT id, device, seq, at, direction, verdict, code, corrects FROM scan_event"
    " WHERE pass_id = {}"
)


async def refold(pass_id: str, *, at: datetime) -> Presence:
    """Set a pass to what its events say and store the conflicts among them; call it in `db.writing()`.

    Needed after events that are not the newest: corrections, and what a gate without network
    delivers late.
    """
    rows = await db.fetch(_PASS, pass_id)
    if not rows:
        raise NotFoundError
    row = rows[0]
    events = [
        PassEvent(
            id=event["id"],
            device=event["device"],
            seq=event["seq"],
            at=event["at"],
            direction=event["direction"],
            verdict=event["verdict"],
            code=event["code"],
            corrects=event["corrects"],
        )
        for event in await db.fetch(_EVENTS, pass_id)
    ]
    presence, conflicts = folding.fold(
        pass_id,
        events,
        single_entry=bool(row["single_entry"]),
        revoked_at=row["revoked_at"],
        is_visit=row["registration"] is not None,
    )
    await db.execute(
        "UPDATE pass SET inside = {}, entries = {}, last_at = {}, last_direction = {},"
        " last_event = {}, version = version + 1 WHERE id = {}",
        int(presence.inside),
        presence.entries,
        presence.last_at,
        presence.last_direction,
        presence.last_event,
        pass_id,
    )
    await _store_conflicts(pass_id, row["site"], conflicts, at)
    return presence


async def _store_conflicts(
    pass_id: str, site_id: UUID, conflicts: list[Conflict], at: datetime
) -> None:
    """Open what is new, and close what the events do not show any more."""
    known = {
        row["key"]: row
        for row in await ScanConflict.select(ScanConflict.key, ScanConflict.closed_at).where(
            ScanConflict.pass_id == pass_id, ScanConflict.kind.is_in(list(_FOUND_BY_FOLD))
        )
    }
    found = {conflict.key: conflict for conflict in conflicts}
    for key, conflict in found.items():
        if key not in known:
            await ScanConflict.insert(
                ScanConflict(
                    id=uuid4(),
                    kind=conflict.kind,
                    key=key,
                    pass_id=pass_id,
                    first_event=conflict.first_event,
                    second_event=conflict.second_event,
                    site=site_id,
                    opened_at=clock.to_ms(at),
                )
            )
    for key, row in known.items():
        if key not in found and row["closed_at"] is None:
            await ScanConflict.update(
                {ScanConflict.closed_at: clock.to_ms(at), ScanConflict.note: "corrected"}
            ).where(ScanConflict.key == key)


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
