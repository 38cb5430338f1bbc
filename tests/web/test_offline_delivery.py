"""What a gate delivers after hours without network, over HTTP: nothing is refused, nothing counts unseen."""

import asyncio
import json
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from core import clock, db
from core.gate import devices
from core.gate.rulebook import RULEBOOK
from core.passes import services as passes
from core.permissions import SYSTEM
from core.rulebooks import queries as rulebooks
from core.rulebooks.services import adopt
from tests.app import new_client
from tests.stand.offline import OfflineDevice
from tests.web.test_gate_page import a_pass, a_visit, the_gate

pytestmark = [pytest.mark.anyio, pytest.mark.rule("SCH-20")]
MINUTE, ZONE = timedelta(minutes=1), ZoneInfo("Asia/Shanghai")
HOSTILE = "<script>alert(1)</script>\u202e倒\u200b \x00"


async def a_device(app, site, name="平板"):
    """A device enrolled at the site's gate, without anybody on duty."""
    gate = await the_gate(site)
    code = await devices.add_device(name, gate.id, actor=SYSTEM, at=clock.now())
    client = new_client(app)
    made = (await client.post("/gate/api/enrol", json={"code": code.code})).json()
    headers = {"x-gate-device": made["secret"], "accept-language": "zh-CN"}
    device = OfflineDevice(client, headers, made["bundle_keys"])
    device.id = made["device"]
    return device


@pytest.fixture(autouse=True)
def _fresh():
    rulebooks.forget()
    yield
    rulebooks.forget()


@pytest.fixture
async def one(app, site, stopped_clock):
    return await a_device(app, site)


@pytest.fixture
async def two(app, site, stopped_clock):
    return await a_device(app, site, "手机")


@pytest.fixture
async def officer(client_as):
    return await client_as("duty_officer")


async def stored(table="scan_event"):
    return await db.fetch(f"SELECT * FROM {table}")


async def nothing_is_stored():
    return not await stored() and not await stored("scan_quarantine")


async def open_kinds():
    rows = await db.fetch("SELECT kind FROM scan_conflict WHERE closed_at IS NULL ORDER BY kind")
    return [row["kind"] for row in rows]


async def presence(issued):
    rows = await db.fetch("SELECT inside, entries FROM pass WHERE id = {}", issued.pass_id)
    return rows[0]["inside"], rows[0]["entries"]


# -- delivered once, whatever happens on the way


async def test_the_same_delivery_is_taken_once_however_often_it_comes(one, site):
    issued = await a_pass(site)
    one.act(issued.token, "in")
    one.act("rubbish", "in", "deny", code="token_length", reason="不是完整的通行码")
    events = list(one.queue)
    for _ in range(3):
        said = (await one.send(events)).json()
        assert (said["acked"], said["quarantined"], said["last_seq"]) == ([1, 2], [], 2)
    assert len(await stored()) == 2
    assert await presence(issued) == (1, 1)
    (counted,) = await db.fetch("SELECT sum(total) AS n FROM scan_counter")
    assert int(counted["n"]) == 2
    logged = await db.fetch("SELECT act, proof FROM log_entry WHERE act LIKE 'scan.%'")
    assert sorted(row["act"] for row in logged) == ["scan.allow", "scan.deny"]
    assert all(row["proof"] for row in logged)


async def test_an_empty_delivery_tells_the_last_number(one, site):
    assert (await one.send([])).json()["last_seq"] == 0
    one.act((await a_pass(site)).token)
    await one.deliver()
    assert (await one.send([])).json()["last_seq"] == 1


async def test_what_two_gates_let_in_while_both_were_cut_off_is_a_double_entry(
    one, two, site, stopped_clock, officer
):
    issued = await a_pass(site, single_entry=True)
    one.act(issued.token, "in")
    stopped_clock.advance(10 * MINUTE)
    two.act(issued.token, "in")
    stopped_clock.advance(50 * MINUTE)
    await two.deliver()
    assert await open_kinds() == []
    await one.deliver()
    assert await open_kinds() == ["double_entry", "second_single_entry"]
    page = await officer.get("/conflicts")
    assert "连续两次进入" in page.text


async def test_an_exit_that_arrives_late_explains_the_second_entry_and_closes_the_conflict(
    one, two, site, stopped_clock
):
    issued = await a_pass(site)
    one.act(issued.token, "in")
    stopped_clock.advance(MINUTE)
    two.act(issued.token, "out")
    stopped_clock.advance(MINUTE)
    one.act(issued.token, "in")
    await one.deliver()
    assert await open_kinds() == ["double_entry"]
    await two.deliver()
    assert await open_kinds() == []
    assert await presence(issued) == (1, 2)


async def test_recorded_verdicts_stay_although_the_pass_had_been_revoked(one, site, stopped_clock):
    issued = await a_pass(site)
    await passes.revoke(issued.pass_id, reason="挂失", actor=SYSTEM, at=clock.now())
    stopped_clock.advance(MINUTE)
    one.act(issued.token, "in")
    await one.deliver()
    assert [row["verdict"] for row in await stored()] == [0]
    assert await open_kinds() == ["entry_after_revocation"]


async def test_a_replaced_print_that_let_somebody_in_is_a_conflict(one, site, stopped_clock):
    issued = await a_pass(site)
    stopped_clock.advance(MINUTE)
    one.act(issued.token, "in")
    stopped_clock.advance(MINUTE)
    await passes.reissue(issued.pass_id, actor=SYSTEM, at=clock.now(), reason="遗失")
    stopped_clock.advance(MINUTE)
    one.act(issued.token, "in")
    await one.deliver()
    (conflict,) = await db.fetch("SELECT key FROM scan_conflict WHERE kind = 'old_print'")
    assert conflict["key"].endswith(":2")


async def test_a_scan_taken_back_offline_does_not_count_even_when_it_arrives_first(
    one, site, stopped_clock
):
    issued = await a_pass(site)
    mistaken = one.act(issued.token, "in")
    stopped_clock.advance(MINUTE)
    undone = one.act(issued.token, "in", act="undo", corrects=1, note="扫错方向")
    assert (await one.send([undone], waiting=2)).json()["acked"] == [2]
    assert (await one.send([mistaken], waiting=1)).json()["acked"] == [1]
    assert await presence(issued) == (0, 0)
    rows = {row["seq"]: row for row in await stored()}
    assert rows[2]["corrects"] == rows[1]["id"]


async def test_a_held_scan_released_offline_counts_with_its_reason(one, site, stopped_clock):
    issued = await a_pass(site)
    one.act(issued.token, "in", "hold", code="unknown_pass")
    one.act(issued.token, "in", act="override", corrects=1, reason="认识本人", note="认识本人")
    await one.deliver()
    assert await presence(issued) == (1, 1)
    (row,) = await db.fetch("SELECT after FROM log_entry WHERE act = 'gate.override'")
    assert json.loads(row["after"])["why"] == "认识本人"


# -- visits


async def test_a_visitor_who_came_and_went_offline_has_been_inside(
    one, two, site, plugins, stopped_clock
):
    visit, slip = await a_visit(site, plugins)
    came = clock.from_ms(clock.now_ms())
    one.act(slip.token, "in")
    stopped_clock.advance(30 * MINUTE)
    two.act(slip.token, "out")
    stopped_clock.advance(60 * MINUTE)
    await two.deliver()  # the exit is known first
    await one.deliver()
    (row,) = await db.fetch("SELECT * FROM registration WHERE id = {}", visit.id)
    assert row["state"] == "left"
    assert row["entered_at"] == came
    assert row["left_at"] == came + 30 * MINUTE
    assert await open_kinds() == []


async def test_a_slip_used_at_two_gates_that_were_cut_off_is_found(
    one, two, site, plugins, stopped_clock
):
    visit, slip = await a_visit(site, plugins)
    one.act(slip.token, "in")
    stopped_clock.advance(MINUTE)
    two.act(slip.token, "in")
    await two.deliver()
    await one.deliver()
    assert await open_kinds() == ["second_single_entry"]
    (row,) = await db.fetch("SELECT state FROM registration WHERE id = {}", visit.id)
    assert row["state"] == "inside"


async def test_a_slip_used_after_its_visitor_left_is_found_in_either_order(
    one, two, site, plugins, stopped_clock
):
    _, slip = await a_visit(site, plugins)
    one.act(slip.token, "in")
    stopped_clock.advance(MINUTE)
    one.act(slip.token, "out")
    stopped_clock.advance(MINUTE)
    two.act(slip.token, "in")
    await two.deliver()
    await one.deliver()
    assert "entry_after_revocation" in await open_kinds()


# -- put aside for a person


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


# -- bad input


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"events": 5}',
        b'{"events": [5]}',
        b'{"events": [{}]}',
        b'{"events": [{"seq": 0}]}',
        b'{"events": [{"seq": "1"}]}',
        b'{"events": [{"seq": 1.5}]}',
        b'{"events": [], "waiting": -1}',
        b'{"events": [], "waiting": "many"}',
        b'{"events": [], "sent": {"wall": -1}}',
        json.dumps({"events": [{"seq": n} for n in range(1, 502)]}).encode(),
    ],
    ids=lambda body: body[:30].decode("latin-1"),
)
async def test_what_is_no_delivery_is_refused_in_a_clear_sentence_and_nothing_is_stored(one, body):
    answer = await one.client.post("/gate/api/events", content=body, headers=one.headers)
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_delivery"
    assert re.search("无法读取|最多上传 500|没有编号", answer.json()["detail"])
    assert await nothing_is_stored()


async def test_a_delivery_that_is_too_large_is_refused_and_nothing_is_stored(one):
    answer = await one.send([{"seq": 1, "note": "x" * 4_100_000}])
    assert answer.status_code == 413
    assert await nothing_is_stored()


@pytest.mark.parametrize(
    "change",
    [
        {"direction": "up"},
        {"verdict": 1},
        {"token": "x" * 5000},
        {"act": "explode"},
        {"boot": "a\x00b"},
        {"code": "<b>"},
        {"reason": "x" * 2000},
        {"note": HOSTILE},
        {"operator": "nobody"},
        {"corrects": -1},
        {"wall": "yesterday"},
        {"raw_hash": "zz"},
        {"bundle": 2**60},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_one_act_that_cannot_be_understood_is_kept_whole_and_spoils_no_other(
    one, site, officer, change
):
    issued = await a_pass(site)
    good, bad = one.act(issued.token), one.act(issued.token) | change
    for _ in range(2):
        said = (await one.send([good, bad])).json()
        assert said["acked"] == [1]
        assert said["quarantined"] == [{"seq": 2, "code": "malformed"}]
    assert len(await stored()) == len(await stored("scan_quarantine")) == 1
    page = await officer.get("/conflicts/aside")
    assert "设备发来的内容无法识别" in page.text
    assert "<script>alert" not in page.text


async def test_another_secret_delivers_nothing(one, two, site):
    one.act((await a_pass(site)).token)
    for secret in ("", "x" * 40, "设备"):
        headers = {"x-gate-device": secret.encode()}
        answer = await one.client.post(
            "/gate/api/events", json={"events": one.queue, "waiting": 1}, headers=headers
        )
        assert answer.status_code == 401
    assert await nothing_is_stored()
    # Under another device's secret it is that device's own act, whatever it says.
    one.headers = two.headers
    await one.deliver()
    assert str((await stored())[0]["device"]) == two.id


# -- what the office sees of devices


async def test_the_page_of_devices_tells_what_waits_and_asks_before_it_is_lost(
    one, site, client, officer
):
    events = [one.act("rubbish", "in", "hold", code="no_bundle") for _ in range(3)]
    await one.send(events[:1], waiting=3)
    page = await client.get("/devices")
    assert re.search(r'data-label="待上传扫码">.*?2', page.text, re.S)
    asked = await client.post(f"/devices/{one.id}/code", data={"_": ""})
    assert "此设备上有 2 条扫码尚未上传" in asked.text
    assert "pass-code" not in asked.text
    form = await client.get(f"/devices/{one.id}/revoke")
    assert "此设备上有 2 条扫码尚未上传" in form.text
    refused = await client.post(f"/devices/{one.id}/revoke", data={"reason": "换新"})
    assert refused.status_code == 422
    sure = await client.post(f"/devices/{one.id}/code", data={"sure": "yes"})
    code = re.search(r'class="pass-code">([0-9A-Z]{4}-[0-9A-Z]{4})<', sure.text)[1]
    await one.client.post("/gate/api/enrol", json={"code": code})
    assert await open_kinds() == ["emptied"]
    page = await officer.get("/conflicts")
    assert "当时有 2 条扫码未上传。" in page.text


async def test_a_shut_out_device_with_waiting_scans_needs_a_clear_yes(one, client):
    events = [one.act("rubbish", "in", "hold", code="no_bundle") for _ in range(2)]
    await one.send(events[:1], waiting=2)
    done = await client.post(f"/devices/{one.id}/revoke", data={"reason": "丢失", "sure": "yes"})
    assert done.status_code == 303


# -- how much the hours without network could have hidden


async def test_the_report_tells_the_most_that_could_be_hidden_and_how_many_were(
    one, two, site, client, stopped_clock
):
    first, second = await a_pass(site), await a_pass(site)
    one.act(first.token, "in")
    stopped_clock.advance(MINUTE)
    two.act(first.token, "in")
    two.act(second.token, "in")
    stopped_clock.advance(60 * MINUTE)
    await one.deliver()
    await two.deliver()
    day = clock.local(clock.now(), ZONE).date().isoformat()
    page = await client.get(f"/reports/core.offline?kind=day&day={day}")
    assert "断网时段" in page.text
    rows = await client.get(f"/reports/core.offline/rows?kind=day&day={day}&field=most")
    assert rows.text.count("门岗断网时自行判定") == 3
    rows = await client.get(f"/reports/core.offline/rows?kind=day&day={day}&field=double")
    assert rows.text.count("门岗断网时自行判定") == 1
    assert first.pass_id in rows.text


async def test_by_choice_of_the_house_a_slip_opens_only_the_gate_that_issued_it(
    one, site, plugins, client
):
    gate = await the_gate(site)
    _, slip = await a_visit(site, plugins, gate_id=gate.id)
    bundle = await one.fetch()
    stored_pass = bundle["passes"][slip.pass_id]
    assert (bundle["home_gate"], stored_pass["home_gate"]) == (False, str(gate.id))
    assert (stored_pass["single_entry"], stored_pass["group"]) == (True, "visit")
    page = await client.get("/rulebooks/gate")
    assert "断网时，单次凭证只在签发它的门岗直接放行" in page.text
    chosen = {"fresh_minutes": 10, "hard_hours": 6, "home_gate": True}
    now = clock.now()
    await adopt(RULEBOOK, chosen, effective_from=now, note="", actor=SYSTEM, at=now)
    bundle = await one.fetch()
    assert bundle["home_gate"] is True
    assert (bundle["fresh_ms"], bundle["hard_ms"]) == (600_000, 6 * 3_600_000)


async def test_no_bundle_without_an_enrolled_device_and_none_for_one_shut_out(one, site):
    await one.fetch()
    await devices.revoke_device(one.id, reason="丢失", actor=SYSTEM, at=clock.now())
    await asyncio.sleep(1.1)  # every process knows it within a second
    for secret in (one.headers["x-gate-device"], "", "x"):
        answer = await one.client.get("/gate/api/bundle", headers={"x-gate-device": secret})
        assert answer.status_code == 401
