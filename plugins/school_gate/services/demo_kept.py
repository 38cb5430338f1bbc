"""Past weeks of the demonstration's lodge beside its visits: things kept, long stays, valuables."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from core import db
from core.permissions import Actor
from core.privacy.keys import keyring
from core.visitors.matching import Person
from plugins.school_gate import deposit_policies, stay_policies
from plugins.school_gate.facts import HOLIDAY
from plugins.school_gate.incident_kinds import LEAFLETS
from plugins.school_gate.services import deposits, stay_announcing, stays, valuables
from plugins.school_gate.services.demo_school import DemoPupil, DemoSchool
from plugins.school_gate.states import kind_of_day

_SIGNED = "M60 120L95 60L120 130L150 70L170 140L210 90L240 120L270 80L300 130L340 70L380 118L430 90"
_THINGS = (
    ("clothes", "羽绒服", 1),
    ("clothes", "棉被一床", 1),
    ("books", "语文课本", 1),
    ("books", "作业本和卷子", 2),
    ("daily", "水杯", 1),
    ("daily", "雨伞", 1),
    ("other", "羽毛球拍", 2),
)
_SHELVES = ("A-1", "A-2", "A-3", "B-1", "B-2")


async def fill(school: DemoSchool) -> None:
    """Write what the lodge kept, whom the security office registered, what was carried out."""
    guard, office = await _named(school, "gatekeeper"), await _named(school, "security_office")
    await _things(school, guard)
    await _stays(school, guard, office)
    await _valuables(school, guard)
    await _settle_leaflets(guard)


async def _named(school: DemoSchool, role: str) -> Actor:
    """Return who did it all, under the name of a role's account."""
    rows = await db.fetch("SELECT name FROM account WHERE id = {}", school.facts.users[role])
    return replace(school.facts.actor, name=rows[0]["name"])


def _days(school: DemoSchool, back: int) -> list[datetime]:
    days = [
        school.facts.at.replace(hour=0, minute=0) - timedelta(days=n) for n in range(back, 0, -1)
    ]
    return [day for day in days if kind_of_day(day.date(), None) != HOLIDAY]


async def _things(school: DemoSchool, guard: Actor) -> None:
    demo, dice = school.facts, school.dice
    for day in _days(school, 12):
        for _ in range(dice.randint(1, 3)):
            at = day.replace(hour=dice.randint(8, 10), minute=dice.randint(0, 59))
            made = await _take_in(school, guard, at, dice.choice(_THINGS))
            # Most are collected at noon; a few lie there until today.
            if dice.random() < 0.85:
                noon = day.replace(hour=12, minute=dice.randint(0, 40))
                await deposits.told(made, "teacher", actor=guard, at=at + timedelta(minutes=25))
                await deposits.hand_out(
                    made, signing="screen", signature=_SIGNED, actor=guard, at=noon
                )
    for number, thing in enumerate((*_THINGS[:2], ("meal", "保温饭盒", 1))):
        at = demo.at - timedelta(minutes=95 - 30 * number)
        await _take_in(school, guard, at, thing)


async def _take_in(
    school: DemoSchool, guard: Actor, at: datetime, thing: tuple[str, str, int]
) -> UUID:
    pupil: DemoPupil = school.dice.choice([one for one in school.pupils if one.guardian])
    kind, what, pieces = thing
    return await deposits.take_in(
        deposits.NewDeposit(
            pupil_id=pupil.holder.id,
            kind=kind,
            what=what,
            pieces=pieces,
            shelf="" if kind == deposit_policies.MEAL else school.dice.choice(_SHELVES),
            giver_name=pupil.guardian,
            giver_relation="father",
            giver_phone=pupil.phone,
            gate_id=school.facts.gates[0].id,
        ),
        actor=guard,
        at=at,
    )


async def _stays(school: DemoSchool, guard: Actor, office: Actor) -> None:
    demo, people = school.facts, school.people
    today = demo.at.date()
    plans = (
        (stay_policies.HIRED, "教师公寓 2 栋 301", "照看教师子女", -60, 100, True),
        (stay_policies.RELATIVE, "教师公寓 1 栋 102", "随住母亲", -120, 8, True),
        (stay_policies.HIRED, "食堂宿舍", "食堂临时帮工", -30, -1, False),
        (stay_policies.RELATIVE, "", "暑期后随住", 0, 0, False),
    )
    for kind, place, remark, first, last, badge in plans:
        sex = people.sex()
        person = Person(
            name=people.name(sex),
            sex="female" if sex == "女" else "male",
            phone=people.phone(),
            document_kind="resident_id",
            document_number=people.id_number(sex),
        )
        at = demo.at + timedelta(days=first, minutes=-40)
        made = await stay_announcing.announce(
            stay_announcing.Announced(
                site_id=demo.site_id, kind=kind, person=person, remark=remark
            ),
            actor=guard,
            at=at,
        )
        if not place:
            continue
        await stays.register(
            made,
            kind=kind,
            host=school.dice.choice(school.staff)[0].name,
            place=place,
            first_day=today + timedelta(days=first),
            last_day=today + timedelta(days=last),
            actor=office,
            at=at + timedelta(hours=2) if first else at,
        )
        if badge:
            await stays.issue_badge(made, actor=office, at=demo.at - timedelta(days=1))


async def _valuables(school: DemoSchool, guard: Actor) -> None:
    demo = school.facts
    staff = await db.fetch(
        "SELECT id FROM school_gate_staff WHERE site = {} ORDER BY number", demo.site_id
    )
    carried = (
        ("液晶显示器一台", "document", "总务处出门条 23 号", "", 9),
        ("电动自行车", "voucher", "", f"staff/{staff[0]['id']}", 5),
        ("笔记本电脑一台", "", "", "", 2),
        ("笔记本电脑一台", "document", "购机发票（本人姓名）", "", 2),
    )
    for number, (item, proof, text, voucher, ago) in enumerate(carried):
        await valuables.decide(
            valuables.Carried(
                site_id=demo.site_id,
                gate_id=demo.gates[0].id,
                person=school.people.name(school.people.sex()),
                item=item,
                proof=proof,
                proof_text=text,
                voucher=voucher,
                voucher_present=bool(voucher),
            ),
            actor=guard,
            at=demo.at - timedelta(days=ago, minutes=30 - 10 * number),
        )


async def _settle_leaflets(guard: Actor) -> None:
    """Close the incidents of past days; the latest is still being worked on."""
    rows = await db.fetch(
        "SELECT id, opened_at FROM incident WHERE kind = {} ORDER BY opened_at", LEAFLETS
    )
    for row in rows[:-1]:
        done = row["opened_at"] + timedelta(minutes=12)
        await db.execute(
            "UPDATE incident_step SET done_at = {}, done_by_name = {} WHERE incident = {}"
            " AND name <> 'authority'",
            done,
            guard.name,
            row["id"],
        )
        await db.execute(
            "UPDATE incident_step SET left_out = {} WHERE incident = {} AND name = 'authority'",
            "已自行离开",
            row["id"],
        )
        result = keyring().encrypt("劝离，传单已收回", "incident", "result_cipher", row["id"])
        await db.execute(
            "UPDATE incident SET state = 'closed', closed_at = {}, closed_by_name = {},"
            " result_cipher = {} WHERE id = {}",
            done,
            guard.name,
            result,
            row["id"],
        )
