"""Boarders out with a slip, missing ones, weekends; day pupils let in outside school time (SCH-6)."""

import pytest

from core import clock
from core.notices.tables import Notice
from plugins.school_gate.leave.tables import LeaveSlip
from plugins.school_gate.services import due
from tests.plugins.school_gate.conftest import told
from tests.plugins.school_gate.leave_scene import as_host

pytestmark = pytest.mark.anyio


async def told_once(client, words):
    """Say whether an account has one notice with these words: its session may be over by now."""
    rows = await Notice.select(Notice.subject).where(Notice.user == client.user_id)
    return sum(words in row["subject"] for row in rows) == 1


@pytest.fixture
def exit_slip():
    """What a teacher types for a boarder's exit slip on that Monday evening."""
    return {
        "kind": "boarder",
        "reason": "外出配眼镜",
        "starts_at": "2026-11-23T18:20",
        "ends_at": "2026-11-23T19:30",
        "expected_back_at": "2026-11-23T20:30",
        "contact_means": "",
        "contact_with": "",
    }


@pytest.mark.rule("SCH-6")
async def test_a_boarder_goes_out_with_the_teachers_slip_and_the_guard_reads_the_reason(
    leave, school, on_the_clock, exit_slip
):
    token = await school.token("韩梅梅")
    slip = await leave.issued("韩梅梅", **exit_slip)
    assert slip.stamped_at is None
    device = await school.device()
    assert told(await device.scan(token, "out"))[0] == "deny", "school is not over"
    on_the_clock("2026-11-23 18:40")
    device = await school.device("二")
    verdict = await device.scan(token, "out")
    assert verdict["verdict"] == "allow"
    assert "外出配眼镜" in verdict["reason"]
    assert "20:30" in verdict["reason"]
    on_the_clock("2026-11-23 18:50")
    device = await school.device("三")
    await device.scan(token, "in")
    on_the_clock("2026-11-23 18:55")
    device = await school.device("四")
    assert told(await device.scan(token, "out")) == ("deny", "slip_used", "SCH-6")


@pytest.mark.rule("SCH-6")
async def test_without_a_slip_a_boarder_stays_in_on_holidays(leave, school, on_the_clock):
    token = await school.token("韩梅梅")
    on_the_clock("2026-11-28 10:00")
    device = await school.device()
    assert told(await device.scan(token, "out")) == ("deny", "boarder_without_slip", "SCH-6")


@pytest.mark.rule("SCH-6")
async def test_who_is_not_back_is_on_the_list_and_told_once(
    leave, school, on_the_clock, exit_slip, client_as, plugins
):
    officer = await client_as("duty_officer")
    token = await school.token("韩梅梅")
    slip = await leave.issued("韩梅梅", **exit_slip)
    on_the_clock("2026-11-23 18:40")
    device = await school.device()
    await device.scan(token, "out")
    guard = await client_as("gatekeeper")
    page = await guard.get("/school-gate/boarders")
    assert "持条外出" in page.text
    assert "请联系家长" not in page.text

    on_the_clock("2026-11-23 20:50")
    for _ in range(2):
        await due.do_what_is_due(clock.now())
    guard = await client_as("gatekeeper")
    page = await guard.get("/school-gate/boarders")
    missing = page.text.partition('id="missing"')[2].partition('id="all"')[0]
    assert "韩梅梅" in missing
    assert "20:30" in missing
    for one in (officer, leave.teacher):
        notices = (await one.get("/notices")).text
        assert notices.count("未按时返校：韩梅梅") == 1
    lines, _ = await plugins.collect_gate_lines(school.gate.id, school.site.id, clock.now())
    assert any("/school-gate/boarders" in line.path for line in lines)
    items, _ = await plugins.collect_open_items(school.site.id, school.gate.id, clock.now())
    assert any("韩梅梅" in item.text for item in items)

    device = await school.device("二")
    verdict = await device.scan(token, "in")
    assert verdict["verdict"] == "allow", "who comes back is let in at any hour"
    await due.do_what_is_due(clock.now())
    assert (await leave.row(slip.id)).returned_at == clock.now()
    guard = await client_as("gatekeeper")
    assert 'id="missing"' not in (await guard.get("/school-gate/boarders")).text


@pytest.mark.rule("SCH-6")
async def test_a_return_without_a_scan_is_recorded_by_name(leave, school, on_the_clock, exit_slip):
    token = await school.token("韩梅梅")
    slip = await leave.issued("韩梅梅", **exit_slip)
    on_the_clock("2026-11-23 18:40")
    device = await school.device()
    await device.scan(token, "out")
    path = f"/school-gate/leave/{slip.id}"
    await leave.guard.get(path)
    assert (await leave.guard.post(f"{path}/back", data={"note": ""})).status_code == 422
    await leave.guard.post(f"{path}/back", data={"note": "宿管老师确认已回宿舍"})
    for _ in range(2):
        await due.do_what_is_due(clock.now())
    row = await leave.row(slip.id)
    assert row.returned_at == clock.now()
    assert "宿管老师确认" in (await leave.teacher.get(path)).text
    again = await leave.guard.post(f"{path}/back", data={"note": "x"}, follow_redirects=True)
    assert "没有待返校的学生" in again.text


@pytest.mark.rule("SCH-6")
async def test_the_weekend_shows_who_went_home_who_stayed_and_who_is_missing_on_sunday(
    leave, school, on_the_clock, client_as
):
    token = await school.token("韩梅梅")
    on_the_clock("2026-11-27 18:25")
    device = await school.device()
    assert (await device.scan(token, "out"))["verdict"] == "allow"
    on_the_clock("2026-11-28 10:00")
    officer = await client_as("duty_officer")
    page = (await officer.get("/school-gate/boarders")).text
    assert "已回家" in page
    assert "2026-11-29 19:00" in page
    assert 'id="missing"' not in page

    on_the_clock("2026-11-29 19:20")
    for _ in range(2):
        await due.do_what_is_due(clock.now())
    officer = await client_as("duty_officer")
    page = (await officer.get("/school-gate/boarders")).text
    assert "韩梅梅" in page.partition('id="missing"')[2].partition('id="all"')[0]
    assert await told_once(leave.teacher, "boarders of your class")
    await officer.post(
        f"/school-gate/gates/{school.gate.id}/open", data={"kind": "special", "note": "住校生返校"}
    )
    device = await school.device("二")
    await device.scan(token, "in")
    officer = await client_as("duty_officer", name="值班")
    assert 'id="missing"' not in (await officer.get("/school-gate/boarders")).text


@pytest.mark.rule("SCH-6")
async def test_a_day_pupil_comes_in_on_a_holiday_only_with_permission(
    leave, school, on_the_clock, client_as
):
    token = await school.token("李雷")
    on_the_clock("2026-11-28 09:00")
    device = await school.device()
    assert told(await device.scan(token, "in")) == ("deny", "no_school_today", "SCH-6")
    leave.teacher = await as_host(await client_as("class_teacher"), "王珺")
    answer = await leave.ask(
        kind="entry",
        reason="机器人社团训练",
        starts_at="2026-11-28T09:00",
        ends_at="2026-11-28T12:00",
        contact_means="",
        contact_with="",
    )
    assert answer.status_code == 303
    verdict = await device.scan(token, "in")
    assert verdict["verdict"] == "allow"
    assert "机器人社团训练" in verdict["reason"]
    on_the_clock("2026-11-28 12:01")
    device = await school.device("二")
    assert told(await device.scan(await school.token("欧阳䶮"), "in"))[0] == "deny"


@pytest.mark.rule("SCH-6")
@pytest.mark.parametrize(
    ("name", "kind", "sentence"),
    [("李雷", "boarder", "该生是走读生"), ("韩梅梅", "entry", "住校生随时可以返校")],
)
async def test_each_sort_of_slip_is_for_its_sort_of_pupil(leave, exit_slip, name, kind, sentence):
    answer = await leave.ask(name, **{**exit_slip, "kind": kind})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not await LeaveSlip.exists()


async def test_a_teacher_sees_the_boarders_of_the_own_class_and_an_office_of_none_sees_nobody(
    leave, client_as
):
    assert "韩梅梅" in (await leave.teacher.get("/school-gate/boarders")).text
    other = await client_as("class_teacher")
    assert "韩梅梅" not in (await other.get("/school-gate/boarders")).text
