"""The school's side of the demonstration: three grades, twelve classes, 480 pupils, their past weeks."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from core import db
from core.accounts.services import update_user
from core.demo.facts import DemoFacts
from core.demo.people import People
from plugins.school_gate import roster_columns as columns
from plugins.school_gate.queries import badges
from plugins.school_gate.services import (
    demo_events,
    demo_gate,
    demo_kept,
    demo_lodge,
    rosters,
)
from plugins.school_gate.services.badges import issue_missing
from plugins.school_gate.services.demo_school import DemoPupil, DemoSchool
from plugins.school_gate.tables import CalendarDay

GRADES = ("七年级", "八年级", "九年级")
CLASSES, PUPILS = 4, 40
SUBJECTS = (
    "语文组",
    "数学组",
    "英语组",
    "物理组",
    "化学组",
    "政史地组",
    "体艺组",
    "教务处",
    "政教处",
    "总务处",
)
STAFF = 44


async def fill(demo: DemoFacts) -> None:
    """Fill a new installation with a school."""
    people, dice = People(demo.seed + 1), Random(demo.seed + 1)  # noqa: S311 - made-up people
    begun = demo.at - timedelta(weeks=demo.weeks, days=2)
    rows = _pupil_rows(people, dice, demo.at.year)
    await _import(columns.PUPILS, rows, demo, begun)
    await _import(columns.STAFF, _staff_rows(people, dice), demo, begun)
    school = await _school(demo, begun, rows, people, dice)
    await _people_of_the_school(demo)
    await _calendar(demo)
    await demo_gate.fill(school)
    await demo_lodge.fill(school)
    await demo_kept.fill(school)
    await demo_events.fill(school)


def _pupil_rows(people: People, dice: Random, year: int) -> list[list[str]]:
    rows: list[list[str]] = []
    for grade, name in enumerate(GRADES):
        for school_class in range(1, CLASSES + 1):
            for place in range(1, PUPILS + 1):
                sex, surname = people.sex(), people.surname()
                boards = dice.random() < 0.3
                rows.append(
                    [
                        name,
                        f"{school_class}班",
                        people.name(sex, surname),
                        f"{year - grade}{school_class:02}{place:02}",
                        sex,
                        "住校" if boards else "走读",
                        "学生",
                        people.name("男", surname),
                        "父亲",
                        people.phone(),
                        people.name("女"),
                        "母亲",
                        people.phone(),
                    ]
                )
    for place in range(1, 5):
        rows.append(["八年级", "1班", people.name(), f"SX{year}{place:02}", "", "走读", "实习生"])
    return rows


def _staff_rows(people: People, dice: Random) -> list[list[str]]:
    rows: list[list[str]] = []
    names: set[str] = set()
    taught = [f"{grade}{n}班" for grade in GRADES for n in range(1, CLASSES + 1)]
    while len(rows) < STAFF:
        name = people.name()
        if name in names:
            continue
        names.add(name)
        number = len(rows) + 1
        rows.append(
            [
                f"T{number:03}",
                name,
                SUBJECTS[number % len(SUBJECTS)],
                f"A{dice.randint(1, 4)}{dice.randint(1, 12):02}",
                f"81{number:02}",
                "",
                taught[number - 1] if number <= len(taught) else "",
            ]
        )
    return rows


async def _import(kind: str, rows: Sequence[Sequence[str]], demo: DemoFacts, at: datetime) -> None:
    """Take people in as an administrator does: by a roster file."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([columns.TEMPLATES[kind], *rows])
    import_id = await rosters.read(
        kind,
        demo.site_id,
        "示例名册.csv",
        text.getvalue().encode("utf-8-sig"),
        actor=demo.actor,
        at=at,
    )
    await rosters.apply(import_id, create_classes=True, actor=demo.actor, at=at)


async def _school(
    demo: DemoFacts,
    begun: datetime,
    rows: Sequence[Sequence[str]],
    people: People,
    dice: Random,
) -> DemoSchool:
    """Issue every badge and return the school as the writers of its past need it."""
    ids = [row["id"] for row in await db.fetch("SELECT id FROM school_gate_pupil ORDER BY number")]
    pupils = await badges.holders_of_pupils(ids)
    staff_ids = [row["id"] for row in await db.fetch("SELECT id FROM school_gate_staff")]
    staff = await badges.holders_of_staff(staff_ids)
    passes = await issue_missing([*pupils, *staff], actor=demo.actor, at=begun)
    by_number = {row[3]: row for row in rows}
    return DemoSchool(
        facts=demo,
        begun=begun,
        pupils=[
            DemoPupil(
                holder,
                passes[holder.id],
                by_number[holder.number][5] == "住校",
                by_number[holder.number][7] if len(by_number[holder.number]) > 7 else "",
                by_number[holder.number][9] if len(by_number[holder.number]) > 7 else "",
            )
            for holder in pupils
        ],
        staff=[(holder, passes[holder.id]) for holder in staff],
        people=people,
        dice=dice,
    )


async def _people_of_the_school(demo: DemoFacts) -> None:
    """Let the class teacher's account be that of a real class teacher."""
    user_id = demo.users.get("class_teacher")
    rows = await db.fetch(
        "SELECT h.id, h.name FROM school_gate_class c JOIN school_gate_grade g ON g.id = c.grade"
        " JOIN host h ON h.id = c.teacher ORDER BY g.position, c.position LIMIT 1"
    )
    if user_id is None or not rows:
        return
    teacher: UUID = rows[0]["id"]
    await update_user(
        user_id, actor=demo.actor, at=demo.at, name=rows[0]["name"], email="", host_id=teacher
    )


async def _calendar(demo: DemoFacts) -> None:
    """Write some coming days into the school calendar: an exam next week, a sports day after it."""
    monday = (demo.at + timedelta(days=7 - demo.at.weekday())).date()
    days = (
        (monday + timedelta(days=2), "exam", "月考"),
        (monday + timedelta(days=3), "exam", "月考"),
        (monday + timedelta(days=11), "holiday", "秋季运动会，不上课"),
        (monday + timedelta(days=12), "make_up", "补课"),
    )
    await CalendarDay.insert(
        *(CalendarDay(site=demo.site_id, day=day, kind=kind, note=note) for day, kind, note in days)
    )
