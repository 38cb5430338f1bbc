"""Leave slips of the demonstration: some weeks of them, and what waits today at each desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import clock, db
from core.decisions import Allow
from core.demo.history import PastScan
from core.documents.numbering import next_number, number_label
from core.gate.facts import IN, OUT
from plugins.school_gate.facts import HOLIDAY
from plugins.school_gate.leave.facts import BOARDER, ENTRY, LEAVE
from plugins.school_gate.leave.tables import LeaveSlip
from plugins.school_gate.services.demo_school import DemoPupil, DemoSchool
from plugins.school_gate.states import kind_of_day

REASONS = (
    "发烧，家长接回就医",
    "牙科复诊",
    "家中有急事",
    "肚子疼，回家休息",
    "办理身份证",
    "眼科检查",
    "参加市级比赛",
    "脚扭伤，去医院拍片",
)
EXITS = ("外出配眼镜", "家长来看望，外出就餐", "校外比赛集训", "去医院换药", "取快递药品")
TEACHERS_CLASS = "七年级1班"  # whose teacher has the demonstration's account
_WEEKEND = ("机器人社团训练", "合唱队排练", "校园开放日志愿者")


@dataclass(slots=True, kw_only=True)
class Plan:
    """A slip to be written. `stage`: asked, to_stamp, ready, refused, void, expired or used."""

    pupil: DemoPupil
    kind: str
    reason: str
    starts: datetime
    ends: datetime
    stage: str
    back_by: datetime | None = None
    out_at: datetime | None = None
    back_at: datetime | None = None


def plan(school: DemoSchool) -> list[Plan]:
    """Return the slips of the past weeks and of today."""
    return [*_past(school), *_today(school)]


def _past(school: DemoSchool) -> Iterable[Plan]:
    dice, demo = school.dice, school.facts
    day = school.begun
    day_pupils = [one for one in school.pupils if not one.boards and one.guardian]
    boarders = [one for one in school.pupils if one.boards]
    while day.date() < demo.at.date():
        if kind_of_day(day.date(), None) != HOLIDAY:
            for pupil in dice.sample(day_pupils, dice.randint(1, 3)):
                starts = day.replace(hour=dice.choice((9, 10, 14)), minute=dice.randint(0, 50))
                stage = dice.choices(("used", "expired", "refused", "void"), (14, 1, 1, 1))[0]
                out = starts + timedelta(minutes=dice.randint(6, 40)) if stage == "used" else None
                yield Plan(
                    pupil=pupil, kind=LEAVE, reason=dice.choice(REASONS), starts=starts,
                    ends=starts + timedelta(hours=2), stage=stage, out_at=out,
                )  # fmt: skip
            pupil = dice.choice(boarders)
            starts = day.replace(hour=18, minute=dice.randint(30, 50))
            out = starts + timedelta(minutes=dice.randint(2, 15))
            yield Plan(
                pupil=pupil, kind=BOARDER, reason=dice.choice(EXITS), starts=starts,
                ends=starts + timedelta(hours=1), stage="used", out_at=out,
                back_by=starts + timedelta(hours=2),
                back_at=starts + timedelta(minutes=dice.choice((85, 100, 110, 118, 150))),
            )  # fmt: skip
        day += timedelta(days=1)


def _today(school: DemoSchool) -> Iterable[Plan]:
    """Yield what waits now: for the first class's teacher, its grade office and the guards."""
    now, dice = school.facts.at.replace(second=0, microsecond=0), school.dice
    own = [one for one in school.pupils if one.holder.group == TEACHERS_CLASS]
    days, boarders = ([one for one in own if one.boards is b] for b in (False, True))
    chosen = dice.sample([one for one in days if one.guardian], 5)
    stages = (("asked", 20, 140), ("to_stamp", 10, 130), ("to_stamp", 45, 165), ("ready", -15, 105))
    for pupil, reason, (stage, begins, ends) in zip(chosen, REASONS, stages, strict=False):
        yield Plan(
            pupil=pupil, kind=LEAVE, reason=reason, stage=stage,
            starts=now + timedelta(minutes=begins), ends=now + timedelta(minutes=ends),
            back_by=now + timedelta(minutes=ends + 60) if stage == "to_stamp" else None,
        )  # fmt: skip
    evening = now.replace(hour=18, minute=30)
    yield Plan(
        pupil=dice.choice(boarders), kind=BOARDER, reason=EXITS[0], stage="ready",
        starts=evening, ends=evening + timedelta(hours=1), back_by=evening + timedelta(hours=2),
    )  # fmt: skip
    saturday = (now + timedelta(days=(5 - now.weekday()) % 7)).replace(hour=8, minute=30)
    yield Plan(
        pupil=chosen[4], kind=ENTRY, reason=dice.choice(_WEEKEND), stage="ready",
        starts=saturday, ends=saturday + timedelta(hours=4),
    )  # fmt: skip
    if kind_of_day(now.date(), None) != HOLIDAY and 9 <= now.hour < 18:
        for minutes, due in ((100, -25), (80, 40)):
            pupil = dice.choice([one for one in days if one not in chosen])
            out = now - timedelta(minutes=minutes)
            yield Plan(
                pupil=pupil, kind=LEAVE, reason=dice.choice(REASONS), stage="used",
                starts=out - timedelta(minutes=10), ends=out + timedelta(hours=1), out_at=out,
                back_by=now + timedelta(minutes=due),
            )  # fmt: skip


def with_slips(
    school: DemoSchool, scans: Iterable[PastScan], plans: Sequence[Plan]
) -> list[PastScan]:
    """Return the gates' scans with those of the slips; who is away with one makes no other scan.

    A slip whose exit would not fit the pupil's other scans, because they were not in school, was
    never used: its plan is made one that expired.
    """
    others: list[PastScan] = []
    of_pass: dict[str, list[PastScan]] = {one.pupil.pass_id: [] for one in plans}
    for scan in scans:
        of_pass.get(scan.pass_id or "", others).append(scan)
    for one in plans:
        if one.out_at is None:
            continue
        before = of_pass[one.pupil.pass_id]
        with_slip = _used(school, one, one.out_at, before)
        if _misfits(with_slip) > _misfits(before):
            one.stage, one.out_at, one.back_at = "expired", None, None
        else:
            of_pass[one.pupil.pass_id] = with_slip
    every = [*others, *(scan for made in of_pass.values() for scan in made)]
    return sorted(every, key=lambda scan: scan.at)


def _used(
    school: DemoSchool, plan: Plan, out_at: datetime, before: Sequence[PastScan]
) -> list[PastScan]:
    """Return a pupil's scans with those of a slip in place of what lay within its time."""
    midnight = out_at.replace(hour=23, minute=59)
    first, last = clock.to_ms(out_at), clock.to_ms(plan.back_at or midnight)
    made = [scan for scan in before if not first <= scan.at <= last]
    made.append(_scan(school, plan.pupil, out_at, OUT))
    if plan.back_at is not None:
        made.append(_scan(school, plan.pupil, plan.back_at, IN))
    return sorted(made, key=lambda scan: scan.at)


def _misfits(scans: Sequence[PastScan]) -> int:
    """Count entries of who is inside and exits of who is not."""
    inside, wrong = False, 0
    for scan in scans:
        if isinstance(scan.decision, Allow):
            wrong += inside == (scan.direction == IN)
            inside = scan.direction == IN
    return wrong


def _scan(school: DemoSchool, pupil: DemoPupil, at: datetime, direction: int) -> PastScan:
    return PastScan(
        at=clock.to_ms(at),
        gate=school.facts.gates[0],
        pass_id=pupil.pass_id,
        kind=pupil.holder.kind,
        direction=direction,
        decision=Allow(),
    )


async def write(school: DemoSchool, plans: Sequence[Plan]) -> None:
    """Write the slips, the earliest first, with who did what."""
    teachers = {
        row["id"]: row["name"]
        for row in await db.fetch(
            "SELECT p.id, h.name FROM school_gate_pupil p JOIN school_gate_class c"
            " ON c.id = p.school_class JOIN host h ON h.id = c.teacher"
        )
    }
    adults = {
        row["pupil"]: row["id"]
        for row in await db.fetch("SELECT id, pupil FROM school_gate_guardian WHERE position = 0")
    }
    rows = [
        await _row(school, one, teachers.get(one.pupil.holder.id, ""), adults)
        for one in sorted(plans, key=lambda one: one.starts)
    ]
    for start in range(0, len(rows), 50):
        await LeaveSlip.insert(*rows[start : start + 50])


async def _row(school: DemoSchool, one: Plan, teacher: str, adults: dict[UUID, UUID]) -> LeaveSlip:
    asked = min(one.starts - timedelta(minutes=40), school.facts.at - timedelta(minutes=25))
    row = LeaveSlip(
        id=uuid4(), pupil=one.pupil.holder.id, kind=one.kind, reason=one.reason,
        starts_at=one.starts, ends_at=one.ends, expected_back_at=one.back_by,
        asked_at=asked, asked_by_name=teacher,
    )  # fmt: skip
    if one.stage == "asked":
        return row
    year = one.starts.year
    row.number = number_label(year, await next_number("school_gate_leave", year))
    if one.kind == LEAVE:
        row.contacted_at, row.contact_means = asked + timedelta(minutes=4), "phone"
        row.contact_with = f"{one.pupil.guardian}（父亲）"
        row.contact_guardian = adults.get(one.pupil.holder.id)
    row.issued_at, row.issued_by_name = asked + timedelta(minutes=6), teacher
    await _go_on(row, one, asked, adults)
    return row


async def _go_on(row: LeaveSlip, one: Plan, asked: datetime, adults: dict[UUID, UUID]) -> None:
    decided = asked + timedelta(minutes=12)
    if one.stage == "refused":
        row.refused_at, row.refused_by_name = decided, "年级组"
        row.refuse_reason = "今天有单元测验，请改到放学后"
    elif one.stage == "void":
        row.voided_at, row.voided_by_name, row.void_reason = (
            decided,
            row.issued_by_name,
            "家长改主意",
        )
    elif one.kind == LEAVE and one.stage != "to_stamp":
        row.stamped_at, row.stamped_by_name = decided, "年级组"
    if one.out_at is not None and one.kind == LEAVE:
        row.released_at, row.released_by_name = one.out_at - timedelta(minutes=2), "门卫"
        row.used_at = one.out_at
        row.collected_by = adults.get(one.pupil.holder.id)
        row.collector_name, row.collector_document = one.pupil.guardian, "resident_id"
        row.paper_number = row.number
