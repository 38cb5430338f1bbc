"""What the office sees of devices without network, and how much those hours could have hidden."""

import asyncio
import re
from zoneinfo import ZoneInfo

import pytest

from core import clock
from core.gate import devices
from core.gate.rulebook import RULEBOOK
from core.permissions import SYSTEM
from core.rulebooks.services import adopt
from tests.web.offline.conftest import MINUTE, open_kinds
from tests.web.test_gate_page import a_pass, a_visit, the_gate

pytestmark = [pytest.mark.anyio, pytest.mark.rule("SCH-20")]
ZONE = ZoneInfo("Asia/Shanghai")


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


async def test_the_report_tells_the_most_that_could_be_hidden_and_how_many_were(
    one, two, site, client, stopped_clock
):
    first, second = await a_pass(site), await a_pass(site)
    one.act(first.token, "in")
    stopped_clock.advance(MINUTE)
    two.act(first.token, "in")
    two.act(second.token, "in")
    day = clock.local(clock.now(), ZONE).date().isoformat()  # the hour that follows may end it
    stopped_clock.advance(60 * MINUTE)
    await one.deliver()
    await two.deliver()
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
    assert "断网时，单次通行证只在签发它的门岗直接放行" in page.text
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
