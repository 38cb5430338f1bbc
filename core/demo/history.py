"""Writing past scans and visits of a demonstration, as the gate and the desk would have left them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from core import clock, db
from core.decisions import Allow, Decision
from core.demo.facts import DemoGate
from core.gate.facts import Presence
from core.gate.fold import step
from core.gate.judging import Judged
from core.gate.records import Counters, record_of, verdict_number
from core.gate.scans import EventRow, Move, Record
from core.log.proof import Content
from core.log.services import as_json, entry, record_many
from core.permissions import Actor
from core.registrations import judging, states
from core.registrations.facts import RegistrationFacts
from core.registrations.moves import decision_columns, logged_decision
from core.registrations.numbers import next_number
from core.registrations.tables import Registration
from core.visitors import services as visitors
from core.visitors.matching import Person

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PastScan:
    """One scan of the past. A code that was no pass of ours has `pass_id` None and a hash."""

    at: int
    gate: DemoGate
    pass_id: str | None
    kind: str
    direction: int
    decision: Decision
    raw_hash: str = ""


async def write_scans(
    scans: Sequence[PastScan], *, site_id: UUID, guards: Sequence[Actor], zone: ZoneInfo
) -> int:
    """Write scans with their log rows and counters, and leave each pass where its scans led it."""
    counters = Counters(zone, 0)
    numbers: Counter[UUID] = Counter()
    standing: dict[str, Presence] = {}
    moves: Counter[str] = Counter()
    totals: Counter[tuple[str, str, UUID, str, int, int, str]] = Counter()
    records: list[Record] = []
    for scan in sorted(scans, key=lambda one: one.at):
        numbers[scan.gate.device_id] += 1
        guard = guards[numbers[scan.gate.device_id] // 400 % len(guards)]
        event = _event(scan, site_id, numbers[scan.gate.device_id], guard.id)
        move = None
        if isinstance(scan.decision, Allow) and scan.pass_id is not None:
            before = standing.get(scan.pass_id, Presence())
            after, _ = step(before, scan.direction, scan.at, 0)
            standing[scan.pass_id] = after
            move = Move(moves[scan.pass_id], int(after.inside), after.entries, scan.direction)
            moves[scan.pass_id] += 1
        made = record_of(event, move, actor=guard, kind=scan.kind, counters=counters)
        key = made.counter
        totals[
            key.id, key.day, event.gate, key.kind, event.direction, event.verdict, event.code
        ] += 1
        records.append(made)
    await _store(records)
    await _store_totals(totals)
    await _store_presence(standing, moves)
    await db.execute_many(
        "UPDATE gate_device SET last_seq = {} WHERE id = {}",
        [(number, device) for device, number in numbers.items()],
    )
    return len(records)


def _event(scan: PastScan, site_id: UUID, seq: int, operator: UUID | None) -> EventRow:
    judged = Judged(decision=scan.decision, direction=scan.direction)
    decided = None if isinstance(scan.decision, Allow) else scan.decision
    return EventRow(
        device=scan.gate.device_id,
        boot="demo",
        seq=seq,
        at=scan.at,
        mono=0,
        clock_offset=0,
        received_at=scan.at,
        gate=scan.gate.id,
        site=site_id,
        pass_id=scan.pass_id,
        raw_hash=scan.raw_hash,
        direction=scan.direction,
        verdict=verdict_number(judged),
        code=decided.code if decided else "",
        reason=decided.reason.dump() if decided else "",
        rule=decided.rule if decided else "",
        rule_version=decided.version if decided else "",
        mode=0,
        source="camera",
        bundle=0,
        operator=operator,
        corrects=None,
    )


async def _store(records: Sequence[Record]) -> None:
    columns = ", ".join(EventRow._fields)
    places = ", ".join(["{}"] * len(EventRow._fields))
    for start in range(0, len(records), _AT_ONCE):
        part = records[start : start + _AT_ONCE]
        await db.execute_many(
            f"INSERT INTO scan_event ({columns}) VALUES ({places})",  # noqa: S608 - column names
            [tuple(one.event) for one in part],
        )
        await record_many([one.log for one in part])


async def _store_totals(totals: Mapping[tuple[str, str, UUID, str, int, int, str], int]) -> None:
    await db.execute_many(
        "INSERT INTO scan_counter (id, day, gate, kind, direction, verdict, code, total)"
        " VALUES ({}, {}, {}, {}, {}, {}, {}, {})"
        " ON CONFLICT (id) DO UPDATE SET total = scan_counter.total + excluded.total",
        [(*key, total) for key, total in totals.items()],
    )


async def _store_presence(standing: Mapping[str, Presence], moves: Mapping[str, int]) -> None:
    await db.execute_many(
        "UPDATE pass SET inside = {}, entries = {}, last_at = {}, last_direction = {},"
        " version = {} WHERE id = {}",
        [
            (int(one.inside), one.entries, one.last_at, one.last_direction, moves[key], key)
            for key, one in standing.items()
        ],
    )
    await db.execute(
        "UPDATE pass SET last_event = (SELECT max(e.id) FROM scan_event e"
        " WHERE e.pass_id = pass.id AND e.verdict = 0) WHERE entries > 0"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVisit:
    """One visit of the past, from arrival to the returned stub, or refused on arrival."""

    person: Person
    purpose: str
    reason: str
    gate_id: UUID
    host_id: UUID | None
    host_name: str
    arrived_at: datetime
    minutes: int
    received_by: str
    decision: Decision = field(default_factory=Allow)
    answers: Mapping[str, str] = field(default_factory=dict)


async def write_visits(
    visits: Sequence[PastVisit], *, site_id: UUID, actor: Actor, now: datetime
) -> list[RegistrationFacts]:
    """Write visits with their log rows, the earliest first; who has not left by now is inside.

    Returns the facts from which plugins store their side.
    """
    rows: list[Registration] = []
    found: list[RegistrationFacts] = []
    log: list[Content] = []
    for visit in sorted(visits, key=lambda one: one.arrived_at):
        number = await next_number(judging.site_time(visit.arrived_at).date())
        known = await visitors.remember(visit.person, actor=actor, at=visit.arrived_at)
        row = _registration(visit, number, known.visitor.id, site_id, actor, now)
        rows.append(row)
        log += _logged(row, visit, actor)
        if row.entered_at is not None:
            await visitors.note_visit([known.visitor.id], at=row.entered_at)
        found.append(
            judging.facts(
                row,
                known.visitor,
                host_name=visit.host_name,
                watched=(),
                at=visit.arrived_at,
                answers=visit.answers,
            )
        )
    for start in range(0, len(rows), 100):
        await Registration.insert(*rows[start : start + 100])
    await record_many(log)
    return found


def _registration(
    visit: PastVisit,
    number: str,
    visitor_id: UUID,
    site_id: UUID,
    actor: Actor,
    now: datetime,
) -> Registration:
    admitted = isinstance(visit.decision, Allow)
    asked = visit.arrived_at + timedelta(minutes=2)
    entered = visit.arrived_at + timedelta(minutes=5)
    left = entered + timedelta(minutes=visit.minutes)
    gone = admitted and left <= now
    row = Registration(
        id=uuid4(),
        number=number,
        site=site_id,
        gate=visit.gate_id,
        visitor=visitor_id,
        purpose=visit.purpose,
        reason=visit.reason,
        host=visit.host_id,
        host_text="" if visit.host_id else visit.host_name,
        state=(states.CLOSED if gone else states.INSIDE) if admitted else states.REFUSED,
        document_shown=bool(visit.person.document_number),
        consent="given" if admitted and visit.host_name else "none",
        consent_asked_at=asked if admitted and visit.host_name else None,
        consent_at=asked if admitted and visit.host_name else None,
        consent_means="phone" if admitted and visit.host_name else "",
        consent_by=visit.host_name if admitted else "",
        created_at=visit.arrived_at,
        created_by=actor.id,
        received_by=visit.received_by,
        arrived_at=visit.arrived_at,
        entered_at=entered if admitted else None,
        expected_leave_at=entered + timedelta(hours=2),
        left_at=left if gone else None,
        host_signed_at=left - timedelta(minutes=3) if gone and visit.host_name else None,
        stub_returned_at=left if gone else None,
    )
    for name, value in decision_columns(visit.decision).items():
        setattr(row, name, value)
    return row


def _logged(row: Registration, visit: PastVisit, actor: Actor) -> list[Content]:
    acts: list[tuple[str, datetime, dict[str, object]]] = [
        (
            "registration.register",
            visit.arrived_at,
            {
                "number": row.number,
                "state": states.WAITING if row.entered_at else states.REFUSED,
                "purpose": row.purpose,
                **logged_decision(visit.decision),
            },
        )
    ]
    if row.entered_at is not None:
        acts.append(("registration.admit", row.entered_at, {"state": states.INSIDE}))
    if row.left_at is not None:
        acts.append(("registration.leave", row.left_at, {"state": states.CLOSED}))
    return [
        entry(actor, act, "registration", row.id, clock.to_ms(at), "", as_json(after))
        for act, at, after in acts
    ]
