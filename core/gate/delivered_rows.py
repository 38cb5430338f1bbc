"""The rows of a delivery: what is known of its numbers, its events, what corrects what, log, counts."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock, db
from core.gate.delivering import DeliveringDevice
from core.gate.facts import PassEvent
from core.gate.fold import ALLOW
from core.gate.offline_events import SCAN, OfflineEvent
from core.gate.placing import Placed
from core.gate.records import Counters
from core.gate.refolding import as_uuid
from core.gate.scans import OFFLINE, ONLINE, VERDICTS, EventRow
from core.gate.verifying import Verified
from core.i18n import Message
from core.log.proof import Content
from core.log.services import entry, record_many

_AT_ONCE = 200
_WAYS = ("in", "out")
COLUMNS = (*EventRow._fields, "corrects_seq")
_INSERT = (
    f"INSERT INTO scan_event ({', '.join(COLUMNS)}) VALUES"  # noqa: S608 - column names
    f" ({', '.join('{}' for _ in COLUMNS)}) ON CONFLICT (device, seq) DO NOTHING"
)
_KNOWN = (
    "SELECT id, device, seq, boot, at, mono, clock_offset, pass_id, raw_hash, direction, verdict,"
    " code, mode, corrects_seq FROM scan_event WHERE device = {} AND seq IN ({places})"
)
_IDS = "SELECT id, device, seq FROM scan_event WHERE device IN ({devices}) AND seq IN ({places})"
_COUNT = (
    "INSERT INTO scan_counter (id, day, gate, kind, direction, verdict, code, total)"
    " VALUES ({}, {}, {}, {}, {}, {}, {}, {})"
    " ON CONFLICT (id) DO UPDATE SET total = scan_counter.total + excluded.total"
)


@dataclass(slots=True)
class Kept:
    """One act of a delivery on its way: `device` under which it is stored, `id` once it is."""

    event: OfflineEvent
    token: Verified
    placed: Placed
    digest: str = ""
    device: UUID | None = None
    id: int = 0

    @property
    def pass_id(self) -> str | None:
        """The pass that it is about, None where its text was no genuine one."""
        return self.token.pass_id

    @property
    def raw_hash(self) -> str:
        """What stands for a text that was no pass, also where the device did not keep it."""
        if self.pass_id is not None:
            return ""
        return self.token.raw_hash if self.event.token else self.event.raw_hash

    def as_pass_event(self) -> PassEvent:
        """Return it as the fold sees it; what it corrects is told by the database."""
        assert self.device is not None  # noqa: S101 - set where it is placed
        return PassEvent(
            id=self.id,
            device=self.device,
            seq=self.event.seq,
            at=self.placed.at,
            direction=self.event.direction,
            verdict=self.event.verdict,
            code=self.event.stored_code,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is stored under a number of a device, as far as it tells two acts apart."""

    boot: str
    wall: int
    mono: int
    mark: str
    direction: int
    verdict: int
    code: str
    corrects_seq: int | None
    online: bool

    @classmethod
    def of(cls, one: Kept) -> "Stored":
        """Return an act of a delivery as it will be stored."""
        event = one.event
        return cls(
            boot=event.boot,
            wall=one.placed.at - one.placed.offset,
            mono=event.mono,
            mark=one.pass_id or one.raw_hash,
            direction=event.direction,
            verdict=event.verdict,
            code=event.stored_code,
            corrects_seq=event.corrects,
            online=False,
        )

    def is_same(self, one: Kept) -> bool:
        """Say whether an act is the one stored here.

        One that was sent to be judged and got no answer is told again as the device decided it: it is
        the same where the server decided alike.
        """
        other = Stored.of(one)
        if not self.online:
            return self == other
        return (self.boot, self.mark, self.direction, self.verdict) == (
            other.boot,
            other.mark,
            other.direction,
            other.verdict,
        ) and (other.code == self.code or one.event.act == SCAN)


async def known(device: DeliveringDevice, seqs: Sequence[int]) -> dict[int, list[Stored]]:
    """Return what is stored under these numbers of a device."""
    found: dict[int, list[Stored]] = {}
    for start in range(0, len(seqs), _AT_ONCE):
        part = seqs[start : start + _AT_ONCE]
        places = ", ".join(["{}"] * len(part))
        for row in await db.fetch(_KNOWN.replace("{places}", places), device.device_id, *part):
            found[row["seq"]] = [
                Stored(
                    boot=row["boot"],
                    wall=row["at"] - row["clock_offset"],
                    mono=row["mono"],
                    mark=row["pass_id"] or row["raw_hash"],
                    direction=row["direction"],
                    verdict=row["verdict"],
                    code=row["code"],
                    corrects_seq=row["corrects_seq"],
                    online=row["mode"] == ONLINE,
                )
            ]
    return found


async def insert(new: Sequence[Kept], device: DeliveringDevice, *, at: datetime) -> None:
    """Store events and learn their ids; what one corrects is linked afterwards."""
    received = clock.to_ms(at)
    await db.execute_many(
        _INSERT, [(*_row(one, device, received), one.event.corrects) for one in new]
    )
    ids: dict[tuple[UUID, int], int] = {}
    for start in range(0, len(new), _AT_ONCE):
        part = new[start : start + _AT_ONCE]
        devices = {one.device for one in part}
        sql = _IDS.replace("{devices}", ", ".join(["{}"] * len(devices)))
        sql = sql.replace("{places}", ", ".join(["{}"] * len(part)))
        for row in await db.fetch(sql, *devices, *(one.event.seq for one in part)):
            ids[as_uuid(row["device"]), row["seq"]] = row["id"]
    for one in new:
        assert one.device is not None  # noqa: S101 - set where it is placed
        one.id = ids[one.device, one.event.seq]


def _row(one: Kept, device: DeliveringDevice, received: int) -> EventRow:
    event = one.event
    assert one.device is not None  # noqa: S101 - set where it is placed
    return EventRow(
        device=one.device,
        boot=event.boot,
        seq=event.seq,
        at=one.placed.at,
        mono=event.mono,
        clock_offset=one.placed.offset,
        received_at=received,
        gate=device.gate_id,
        site=device.site_id,
        pass_id=one.pass_id,
        raw_hash=one.raw_hash,
        direction=event.direction,
        verdict=event.verdict,
        code=event.stored_code,
        reason=Message(event.reason).dump() if event.reason else "",
        rule=event.rule,
        rule_version=event.version,
        mode=OFFLINE,
        source=event.source,
        bundle=event.bundle,
        operator=event.operator if event.operator in device.operators else None,
        corrects=None,
    )


async def log_and_count(
    new: Sequence[Kept],
    device: DeliveringDevice,
    passes: Mapping[str, db.Row],
    zone: ZoneInfo,
) -> None:
    """Write a row of the log for each event, and count them by the day on which they were."""
    counters = Counters(zone, 0)
    totals: Counter[tuple[str, str, UUID, str, int, int, str]] = Counter()
    log: list[Content] = []
    for one in new:
        row = passes.get(one.pass_id or "")
        kind = row["kind"] if row is not None else ""
        event = _row(one, device, 0)
        key = counters.key(event, kind)
        totals[key.id, key.day, event.gate, kind, event.direction, event.verdict, event.code] += 1
        log.append(_log(one, device))
    await record_many(log)
    await db.execute_many(_COUNT, [(*key, total) for key, total in sorted(totals.items(), key=str)])


def _log(one: Kept, device: DeliveringDevice) -> Content:
    event = one.event
    verdict = VERDICTS[event.verdict]
    after: dict[str, object] = {
        "device": str(one.device),
        "seq": event.seq,
        "direction": _WAYS[event.direction],
        "verdict": verdict,
        "mode": "offline",
        "bundle": event.bundle,
    }
    if one.device != device.device_id:
        after["sent_by"] = str(device.device_id)
    if event.stored_code:
        after["code"] = event.stored_code
    if event.verdict != ALLOW:
        after |= {"reason": event.reason, "rule": event.rule, "version": event.version}
    if event.corrects is not None:
        after["corrects_seq"] = event.corrects
    if event.note:
        after["why"] = event.note
    if event.operator is not None and event.operator not in device.operators:
        after["operator_not_known_here"] = str(event.operator)
    return entry(
        device.actor(event.operator),
        f"scan.{verdict}" if event.act == SCAN else f"gate.{event.act}",
        "pass" if one.pass_id else "code",
        one.pass_id or one.raw_hash[:40],
        one.placed.at,
        "",
        json.dumps(after, ensure_ascii=False, separators=(",", ":")),
    )
