"""What a delivery holds that a person must look at: kept whole, listed, settled by name with a note."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from core import clock, db
from core.gate.delivered_rows import Kept
from core.gate.delivering import DeliveringDevice
from core.gate.offline_events import Unreadable, content_of
from core.log.proof import Content
from core.log.services import as_json, entry, record_many
from core.privacy.keys import keyring

TABLE = "scan_quarantine"
_AT_ONCE = 200
_KNOWN = "SELECT seq, digest, code FROM scan_quarantine WHERE device = {} AND seq IN ({places})"
_INSERT = (
    "INSERT INTO scan_quarantine (id, device, gate, site, seq, digest, code, at, received_at,"
    " direction, verdict, pass_id, content, settled_as, note)"
    " VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, '', '')"
    " ON CONFLICT (device, digest) DO NOTHING"
)
_NAME = "UPDATE scan_quarantine SET event = {} WHERE device = {} AND digest = {}"


async def known(device: DeliveringDevice, seqs: Sequence[int]) -> dict[tuple[int, str], str]:
    """Return the codes of what is kept of a device under these numbers, by number and digest."""
    found: dict[tuple[int, str], str] = {}
    for start in range(0, len(seqs), _AT_ONCE):
        part = seqs[start : start + _AT_ONCE]
        sql = _KNOWN.replace("{places}", ", ".join(["{}"] * len(part)))
        for row in await db.fetch(sql, device.device_id, *part):
            found[row["seq"], row["digest"]] = row["code"]
    return found


async def keep(
    found: Sequence[tuple[Kept, str]], device: DeliveringDevice, *, at: datetime
) -> None:
    """Keep acts with the reason; call it in `db.writing()`."""
    rows = []
    for one, code in found:
        row_id = uuid4()
        rows.append(
            (
                row_id,
                device.device_id,
                device.gate_id,
                device.site_id,
                one.event.seq,
                one.digest,
                code,
                one.placed.at,
                clock.to_ms(at),
                one.event.direction,
                one.event.verdict,
                one.pass_id,
                _sealed(content_of(one.event, one.token.mark), row_id),
            )
        )
    await db.execute_many(_INSERT, rows)
    await record_many(
        [_log(device, one.event.seq, code, one.pass_id or "", at) for one, code in found]
    )


async def keep_unreadable(
    unreadable: Unreadable, device: DeliveringDevice, code: str, *, at: datetime
) -> None:
    """Keep an act that is not as agreed, as it came."""
    row_id, now = uuid4(), clock.to_ms(at)
    data = unreadable.content.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(data).hexdigest()
    content = _sealed(unreadable.content, row_id)
    added = await db.execute(
        _INSERT, row_id, device.device_id, device.gate_id, device.site_id, unreadable.seq, digest,
        code, now, now, 0, 0, None, content,
    )  # fmt: skip
    if added:
        await record_many([_log(device, unreadable.seq, code, "", at)])


def _sealed(content: str, row_id: UUID) -> str:
    return keyring().encrypt(content, TABLE, "content", row_id)


def _log(device: DeliveringDevice, seq: int, code: str, pass_id: str, at: datetime) -> Content:
    return entry(
        device.actor(None),
        "gate.quarantine",
        "device",
        device.device_id,
        clock.to_ms(at),
        "",
        as_json({"seq": seq, "code": code, "pass": pass_id}),
    )


async def name_events(forked: Sequence[Kept], device: DeliveringDevice) -> None:
    """Note under which event an act counts whose number another one had taken."""
    await db.execute_many(_NAME, [(one.id, device.device_id, one.digest) for one in forked])
