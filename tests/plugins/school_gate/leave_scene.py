"""A class teacher, a grade office and a guard with slips, as the tests of leave meet them."""

from dataclasses import dataclass

import pytest

from core import clock, db
from core.accounts.services import update_user
from core.permissions import SYSTEM
from plugins.school_gate.leave.tables import LeaveSlip

SIGNED = "M10 10" + "".join(f"L{10 + 9 * n} {20 + n % 7 * 20}" for n in range(20))


async def as_host(client, name):
    """Let an account stand for the host of that name."""
    rows = await db.fetch("SELECT id FROM host WHERE name = {}", name)
    await update_user(
        client.user_id, actor=SYSTEM, at=clock.now(), name=name, email="", host_id=rows[0]["id"]
    )
    return client


async def subjects(client):
    """Return what somebody was notified of."""
    return (await client.get("/notices")).text


@dataclass
class Leave:
    """Acts on slips through the pages."""

    school: object
    teacher: object
    office: object
    guard: object
    day: str = "2026-11-23"

    def form(self, one, **changed):
        """What a teacher types for a pupil's leave slip."""
        return {
            "kind": "leave",
            "pupil": str(one.id),
            "reason": "发烧就医",
            "starts_at": f"{self.day}T10:00",
            "ends_at": f"{self.day}T12:00",
            "expected_back_at": "",
            "contacted_at": f"{self.day}T09:50",
            "contact_means": "phone",
            "contact_with": "父亲李强",
            "do": "issue",
            **changed,
        }

    async def ask(self, name="李雷", **changed):
        """Write a slip; returns the answer."""
        pupil = await self.school.pupil(name)
        return await self.teacher.post("/school-gate/leave", data=self.form(pupil, **changed))

    async def issued(self, name="李雷", **changed):
        """Issue a slip; returns its row."""
        answer = await self.ask(name, **changed)
        assert answer.status_code == 303, answer.text
        return await self.row(answer.headers["location"].rpartition("/")[2])

    async def stamped(self, name="李雷", **changed):
        """Issue and stamp a slip; returns its row."""
        slip = await self.issued(name, **changed)
        answer = await self.office.post(f"/school-gate/leave/{slip.id}/stamp")
        assert answer.status_code == 303
        return await self.row(slip.id)

    async def row(self, slip_id):
        """The slip as stored."""
        return await LeaveSlip.objects().where(LeaveSlip.id == slip_id).first()

    async def adult(self, pupil_name="李雷"):
        """The first guardian of a pupil."""
        pupil = await self.school.pupil(pupil_name)
        rows = await db.fetch(
            "SELECT id, name FROM school_gate_guardian WHERE pupil = {} ORDER BY position", pupil.id
        )
        return rows[0]

    async def collected(self, slip, **changed):
        """What a guard types when somebody collects."""
        adult = await self.adult()
        return {
            "gate": str(self.school.gate.id),
            "collector": str(adult["id"]),
            "document": "resident_id",
            "pupil_signature": SIGNED,
            "collector_signature": SIGNED,
            "paper_number": "",
            **changed,
        }


@pytest.fixture
async def leave(school, on_the_clock, client_as):
    """A Monday at ten: the teacher of class 七年级1班, a grade office, a guard."""
    on_the_clock("2026-11-23 10:00")
    teacher = await as_host(await client_as("class_teacher", name="王老师"), "王珺")
    office = await client_as("grade_office", name="七年级组")
    guard = await client_as("gatekeeper", name="老周")
    return Leave(school, teacher, office, guard)
