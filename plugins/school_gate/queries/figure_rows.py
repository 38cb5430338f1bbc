"""The rows behind each figure of the gate: as many as the figure says (SCH-22); reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from core import clock, db
from core.i18n import N_, Message
from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.queries.figures import (
    DAY,
    FAILURES,
    FAILURES_ARGS,
    MOVES,
    SLOT_MS,
    Period,
    late_arrivals,
    period,
    scans_of,
)

MOST = 500
_DAY_MS, _HOUR_MS = 86_400_000, 3_600_000
ENTRIES, EXITS, REFUSED, HELD = "entries", "exits", "refused", "held"
BADGES, NO_BADGE, LATE, SLIPS, VISITS = "badges", "no_badge", "late", "slips", "visits"
TITLES: dict[str, Message] = {
    ENTRIES: N_("Entries"),
    EXITS: N_("Exits"),
    REFUSED: N_("Refused scans"),
    HELD: N_("Held scans"),
    BADGES: N_("Badge failures"),
    NO_BADGE: N_("Pupils without a badge"),
    LATE: N_("Late arrivals"),
    SLIPS: N_("Slips open now"),
    VISITS: N_("Visits refused"),
}
_VERDICTS = {REFUSED: 2, HELD: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """Which figure: `what` of TITLES, narrowed to a reason's code, an hour, five minutes, a day."""

    what: str
    code: str | None = None
    hour: int | None = None
    slot: time | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One scan, offence or visit behind a figure; `path` is the page about it. `at` in ms."""

    at: int
    gate: str = ""
    direction: int | None = None
    verdict: int | None = None
    reason: Message | None = None
    rule: str = ""
    name: str = ""
    group: str = ""
    path: str = ""


async def rows(
    site_id: UUID,
    wanted: Period,
    behind: Behind,
    rules: SchoolRules,
    *,
    gate_id: UUID | None = None,
    visitors: bool = False,
) -> tuple[list[FigureRow], int]:
    """Return the first rows behind a figure and how many there are; `visitors` names them, too."""
    if behind.day is not None:
        wanted = period(DAY, behind.day, wanted.zone)
    if behind.what == LATE:
        late = await late_arrivals(site_id, wanted, rules, gate_id=gate_id)
        found = [
            FigureRow(
                at=one.at,
                name=one.name,
                group=f"{one.class_name} {one.number}",
                direction=0,
                path=f"/school-gate/pupils/{one.pupil_id}",
            )
            for one in late
        ]
        return found[:MOST], len(found)
    if behind.what == NO_BADGE:
        return await _offences(site_id, wanted, gate_id)
    if behind.what in {SLIPS, VISITS}:
        return await _visits(site_id, wanted, behind, gate_id, visitors=visitors)
    return await _scans(site_id, wanted, behind, gate_id, visitors=visitors)


async def _scans(
    site_id: UUID, wanted: Period, behind: Behind, gate_id: UUID | None, *, visitors: bool
) -> tuple[list[FigureRow], int]:
    where, args = scans_of(site_id, gate_id, wanted)
    if behind.what in {ENTRIES, EXITS}:
        where += f" AND {MOVES} AND e.direction = {int(behind.what == EXITS)}"
    elif behind.what == BADGES:
        where += f" AND e.verdict = 2 AND {FAILURES}"
        args = [*args, *FAILURES_ARGS]
    else:
        where += f" AND e.verdict = {_VERDICTS[behind.what]}"
    if behind.code is not None:
        where += " AND e.code = {}"
        args = [*args, behind.code]
    where += _within_day(wanted, behind)
    count = await db.fetch(f"SELECT count(*) AS n FROM scan_event e WHERE {where}", *args)  # noqa: S608 - conditions of this module
    stored = await db.fetch(
        "SELECT e.at, e.direction, e.verdict, e.reason, e.rule, g.name AS gate, p.id AS pupil,"  # noqa: S608 - conditions of this module
        " p.name AS pupil_name, k.name AS grade, c.name AS class, h.name AS staff,"
        " r.id AS visit, v.name AS visitor"
        " FROM scan_event e LEFT JOIN gate g ON g.id = e.gate LEFT JOIN pass b ON b.id = e.pass_id"
        " LEFT JOIN school_gate_pupil p ON p.id = b.holder"
        " LEFT JOIN school_gate_class c ON c.id = p.school_class"
        " LEFT JOIN school_gate_grade k ON k.id = c.grade"
        " LEFT JOIN school_gate_staff m ON m.id = b.holder LEFT JOIN host h ON h.id = m.host"
        " LEFT JOIN registration r ON r.id = b.registration LEFT JOIN visitor v ON v.id = r.visitor"
        f" WHERE {where} ORDER BY e.at DESC, e.id DESC LIMIT {MOST}",
        *args,
    )
    return [_scan(row, visitors=visitors) for row in stored], int(count[0]["n"])


def _scan(row: db.Row, *, visitors: bool) -> FigureRow:
    path = f"/school-gate/pupils/{row['pupil']}" if row["pupil"] else ""
    if visitors and row["visit"]:
        path = f"/registrations/{row['visit']}"
    return FigureRow(
        at=row["at"],
        gate=row["gate"] or "",
        direction=row["direction"],
        verdict=row["verdict"],
        reason=Message.load(row["reason"]) if row["reason"] and row["verdict"] else None,
        rule=row["rule"] if row["verdict"] else "",
        name=row["pupil_name"] or row["staff"] or (row["visitor"] or "" if visitors else ""),
        group=f"{row['grade']}{row['class']}" if row["pupil"] else "",
        path=path,
    )


def _within_day(wanted: Period, behind: Behind) -> str:
    """Return the condition for an hour or five minutes of the day, of numbers made here."""
    start = datetime.combine(wanted.first, time(), wanted.zone)
    shift = int((start.utcoffset() or timedelta(0)).total_seconds() * 1000)
    of_day = f"(e.at + {shift}) % {_DAY_MS}"
    text = ""
    if behind.hour is not None:
        text += f" AND ({of_day}) / {_HOUR_MS} = {behind.hour}"
    if behind.slot is not None:
        slot = (behind.slot.hour * 60 + behind.slot.minute) * 60_000 // SLOT_MS
        text += f" AND ({of_day}) / {SLOT_MS} = {slot}"
    return text


async def _offences(
    site_id: UUID, wanted: Period, gate_id: UUID | None
) -> tuple[list[FigureRow], int]:
    start, end = (clock.from_ms(bound) for bound in wanted.bounds)
    where = (
        " FROM school_gate_offence o JOIN school_gate_pupil p ON p.id = o.pupil"
        " JOIN school_gate_class c ON c.id = p.school_class"
        " JOIN school_gate_grade k ON k.id = c.grade LEFT JOIN gate g ON g.id = o.gate"
        " WHERE p.site = {} AND o.at >= {} AND o.at < {} AND o.kind = 'no_badge'"
        " AND o.voided_at IS NULL" + (" AND o.gate = {}" if gate_id else "")
    )
    args: Sequence[Any] = [site_id, start, end, *([gate_id] if gate_id else [])]
    count = await db.fetch(f"SELECT count(*) AS n{where}", *args)
    stored = await db.fetch(
        "SELECT o.at, o.note, p.id, p.name, k.name AS grade, c.name AS class, g.name AS gate"
        f"{where} ORDER BY o.at DESC LIMIT {MOST}",
        *args,
    )
    found = [
        FigureRow(
            at=clock.to_ms(row["at"]),
            gate=row["gate"] or "",
            verdict=2,
            reason=N_("Without a badge"),
            rule="SCH-3",
            name=row["name"],
            group=f"{row['grade']}{row['class']}",
            path=f"/school-gate/pupils/{row['id']}",
        )
        for row in stored
    ]
    return found, int(count[0]["n"])


async def _visits(
    site_id: UUID, wanted: Period, behind: Behind, gate_id: UUID | None, *, visitors: bool
) -> tuple[list[FigureRow], int]:
    start, end = (clock.from_ms(bound) for bound in wanted.bounds)
    where, args = " WHERE r.site = {} AND r.state = 'left'", list[Any]([site_id])
    if behind.what == VISITS:
        where = " WHERE r.site = {} AND r.created_at >= {} AND r.created_at < {}"
        where += " AND r.state = 'refused'"
        args += [start, end]
        if gate_id is not None:
            where += " AND r.gate = {}"
            args.append(gate_id)
        if behind.code is not None:
            where += " AND r.decision_code = {}"
            args.append(behind.code)
    joined = (
        " FROM registration r JOIN visitor v ON v.id = r.visitor LEFT JOIN gate g ON g.id = r.gate"
    )
    count = await db.fetch(f"SELECT count(*) AS n{joined}{where}", *args)
    stored = await db.fetch(
        "SELECT r.id, r.number, r.created_at, r.left_at, r.state, r.decision_reason,"
        f" r.decision_rule, v.name, g.name AS gate{joined}{where}"
        f" ORDER BY r.created_at DESC, r.number LIMIT {MOST}",
        *args,
    )
    found = [
        FigureRow(
            at=clock.to_ms(row["left_at"] or row["created_at"]),
            gate=row["gate"] or "",
            verdict=2 if row["state"] == "refused" else None,
            reason=Message.load(row["decision_reason"]) if row["decision_reason"] else None,
            rule=row["decision_rule"],
            name=row["name"] if visitors else "",
            group=row["number"],
            path=f"/registrations/{row['id']}" if visitors else "",
        )
        for row in stored
    ]
    return found, int(count[0]["n"])
