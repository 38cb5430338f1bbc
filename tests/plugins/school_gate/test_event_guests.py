"""Parents of a class event: admitted, ticked, registered, invited by link, known without network (SCH-12)."""

import re
from datetime import timedelta

import pytest

from core import clock
from core.gate import reading
from core.gate.facts import OfflineAsked
from core.passes import services as passes
from plugins.school_gate.events import admitting
from plugins.school_gate.events.tables import EventGuest
from plugins.school_gate.services import due
from tests.plugins.school_gate.conftest import at, told
from tests.plugins.school_gate.leave_scene import as_host


@pytest.mark.rule("SCH-12")
async def test_in_the_window_a_parent_is_admitted_by_code_and_registered_once(
    event, school, on_the_clock, client_as
):
    event_id = await event.approved()
    token = await passes.token_of((await event.guest(event_id)).pass_id)
    device = await school.device()
    assert told(await device.scan(token, "in")) == ("deny", "event_not_begun", "SCH-12")
    on_the_clock("2026-11-25 18:45")
    device = await school.device("二")
    verdict = await device.scan(token, "in")
    assert verdict["verdict"] == "allow"
    assert verdict["holder"]["name"] == "李强"
    assert "家长会" in str(verdict["holder"]["lines"])
    for _ in range(2):
        await due.do_what_is_due(clock.now())
    row = await event.guest(event_id)
    assert (row.came_at, row.came_how) == (clock.now(), "scan")
    on_the_clock("2026-11-25 19:10")
    device = await school.device("三")
    assert (await device.scan(token, "out"))["verdict"] == "allow"
    on_the_clock("2026-11-25 19:20")
    device = await school.device("四")
    assert told(await device.scan(token, "in")) == ("hold", "came_already", "SCH-12")
    on_the_clock("2026-11-25 21:05")
    other = await passes.token_of((await event.guest(event_id, "韩冬")).pass_id)
    device = await school.device("五")
    assert told(await device.scan(other, "in")) == ("deny", "event_over", "SCH-12")


@pytest.mark.rule("SCH-12")
async def test_the_guard_ticks_parents_on_the_list_and_the_list_with_who_came_prints(
    event, school, on_the_clock, client_as, plugins
):
    event_id = await event.approved()
    on_the_clock("2026-11-25 18:45")
    guard = await client_as("gatekeeper", name="老周")
    lines, _ = await plugins.collect_gate_lines(school.gate.id, school.site.id, clock.now())
    assert any(f"/school-gate/events/{event_id}/gate" in line.path for line in lines)
    path = f"/school-gate/events/{event_id}/gate"
    assert "韩冬" not in (await guard.get(f"{path}?q=李雷")).text
    assert "名单上没有此人" in (await guard.get(f"{path}?q=某人")).text
    guest = await event.guest(event_id)
    tick = f"/school-gate/events/{event_id}/guests/{guest.id}/came"
    await guard.post(tick, data={"gate": str(school.gate.id)})
    row = await event.guest(event_id)
    assert (row.came_how, row.recorded_by_name) == ("list", "老周")
    again = await guard.post(tick, data={}, follow_redirects=True)
    assert "登记过" in again.text
    await guard.post(tick, data={"do": "untick"})
    assert (await event.guest(event_id)).came_at is None
    await guard.post(tick, data={})
    teacher = await as_host(await client_as("class_teacher"), "王珺")
    page = await teacher.get(f"/school-gate/events/{event_id}")
    assert "已到 1 / 2 人" in page.text
    assert "名单勾选" in page.text


@pytest.mark.rule("SCH-12", "CORE-6")
async def test_a_ticked_parent_stands_in_the_roll_call_until_the_event_is_over(
    event, school, on_the_clock, client_as, site
):
    event_id = await event.approved()
    on_the_clock("2026-11-25 18:40")
    guard = await client_as("gatekeeper")
    roll = f"/roll-call/{site.id}"
    assert "李强" not in (await guard.get(roll)).text
    first = await EventGuest.objects().where(EventGuest.name == "李强").first()
    path = f"/school-gate/events/{event_id}/guests/{first.id}/came"
    await guard.post(path, data={"gate": str(school.gate.id)})
    page = (await guard.get(roll)).text
    assert "七年级1班 李雷" in page
    assert page.count("李强") == 1
    await guard.post(path, data={"gate": str(school.gate.id), "do": "untick"})
    assert "李强" not in (await guard.get(roll)).text

    await guard.post(path, data={"gate": str(school.gate.id)})
    device = await school.device()
    token = await passes.token_of(first.pass_id)
    assert (await device.scan(token, "out"))["verdict"] == "allow"
    assert "李强" not in (await guard.get(roll)).text, "scanned out since"


async def test_a_parent_nobody_saw_leave_is_taken_for_gone_an_hour_after_the_end(
    event, school, on_the_clock, client_as, site
):
    event_id = await event.approved()
    on_the_clock("2026-11-25 18:40")
    guard = await client_as("gatekeeper")
    first = await EventGuest.objects().where(EventGuest.name == "李强").first()
    await guard.post(
        f"/school-gate/events/{event_id}/guests/{first.id}/came",
        data={"gate": str(school.gate.id)},
    )
    on_the_clock("2026-11-25 21:59")
    assert "李强" in (await guard.get(f"/roll-call/{site.id}")).text
    on_the_clock("2026-11-25 22:01")
    assert "李强" not in (await guard.get(f"/roll-call/{site.id}")).text


@pytest.mark.rule("SCH-12")
async def test_at_the_desk_only_parents_on_the_list_of_an_event_now_are_taken_in(
    event, school, on_the_clock, client_as
):
    event_id = await event.approved()

    async def arrive(desk, name, number="11010519491231002X", pupil="李雷"):
        form = {
            "name": name, "phone": "", "document_kind": "resident_id",
            "document_number": number, "document_shown": "1", "head_count": "1",
            "purpose": "school_gate.class_event", "school_gate_pupil": pupil,
            "school_gate_relation": "father", "gate": str(school.gate.id),
            "site": str(school.site.id),
        }  # fmt: skip
        answer = await desk.post("/desk", data=form, follow_redirects=True)
        return answer.text

    desk = await client_as("duty_officer")
    assert "该班现在没有已批准的活动" in await arrive(desk, "李强")
    on_the_clock("2026-11-25 18:45")
    desk = await client_as("duty_officer")
    assert "不在活动名单上" in await arrive(desk, "张三", "440524188001010014")
    await arrive(desk, "李强")
    row = await event.guest(event_id)
    assert (row.came_how, row.came_at) == ("desk", clock.now())


@pytest.mark.rule("SCH-12")
async def test_a_parent_opens_the_invitation_by_link_and_sees_nothing_else(
    event, school, on_the_clock, client_as
):
    event_id = await event.approved()
    guest = await event.guest(event_id)
    page = await event.teacher.post(f"/school-gate/events/{event_id}/guests/{guest.id}/link")
    address = re.search(r"https://laifang.test(/school-gate/e/[\w-]+)", page.text)[1]
    parent = await client_as()
    shown = await parent.get(address)
    assert shown.status_code == 200
    assert "家长会" in shown.text
    assert "<svg" in shown.text
    for hidden in ("韩冬", "韩梅梅", "2026001", "1380"):
        assert hidden not in shown.text
    again = await event.teacher.post(f"/school-gate/events/{event_id}/guests/{guest.id}/link")
    assert again.status_code == 200
    assert (await parent.get(address)).status_code == 404, "the earlier link ended"
    fresh = re.search(r"https://laifang.test(/school-gate/e/[\w-]+)", again.text)[1]
    on_the_clock("2026-11-27 09:00")
    assert (await parent.get(fresh)).status_code == 404, "a day after the event it is over"


async def test_wrong_links_are_counted_and_then_wait(event, client_as):
    stranger = await client_as()
    answers = [(await stranger.get(f"/school-gate/l/none{n}")).status_code for n in range(25)]
    assert answers[0] == 404
    assert answers[-1] == 429


@pytest.mark.rule("SCH-12", "SCH-20")
async def test_a_gate_without_network_knows_the_window_of_each_invitation(
    event, school, on_the_clock, plugins
):
    event_id = await event.approved()
    pass_id = (await event.guest(event_id)).pass_id
    now = on_the_clock("2026-11-25 18:00")
    passes_ = [facts for facts, _ in (await reading.read_passes([pass_id])).values()]
    cards = await plugins.collect_holders(passes_)
    asked = OfflineAsked(
        gate_id=school.gate.id,
        site_id=school.site.id,
        since=clock.to_ms(now),
        until=clock.to_ms(now + timedelta(hours=12)),
        passes=passes_,
        cards=cards,
    )
    rules = [rule for rule in await admitting.offline_rules(asked) if rule.pass_id == pass_id]

    def decided(text):
        moment = clock.to_ms(at(text))
        fitting = [rule.decision for rule in rules if rule.starts <= moment < rule.ends]
        return [getattr(one, "code", "") for one in fitting]

    assert decided("2026-11-25 18:29") == ["event_not_begun"]
    assert decided("2026-11-25 18:30") == [""]
    assert decided("2026-11-25 21:00") == [""]
    assert decided("2026-11-25 21:01") == ["event_over"]


@pytest.mark.rule("SCH-12")
async def test_a_scan_taken_back_takes_the_parent_off_the_list_of_who_came(
    event, school, on_the_clock
):
    event_id = await event.approved()
    token = await passes.token_of((await event.guest(event_id)).pass_id)
    on_the_clock("2026-11-25 18:45")
    device = await school.device()
    verdict = await device.scan(token, "in")
    await due.do_what_is_due(clock.now())
    assert (await event.guest(event_id)).came_at
    answer = await device.client.post(
        "/gate/api/undo",
        json={"event": verdict["event"], "seq": next(device.numbers), "reason": "扫错"},
        headers=device.headers,
    )
    assert answer.status_code == 200, answer.text
    await due.do_what_is_due(clock.now())
    assert (await event.guest(event_id)).came_at is None
