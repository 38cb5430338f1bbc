"""Leave slips at the gate: who collects, the window, back again, a scan taken back (SCH-5)."""

import pytest

from core import clock
from plugins.school_gate.leave.settling import settle
from plugins.school_gate.tables import Guardian
from tests.plugins.school_gate.conftest import told
from tests.plugins.school_gate.leave_scene import SIGNED, subjects


@pytest.mark.rule("SCH-5")
async def test_the_guard_records_who_collects_and_both_sign_then_the_slip_is_used_up(
    leave, school, on_the_clock
):
    token = await school.token("李雷")
    slip = await leave.stamped()
    gate = await leave.guard.get(f"/school-gate/leave/gate?gate={school.gate.id}")
    assert "李雷" in gate.text
    path = f"/school-gate/leave/{slip.id}/release"
    assert "李强" in (await leave.guard.get(path)).text
    for changed, sentence in (
        ({"collector": ""}, "请填写"),
        ({"document": ""}, "请查看接走人的证件"),
        ({"collector_signature": ""}, "双方都要签名"),
        ({"pupil_signature": "M1 1L2 2"}, "还没有签名"),
        ({"pupil_signature": "<svg onload=1>"}, "签名无法识别"),
    ):
        answer = await leave.guard.post(path, data=await leave.collected(slip, **changed))
        assert answer.status_code == 422, changed
        assert sentence in answer.text, changed
    assert (await leave.row(slip.id)).released_at is None

    answer = await leave.guard.post(path, data=await leave.collected(slip))
    assert answer.status_code == 303
    row = await leave.row(slip.id)
    assert (row.collector_name, row.collector_document) == ("李强", "resident_id")
    assert row.released_by_name == "老周"
    assert row.used_at == clock.now()
    assert SIGNED not in (row.pupil_signature + row.collector_signature)
    page = await leave.teacher.get(f"/school-gate/leave/{slip.id}")
    assert page.text.count(SIGNED) == 2
    again = await leave.guard.post(path, data=await leave.collected(slip))
    assert again.status_code == 422
    assert "一张假条只能出校一次" in again.text

    device = await school.device()
    verdict = await device.scan(token, "out")
    assert verdict["verdict"] == "allow"
    assert "李强" in str(verdict)
    on_the_clock("2026-11-23 10:20")
    device = await school.device("二")
    assert (await device.scan(token, "in"))["verdict"] != "deny"
    on_the_clock("2026-11-23 10:40")
    device = await school.device("三")
    assert told(await device.scan(token, "out")) == ("deny", "slip_used", "SCH-5")


@pytest.mark.rule("SCH-5")
async def test_only_approved_adults_collect_and_alone_goes_who_may(leave, school):
    adult = await leave.adult()
    await Guardian.update({Guardian.may_collect: False}).where(Guardian.id == adult["id"])
    slip = await leave.stamped()
    path = f"/school-gate/leave/{slip.id}/release"
    page = await leave.guard.get(path)
    assert "不得接走" in page.text
    answer = await leave.guard.post(path, data=await leave.collected(slip))
    assert answer.status_code == 422
    stranger = await leave.adult("韩梅梅")
    form = await leave.collected(slip, collector=str(stranger["id"]))
    assert (await leave.guard.post(path, data=form)).status_code in (404, 422)
    form = await leave.collected(slip, collector="alone")
    assert (await leave.guard.post(path, data=form)).status_code == 422

    await leave.teacher.post(f"/school-gate/leave/{slip.id}/void", data={"reason": "改为独自离校"})
    alone = await leave.stamped(alone="1", starts_at="2026-11-23T10:00")
    form = await leave.collected(slip, collector="alone", collector_signature="", document="")
    answer = await leave.guard.post(f"/school-gate/leave/{alone.id}/release", data=form)
    assert answer.status_code == 303
    row = await leave.row(alone.id)
    assert (row.collected_by, row.collector_name) == (None, "")


@pytest.mark.rule("SCH-5")
async def test_outside_its_window_the_slip_is_worth_nothing(leave, school, on_the_clock):
    token = await school.token("李雷")
    slip = await leave.stamped(starts_at="2026-11-23T10:30", ends_at="2026-11-23T11:00")
    device = await school.device()
    verdict = await device.scan(token, "out")
    assert told(verdict) == ("deny", "slip_outside", "SCH-5")
    assert "10:30" in str(verdict)
    path = f"/school-gate/leave/{slip.id}/release"
    assert "这张假条现在不能使用" in (await leave.guard.get(path)).text
    assert (await leave.guard.post(path, data=await leave.collected(slip))).status_code == 422
    on_the_clock("2026-11-23 11:05")
    device = await school.device("二")
    assert told(await device.scan(token, "out"))[:2] == ("deny", "school_time")
    page = await leave.office.get(f"/school-gate/leave/{slip.id}")
    assert "过期未用" in page.text


@pytest.mark.rule("SCH-5")
async def test_back_again_and_a_late_return_is_flagged_to_the_teacher(leave, school, on_the_clock):
    token = await school.token("李雷")
    slip = await leave.stamped(expected_back_at="2026-11-23T14:30")
    device = await school.device()
    assert (await device.scan(token, "out"))["verdict"] == "allow"
    await settle(clock.now())
    row = await leave.row(slip.id)
    assert row.exit_event
    assert "外出中" in (await leave.teacher.get("/")).text

    on_the_clock("2026-11-23 15:00")
    for _ in range(2):
        await settle(clock.now())
    assert "未按时返校" in await subjects(leave.teacher)
    assert "未按时返校" in (await leave.teacher.get("/")).text
    device = await school.device("二")
    verdict = await device.scan(token, "in")
    assert verdict["verdict"] == "allow"
    assert "应在 14:30 前返校" in str(verdict)
    for _ in range(2):
        await settle(clock.now())
    row = await leave.row(slip.id)
    assert row.returned_at == clock.now()
    assert "晚归" in (await leave.teacher.get(f"/school-gate/leave/{slip.id}")).text
    assert (await subjects(leave.teacher)).count("晚归：") == 1


@pytest.mark.rule("SCH-5")
async def test_an_exit_without_a_recorded_collector_is_told_to_teacher_and_duty(
    leave, school, on_the_clock, client_as
):
    officer = await client_as("duty_officer")
    token = await school.token("李雷")
    slip = await leave.stamped()
    device = await school.device()
    await device.scan(token, "out")
    on_the_clock("2026-11-23 10:15")
    await settle(clock.now())
    for one in (leave.teacher, officer):
        assert "已出校但未登记接走人" in await subjects(one)
    guard = await client_as("gatekeeper")
    page = await guard.get("/school-gate/leave/gate")
    assert "已出校，尚未签名" in page.text
    form = await leave.collected(slip)
    answer = await guard.post(f"/school-gate/leave/{slip.id}/release", data=form)
    assert answer.status_code == 303
    assert (await leave.row(slip.id)).used_at < clock.now()


@pytest.mark.rule("SCH-5")
async def test_a_scan_taken_back_gives_the_slip_back(leave, school):
    token = await school.token("李雷")
    slip = await leave.stamped()
    device = await school.device()
    verdict = await device.scan(token, "out")
    await settle(clock.now())
    assert (await leave.row(slip.id)).used_at
    answer = await device.client.post(
        "/gate/api/undo",
        json={"event": verdict["event"], "seq": next(device.numbers), "reason": "认错人"},
        headers=device.headers,
    )
    assert answer.status_code == 200, answer.text
    await settle(clock.now())
    row = await leave.row(slip.id)
    assert (row.used_at, row.exit_event) == (None, None)
    assert (await device.scan(token, "out"))["verdict"] == "allow"
