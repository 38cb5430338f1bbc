"""Class events: applied for with a list, approved by two offices, sent back, called off (SCH-12)."""

import pytest

from core.passes import services as passes
from plugins.school_gate.events.tables import ClassEvent, EventGuest
from tests.plugins.school_gate.conftest import told
from tests.plugins.school_gate.event_scene import state_of
from tests.plugins.school_gate.leave_scene import as_host


def on_day(day):
    """The times of an event on another day."""
    return {
        "starts_at": f"{day}T19:00",
        "ends_at": f"{day}T21:00",
        "admits_from": f"{day}T18:30",
    }


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
