"""What holds for badges while a gate is cut off: the policies themselves, asked hour by hour ahead.

The timetable, what was recorded of the gate, holidays and leave slips are known beforehand, so each
policy is asked once for every span in which none of them changes. Nothing is decided here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock
from core.decisions import Allow, Decision
from core.gate.facts import IN, OUT, OfflineAsked, OfflineRule
from core.registrations.judging import site_time
from plugins.school_gate.facts import (
    INTERN,
    PUPIL,
    STAFF,
    DayPlan,
    GateState,
    PupilScan,
    SchoolRules,
)
from plugins.school_gate.leave.facts import Slip
from plugins.school_gate.leave.policies import late_from
from plugins.school_gate.leave.scanning import slips_in
from plugins.school_gate.policies import may_pass, may_pass_staff
from plugins.school_gate.queries import timetable
from plugins.school_gate.states import is_last_school_day, school_is_over, state_of_gate

PUPILS = (PUPIL, INTERN)
DAY, BOARDER, INACTIVE = "day", "boarder", "inactive"


@dataclass(frozen=True, slots=True)
class _Span:
    """A time in which nothing changes at the gate: from `starts` until just before `ends`."""

    starts: datetime
    ends: datetime
    gate: GateState
    has_school: bool
    last_school_day: bool
    school_over: bool


async def rules_of_gate(asked: OfflineAsked) -> list[OfflineRule]:
    """Return what holds for pupils, interns and staff at a gate, single pupils' slips first."""
    since, until = site_time(clock.from_ms(asked.since)), site_time(clock.from_ms(asked.until))
    rulebook = await timetable.in_force(since)
    spans = await _spans(asked, since, until, rulebook.values)
    judge = _Judge(rulebook.values, rulebook.name)
    rules = judge.of_slips(asked, spans)
    for group in (DAY, BOARDER, INACTIVE):
        for direction in (IN, OUT):
            rules += judge.of_group(group, direction, spans)
    inactive_staff = may_pass_staff(True, False, rulebook.name)
    rules += [
        OfflineRule(
            kinds=(STAFF,),
            groups=groups,
            direction=direction,
            starts=asked.since,
            ends=asked.until,
            decision=decision,
        )
        for direction in (IN, OUT)
        for groups, decision in (((INACTIVE,), inactive_staff), (None, Allow()))
    ]
    rules.append(
        OfflineRule(
            kinds=(*PUPILS, STAFF),
            direction=IN,
            starts=asked.since,
            ends=asked.until,
            decision=Allow(),
            again_seconds=rulebook.values.pass_again_seconds,
        )
    )
    return rules


async def _spans(
    asked: OfflineAsked, since: datetime, until: datetime, rules: SchoolRules
) -> list[_Span]:
    plans = await timetable.plans(asked.gate_id, asked.site_id, since.date(), rules)
    openings = await timetable.openings(asked.gate_id, since)
    found: list[_Span] = []
    at = since
    while at < until:
        days = _from_day(plans, at)
        gate = state_of_gate(days, openings, at, rules)
        ends = min(until, _next_day(at), gate.next_at or until)
        last = is_last_school_day(days, at.date())
        over = school_is_over(days[0], at)
        found.append(_Span(at, ends, gate, days[0].has_school, last, over))
        at = ends
    return found


def _from_day(plans: Sequence[DayPlan], at: datetime) -> Sequence[DayPlan]:
    return [plan for plan in plans if plan.day >= at.date()]


def _next_day(at: datetime) -> datetime:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


class _Judge:
    """Asks the policy for whole spans, and makes of equal answers one rule."""

    def __init__(self, rules: SchoolRules, version: str) -> None:
        self._rules = rules
        self._version = version

    def _decide(
        self, group: str, direction: int, span: _Span, at: datetime, slips: tuple[Slip, ...]
    ) -> Decision:
        scan = PupilScan(
            known=True,
            active=group != INACTIVE,
            boards=group == BOARDER,
            leaving=direction == OUT,
            at=at,
            gate=span.gate,
            has_school=span.has_school,
            last_school_day=span.last_school_day,
            school_over=span.school_over,
            slips=slips,
        )
        return may_pass(scan, self._rules, self._version)

    def of_group(self, group: str, direction: int, spans: Sequence[_Span]) -> list[OfflineRule]:
        """Return what holds for all pupils who live in one way."""
        decided = (
            (span.starts, span.ends, self._decide(group, direction, span, span.starts, ()))
            for span in spans
        )
        return [
            OfflineRule(
                kinds=PUPILS,
                groups=(group,),
                direction=direction,
                starts=clock.to_ms(starts),
                ends=clock.to_ms(ends),
                decision=decision,
            )
            for starts, ends, decision in _joined(decided)
        ]

    def of_slips(self, asked: OfflineAsked, spans: Sequence[_Span]) -> list[OfflineRule]:
        """Return where a pupil's own slip decides otherwise than for all who live alike."""
        found: list[OfflineRule] = []
        for one in asked.passes:
            card = asked.cards.get(one.pass_id)
            slips = slips_in(card.details.get("slips", "")) if card is not None else ()
            if card is None or not slips or one.kind not in PUPILS:
                continue
            cuts = list(_cut(spans, _edges(slips, self._rules)))
            for direction in (IN, OUT):
                decided = []
                for starts, ends, span in cuts:
                    decision = self._decide(card.group, direction, span, starts, slips)
                    if decision != self._decide(card.group, direction, span, starts, ()):
                        decided.append((starts, ends, decision))
                found += [
                    OfflineRule(
                        kinds=(one.kind,),
                        pass_id=one.pass_id,
                        direction=direction,
                        starts=clock.to_ms(starts),
                        ends=clock.to_ms(ends),
                        decision=decision,
                    )
                    for starts, ends, decision in _joined(decided)
                ]
        return found


def _edges(slips: Sequence[Slip], rules: SchoolRules) -> list[datetime]:
    """Return the moments at which slips begin, have just ended, and a return begins to be late."""
    edges: list[datetime] = []
    for slip in slips:
        edges += [slip.starts, slip.ends + timedelta(milliseconds=1)]
        if slip.back_by is not None:
            edges.append(late_from(slip.back_by, rules))
    return sorted(edges)


def _cut(
    spans: Sequence[_Span], edges: Sequence[datetime]
) -> Iterator[tuple[datetime, datetime, _Span]]:
    for span in spans:
        starts = span.starts
        for edge in edges:
            if starts < edge < span.ends:
                yield starts, edge, span
                starts = edge
        yield starts, span.ends, span


def _joined(
    decided: Iterable[tuple[datetime, datetime, Decision]],
) -> list[tuple[datetime, datetime, Decision]]:
    """Make one of spans that follow each other with the same decision."""
    found: list[tuple[datetime, datetime, Decision]] = []
    for starts, ends, decision in decided:
        if found and found[-1][1] == starts and found[-1][2] == decision:
            found[-1] = (found[-1][0], ends, decision)
        else:
            found.append((starts, ends, decision))
    return found
