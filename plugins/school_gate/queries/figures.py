"""Figures of the gate, counted from the stored scans and registrations (SCH-22); nothing is kept apart.

Scans that were taken back do not count. Days are the site's; a period's offset from UTC is that of
its first moment.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock, db
from core.i18n import Message
from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.queries import timetable
from plugins.school_gate.queries.offences import INVALID_CODES
from plugins.school_gate.queries.rights import places
from plugins.school_gate.states import kind_of_day, time_of

SLOT_MS = 300_000
PEAK = (time(6, 0), time(9, 0))
DAY, WEEK, MONTH = "day", "week", "month"
_CODE_FAULTS = "token_"
MOVES = (
    "e.verdict = 0 AND e.code NOT IN ('undo', 'stub_returned') AND NOT EXISTS"
    " (SELECT 1 FROM scan_event c WHERE c.pass_id = e.pass_id AND c.corrects = e.id)"
)
_MS_A_DAY = 86_400_000
FAILURES_ARGS = tuple(INVALID_CODES)
FAILURES = f"(e.code IN ({places(FAILURES_ARGS)}) OR e.code LIKE 'token_%')"


@dataclass(frozen=True, slots=True)
class Period:
    """A day, week (from Monday) or month; `last` is included."""

    kind: str
    first: date
    last: date
    zone: ZoneInfo

    @property
    def bounds(self) -> tuple[int, int]:
        """The first moment and the one after the last, in epoch milliseconds."""
        start = datetime.combine(self.first, time(), self.zone)
        end = datetime.combine(self.last + timedelta(days=1), time(), self.zone)
        return clock.to_ms(start), clock.to_ms(end)

    @property
    def days(self) -> list[date]:
        """Every day of the period."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> date:
        """A day of the period before."""
        return self.first - timedelta(days=1)

    @property
    def after(self) -> date:
        """A day of the period after."""
        return self.last + timedelta(days=1)


def period(kind: str, day: date, zone: ZoneInfo) -> Period:
    """Return the period of a kind that holds a day."""
    if kind == MONTH:
        first = day.replace(day=1)
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    elif kind == WEEK:
        first = day - timedelta(days=day.weekday())
        last = first + timedelta(days=6)
    else:
        kind, first, last = DAY, day, day
    return Period(kind, first, last, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """How often something was refused or held, and what was said."""

    verdict: int
    code: str
    rule: str
    reason: Message
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A pupil who came after the hour."""

    pupil_id: UUID
    number: str
    name: str
    class_name: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the page of figures shows. Hours and slots are (entries, exits)."""

    period: Period
    entries: int
    exits: int
    hours: Sequence[tuple[str, int, int]]
    peak: Sequence[tuple[str, int, int]]
    days: Sequence[tuple[date, int, int]]
    reasons: Sequence[Reason]
    refused_visits: Sequence[Reason]
    badge_failures: int
    without_badge: int
    late: Sequence[Late]
    slips_open: int

    @property
    def hour_points(self) -> list[tuple[str, int]]:
        """Entries by hour of the day, from five to ten at night or as far as there are any."""
        busy = [5, 22, *(int(hour) for hour, came, _ in self.hours if came)]
        return [(hour, came) for hour, came, _ in self.hours[min(busy) : max(busy) + 1]]

    @property
    def peak_points(self) -> list[tuple[str, int]]:
        """Entries by five minutes of the morning, for a chart."""
        return [(slot, came) for slot, came, _ in self.peak]

    @property
    def day_points(self) -> list[tuple[str, int]]:
        """Entries by day, for a chart."""
        return [(f"{day:%m-%d}", came) for day, came, _ in self.days]

    @property
    def refused(self) -> int:
        """How many scans were refused."""
        return sum(reason.count for reason in self.reasons if reason.verdict == 2)

    @property
    def visits_refused(self) -> int:
        """How many visits were refused at the desk."""
        return sum(reason.count for reason in self.refused_visits)

    @property
    def held(self) -> int:
        """How many scans were held for a person to decide."""
        return sum(reason.count for reason in self.reasons if reason.verdict == 1)


async def figures(
    site_id: UUID, wanted: Period, rules: SchoolRules, *, gate_id: UUID | None = None
) -> Figures:
    """Return a site's figures of a period, of one gate or of all."""
    where, args = scans_of(site_id, gate_id, wanted)
    moves = await db.fetch(
        f"SELECT e.at / {SLOT_MS} AS slot, e.direction, count(*) AS n FROM scan_event e"  # noqa: S608
        f" WHERE {where} AND {MOVES} GROUP BY e.at / {SLOT_MS}, e.direction",
        *args,
    )
    hours: Counter[tuple[int, int]] = Counter()
    slots: Counter[tuple[time, int]] = Counter()
    days: Counter[tuple[date, int]] = Counter()
    for row in moves:
        local = clock.local(clock.from_ms(row["slot"] * SLOT_MS), wanted.zone)
        way = row["direction"]
        hours[local.hour, way] += row["n"]
        slots[local.time(), way] += row["n"]
        days[local.date(), way] += row["n"]
    reasons = await _reasons(where, args)
    return Figures(
        period=wanted,
        entries=sum(n for (_, way), n in days.items() if way == 0),
        exits=sum(n for (_, way), n in days.items() if way == 1),
        hours=[(f"{hour:02}", hours[hour, 0], hours[hour, 1]) for hour in range(24)],
        peak=[(f"{slot:%H:%M}", slots[slot, 0], slots[slot, 1]) for slot in _peak_slots()],
        days=[(day, days[day, 0], days[day, 1]) for day in wanted.days],
        reasons=reasons,
        refused_visits=await _refused_visits(site_id, gate_id, wanted),
        badge_failures=sum(reason.count for reason in reasons if _is_badge_fault(reason)),
        without_badge=await _without_badge(site_id, gate_id, wanted),
        late=await late_arrivals(site_id, wanted, rules, gate_id=gate_id),
        slips_open=await _slips_open(site_id),
    )


def _peak_slots() -> list[time]:
    start = PEAK[0].hour * 60
    return [time(m // 60, m % 60) for m in range(start, PEAK[1].hour * 60, SLOT_MS // 60_000)]


def _is_badge_fault(reason: Reason) -> bool:
    return reason.verdict == 2 and (
        reason.code in INVALID_CODES or reason.code.startswith(_CODE_FAULTS)
    )


def scans_of(site_id: UUID, gate_id: UUID | None, wanted: Period) -> tuple[str, list[Any]]:
    """Return the condition that picks a period's scans, and its arguments."""
    where, args = "e.site = {} AND e.at >= {} AND e.at < {}", [site_id, *wanted.bounds]
    if gate_id is not None:
        where += " AND e.gate = {}"
        args.append(gate_id)
    return where, args


async def _reasons(where: str, args: Sequence[Any]) -> list[Reason]:
    rows = await db.fetch(
        "SELECT e.verdict, e.code, min(e.rule) AS rule, min(e.reason) AS reason, count(*) AS n"  # noqa: S608
        f" FROM scan_event e WHERE {where} AND e.verdict > 0"
        " GROUP BY e.verdict, e.code ORDER BY count(*) DESC, e.code",
        *args,
    )
    return [_reason(row) for row in rows]


def _reason(row: db.Row) -> Reason:
    return Reason(
        verdict=row["verdict"],
        code=row["code"],
        rule=row["rule"],
        reason=Message.load(row["reason"] or row["code"]),
        count=row["n"],
    )


async def _refused_visits(site_id: UUID, gate_id: UUID | None, wanted: Period) -> list[Reason]:
    start, end = (clock.from_ms(bound) for bound in wanted.bounds)
    gate = " AND r.gate = {}" if gate_id is not None else ""
    rows = await db.fetch(
        "SELECT 2 AS verdict, r.decision_code AS code, min(r.decision_rule) AS rule,"  # noqa: S608
        " min(r.decision_reason) AS reason, count(*) AS n FROM registration r"
        f" WHERE r.site = {{}} AND r.created_at >= {{}} AND r.created_at < {{}}{gate}"
        " AND r.state = 'refused' GROUP BY r.decision_code"
        " ORDER BY count(*) DESC, r.decision_code",
        site_id,
        start,
        end,
        *([gate_id] if gate_id is not None else []),
    )
    return [_reason(row) for row in rows]


async def _without_badge(site_id: UUID, gate_id: UUID | None, wanted: Period) -> int:
    start, end = (clock.from_ms(bound) for bound in wanted.bounds)
    gate = " AND o.gate = {}" if gate_id is not None else ""
    rows = await db.fetch(
        "SELECT count(*) AS n FROM school_gate_offence o JOIN school_gate_pupil p ON p.id = o.pupil"  # noqa: S608
        f" WHERE p.site = {{}} AND o.at >= {{}} AND o.at < {{}}{gate}"
        " AND o.kind = 'no_badge' AND o.voided_at IS NULL",
        site_id,
        start,
        end,
        *([gate_id] if gate_id is not None else []),
    )
    return int(rows[0]["n"])


async def _slips_open(site_id: UUID) -> int:
    """Return how many visits wait for their slip's stub now."""
    rows = await db.fetch(
        "SELECT count(*) AS n FROM registration WHERE site = {} AND state = 'left'", site_id
    )
    return int(rows[0]["n"])


async def late_arrivals(
    site_id: UUID, wanted: Period, rules: SchoolRules, *, gate_id: UUID | None = None
) -> list[Late]:
    """Return pupils whose first entry of a school day came after the rulebook's hour.

    A boarder who slept at school has no entry in the morning: one after an exit of the same day is
    none either.
    """
    start, end = wanted.bounds
    offset = datetime.combine(wanted.first, time(), wanted.zone).utcoffset() or timedelta(0)
    shift = int(offset.total_seconds() * 1000)
    hour = time_of(rules.late_after)
    late_ms = (hour.hour * 60 + hour.minute) * 60_000
    noon_ms = 12 * 3_600_000
    gate = " AND e.gate = {}" if gate_id is not None else ""
    rows = await db.fetch(
        "SELECT f.holder, f.at, p.number, p.name, g.name AS grade, c.name AS class FROM ("  # noqa: S608
        f" SELECT b.holder, (e.at + {shift}) / {_MS_A_DAY} AS day, min(e.at) AS at,"
        " min(CASE WHEN e.direction = 0 THEN e.at END) AS entry"
        " FROM scan_event e JOIN pass b ON b.id = e.pass_id"
        f" WHERE e.site = {{}} AND e.at >= {{}} AND e.at < {{}}{gate} AND {MOVES}"
        " AND b.kind IN ('school_gate.pupil', 'school_gate.intern')"
        f" GROUP BY b.holder, (e.at + {shift}) / {_MS_A_DAY}) f"
        " JOIN school_gate_pupil p ON p.id = f.holder"
        " JOIN school_gate_class c ON c.id = p.school_class JOIN school_gate_grade g ON g.id = c.grade"
        f" WHERE f.at = f.entry AND (f.at + {shift}) % {_MS_A_DAY} > {{}}"
        f" AND (f.at + {shift}) % {_MS_A_DAY} < {{}} ORDER BY f.at DESC",
        site_id,
        start,
        end,
        *([gate_id] if gate_id is not None else []),
        late_ms,
        noon_ms,
    )
    written = await timetable.calendar(site_id, wanted.first, wanted.last)

    def had_school(at: int) -> bool:
        day = clock.local(clock.from_ms(at), wanted.zone).date()
        return kind_of_day(day, written.get(day)) != "holiday"

    return [
        Late(
            pupil_id=row["holder"],
            number=row["number"],
            name=row["name"],
            class_name=f"{row['grade']}{row['class']}",
            at=row["at"],
        )
        for row in rows
        if had_school(row["at"])
    ]
