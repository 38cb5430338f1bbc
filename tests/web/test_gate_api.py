"""What gate devices ask, over HTTP: enrolment, shifts, scans, corrections, the state of the gate."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock, db
from core.accounts import pins, tokens
from core.gate import devices
from core.gate.limits import ScanLimits
from core.gate.photos import photo_path
from core.passes import services as passes
from core.permissions import SYSTEM, Actor
from core.sites.tables import Gate, Site
from tests.app import an_account, new_client

pytestmark = pytest.mark.anyio
PIN = "2580"


class GateClient:
    """A device with an operator: scans, corrects, asks for the state."""

    def __init__(self, client, headers):
        self.client, self.headers, self.seq = client, headers, 0

    async def post(self, path, **body):
        if "seq" not in body:
            self.seq += 1
            body["seq"] = self.seq
        return await self.client.post(f"/gate/api/{path}", json=body, headers=self.headers)

    async def scan(self, token, direction="in", **more):
        answer = await self.post("scan", token=token, direction=direction, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def state(self):
        return (await self.client.get("/gate/api/state", headers=self.headers)).json()


@pytest.fixture
async def gate(site):
    return await Gate.objects().where(Gate.site == site.id).first()


@pytest.fixture
async def operator(app, plugins, site):
    user_id, _ = await an_account(plugins, "gatekeeper", name="门卫老周")
    await pins.set_pin(user_id, PIN, actor=SYSTEM, at=clock.now())
    return user_id


@pytest.fixture
async def device(app, gate, operator):
    """A device enrolled and signed in over HTTP."""
    code = await devices.add_device("平板", gate.id, actor=SYSTEM, at=clock.now())
    async with new_client(app) as client:
        enrolled = await client.post("/gate/api/enrol", json={"code": code.code})
        headers = {"x-gate-device": enrolled.json()["secret"], "accept-language": "en"}
        shift = await client.post(
            "/gate/api/shift", json={"operator": str(operator), "pin": PIN}, headers=headers
        )
        headers["x-gate-shift"] = shift.json()["secret"]
        yield GateClient(client, headers)


async def a_pass(site, **more):
    at = clock.now()
    given = {"not_before": at - timedelta(days=1), "expires": at + timedelta(days=1), **more}
    return await passes.issue("nobody.knows", uuid4(), site.id, actor=SYSTEM, at=at, **given)


async def test_a_scan_is_answered_with_verdict_sentence_and_rule(device, site):
    answer = await device.scan((await a_pass(site)).token, "in")
    assert (answer["verdict"], answer["code"]) == ("hold", "holder_unknown")
    assert answer["reason"].startswith("Nobody knows whose pass this is.")
    assert answer["rule"] == "CORE-22"
    assert answer["may_override"] is True
    assert answer["seq"] == 1


async def test_the_sentence_comes_in_the_language_of_the_device(device):
    device.headers["accept-language"] = "zh-CN"
    assert "扫描" in (await device.scan("rubbish"))["reason"]


async def test_a_scan_sent_twice_is_one_scan(device, site):
    token = (await a_pass(site)).token
    first = await device.scan(token, seq=7)
    again = await device.scan(token, seq=7)
    assert again == first | {"replayed": True}
    rows = await db.fetch("SELECT count(*) AS n FROM scan_event")
    assert rows[0]["n"] == 1


async def test_a_held_scan_is_released_and_taken_back(device, site):
    held = await device.scan((await a_pass(site)).token)
    released = (await device.post("override", event=held["event"], reason="认识")).json()
    assert (released["code"], released["inside"], released["reason"]) == ("override", True, "认识")
    taken = (await device.post("undo", event=released["event"])).json()
    assert (taken["code"], taken["inside"]) == ("undo", False)
    state = await device.state()
    assert [line["code"] for line in state["recent"]] == ["undo", "override", "holder_unknown"]
    assert [line["corrected"] for line in state["recent"]] == [False, True, True]
    assert state["today"] == {"entered": 1, "left": 0, "held": 1, "refused": 0}
    assert state["last_seq"] == 3


async def test_the_state_names_gate_operator_and_the_servers_time(device, gate):
    state = await device.state()
    assert (state["gate"], state["operator"], state["device"]) == (gate.name, "门卫老周", "平板")
    assert abs(state["now"] - clock.now_ms()) < 5000
    assert state["missing"] == []


NO_SCANS = (
    {},
    {"token": "x"},
    {"token": "x", "seq": 0},
    {"token": "x", "seq": -1},
    {"token": "x", "seq": 2**60},
    {"token": 5, "seq": 1},
    {"token": "x" * 5000, "seq": 1},
    {"token": "x", "seq": 1, "direction": "up"},
    {"token": "x", "seq": 1, "boot": "a\x00b"},
    {"token": "x", "seq": 1, "boot": "b" * 25},
    {"token": "x", "seq": 1, "boot": "b\n"},
    {"token": "x", "seq": 1, "source": "telepathy"},
    {"token": "x", "seq": 1, "wall": -5},
    [],
    "x",
)


async def test_what_is_no_scan_is_refused_and_nothing_is_stored(device):
    for body in NO_SCANS:
        answer = await device.client.post("/gate/api/scan", json=body, headers=device.headers)
        assert answer.status_code == 400, body
        assert answer.headers["content-type"].startswith("application/problem+json"), body
        assert await db.fetch("SELECT id FROM scan_event") == [], body


async def test_no_json_at_all_is_refused(device):
    for content in (b"", b"{", b"\xff\xfe", b"null", b'{"token":"\\ud800","seq":1}'):
        answer = await device.client.post(
            "/gate/api/scan",
            content=content,
            headers={**device.headers, "content-type": "application/json"},
        )
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "token",
    [
        "\x00" * 152,
        "LF1:" + "\u0130" * 148,
        "🙂" * 40,
        "'; DROP TABLE pass; --",
        "ＬＦ１：",
    ],
    ids=repr,
)
async def test_hostile_text_is_stored_as_a_hash_and_refused(device, token):
    answer = await device.scan(token)
    assert answer["verdict"] == "deny"
    (event,) = await db.fetch("SELECT raw_hash, pass_id FROM scan_event")
    assert len(event["raw_hash"]) == 64
    assert event["pass_id"] is None


@pytest.mark.parametrize(
    ("without", "code"), [("x-gate-device", "device_unknown"), ("x-gate-shift", "shift_over")]
)
async def test_device_and_operator_are_both_asked_for(device, without, code):
    headers = {k: v for k, v in device.headers.items() if k != without}
    body = {"token": "x", "event": 1, "seq": 1}
    for path in ("scan", "undo", "override", "state", "shift/end"):
        if path == "state":
            answer = await device.client.get("/gate/api/state", headers=headers)
        else:
            answer = await device.client.post(f"/gate/api/{path}", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, code), path
        assert answer.json()["detail"], path


async def test_a_page_session_does_not_open_the_gates_interface(client_as, device):
    administrator = await client_as("administrator")
    answer = await administrator.post("/gate/api/scan", json={"token": "x", "seq": 1})
    assert answer.status_code == 401


async def test_an_ended_shift_scans_no_more(device):
    assert (await device.post("shift/end")).status_code == 204
    assert (await device.post("scan", token="x")).status_code == 401


async def test_wrong_code_and_wrong_pin_are_refused_in_words(app, gate, operator, device):
    async with new_client(app) as client:
        wrong = await client.post("/gate/api/enrol", json={"code": "AAAA-AAAA"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_code")
    answer = await device.client.post(
        "/gate/api/shift", json={"operator": str(operator), "pin": "1379"}, headers=device.headers
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_pin")
    people = await device.client.get("/gate/api/operators", headers=device.headers)
    assert people.json() == [{"id": str(operator), "name": "门卫老周"}]


async def test_a_device_that_scans_without_pause_is_told_to_wait(app, device):
    await device.scan("x")
    app.state["gate"].limits = ScanLimits(per_second=0.01, burst=3)
    statuses = [(await device.post("scan", token="x")).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


async def test_a_full_queue_answers_503_and_says_when_to_come_again(app, device, site):
    pipeline = app.state["gate"].pipeline
    pipeline._most_waiting = 0
    answer = await device.post("scan", token="x")
    assert (answer.status_code, answer.json()["code"]) == (503, "gate_busy")
    assert answer.headers["retry-after"] == "1"
    pipeline._most_waiting = 1000
    assert (await device.post("scan", token="x")).status_code == 200


async def test_a_scan_that_could_not_be_stored_answers_503_and_not_a_verdict(app, device):
    store = app.state["gate"].pipeline._store
    apply = store.apply

    async def fail(records):
        raise OSError("disk full")

    store.apply = fail
    answer = await device.post("scan", token="x", seq=1)
    assert (answer.status_code, answer.json()["code"]) == (503, "not_stored")
    assert "verdict" not in answer.json()
    store.apply = apply
    assert (await device.post("scan", token="x", seq=1)).status_code == 200


async def test_scans_of_one_moment_are_answered_each_with_its_own(device, site):
    made = [await a_pass(site) for _ in range(20)]
    answers = await asyncio.gather(*(device.scan(one.token) for one in made))
    assert sorted(a["seq"] for a in answers) == list(range(1, 21))
    assert len({a["event"] for a in answers}) == 20


async def a_token(*scopes, owner, name="turnstile"):
    holder = Actor(kind="user", id=owner, permissions=frozenset(scopes))
    _, secret = await tokens.create(
        actor=holder, at=clock.now(), name=name, scopes=scopes, expires_at=None
    )
    return {"authorization": f"Bearer {secret}"}


async def test_a_turnstile_scans_with_an_api_token(app, device, site, gate, operator):
    headers = await a_token("core:gate:scan", owner=operator)
    token = (await a_pass(site)).token
    async with new_client(app) as client:
        body = {"token": token, "seq": 1, "gate": str(gate.id), "direction": "in"}
        first = await client.post("/api/v1/scans", json=body, headers=headers)
        again = await client.post("/api/v1/scans", json=body, headers=headers)
    assert (first.status_code, first.json()["code"]) == (200, "holder_unknown")
    assert again.json()["replayed"] is True
    (event,) = await db.fetch("SELECT source, gate FROM scan_event")
    assert (event["source"], event["gate"]) == ("api", gate.id)


async def test_a_turnstile_needs_the_scope_and_a_gate_of_its_site(
    app, plugins, site, gate, operator
):
    other = Site(id=uuid4(), code="other", name="Other")
    await Site.insert(other)
    foreign = Gate(id=uuid4(), site=other.id, code="g", name="Gate")
    await Gate.insert(foreign)
    here_only, _ = await an_account(plugins, "gatekeeper", site_id=site.id)
    scan = await a_token("core:gate:scan", owner=here_only)
    reads = await a_token("core:visitor:read", owner=operator)

    async def status(headers, gate_id):
        async with new_client(app) as client:
            body = {"token": "x", "seq": 1, "gate": str(gate_id)}
            return (await client.post("/api/v1/scans", json=body, headers=headers)).status_code

    assert await status(scan, gate.id) == 200
    assert await status(scan, foreign.id) == 404
    assert await status(scan, uuid4()) == 404
    assert await status(reads, gate.id) == 403
    assert await status({}, gate.id) == 401
    assert await status({"authorization": "Bearer lft_wrong"}, gate.id) == 401


async def test_a_photo_opens_by_its_mark_only(app, site):
    path = photo_path(uuid4())
    async with new_client(app) as client:
        assert (await client.get(path)).status_code == 404
        forged = path.rsplit("/", 1)[0] + "/1.AAAA"
        assert (await client.get(forged)).status_code == 404
    assert photo_path(None) == ""
