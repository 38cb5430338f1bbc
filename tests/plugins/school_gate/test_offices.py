"""Which office a grade has: set on the page of classes, and then it alone stamps (SCH-5)."""

import pytest

from core import db
from core.log.tables import LogEntry
from plugins.school_gate.tables import Grade
from tests.plugins.school_gate.leave_scene import as_host

pytestmark = pytest.mark.anyio


async def host(name):
    [row] = await db.fetch("SELECT id FROM host WHERE name = {}", name)
    return str(row["id"])


@pytest.mark.rule("SCH-5")
async def test_from_then_on_only_that_office_stamps_the_grades_slips(leave, client_as):
    administrator = await client_as("administrator")
    page = await administrator.get("/school-gate/classes")
    assert "还没有年级组账号关联到通讯录" in page.text
    office = await as_host(leave.office, "仇和")
    other = await as_host(await client_as("grade_office", name="八年级组"), "王珺")
    slip = await leave.issued()
    assert "李雷" in (await office.get("/")).text
    assert "李雷" in (await other.get("/")).text

    grade = await Grade.objects().where(Grade.name == "七年级").first()
    page = await administrator.get("/school-gate/classes")
    assert "数学组 仇和" in page.text
    done = await administrator.post(
        f"/school-gate/grades/{grade.id}/office", data={"office": await host("仇和")}
    )
    assert done.status_code == 303
    assert "李雷" in (await office.get("/")).text
    assert "李雷" not in (await other.get("/")).text
    stamp = f"/school-gate/leave/{slip.id}/stamp"
    assert (await other.post(stamp)).status_code == 404
    assert (await office.post(stamp)).status_code == 303
    assert await LogEntry.exists().where(LogEntry.act == "school_gate.grade_office")

    await administrator.post(f"/school-gate/grades/{grade.id}/office", data={"office": ""})
    again = await leave.issued(
        "李雷", starts_at="2026-11-23T13:00", ends_at="2026-11-23T14:00", reason="再次"
    )
    assert again
    assert "再次" in (await other.get("/")).text


async def test_only_who_keeps_the_roster_sets_it_and_only_offices_are_taken(leave, client_as):
    grade = await Grade.objects().where(Grade.name == "七年级").first()
    path = f"/school-gate/grades/{grade.id}/office"
    teacher = await host("王珺")
    assert (await leave.guard.post(path, data={"office": teacher})).status_code == 403
    administrator = await client_as("administrator")
    refused = await administrator.post(path, data={"office": teacher}, follow_redirects=True)
    assert "请从选项中选择" in refused.text
    await administrator.post(path, data={"office": "nonsense"})
    assert (await Grade.objects().get(Grade.id == grade.id)).office is None
