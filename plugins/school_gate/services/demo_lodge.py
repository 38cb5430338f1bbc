"""Past weeks at the demonstration's lodge: parents, visitors, family of staff, officials, traders."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.decisions import Allow, Decision
from core.demo.history import PastVisit, write_visits
from core.visitors.matching import Person
from plugins.school_gate import forms
from plugins.school_gate.facts import (
    HOLIDAY,
    OFFICIAL,
    PARENT,
    STAFF_FAMILY,
    TRADER,
    VISITOR,
    SchoolRules,
    Visit,
)
from plugins.school_gate.policies import may_register
from plugins.school_gate.queries.badges import Holder
from plugins.school_gate.services import visits
from plugins.school_gate.services.demo_school import DemoPupil, DemoSchool
from plugins.school_gate.states import kind_of_day

_PARENT_REASONS = (
    "孩子发烧，来接回家",
    "班主任约谈",
    "送住院病历给校医",
    "办理转学手续",
    "孩子摔伤，来看望",
)
_VISITOR_REASONS = ("教研活动", "送实验器材", "校友回访", "空调检修", "印刷厂送试卷", "体检协调")
_TRADER_REASONS = ("推销教辅", "上门发传单", "介绍培训班", "校服推销")
_OFFICIALS = (
    ("市场监督管理局", "食堂检查"),
    ("消防救援大队", "消防检查"),
    ("卫生监督所", "饮水检查"),
)


async def fill(school: DemoSchool) -> None:
    """Write the past weeks of the lodge."""
    demo = school.facts
    written = await write_visits(
        _visits(school), site_id=demo.site_id, actor=demo.actor, now=demo.at
    )
    for facts in written:
        await visits.store(facts)


def _visits(school: DemoSchool) -> Sequence[PastVisit]:
    demo, dice = school.facts, school.dice
    found: list[PastVisit] = []
    day = school.begun
    while day.date() <= demo.at.date():
        if kind_of_day(day.date(), None) != HOLIDAY:
            for _ in range(dice.randint(3, 6)):
                at = day.replace(hour=dice.randint(8, 16), minute=dice.randint(0, 59))
                if at < demo.at - timedelta(minutes=15):
                    found.append(_visit(school, at))
        day += timedelta(days=1)
    # Somebody of each sort is here now, whatever the hour.
    found += [
        _parent(school, demo.at - timedelta(minutes=18)),
        _family(school, demo.at - timedelta(minutes=32)),
    ]
    return found


def _visit(school: DemoSchool, at: datetime) -> PastVisit:
    die = school.dice.random()
    if die < 0.5:
        return _parent(school, at)
    if die < 0.75:
        return _visitor(school, at, VISITOR, school.dice.choice(_VISITOR_REASONS), {})
    if die < 0.85:
        return _family(school, at)
    if die < 0.93:
        return _visitor(
            school,
            at,
            TRADER,
            school.dice.choice(_TRADER_REASONS),
            {forms.ORGANISATION_FIELD: "某教辅公司", forms.LEAFLETS_FIELD: "yes"},
        )
    authority, reason = school.dice.choice(_OFFICIALS)
    return _visitor(school, at, OFFICIAL, reason, {forms.AUTHORITY_FIELD: authority})


def _parent(school: DemoSchool, at: datetime) -> PastVisit:
    with_guardian = [one for one in school.pupils if one.guardian]
    pupil: DemoPupil = school.dice.choice(with_guardian)
    person = Person(
        name=pupil.guardian,
        sex="male",
        phone=pupil.phone,
        document_kind="resident_id",
        document_number=school.people.id_number("男"),
    )
    answers = {forms.PUPIL_FIELD: pupil.holder.number, forms.RELATION_FIELD: "father"}
    return _made(school, at, PARENT, school.dice.choice(_PARENT_REASONS), person, answers)


def _family(school: DemoSchool, at: datetime) -> PastVisit:
    answers = {
        forms.STAFF_FIELD: _staff(school).name,
        forms.FAMILY_FIELD: school.dice.choice(("spouse", "child", "parent")),
        forms.CONFIRMED_FIELD: "yes",
    }
    return _visitor(school, at, STAFF_FAMILY, "", answers)


def _visitor(
    school: DemoSchool, at: datetime, purpose: str, reason: str, answers: dict[str, str]
) -> PastVisit:
    sex = school.people.sex()
    person = Person(
        name=school.people.name(sex),
        sex="female" if sex == "女" else "male",
        phone=school.people.phone(),
        document_kind="resident_id",
        document_number=school.people.id_number(sex),
    )
    return _made(school, at, purpose, reason, person, answers)


def _staff(school: DemoSchool) -> Holder:
    return school.dice.choice(school.staff)[0]


def _made(
    school: DemoSchool,
    at: datetime,
    purpose: str,
    reason: str,
    person: Person,
    answers: dict[str, str],
) -> PastVisit:
    host = _staff(school).name if purpose in {PARENT, VISITOR, STAFF_FAMILY} else ""
    return PastVisit(
        person=person,
        purpose=purpose,
        reason=reason,
        gate_id=school.facts.gates[0].id,
        host_id=None,
        host_name=answers.get(forms.STAFF_FIELD, host),
        arrived_at=at,
        minutes=school.dice.randint(8, 75),
        received_by="",
        decision=_decision(purpose, reason, host),
        answers=answers,
    )


def _decision(purpose: str, reason: str, host: str) -> Decision:
    """Return what the school says on arrival: traders are refused, the others came in in the end."""
    visit = Visit(
        purpose=purpose,
        reason=reason,
        host=host,
        consent="given",
        document_kind="resident_id",
        document_shown=True,
        related_to="",
        relation="",
        organisation="",
        confirmed=True,
        plate="",
    )
    return may_register(visit, SchoolRules(), "school_gate/0") if purpose == TRADER else Allow()
