"""A parents' meeting that a teacher applies for, and both offices."""

from types import SimpleNamespace

import pytest

from plugins.school_gate.events.tables import ClassEvent, EventGuest
from tests.plugins.school_gate.leave_scene import as_host


@pytest.fixture
async def event(school, on_the_clock, client_as):
    """A teacher's application for a parents' meeting on Wednesday evening, and both offices."""
    on_the_clock("2026-11-23 10:00")

    class Event(SimpleNamespace):
        form = {  # noqa: RUF012 - a test's constant
            "title": "家长会",
            "place": "教学楼 302",
            "starts_at": "2026-11-25T19:00",
            "ends_at": "2026-11-25T21:00",
            "admits_from": "2026-11-25T18:30",
            "gate": "",
            "note": "期中总结",
        }

        async def apply(self, **changed):
            pupil = await school.pupil("李雷")
            form = {**self.form, "class": str(pupil.class_id), **changed}
            return await self.teacher.post("/school-gate/events", data=form)

        async def drafted(self, **changed):
            answer = await self.apply(**changed)
            assert answer.status_code == 303, answer.text
            return answer.headers["location"].rpartition("/")[2]

        async def submitted(self, **changed):
            event_id = await self.drafted(**changed)
            answer = await self.teacher.post(f"/school-gate/events/{event_id}/submit")
            assert answer.status_code == 303, answer.text
            return event_id

        async def vote(self, office, event_id, choice="approve", opinion=""):
            row = await ClassEvent.objects().where(ClassEvent.id == event_id).first()
            answer = await office.post(
                f"/approvals/{row.approval}/vote", data={"choice": choice, "opinion": opinion}
            )
            assert answer.status_code == 303, answer.text

        async def approved(self, **changed):
            event_id = await self.submitted(**changed)
            await self.vote(self.grade, event_id)
            await self.vote(self.security, event_id)
            return event_id

        async def guest(self, event_id, name="李强"):
            return (
                await EventGuest.objects()
                .where(EventGuest.event == event_id, EventGuest.name == name)
                .first()
            )

    return Event(
        teacher=await as_host(await client_as("class_teacher"), "王珺"),
        grade=await client_as("grade_office", name="七年级组"),
        security=await client_as("security_office", name="安全保卫处"),
    )


async def state_of(event_id):
    return (await ClassEvent.objects().where(ClassEvent.id == event_id).first()).state
