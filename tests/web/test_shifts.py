"""Going on duty and handing over from the page, as two guards meet it."""

import pytest

from core import clock
from core.accounts.pins import set_pin
from core.permissions import SYSTEM
from core.shifts.tables import Shift, ShiftHandover
from core.sites.tables import Gate


@pytest.fixture
async def post_(site):
    return f"/shifts/{(await Gate.objects().first()).id}"


async def offered():
    row = await ShiftHandover.objects().where(ShiftHandover.state == "offered").first()
    return str(row.id)


@pytest.mark.rule("CORE-17")
async def test_two_guards_hand_over_each_signed_in(client_as, post_):
    first, second = (
        await client_as("gatekeeper", name="老周"),
        await client_as("gatekeeper", name="小吴"),
    )
    assert post_ in (await first.get("/shifts")).text
    await first.post(f"{post_}/take", data={"remarks": "一切正常"})
    page = await first.get(post_)
    assert page.text.count("/offer") == 1
    assert "built-in" not in page.text
    await first.post(f"{post_}/offer", data={"equipment": "大门 2 把", "remarks": "路灯坏了"})
    page = await second.get(post_)
    assert "大门 2 把" in page.text
    handover = await offered()
    await second.post(f"{post_}/accept", data={"handover": handover, "remarks": "只有 1 把"})
    record = await second.get(f"/shifts/handovers/{handover}")
    for text in ("老周", "小吴", "大门 2 把", "路灯坏了", "只有 1 把"):
        assert text in record.text
    on_duty = await Shift.objects().where(Shift.ended_at.is_null())
    assert [shift.holder for shift in on_duty] == [second.user_id]


@pytest.mark.rule("CORE-17")
async def test_the_incoming_signs_by_pin_on_the_outgoings_phone(client_as, post_):
    first, second = await client_as("gatekeeper"), await client_as("gatekeeper", name="小吴")
    await set_pin(second.user_id, "2580", actor=SYSTEM, at=clock.now())
    await first.post(f"{post_}/take")
    await first.post(f"{post_}/offer")
    assert "小吴" in (await first.get(post_)).text
    form = {"handover": await offered(), "incoming": str(second.user_id), "pin": "1111"}
    assert (await first.post(f"{post_}/accept-by-pin", data=form)).status_code == 422
    form["pin"] = "2580"
    assert (await first.post(f"{post_}/accept-by-pin", data=form)).status_code == 303
    assert (await Shift.objects().where(Shift.ended_at.is_null()).first()).holder == second.user_id


async def test_who_is_gone_is_relieved_with_a_reason_and_a_post_may_be_left(client_as, post_):
    first, second = await client_as("gatekeeper"), await client_as("gatekeeper")
    await first.post(f"{post_}/take")
    assert (await second.post(f"{post_}/relieve", data={"reason": ""})).status_code == 422
    await second.post(f"{post_}/relieve", data={"reason": "送医"})
    await second.post(f"{post_}/leave", data={"remarks": "锁门"})
    assert not await Shift.exists().where(Shift.ended_at.is_null())
    page = await first.get(post_)
    handover = page.text.partition("/shifts/handovers/")[2].partition('"')[0]
    assert (await first.get(f"/shifts/handovers/{handover}")).status_code == 200


@pytest.mark.rule("CORE-14")
async def test_shifts_are_for_those_who_work_or_read_there(client_as, post_):
    host, auditor = await client_as("host"), await client_as("auditor")
    assert (await host.get(post_)).status_code in (403, 404)
    page = await auditor.get(post_)
    assert page.status_code == 200
    assert f"{post_}/take" not in page.text
    assert (await auditor.post(f"{post_}/take")).status_code in (403, 404)
    guard = await client_as("gatekeeper")
    assert (await guard.post(f"{post_}/explode")).status_code == 404
    assert (await guard.get("/shifts/00000000-0000-4000-8000-000000000000")).status_code == 404
