"""Numbers of a device that never arrived: each run of them is a conflict until it is filled or explained."""

from collections.abc import Sequence
from datetime import datetime

from core import clock, db
from core.gate.conflict_rows import GAP, open_conflicts
from core.gate.conflicts import gap_key
from core.gate.delivered_rows import Kept
from core.gate.delivering import DeliveringDevice
from core.gate.offline_events import Upload

# Numbers that were put aside for a person are not missing.
_RUNS = (
    "WITH s AS (SELECT seq FROM scan_event WHERE device = {} AND seq > {}"
    " UNION SELECT seq FROM scan_quarantine WHERE device = {} AND seq > {}"
    " UNION SELECT CAST({} AS bigint)),"
    " n AS (SELECT seq, lead(seq) OVER (ORDER BY seq) AS following FROM s)"
    " SELECT seq + 1 AS first, following - 1 AS last FROM n WHERE following > seq + 1 ORDER BY seq"
)
_KNOWN = (
    "SELECT key, closed_at, closed_by, note FROM scan_conflict WHERE kind = 'gap' AND key LIKE {}"
)
_MOST = 100


async def look(
    device: DeliveringDevice, upload: Upload, new: Sequence[Kept], *, at: datetime
) -> None:
    """Open what is missing once a device holds nothing back any more; close what has arrived."""
    delivered = len(upload.events) + len(upload.unreadable)
    known = {row["key"]: row for row in await db.fetch(_KNOWN, f"{GAP}/{device.device_id}:%")}
    if not known and not delivered and upload.waiting:
        return
    floor = device.seq_floor
    runs = await db.fetch(_RUNS, device.device_id, floor, device.device_id, floor, floor)
    missing = {gap_key(device.device_id, row["first"]): row for row in runs[:_MOST]}
    now = clock.to_ms(at)
    for key, row in known.items():
        if key not in missing and row["closed_at"] is None:
            await db.execute(
                "UPDATE scan_conflict SET closed_at = {}, note = 'arrived' WHERE key = {}", now, key
            )
        elif key in missing and row["closed_at"] is None:
            said = _said(missing[key])
            if row["note"] != said:
                await db.execute("UPDATE scan_conflict SET note = {} WHERE key = {}", said, key)
    if upload.waiting <= delivered:
        await open_conflicts(
            [
                (GAP, key, None, None, None, device.site_id, now, _said(row))
                for key, row in missing.items()
                if key not in known
            ]
        )
        await _reopen([k for k in missing if k in known and known[k]["note"] == "arrived"])
    await _raise_floor(device, runs, known)


def _said(run: db.Row) -> str:
    """Return the numbers of a run as a conflict keeps them until it is closed: `17-23`."""
    return f"{run['first']}-{run['last']}"


async def _reopen(keys: Sequence[str]) -> None:
    for key in keys:
        await db.execute("UPDATE scan_conflict SET closed_at = NULL, note = '' WHERE key = {}", key)


async def _raise_floor(
    device: DeliveringDevice, runs: Sequence[db.Row], known: dict[str, db.Row]
) -> None:
    """Note up to where nothing is missing that nobody explained, so that it is not looked at again."""
    floor = None
    for row in runs:
        key = gap_key(device.device_id, row["first"])
        if key not in known or known[key]["closed_by"] is None:
            floor = row["first"] - 1
            break
    if floor is None:
        rows = await db.fetch(
            "SELECT max(seq) AS seq FROM scan_event WHERE device = {}", device.device_id
        )
        floor = rows[0]["seq"] or 0
    if floor > device.seq_floor:
        await db.execute(
            "UPDATE gate_device SET seq_floor = {} WHERE id = {}", floor, device.device_id
        )
