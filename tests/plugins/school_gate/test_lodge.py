"""A guard's day at the lodge: shifts, slips at day's end, disorder and leaflets, through the pages."""

import re

import pytest

from core.incidents.tables import Incident
from core.notices.tables import Notice
from core.registrations.tables import Registration
from core.shifts.tables import Shift, ShiftHandover
from tests.plugins.school_gate.conftest import at
from tests.plugins.school_gate.test_deposits import COAT
from tests.plugins.school_gate.test_visits import PARENT, agree, arrive, stands

pytestmark = pytest.mark.anyio
OTHER = PARENT | {
    "name": "韩冬",
    "phone": "",
    "document_number": "110105194912310003",
    "document_by_eye": "1",
    "school_gate_pupil": "韩梅梅",
}
TRADER = {
    "name": "孙推销",
    "document_kind": "none",
    "purpose": "school_gate.trader",
    "reason": "发教辅传单",
    "school_gate_organisation": "某教辅公司",
}


@pytest.fixture
async def relief(school, client_as):
    """The gatekeeper of the late shift."""
    return await client_as("gatekeeper", name="小吴")


async def inside(guard, form=PARENT):
    """Somebody is let in with a slip; returns the visit's page."""
    place = await arrive(guard, form)
    await agree(guard, place)
    await guard.post(f"{place}/admit", data={"paper": "thermal"})
    assert (await stands(place)).state == "inside"
    return place


# -- handing over


@pytest.mark.rule("SCH-2", "CORE-17")
async def test_the_shift_is_handed_over_with_its_records_and_all_that_is_open(
    guard, relief, school, plugins, on_the_clock
):
    post_ = f"/shifts/{school.gate.id}"
    on_the_clock("2026-11-23 08:00")
    await guard.post(f"{post_}/take")
    place = await inside(guard)
    await arrive(guard, TRADER)
    pupil = str((await school.pupil("李雷")).id)
    await guard.post("/school-gate/deposits", data={**COAT, "pupil": pupil})
    await guard.post(f"/school-gate/gates/{school.gate.id}/open", data={"kind": "normal"})
    on_the_clock("2026-11-23 14:00")
    await guard.post(f"{post_}/offer", data={"equipment": "大门钥匙 2 把", "remarks": "路灯坏"})

    assert "待您签字的交接班" in (await relief.get("/")).text
    assert "待您签字的交接班" not in (await guard.get("/")).text
    desk = await relief.get("/desk")
    assert "老周 正在交班" in desk.text
    lines, _ = await plugins.collect_gate_lines(
        school.gate.id, school.site.id, at("2026-11-23 14:00")
    )
    assert any(line.path == post_ and "老周" in str(line.text) for line in lines)
    page = await relief.get(post_)
    visit = await Registration.objects().where(Registration.id == place.rsplit("/", 1)[1]).first()
    for text in (visit.number, "蓝色羽绒服", "大门钥匙 2 把", "路灯坏", "校门登记为开门未关"):
        assert text in page.text, text
    handover = await ShiftHandover.objects().where(ShiftHandover.state == "offered").first()
    on_the_clock("2026-11-23 14:05")
    await relief.post(f"{post_}/accept", data={"handover": str(handover.id), "remarks": "已点清"})
    record = (await relief.get(f"/shifts/handovers/{handover.id}")).text
    for text in ("老周", "小吴", "已点清", "蓝色羽绒服", visit.number):
        assert text in record, text
    counted = dict(re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", record))
    assert counted["来访登记"] == "2"
    assert counted["其中放行"] == "1"
    assert counted["其中拒绝"] == "1"
    assert counted["收存物品"] == "1"
    assert counted["开门记录"] == "1"
    assert "正在交班" not in (await relief.get("/desk")).text
    assert "不是您" in (await guard.get("/desk")).text


@pytest.mark.rule("SCH-2", "CORE-17")
async def test_nobody_gets_around_a_pending_handover_silently(guard, relief, school, client_as):
    officer = await client_as("duty_officer", name="值班员")
    post_ = f"/shifts/{school.gate.id}"
    await guard.post(f"{post_}/take")
    await guard.post(f"{post_}/offer", data={"equipment": "钥匙"})
    taken = await relief.post(f"{post_}/take", follow_redirects=True)
    assert "交班" in taken.text
    assert (await Shift.objects().where(Shift.ended_at.is_null()).first()).holder == guard.user_id
    assert (await relief.post(f"{post_}/relieve", data={"reason": ""})).status_code == 422
    await relief.post(f"{post_}/relieve", data={"reason": "老周送医，无法签字"})
    assert (await Shift.objects().where(Shift.ended_at.is_null()).first()).holder == relief.user_id
    for user in (officer.user_id, guard.user_id):
        (notice,) = await Notice.objects().where(Notice.user == user)
        assert "老周送医" in notice.body
    record = (await officer.get(notice.url)).text
    assert "老周送医，无法签字" in record
    assert "小吴" in record


# -- slips


@pytest.mark.rule("SCH-8")
async def test_a_slip_whose_stub_is_missing_stays_open_until_it_is_back_or_explained(
    guard, school, on_the_clock
):
    on_the_clock("2026-11-23 09:00")
    place = await inside(guard)
    other = await inside(guard, OTHER)
    assert "持单在校" in (await guard.get("/school-gate/slips?view=inside")).text
    on_the_clock("2026-11-23 10:00")
    for one in (place, other):
        await guard.post(f"{one}/leave", data={})
        assert (await stands(one)).state == "left"
    on_the_clock("2026-11-23 17:30")
    assert "回执联未收回的会客单" in (await guard.get("/")).text
    page = await guard.get("/school-gate/slips")
    assert "李强" in page.text
    assert "韩冬" in page.text
    number = place.rsplit("/", 1)[1]
    await guard.post(f"/school-gate/slips/{number}/returned")
    assert (await stands(place)).state == "closed"
    number = other.rsplit("/", 1)[1]
    empty = await guard.post(
        f"/school-gate/slips/{number}/explain", data={"reason": ""}, follow_redirects=True
    )
    assert "请说明回执未收回的原因" in empty.text
    assert (await stands(other)).state == "left"
    await guard.post(
        f"/school-gate/slips/{number}/explain", data={"reason": "被雨淋坏，已核对本人"}
    )
    assert (await stands(other)).state == "closed"
    explained = await guard.get("/school-gate/slips?view=explained&day=2026-11-23")
    assert "被雨淋坏" in explained.text
    later = await guard.get("/school-gate/slips?view=explained&day=2026-11-22")
    assert "被雨淋坏" not in later.text
    assert (await stands(other)).stub_explained == "被雨淋坏，已核对本人"


@pytest.mark.rule("SCH-8")
async def test_the_stubs_own_code_closes_the_visit_at_the_gate(guard, school, on_the_clock):
    from core.passes import services as passes
    from core.passes.tables import Pass

    on_the_clock("2026-11-23 09:00")
    place = await inside(guard)
    row = await Pass.objects().where(Pass.registration == place.rsplit("/", 1)[1]).first()
    stub = await passes.stub_token_of(row.id)
    on_the_clock("2026-11-23 10:00")
    device = await school.device()
    await device.scan(stub, "out")
    assert (await stands(place)).stub_returned_at is not None
    assert "李强" not in (await guard.get("/school-gate/slips")).text


# -- incidents


@pytest.mark.rule("SCH-18", "CORE-16")
async def test_disorder_is_handed_over_to_the_police_step_by_step(guard, client_as, on_the_clock):
    on_the_clock("2026-11-23 16:00")
    form = await guard.get("/incidents/new")
    assert "扰乱校园秩序：移交公安机关" in form.text
    answer = await guard.post(
        "/incidents",
        data={"kind": "school_gate.disorder", "seen": "一名男子踢校门、辱骂门卫", "spot": "南门"},
    )
    here = answer.headers["location"]
    boss = await client_as("security_office")
    assert "处理中的事件" in (await boss.get("/")).text
    early = await guard.post(f"{here}/close", data={"result": "已带走"})
    assert early.status_code in (303, 422)
    assert (await Incident.objects().first()).state == "open"
    page = await guard.get(here)
    names = re.findall(r"</svg>\s*<strong>([^<]+)</strong>", page.text)
    assert any("移交民警" in name for name in names)
    steps = re.findall(r'name="step" value="([^"]+)"', page.text)
    for step in dict.fromkeys(steps):
        done = await guard.post(
            f"{here}/done",
            data={"step": step, "called": "民警 012345", "called_at": "15:58"},
        )
        assert done.status_code == 303
    closed = await guard.post(f"{here}/close", data={"result": "移交西丽派出所处理"})
    assert closed.status_code == 303
    page = await boss.get(here)
    for text in ("民警 012345", "15:58", "移交西丽派出所处理"):
        assert text in page.text


@pytest.mark.rule("SCH-13", "CORE-16")
async def test_leaflets_near_the_gate_become_an_incident_of_the_refused_visit(guard, school):
    place = await arrive(guard, TRADER | {"school_gate_leaflets": "1"})
    assert (await stands(place)).state == "refused"
    row = await Incident.objects().first()
    assert (row.kind, row.state, row.opened_by_name) == ("school_gate.leaflets", "open", "老周")
    page = await guard.get(place)
    assert f"/incidents/{row.id}" in page.text
    shown = await guard.get(f"/incidents/{row.id}")
    assert "某教辅公司" in shown.text
    assert "城管" in shown.text
    await arrive(guard, TRADER)
    assert await Incident.count() == 1


@pytest.mark.rule("SCH-2")
async def test_a_shifts_figures_count_its_own_time_alone(guard, school, plugins, on_the_clock):
    begins = on_the_clock("2026-11-23 09:00")
    await arrive(guard, TRADER)
    ends = on_the_clock("2026-11-23 12:00")
    await arrive(guard, TRADER)
    found, failed = await plugins.collect_shift_figures(
        school.site.id, school.gate.id, begins, ends
    )
    assert not failed
    assert {line.label.msgid: line.value for line in found} == {
        "Visits registered": "1",
        "of them let in": "0",
        "of them refused": "1",
        "Incidents noted": "0",
        "Openings recorded": "0",
        "Pupils without a badge": "0",
        "Things taken in": "0",
        "Things handed out": "0",
        "Valuables released or refused": "0",
    }
