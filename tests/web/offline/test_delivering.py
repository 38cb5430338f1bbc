"""What a gate delivers after hours without network, over HTTP: nothing is refused, nothing counts unseen."""

import json
import re

import pytest

from core import clock, db
from core.passes import services as passes
from core.permissions import SYSTEM
from tests.web.offline.conftest import (
    HOSTILE,
    MINUTE,
    nothing_is_stored,
    open_kinds,
    presence,
    stored,
)
from tests.web.test_gate_page import a_pass, a_visit

pytestmark = [pytest.mark.anyio, pytest.mark.rule("SCH-20")]


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
