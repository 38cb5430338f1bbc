"""Past weeks at the demonstration's gates: scans, refusals, openings, pupils without a badge."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock
from core.accounts.queries import account
from core.decisions import Allow, Decision
from core.demo.facts import DemoGate
from core.demo.history import PastScan, write_scans
from core.gate.facts import IN, OUT
from core.gate.judging import token_denial
from core.passes import services as passes
from core.permissions import Actor
from plugins.school_gate.facts import (
    CLOSED,
    DISMISSAL,
    HOLIDAY,
    NORMAL,
    SPECIAL,
    GateState,
    PupilScan,
    SchoolRules,
)
from plugins.school_gate.policies import may_pass, not_again
from plugins.school_gate.services import demo_leave
from plugins.school_gate.services.demo_school import DemoPupil, DemoSchool
from plugins.school_gate.services.offences import record_no_badge
from plugins.school_gate.states import kind_of_day
from plugins.school_gate.tables import GateOpening

_VERSION = "school_gate/0"
_SHUT = GateState(CLOSED, None, DISMISSAL, None, False, False)
# Minutes after midnight: the middle of a rush and its spread.
_MORNING, _NOON, _AFTERNOON, _EVENING = (440, 13), (717, 6), (843, 9), (1107, 8)
_LATE = (511, 540)


async def fill(school: DemoSchool) -> None:
    """Write the past weeks of the gates."""
    demo = school.facts
    guards = [
        Actor(kind="user", id=user_id, name=(await account(user_id)).name, place=demo.gates[0].name)
        for role, user_id in demo.users.items()
        if role in {"gatekeeper", "duty_officer"}
    ] or [demo.actor]
    zone = demo.at.tzinfo
    assert isinstance(zone, ZoneInfo)  # noqa: S101 - the site's own
    slips = demo_leave.plan(school)
    scans = demo_leave.with_slips(school, _Weeks(school).scans(), slips)
    scans = [scan for scan in scans if scan.at <= clock.to_ms(demo.at)]
    await write_scans(scans, site_id=demo.site_id, guards=guards, zone=zone)
    await demo_leave.write(school, slips)
    await _openings(school, guards)
    await _without_badge(school, guards)
    await _lost(school)


class _Weeks:
    """Makes the scans of past weeks, day by day."""

    def __init__(self, school: DemoSchool) -> None:
        self.school = school
        self.demo = school.facts
        self.dice = school.dice
        self.inside: set[str] = set()

    def scans(self) -> Iterator[PastScan]:
        """Yield every scan since the badges were issued."""
        day = self.school.begun.date()
        while day <= self.demo.at.date():
            if kind_of_day(day, None) != HOLIDAY:
                yield from self._day(day)
            day += timedelta(days=1)

    def _day(self, day: date) -> Iterator[PastScan]:
        for pupil in self.school.pupils:
            if self.dice.random() < 0.015 and pupil.pass_id not in self.inside:
                continue  # ill at home
            yield from self._boarder(pupil, day) if pupil.boards else self._day_pupil(pupil, day)
        for holder, pass_id in self.school.staff:
            if self.dice.random() < 0.95:
                yield self._scan(day, 425 + self.dice.gauss(0, 14), pass_id, holder.kind, IN)
                yield self._scan(day, 1095 + self.dice.gauss(0, 18), pass_id, holder.kind, OUT)
        yield from self._refused(day)

    def _day_pupil(self, pupil: DemoPupil, day: date) -> Iterator[PastScan]:
        if self.dice.random() < 0.008:
            yield self._of(pupil, day, self.dice.uniform(*_LATE), IN)
        else:
            yield self._of(pupil, day, min(self.dice.gauss(*_MORNING), 509), IN)
        if self.dice.random() < 0.6:
            yield self._of(pupil, day, max(self.dice.gauss(*_NOON), 710.5), OUT)
            yield self._of(pupil, day, min(max(self.dice.gauss(*_AFTERNOON), 831), 898), IN)
        yield self._of(pupil, day, max(self.dice.gauss(*_EVENING), 1100.5), OUT)

    def _boarder(self, pupil: DemoPupil, day: date) -> Iterator[PastScan]:
        if pupil.pass_id not in self.inside:
            self.inside.add(pupil.pass_id)
            yield self._of(pupil, day, self.dice.gauss(430, 14), IN)
        if day.weekday() == 4:
            self.inside.discard(pupil.pass_id)
            yield self._of(pupil, day, max(self.dice.gauss(*_EVENING), 1100.5), OUT)

    def _refused(self, day: date) -> Iterator[PastScan]:
        """Yield what went wrong on a day: out in school time, boarders at noon, foreign codes."""
        for _ in range(self.dice.randint(0, 3)):
            pupil = self.dice.choice(self.school.pupils)
            minute = self.dice.choice((self.dice.uniform(560, 690), self.dice.uniform(910, 1060)))
            yield self._refusal(pupil, day, minute)
        boarder = self.dice.choice([one for one in self.school.pupils if one.boards])
        yield self._refusal(boarder, day, self.dice.uniform(715, 735))
        yield from self._held(day)
        if self.dice.random() < 0.4:
            scan = self._scan(day, self.dice.uniform(430, 460), None, "", IN)
            yield replace(
                scan,
                decision=token_denial("token_signature"),
                raw_hash=f"{self.dice.getrandbits(256):064x}",
            )

    def _held(self, day: date) -> Iterator[PastScan]:
        """Yield badges shown twice the same way, which a guard looks at."""
        for _ in range(self.dice.randint(0, 2)):
            pupil = self.dice.choice(self.school.pupils)
            decision = not_again(
                same_way=True,
                seconds=self.dice.randint(8, 90),
                rules=SchoolRules(),
                version=_VERSION,
            )
            minute = self.dice.uniform(432, 500)
            yield self._scan(day, minute, pupil.pass_id, pupil.holder.kind, IN, decision)

    def _refusal(self, pupil: DemoPupil, day: date, minute: float) -> PastScan:
        at = _moment(day, minute, self.demo.at)
        facts = PupilScan(
            known=True,
            active=True,
            boards=pupil.boards,
            leaving=True,
            at=at,
            gate=_SHUT,
            has_school=True,
            last_school_day=False,
            school_over=False,
            slips=(),
        )
        decision = may_pass(facts, SchoolRules(), _VERSION)
        return self._scan(day, minute, pupil.pass_id, pupil.holder.kind, OUT, decision)

    def _of(self, pupil: DemoPupil, day: date, minute: float, direction: int) -> PastScan:
        return self._scan(day, minute, pupil.pass_id, pupil.holder.kind, direction)

    def _scan(
        self,
        day: date,
        minute: float,
        pass_id: str | None,
        kind: str,
        direction: int,
        decision: Decision | None = None,
    ) -> PastScan:
        return PastScan(
            at=clock.to_ms(_moment(day, minute, self.demo.at)) + self.dice.randrange(1000),
            gate=self._gate(),
            pass_id=pass_id,
            kind=kind,
            direction=direction,
            decision=decision or Allow(),
        )

    def _gate(self) -> DemoGate:
        gates = self.demo.gates
        return gates[0] if self.dice.random() < 0.72 or len(gates) == 1 else gates[1]


def _moment(day: date, minute: float, like: datetime) -> datetime:
    """Return so many minutes after a day's midnight, in the site's zone."""
    return datetime.combine(day, time(), like.tzinfo) + timedelta(minutes=minute)


async def _openings(school: DemoSchool, guards: list[Actor]) -> None:
    """Write what the guards recorded of each gate on each school day."""
    demo, rows = school.facts, []
    hours = (
        (NORMAL, 390, 510, ""),
        (SPECIAL, 510, 541, "迟到学生登记后进校"),
        (DISMISSAL, 710, 752, ""),
        (NORMAL, 830, 900, ""),
        (DISMISSAL, 1100, 1143, ""),
    )
    day = school.begun.date()
    while day <= demo.at.date():
        for gate in demo.gates if kind_of_day(day, None) != HOLIDAY else ():
            guard = guards[day.toordinal() % len(guards)]
            for kind, opens, closes, note in hours:
                opened = _moment(day, opens + school.dice.uniform(-2, 1), demo.at)
                closed = _moment(day, closes + school.dice.uniform(0, 4), demo.at)
                if opened > demo.at or (kind == SPECIAL and gate is not demo.gates[0]):
                    continue
                rows.append(_opening(gate.id, kind, note, opened, closed, demo.at, guard))
        day += timedelta(days=1)
    for start in range(0, len(rows), 100):
        await GateOpening.insert(*rows[start : start + 100])


def _opening(
    gate_id: UUID,
    kind: str,
    note: str,
    opened: datetime,
    closed: datetime,
    now: datetime,
    guard: Actor,
) -> GateOpening:
    done = closed <= now
    return GateOpening(
        gate=gate_id,
        kind=kind,
        note=note,
        opened_at=opened,
        opened_by=guard.id,
        opened_by_name=guard.name,
        closed_at=closed if done else None,
        closed_by=guard.id if done else None,
        closed_by_name=guard.name if done else "",
    )


async def _without_badge(school: DemoSchool, guards: list[Actor]) -> None:
    """Record pupils without a badge, some of them often enough to be reported."""
    demo, dice = school.facts, school.dice
    today = demo.at.date()
    days = [today - timedelta(days=n) for n in range(1, demo.weeks * 7)]
    days = [day for day in days if kind_of_day(day, None) != HOLIDAY]
    forgetful = dice.sample(list(school.pupils), 3)
    others = dice.sample(list(school.pupils), 14)
    moments = [
        (_moment(day, dice.uniform(420, 505), demo.at), pupil)
        for pupil, count in [*((one, 3) for one in forgetful), *((one, 1) for one in others)]
        for day in dice.sample(days, count)
    ]
    for at, pupil in sorted(moments, key=lambda pair: pair[0]):
        if at < demo.at:
            guard = replace(demo.actor, name=dice.choice(guards).name)
            await record_no_badge(
                pupil.holder.id,
                gate_id=demo.gates[0].id,
                note=dice.choice(("", "忘在家里", "说丢了", "")),
                actor=guard,
                at=at,
            )


async def _lost(school: DemoSchool) -> None:
    """Let some badges be replaced and one be revoked."""
    demo = school.facts
    chosen = school.dice.sample(list(school.pupils), 6)
    for pupil in chosen[:5]:
        at = demo.at - timedelta(days=school.dice.randint(1, 10))
        await passes.reissue(pupil.pass_id, reason="丢失", actor=demo.actor, at=at)
    await passes.revoke(
        chosen[5].pass_id,
        reason="胸卡被他人捡到使用",
        actor=demo.actor,
        at=demo.at - timedelta(days=1),
    )
