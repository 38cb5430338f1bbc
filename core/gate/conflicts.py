"""Conflicts that no fold finds: two acts under one number, a wrong clock, an old print let in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from core import clock, db
from core.gate.conflict_rows import CLOCK, FORK, GAP, OLD_PRINT, open_conflicts
from core.gate.delivered_rows import Kept
from core.gate.delivering import DeliveringDevice
from core.gate.facts import IN
from core.gate.fold import conflict_key
from core.gate.refolding import counts

_REISSUED = (
    "SELECT min(at) AS at FROM log_entry WHERE act = 'pass.reissue' AND record_kind = 'pass'"
    " AND record_id = {} AND at <= {}"
)


async def open_forks(forked: Sequence[Kept], device: DeliveringDevice, *, at: datetime) -> None:
    """Open a conflict for each number under which a device sent two different acts."""
    first = {
        row["seq"]: row["id"]
        for one in forked
        for row in await db.fetch(
            "SELECT id, seq FROM scan_event WHERE device = {} AND seq = {}",
            device.device_id,
            one.event.seq,
        )
    }
    await open_conflicts(
        [
            (
                FORK,
                f"{FORK}/{device.device_id}:{one.event.seq}",
                one.pass_id,
                first.get(one.event.seq),
                one.id,
                device.site_id,
                clock.to_ms(at),
                "",
            )
            for one in forked
        ]
    )


async def open_others(
    new: Sequence[Kept], device: DeliveringDevice, passes: Mapping[str, db.Row], *, at: datetime
) -> None:
    """Open what these events show of the device's clock, and of prints that others had replaced."""
    now = clock.to_ms(at)
    rows: dict[str, tuple[object, ...]] = {}
    for one in sorted(new, key=lambda one: one.event.seq):
        if one.placed.wrong:
            key = f"{CLOCK}/{device.device_id}/{one.event.boot}"
            rows.setdefault(key, (CLOCK, key, None, None, one.id, device.site_id, now, ""))
        if await _is_old_print(one, passes):
            assert one.pass_id is not None  # noqa: S101 - only a pass has a print
            assert one.device is not None  # noqa: S101 - it is stored
            key = conflict_key(OLD_PRINT, one.pass_id, one.device, one.event.seq)
            rows[key] = (OLD_PRINT, key, one.pass_id, None, one.id, device.site_id, now, "")
    if rows:
        await open_conflicts(list(rows.values()))


async def _is_old_print(one: Kept, passes: Mapping[str, db.Row]) -> bool:
    """Say whether somebody came in with a print that had been replaced by then."""
    row, body, event = passes.get(one.pass_id or ""), one.token.body, one.event
    if row is None or body is None or event.direction != IN:
        return False
    if not counts(event.verdict, event.stored_code) or body.generation >= row["generation"]:
        return False
    found = await db.fetch(_REISSUED, one.pass_id, one.placed.at)
    return found[0]["at"] is not None


def gap_key(device: UUID, first: int) -> str:
    """Return the key of the conflict about numbers that are missing from `first` on."""
    return f"{GAP}/{device}:{first}"
