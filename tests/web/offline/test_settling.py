"""What does not count unseen waits for a person: shut out, forged, copied, missing, of no known time."""

import re

import pytest

from core import clock, db
from core.gate import devices
from core.permissions import SYSTEM
from tests.web.offline.conftest import HOSTILE, MINUTE, open_kinds, presence, stored
from tests.web.test_gate_page import a_pass

pytestmark = [pytest.mark.anyio, pytest.mark.rule("SCH-20")]


async def test_what_a_shut_out_device_delivers_waits_for_a_person_and_then_counts(
    one, site, officer, stopped_clock
):
    issued = await a_pass(site)
    one.act(issued.token, "in", note=HOSTILE.replace("\x00", ""))
    await devices.revoke_device(one.id, reason="丢失", actor=SYSTEM, at=clock.now())
    said = await one.deliver()
    assert said["quarantined"] == [{"seq": 1, "code": "device_revoked"}]
    assert await stored() == []
    assert await presence(issued) == (0, 0)
    page = await officer.get("/conflicts")
    assert "待核实的扫码：1" in page.text
    page = await officer.get("/conflicts/aside")
    assert "设备送达这条记录时已被停用" in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "\u202e" not in page.text
    path = re.search(r'action="(/conflicts/aside/[0-9a-f-]{36})"', page.text)[1]
    refused = await officer.post(path, data={"as": "counted", "note": " "})
    assert refused.status_code == 422
    done = await officer.post(path, data={"as": "counted", "note": "手机只是没电，情况属实"})
    assert done.status_code == 303
    assert await presence(issued) == (1, 1)
    (row,) = await db.fetch("SELECT settled_as, note, settled_by FROM scan_quarantine")
    assert (row["settled_as"], row["note"]) == ("counted", "手机只是没电，情况属实")
    assert row["settled_by"] == officer.user_id
    again = await officer.post(path, data={"as": "aside", "note": "again"})
    assert again.status_code == 409
    assert len(await db.fetch("SELECT id FROM log_entry WHERE act = 'gate.settle'")) == 1


async def test_a_whole_delivery_of_a_shut_out_device_is_settled_at_once(
    one, site, officer, stopped_clock
):
    first, second = await a_pass(site), await a_pass(site)
    for issued in (first, second):
        for direction in ("in", "out", "in"):
            one.act(issued.token, direction)
            stopped_clock.advance(MINUTE)
    await devices.revoke_device(one.id, reason="丢失", actor=SYSTEM, at=clock.now())
    await one.deliver()
    page = await officer.get("/conflicts/aside")
    assert "其余 5 条一并处理" in page.text
    path = re.search(r'action="(/conflicts/aside/[0-9a-f-]{36})"', page.text)[1]
    data = {"as": "counted", "note": "门卫当班记录相符", "alike": "yes"}
    done = await officer.post(path, data=data)
    assert done.status_code == 303
    assert await presence(first) == await presence(second) == (1, 2)
    assert await open_kinds() == []
    page = await officer.get("/conflicts/aside")
    assert "已计入 6 条扫码" in page.text
    assert "没有待处理的记录" in page.text


async def test_a_forged_pass_that_was_let_in_counts_for_nobody(one, site, officer):
    token = (await a_pass(site)).token
    forged = token[:80] + ("A" if token[80] != "A" else "B") + token[81:]
    one.act(forged, "in")
    said = await one.deliver()
    assert said["quarantined"] == [{"seq": 1, "code": "forged"}]
    page = await officer.get("/conflicts/aside")
    path = re.search(r'action="(/conflicts/aside/[0-9a-f-]{36})"', page.text)[1]
    assert (await officer.post(path, data={"as": "counted", "note": "x"})).status_code == 409
    assert (await officer.post(path, data={"as": "aside", "note": "查过"})).status_code == 303
    assert await stored() == []
    (row,) = await stored("scan_quarantine")
    assert token[:60] not in row["content"]


async def test_two_scans_under_one_number_both_count_and_are_shown(one, site, officer):
    first, second = await a_pass(site), await a_pass(site)
    one.act(first.token, "in")
    await one.deliver()
    one.seq, one.boot = 0, "b2"
    one.act(second.token, "in")
    said = await one.deliver()
    assert said["quarantined"] == [{"seq": 1, "code": "fork"}]
    assert await presence(first) == await presence(second) == (1, 1)
    assert await open_kinds() == ["fork"]
    page = await officer.get("/conflicts")
    assert "平板" in page.text
    assert "两条记录都已计入" in page.text


async def test_missing_numbers_are_a_conflict_until_they_arrive(one, site, officer):
    issued = await a_pass(site)
    events = [one.act(issued.token, "in", "hold", code="passback") for _ in range(5)]
    await one.send([events[0], events[4]], waiting=2)
    assert await open_kinds() == ["gap"]
    assert "缺少第 2 至 4 号。" in (await officer.get("/conflicts")).text
    await one.send(events[1:4])
    assert await open_kinds() == []


async def test_while_more_is_to_come_nothing_is_missing(one, site):
    issued = await a_pass(site)
    events = [one.act(issued.token, "in", "hold", code="passback") for _ in range(3)]
    await one.send([events[2]], waiting=3)
    assert await open_kinds() == []


async def test_a_wrong_clock_is_put_right_and_told(one, site, officer, stopped_clock):
    issued = await a_pass(site)
    one.skew = 24 * 3_600_000
    then = clock.now_ms()
    one.act(issued.token, "in", mono=1000)
    stopped_clock.advance(60 * MINUTE)
    sent = {"wall": clock.now_ms() + one.skew, "mono": 1000 + 3_600_000, "boot": one.boot}
    await one.send(one.queue, sent=sent)
    (row,) = await stored()
    assert row["at"] == then
    assert await open_kinds() == ["clock"]
    assert "请校正设备时钟" in (await officer.get("/conflicts")).text


async def test_a_scan_of_before_the_device_was_there_waits_for_a_person(one, site):
    one.act((await a_pass(site)).token, "in", wall=1_000_000_000_000)
    assert (await one.deliver())["quarantined"] == [{"seq": 1, "code": "clock"}]


async def test_who_was_never_on_duty_at_a_device_is_not_believed_to_have_scanned(
    one, site, officer
):
    one.act((await a_pass(site)).token, "in", operator=str(officer.user_id))
    await one.deliver()
    assert (await stored())[0]["operator"] is None
    (row,) = await db.fetch("SELECT actor_kind, after FROM log_entry WHERE act = 'scan.allow'")
    assert row["actor_kind"] == "device"
    assert str(officer.user_id) in row["after"]
