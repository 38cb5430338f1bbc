"""Class events of the demonstration: one that was, one that is approved, one that waits."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import db, settings
from core.accounts.queries import account
from core.approvals import services as approvals
from core.approvals.tables import ApprovalRequest
from core.documents.numbering import next_number, number_label
from core.permissions import Actor
from core.plugins import Plugins, installed
from plugins.school_gate.events import applying, services
from plugins.school_gate.events.facts import APPROVED, DRAFT, LIST
from plugins.school_gate.events.rights import APPLY_EVENT
from plugins.school_gate.events.tables import ClassEvent, EventGuest
from plugins.school_gate.services.demo_school import DemoSchool


async def fill(school: DemoSchool) -> None:
    """Write the events of the first classes."""
    demo = school.facts
    rows = await db.fetch(
        "SELECT c.id, c.teacher FROM school_gate_class c JOIN school_gate_grade g ON g.id = c.grade"
        " ORDER BY g.position, c.position LIMIT 2"
    )
    if len(rows) < 2 or not {"class_teacher", "grade_office", "security_office"} <= set(demo.users):
        return
    evening = demo.at.replace(hour=19, minute=0, second=0, microsecond=0)
    await _held(school, rows[1]["id"], evening - timedelta(days=max(2, demo.weeks * 7 - 5)))
    plugins = Plugins(installed(settings.load().plugins))
    teacher = await _actor(demo.users["class_teacher"], rows[0]["teacher"], APPLY_EVENT)
    for title, place, days, sign in (
        ("家长会", "七年级1班教室", 3, ("grade_office", "security_office")),
        ("元旦联欢会", "多功能厅", 17, ("grade_office",)),
    ):
        event_id = await _draft(
            rows[0]["id"], title, place, evening + timedelta(days=days), teacher
        )
        await applying.submit(event_id, actor=teacher, at=demo.at, plugins=plugins)
        request = (
            await ApprovalRequest.objects().where(ApprovalRequest.record == str(event_id)).first()
        )
        assert request is not None  # noqa: S101 - submitted just now
        for role in sign:
            signer = await _actor(demo.users[role], None)
            await approvals.vote(request.id, "approve", actor=signer, at=demo.at, plugins=plugins)


async def _actor(user_id: UUID, host_id: UUID | None, *permissions: str) -> Actor:
    name = (await account(user_id)).name
    held = frozenset(permissions)
    return Actor(kind="user", id=user_id, name=name, host_id=host_id, permissions=held)


async def _draft(class_id: UUID, title: str, place: str, starts: datetime, teacher: Actor) -> UUID:
    row = ClassEvent(
        id=uuid4(),
        number=number_label(starts.year, await next_number(services.RECORD, starts.year)),
        school_class=class_id,
        title=title,
        place=place,
        note="每名学生一位家长，请带身份证。",
        admits_from=starts - timedelta(minutes=30),
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        state=DRAFT,
        applied_by=teacher.id,
        applied_by_name=teacher.name,
        created_at=starts - timedelta(days=20),
    )
    await ClassEvent.insert(row)
    await services.write_guests(row.id, await services.first_guardians(class_id))
    return row.id


async def _held(school: DemoSchool, class_id: UUID, starts: datetime) -> None:
    """Write a past event with who came."""
    applicant = Actor(kind="system", name="班主任")
    event_id = await _draft(class_id, "期中家长会", "阶梯教室", starts, applicant)
    await ClassEvent.update(
        {ClassEvent.state: APPROVED, ClassEvent.decided_at: starts - timedelta(days=6)}
    ).where(ClassEvent.id == event_id)
    guests = await EventGuest.select(EventGuest.id).where(EventGuest.event == event_id)
    for guest in guests:
        if school.dice.random() < 0.87:
            came = starts - timedelta(minutes=school.dice.randint(1, 28))
            await EventGuest.update(
                {
                    EventGuest.came_at: came,
                    EventGuest.came_how: LIST,
                    EventGuest.came_gate: school.facts.gates[0].id,
                    EventGuest.recorded_by_name: "门卫",
                }
            ).where(EventGuest.id == guest["id"])
