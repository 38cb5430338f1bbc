"""The pages of the gate for the office: devices, passes, keys, conflicts; and the gate page's own texts."""

import base64
import io
import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
import zxingcpp
from PIL import Image

from core import clock
from core.gate import devices as gate_devices
from core.hosts import services as hosts
from core.hosts.services import HostEntry
from core.log.tables import LogEntry
from core.passes import services as passes
from core.passes.keys import published
from core.permissions import SYSTEM
from core.registrations import slips
from core.registrations.services import Arrival, register
from core.sites.tables import Gate, Site
from core.visitors.matching import Person
from plugins.school_gate.facts import STAFF
from plugins.school_gate.tables import StaffMember
from tests.app import new_client
from web.assets import STATIC

KIND = "lodge.badge"
LANGUAGES = ("zh_Hans", "zh_Hant", "en")


async def a_pass(site, **more):
    at = clock.now()
    given = {"not_before": at - timedelta(days=1), "expires": at + timedelta(days=1), **more}
    return await passes.issue(KIND, uuid4(), site.id, actor=SYSTEM, at=at, **given)


async def a_visit(site, plugins, name="陈美玲", gate_id=None):
    at = clock.now()
    arrival = Arrival(
        site_id=site.id,
        gate_id=gate_id,
        person=Person(name=name, phone="13800138000"),
        purpose="core.delivery",
        host_text="王芳",
        document_shown=True,
    )
    registered = await register(arrival, actor=SYSTEM, at=at, plugins=plugins)
    return registered, await slips.issue(registered.id, actor=SYSTEM, at=at, plugins=plugins)


async def the_gate(site):
    return await Gate.objects().where(Gate.site == site.id).first()


def code_of(page):
    return re.search(r'class="pass-code">([0-9A-Z]{4}-[0-9A-Z]{4})<', page.text)[1]


def scanned(page):
    """Read the QR code that a page shows, as a camera would."""
    picture = re.search(r'src="data:image/png;base64,([^"]+)"', page.text)[1]
    image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("L")
    return zxingcpp.read_barcodes(image)[0].text


class Device:
    """A gate device that speaks the gate's API, without a browser."""

    def __init__(self, client, secret, shift):
        self.client = client
        self.headers = {"x-gate-device": secret, "x-gate-shift": shift}
        self.seq = 0

    async def scan(self, text, direction="auto"):
        self.seq += 1
        answer = await self.client.post(
            "/gate/api/scan",
            json={"token": text, "seq": self.seq, "direction": direction},
            headers=self.headers,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
async def device(app, client, site):
    """A device enrolled by the page's own code, with the administrator on it."""
    gate = await the_gate(site)
    await client.post(f"/users/{client.user_id}/pin", data={"pin": "2580"})
    page = await client.post("/devices", data={"name": "南门手机", "gate": str(gate.id)})
    async with new_client(app) as bare:
        made = (await bare.post("/gate/api/enrol", json={"code": code_of(page)})).json()
        headers = {"x-gate-device": made["secret"]}
        shift = await bare.post(
            "/gate/api/shift",
            json={"operator": str(client.user_id), "pin": "2580"},
            headers=headers,
        )
        yield Device(bare, made["secret"], shift.json()["secret"])


# -- the gate page


async def test_gate_page_is_open_to_a_device_without_session_and_has_no_inline_script(app, client):
    async with new_client(app) as nobody:
        page = await nobody.get("/gate")
    assert page.status_code == 200
    scripts = re.findall(r"<script([^>]*)>([^<]*)</script>", page.text)
    assert [kind for kind, body in scripts if body.strip()] == [
        ' type="application/json" id="texts"'
    ]
    assert "style=" not in page.text
    assert "onclick" not in page.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_text_of_the_scripts_is_there_in_each_language(app, client, language):
    async with new_client(app, cookies={"language": language}) as nobody:
        page = await nobody.get("/gate")
    texts = json.loads(re.search(r'id="texts">(.*?)</script>', page.text, re.DOTALL)[1])
    said = {key: text for key, text in texts.items() if isinstance(text, str)}
    for group in ("camera", "offline", "reasons"):
        said |= {f"{group}.{key}": text for key, text in texts[group].items()}
    assert len(said) > len(texts)
    assert all(said.values())
    if language != "en":
        foreign = {key: text for key, text in said.items() if not re.search("[一-鿿]", text)}
        assert foreign == {}


async def test_scripts_use_each_text_and_ask_for_no_other(app, client):
    async with new_client(app) as nobody:
        page = await nobody.get("/gate")
    texts = json.loads(re.search(r'id="texts">(.*?)</script>', page.text, re.DOTALL)[1])
    source = "\n".join(path.read_text("utf-8") for path in (STATIC / "gate").glob("*.js"))
    asked = set(re.findall(r'say\("(\w+)"', source))
    assert asked <= set(texts)
    unused = {key for key in texts if f'"{key}"' not in source and f"`{key}." not in source}
    assert unused == set()


async def test_gate_page_offers_the_pages_that_are_meant_for_a_gate(client):
    page = await client.get("/gate")
    assert 'href="/desk"' in page.text


# -- devices


async def test_device_is_enrolled_by_the_code_once_and_shut_out_with_a_reason(
    app, client, site, device
):
    page = await client.get("/devices")
    assert "南门手机" in page.text
    listed = await client.get("/devices")
    device_id = re.search(r"/devices/([0-9a-f-]{36})/revoke", listed.text)[1]
    refused = await client.post(f"/devices/{device_id}/revoke", data={"reason": " "})
    assert refused.status_code == 422
    done = await client.post(f"/devices/{device_id}/revoke", data={"reason": "丢失"})
    assert done.status_code == 303
    answer = await device.client.get("/gate/api/state", headers=device.headers)
    assert answer.status_code == 401
    again = await client.post(f"/devices/{device_id}/revoke", data={"reason": "丢失"})
    assert again.status_code == 409


async def test_code_is_shown_as_a_qr_code_that_opens_the_gate_page(client, site):
    gate = await the_gate(site)
    page = await client.post("/devices", data={"name": "平板", "gate": str(gate.id)})
    assert scanned(page) == f"https://laifang.test/gate#{code_of(page)}"
    assert code_of(page) not in (await client.get("/devices")).text


async def test_new_code_shuts_out_the_device_enrolled_before_once_it_is_used(client, site, device):
    listed = await client.get("/devices")
    device_id = re.search(r"/devices/([0-9a-f-]{36})/revoke", listed.text)[1]
    page = await client.post(f"/devices/{device_id}/code")
    state = await device.client.get("/gate/api/state", headers=device.headers)
    assert state.status_code == 200
    await device.client.post("/gate/api/enrol", json={"code": code_of(page)})
    state = await device.client.get("/gate/api/state", headers=device.headers)
    assert state.status_code == 401


async def test_device_form_comes_back_with_what_was_typed(client, site):
    page = await client.post("/devices", data={"name": "", "gate": "elsewhere"})
    assert page.status_code == 422
    assert page.text.count("field-error") >= 2


async def test_devices_of_another_site_are_not_there(client_as, client, site):
    other = Site(id=uuid4(), code="west", name="西校区")
    await Site.insert(other)
    gate = Gate(id=uuid4(), site=other.id, code="w", name="西门")
    await Gate.insert(gate)
    made = await gate_devices.add_device("西门手机", gate.id, actor=SYSTEM, at=clock.now())
    mine = await client_as("administrator", site_id=site.id)
    assert "西门手机" not in (await mine.get("/devices")).text
    assert (await mine.get(f"/devices/{made.device_id}/revoke")).status_code == 404
    assert (await mine.post(f"/devices/{made.device_id}/code")).status_code == 404
    added = await mine.post("/devices", data={"name": "x", "gate": str(gate.id)})
    assert added.status_code == 422


# -- passes


async def test_pass_is_found_by_its_code_by_the_visit_and_by_the_name(client, site, plugins):
    registered, slip = await a_visit(site, plugins)
    found = await client.get("/passes", params={"q": slip.token.lower()})
    assert found.status_code == 303
    assert found.headers["location"] == f"/passes/{slip.pass_id}"
    stub = await client.get("/passes", params={"q": await passes.stub_token_of(slip.pass_id)})
    assert stub.headers["location"] == f"/passes/{slip.pass_id}"
    for text in (registered.number, "陈美玲", "chenmeiling", "cml"):
        page = await client.get("/passes", params={"q": text})
        assert f"/passes/{slip.pass_id}" in page.text, text
    page = await client.get("/passes", params={"q": "赵钱孙"})
    assert "/passes/" not in page.text.replace("/passes/keys", "")
    page = await client.get("/passes", params={"status": "revoked"})
    assert slip.pass_id not in page.text


async def test_pass_is_found_by_a_name_that_only_a_plugin_knows(client, site):
    at = clock.now()
    host_id = await hosts.add(
        HostEntry(name="欧阳喆", department="数学组", site_id=site.id), actor=SYSTEM, at=at
    )
    staff_id = uuid4()
    await StaffMember.insert(StaffMember(id=staff_id, host=host_id, site=site.id, number="T1"))
    mine = await passes.issue(
        STAFF,
        staff_id,
        site.id,
        not_before=at,
        expires=at + timedelta(days=1),
        actor=SYSTEM,
        at=at,
    )
    other = await a_pass(site)
    for text in ("欧阳", "数学"):
        page = await client.get("/passes", params={"q": text})
        assert mine.pass_id in page.text
        assert other.pass_id not in page.text


async def test_pass_page_shows_who_holds_it_and_every_scan(client, site, plugins, device):
    _, slip = await a_visit(site, plugins)
    verdict = await device.scan(slip.token)
    assert verdict["verdict"] == "allow"
    assert verdict["holder"]["lines"][-1] == "送货"
    page = await client.get(f"/passes/{slip.pass_id}")
    for text in ("陈美玲", "王芳", "南门", "在内"):
        assert text in page.text
    assert f"/registrations/{verdict['registration']}" in page.text


@pytest.mark.rule("SCH-19")
async def test_revoked_pass_is_refused_at_once_and_says_why_it_was(client, site, device):
    issued = await a_pass(site)
    path = f"/passes/{issued.pass_id}"
    assert (await client.post(f"{path}/revoke", data={"reason": ""})).status_code == 422
    assert (await client.post(f"{path}/revoke", data={"reason": "丢失"})).status_code == 303
    verdict = await device.scan(issued.token)
    assert (verdict["verdict"], verdict["code"]) == ("deny", "revoked")
    page = await client.get(path)
    assert "丢失" in page.text
    assert f"{path}/revoke" not in page.text
    assert (await client.post(f"{path}/replace")).status_code == 409
    assert (await client.post(f"{path}/print")).status_code == 409


@pytest.mark.rule("SCH-19")
async def test_replaced_pass_is_printed_and_the_old_print_refused(client, site, plugins, device):
    _, slip = await a_visit(site, plugins)
    page = await client.post(f"/passes/{slip.pass_id}/replace")
    new = scanned(page)
    assert new != slip.token
    assert (await device.scan(slip.token))["code"] == "reissued"
    assert (await device.scan(new))["verdict"] == "allow"
    again = await client.post(f"/passes/{slip.pass_id}/print")
    assert scanned(again) == new
    assert await LogEntry.count().where(LogEntry.act == "pass.print") == 1


async def test_passes_of_another_site_are_not_there(client_as, site, plugins, client):
    issued = await a_pass(site)
    other = Site(id=uuid4(), code="west", name="西校区")
    await Site.insert(other)
    elsewhere = await client_as("duty_officer", site_id=other.id)
    assert issued.pass_id not in (await elsewhere.get("/passes")).text
    for method, path in (
        ("GET", ""),
        ("POST", "/revoke"),
        ("POST", "/replace"),
        ("POST", "/print"),
    ):
        answer = await elsewhere.request(
            method, f"/passes/{issued.pass_id}{path}", data={"reason": "x"}
        )
        assert answer.status_code == 404, path


async def test_gatekeeper_sees_passes_but_does_not_revoke_and_auditor_sees_none(
    client_as, site, client
):
    issued = await a_pass(site)
    keeper = await client_as("gatekeeper")
    page = await keeper.get(f"/passes/{issued.pass_id}")
    assert page.status_code == 200
    assert "/revoke" not in page.text
    answer = await keeper.post(f"/passes/{issued.pass_id}/revoke", data={"reason": "x"})
    assert answer.status_code == 403
    assert (await keeper.get("/passes/keys")).status_code == 403
    auditor = await client_as("auditor")
    assert (await auditor.get("/passes")).status_code == 403


# -- keys


@pytest.mark.rule("SCH-19")
async def test_keys_are_changed_without_refusing_a_pass_and_withdrawn_with_a_reason(
    client, site, device
):
    issued = await a_pass(site)
    assert (await client.post("/passes/keys/rotate")).status_code == 303
    states = {key.id: key.state for key in await published()}
    assert sorted(states.values()) == ["current", "next", "retired"]
    assert (await device.scan(issued.token))["code"] != "token_key_unknown"
    old = next(key for key, state in states.items() if state == "retired")
    await client.post(f"/passes/keys/{old}/withdraw", data={"reason": ""})
    assert old in {key.id for key in await published()}
    await client.post(f"/passes/keys/{old}/withdraw", data={"reason": "密钥文件外泄"})
    assert old not in {key.id for key in await published()}
    page = await client.get("/passes/keys")
    assert "已作废" in page.text
    assert "1 张通行证" in page.text


# -- conflicts


@pytest.mark.rule("SCH-20")
async def test_conflict_is_listed_and_closed_with_an_explanation(
    client, client_as, site, device, stopped_clock
):
    issued = await a_pass(site)
    # The holder is known to nobody here, so each scan is held and released by hand.
    for _ in range(2):
        held = await device.scan(issued.token, "in")
        assert held["verdict"] == "hold"
        device.seq += 1
        released = await device.client.post(
            "/gate/api/override",
            json={"event": held["event"], "seq": device.seq, "reason": "认识本人"},
            headers=device.headers,
        )
        assert released.status_code == 200, released.text
        stopped_clock.advance(timedelta(minutes=10))
    page = await client.get("/conflicts")
    assert "连续两次进入" in page.text
    conflict = re.search(r"/conflicts/([0-9a-f-]{36})/close", page.text)[1]
    refused = await client.post(f"/conflicts/{conflict}/close", data={"note": ""})
    assert refused.status_code == 422
    assert "field-error" in refused.text
    done = await client.post(f"/conflicts/{conflict}/close", data={"note": "换岗时漏扫"})
    assert done.status_code == 303
    page = await client.get("/conflicts")
    assert conflict not in page.text
    keeper = await client_as("gatekeeper")
    assert (await keeper.get("/conflicts")).status_code == 403
