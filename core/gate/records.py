"""From a judged scan to what is stored of it and what is answered. Pure but for the log's proof."""

import json
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from core import clock
from core.decisions import Allow
from core.gate.facts import HolderCard, PassFacts, Presence
from core.gate.fold import ALLOW, DENY, HOLD, STUB, conflict_key, step
from core.gate.judging import Judged
from core.gate.scans import (
    ONLINE,
    VERDICTS,
    CounterKey,
    EventRow,
    KnownEvent,
    Move,
    Record,
    Scan,
    Verdict,
)
from core.i18n import Message
from core.log.proof import prove
from core.log.services import entry
from core.permissions import Actor

_VERDICT = {"Allow": ALLOW, "Hold": HOLD, "Deny": DENY}
_WAYS = ("in", "out")


def verdict_number(judged: Judged) -> int:
    """Return a decision as the event keeps it."""
    return _VERDICT[type(judged.decision).__name__]


def presence_of(scanned: PassFacts, last_event: int) -> Presence:
    """Return where a pass stands, as the fold continues from there."""
    return Presence(
        inside=scanned.inside,
        entries=scanned.entries,
        last_at=scanned.last_at,
        last_direction=scanned.last_direction,
        last_event=last_event,
    )


class Counters:
    """Names the counter of a scan. `shard` keeps processes from waiting for each other's counts."""

    def __init__(self, zone: ZoneInfo, shard: int) -> None:
        self._zone = zone
        self._shard = shard
        self._minute = -1
        self._day = ""

    def day(self, at: int) -> str:
        """Return the day on the site's calendar."""
        if at // 60_000 != self._minute:
            self._minute = at // 60_000
            local: date = clock.local(clock.from_ms(at), self._zone).date()
            self._day = local.isoformat()
        return self._day

    def key(self, event: EventRow, kind: str) -> CounterKey:
        """Return the counter of an event of a pass of this kind."""
        day = self.day(event.at)
        return CounterKey(
            f"{day}/{event.gate}/{kind}/{event.direction}/{event.verdict}/{event.code}/{self._shard}",
            day,
            kind,
        )


def event_of(
    scan: Scan, judged: Judged, at: int, *, pass_id: str | None, raw_hash: str
) -> EventRow:
    """Return the event of a scan. `at` is the server's clock; the offset tells the device's."""
    decision = judged.decision
    counts = isinstance(decision, Allow)
    scanned = judged.scanned
    # Events that count stand in the order in which they were decided, whatever two clocks say.
    moment = max(at, scanned.last_at + 1) if counts and scanned is not None else at
    if isinstance(decision, Allow):
        code, reason, rule, version = judged.code, _dumped(decision.note), "", ""
    else:
        code, reason = decision.code, decision.reason.dump()
        rule, version = decision.rule, decision.version
    return EventRow(
        device=scan.station.device_id,
        boot=scan.boot,
        seq=scan.seq,
        at=moment,
        mono=scan.mono,
        clock_offset=moment - scan.wall if scan.wall else 0,
        received_at=at,
        gate=scan.station.gate_id,
        site=scan.station.site_id,
        pass_id=pass_id,
        raw_hash=raw_hash,
        direction=judged.direction,
        verdict=verdict_number(judged),
        code=code[:60],
        reason=reason,
        rule=rule[:20],
        rule_version=version[:60],
        mode=ONLINE,
        source=scan.source,
        bundle=scan.bundle,
        operator=scan.station.actor.id,
        corrects=None,
    )


def _dumped(message: Message | None) -> str:
    return "" if message is None else message.dump()


def move_of(judged: Judged, event: EventRow, last_event: int) -> Move | None:
    """Return the change of the pass, None where the scan changes nothing."""
    scanned = judged.scanned
    if event.verdict != ALLOW or scanned is None or event.code == STUB:
        return None
    after, conflict = step(presence_of(scanned, last_event), event.direction, event.at, 0)
    if scanned.registration_id is not None:
        conflict = ""
    return Move(
        version=scanned.version,
        inside=int(after.inside),
        entries=after.entries,
        direction=event.direction,
        conflict=conflict,
        conflict_key=(
            conflict_key(conflict, scanned.pass_id, event.device, event.seq) if conflict else ""
        ),
        first_event=last_event or None,
    )


def record_of(
    event: EventRow,
    move: Move | None,
    *,
    actor: Actor,
    kind: str,
    counters: Counters,
    generation: int | None = None,
    act: str = "",
    more: Mapping[str, object] | None = None,
) -> Record:
    """Return all that a scan writes. The log row names device and number, so it finds its event."""
    verdict = VERDICTS[event.verdict]
    after: dict[str, object] = {
        "device": str(event.device),
        "seq": event.seq,
        "direction": _WAYS[event.direction],
        "verdict": verdict,
    }
    if event.code:
        after["code"] = event.code
    if event.verdict != ALLOW:
        after |= {"reason": event.reason, "rule": event.rule, "version": event.rule_version}
    if move is not None:
        after["inside"] = move.inside
    if generation is not None:
        after["generation"] = generation
    if more:
        after |= more
    log = entry(
        actor,
        act or f"scan.{verdict}",
        "pass" if event.pass_id else "code",
        event.pass_id or event.raw_hash[:40],
        event.at,
        "",
        json.dumps(after, ensure_ascii=False, separators=(",", ":"), default=str),
    )
    return Record(
        event=event, move=move, log=log, proof=prove(log), counter=counters.key(event, kind)
    )


def answer(event_id: int, record: Record, judged: Judged) -> Verdict:
    """Return what the gate shows."""
    event, scanned = record.event, judged.scanned
    move = record.move
    inside = scanned is not None and scanned.inside
    return Verdict(
        event_id=event_id,
        verdict=VERDICTS[event.verdict],
        code=event.code,
        reason=Message.load(event.reason) if event.reason else None,
        rule=event.rule,
        version=event.rule_version,
        direction=event.direction,
        at=event.at,
        pass_id=event.pass_id,
        kind="" if scanned is None else scanned.kind,
        holder=judged.holder,
        inside=bool(move.inside) if move is not None else inside,
        registration_id=None if scanned is None else scanned.registration_id,
    )


def answer_again(
    known: KnownEvent, scanned: PassFacts | None, holder: HolderCard | None
) -> Verdict:
    """Return the stored verdict of a scan that was sent before."""
    return Verdict(
        event_id=known.id,
        verdict=VERDICTS[known.verdict],
        code=known.code,
        reason=Message.load(known.reason) if known.reason else None,
        rule=known.rule,
        version=known.rule_version,
        direction=known.direction,
        at=known.at,
        pass_id=known.pass_id,
        kind="" if scanned is None else scanned.kind,
        holder=holder,
        inside=scanned is not None and scanned.inside,
        replayed=True,
        registration_id=None if scanned is None else scanned.registration_id,
    )
