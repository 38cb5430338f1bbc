"""Class events: applied for with a list, approved by two offices, parents admitted and registered (SCH-12)."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from core import clock
from core.gate import reading
from core.gate.facts import OfflineAsked
from core.passes import services as passes
from plugins.school_gate.events import admitting
from plugins.school_gate.events.tables import ClassEvent, EventGuest
from plugins.school_gate.services import due
from tests.plugins.school_gate.conftest import at
from tests.plugins.school_gate.leave_scene import as_host

pytestmark = pytest.mark.anyio


def told(verdict):
    return verdict["verdict"], verdict["code"], verdict["rule"]


def on_day(day):
    """The times of an event on another day."""
    return {
        "starts_at": f"{day}T19:00",
        "ends_at": f"{day}T21:00",
        "admits_from": f"{day}T18:30",
    }


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


@pytest.mark.rule("SCH-12")
async def test_a_teacher_applies_with_the_list_of_parents_and_both_offices_sign(event, school):
    event_id = await event.drafted()
    page = await event.teacher.get(f"/school-gate/events/{event_id}")
    assert "李强" in page.text
    assert "韩冬" in page.text
    assert "欧阳海" not in page.text, "the list is of the own class"
    await event.teacher.post(f"/school-gate/events/{event_id}/submit")
    assert "家长会" in (await event.grade.get("/approvals")).text
    assert "家长会" not in (await event.security.get("/approvals")).text
    await event.vote(event.grade, event_id)
    assert await state_of(event_id) == "asked"
    assert (await event.guest(event_id)).pass_id == ""
    assert "家长会" in (await event.security.get("/approvals")).text
    await event.vote(event.security, event_id)
    assert await state_of(event_id) == "approved"
    assert (await event.guest(event_id)).pass_id
    assert "两处均已批准" in (await event.teacher.get(f"/school-gate/events/{event_id}")).text


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
async def test_without_both_approvals_nobody_is_admitted_at_gate_or_desk(
    event, school, on_the_clock, client_as
):
    event_id = await event.submitted()
    await event.vote(event.grade, event_id)
    guest = await event.guest(event_id)
    on_the_clock("2026-11-25 18:45")
    guard = await client_as("gatekeeper")
    path = f"/school-gate/events/{event_id}"
    assert "未经年级组和安全保卫处批准" in (await guard.get(f"{path}/gate")).text
    answer = await guard.post(f"{path}/guests/{guest.id}/came", data={}, follow_redirects=True)
    assert "未经年级组和安全保卫处批准" in answer.text
    assert (await event.guest(event_id)).came_at is None
    assert (await event.teacher.get(f"{path}/invitations")).status_code in (303, 404)


@pytest.mark.rule("SCH-12")
@pytest.mark.parametrize(("who", "state"), [("grade", "refused"), ("security", "refused")])
async def test_one_office_alone_can_refuse_with_a_reason(event, who, state):
    event_id = await event.submitted()
    if who == "security":
        await event.vote(event.grade, event_id)
    await event.vote(getattr(event, who), event_id, "reject", "与考试冲突")
    assert await state_of(event_id) == state
    page = await event.teacher.get(f"/school-gate/events/{event_id}")
    assert "与考试冲突" in page.text
    assert (await event.guest(event_id)).pass_id == ""


@pytest.mark.rule("SCH-12")
async def test_what_is_sent_back_is_changed_and_submitted_again(event):
    event_id = await event.submitted()
    path = f"/school-gate/events/{event_id}"
    locked = await event.teacher.post(f"{path}/list", data={}, follow_redirects=True)
    assert "请先撤回申请" in locked.text
    await event.vote(event.grade, event_id, "send_back", "请减少人数")
    assert "已退回" in (await event.teacher.get(path)).text
    guest = await event.guest(event_id)
    await event.teacher.post(f"{path}/list", data={f"g-{guest.guardian}": "1"})
    assert await EventGuest.count().where(EventGuest.event == event_id) == 1
    await event.teacher.post(f"{path}/submit")
    await event.vote(event.grade, event_id)
    await event.vote(event.security, event_id)
    assert await state_of(event_id) == "approved"


@pytest.mark.rule("SCH-12")
async def test_a_called_off_event_and_a_parent_taken_off_are_refused(event, school, on_the_clock):
    event_id = await event.approved()
    path = f"/school-gate/events/{event_id}"
    gone, here = await event.guest(event_id), await event.guest(event_id, "韩冬")
    await event.teacher.post(f"{path}/guests/{gone.id}/off")
    tokens = [await passes.token_of(one.pass_id) for one in (gone, here)]
    assert (await event.teacher.post(f"{path}/cancel", data={"reason": ""})).status_code == 422
    device = await school.device()
    assert told(await device.scan(tokens[0], "in"))[:2] == ("deny", "revoked")
    await event.teacher.post(f"{path}/cancel", data={"reason": "教室停电"})
    assert told(await device.scan(tokens[1], "in"))[:2] == ("deny", "revoked")
    assert "教室停电" in (await event.teacher.get(path)).text


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


@pytest.mark.rule("SCH-12")
async def test_invitations_are_printed_each_with_its_own_code(event):
    event_id = await event.approved()
    page = await event.teacher.get(f"/school-gate/events/{event_id}/invitations")
    assert page.text.count("<svg xmlns") == 2
    assert "李强" in page.text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        (on_day("2026-11-23"), "starts_at"),
        ({"ends_at": "2026-11-25T18:00"}, "ends_at"),
        ({"ends_at": "2026-11-26T18:00"}, "ends_at"),
        ({"admits_from": "2026-11-25T19:30"}, "admits_from"),
        (on_day("2030-11-25"), "starts_at"),
        ({"title": ""}, "title"),
        ({"class": "00000000-0000-0000-0000-000000000000"}, "class"),
        ({"gate": "x"}, "gate"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_beside_its_field(event, changed, field):
    answer = await event.apply(**changed)
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text
    assert not await ClassEvent.exists()


@pytest.mark.rule("SCH-12")
async def test_a_teacher_applies_for_the_own_class_only_and_others_do_not_touch_it(
    event, school, client_as
):
    stranger = await school.pupil("欧阳䶮")
    assert (await event.apply(**{"class": str(stranger.class_id)})).status_code == 422
    event_id = await event.drafted(title="<b>会</b>")
    assert "<b>会</b>" not in (await event.teacher.get(f"/school-gate/events/{event_id}")).text
    other = await as_host(await client_as("class_teacher"), "仇和")
    path = f"/school-gate/events/{event_id}"
    assert (await other.get(path)).status_code == 404
    assert (await event.grade.get(path)).status_code == 404, "a draft is the teacher's"
    for act in ("submit", "cancel", "list"):
        assert (await other.post(f"{path}/{act}", data={"reason": "x"})).status_code == 404
    strange = await event.guest(event_id)
    foreign = await event.teacher.post(f"{path}/list", data={f"g-{strange.id}": "1"})
    assert foreign.status_code == 404


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
