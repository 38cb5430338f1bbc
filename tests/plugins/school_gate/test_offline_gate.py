"""A gate that is cut off: what it was told beforehand, and what becomes of what it did (SCH-20)."""

import base64
import io

import pytest
from cryptography.exceptions import InvalidTag
from PIL import Image

from core import clock, db
from core.passes import keys
from core.passes import services as passes
from core.passes.token import _payload
from core.permissions import SYSTEM
from plugins.school_gate.leave.tables import LeaveSlip
from tests.app import an_account, new_client
from tests.browser.gate_scene import portrait
from tests.plugins.school_gate.conftest import HOUR, at
from tests.stand.offline import OfflineDevice, opened

pytestmark = [pytest.mark.anyio, pytest.mark.rule("SCH-20")]


@pytest.fixture
async def gate(school):
    """A device at the gate that can do without the server."""
    device = await school.device()
    return OfflineDevice(device.client, device.headers)


def moment(text):
    return clock.to_ms(at(text))


def told(rule):
    return rule["verdict"], rule["code"]


async def test_a_bundle_is_signed_and_names_site_gate_and_keys(school, gate):
    bundle = await gate.fetch()
    assert bundle["site"]["zone_name"] == "Asia/Shanghai"
    assert bundle["gate"] == {"id": str(school.gate.id), "name": school.gate.name, "zone": 0}
    assert (bundle["fresh_ms"], bundle["hard_ms"]) == (900_000, 43_200_000)
    assert len(bundle["pass_keys"]) >= 2
    assert bundle["unknown_pass"] == "hold"
    assert bundle["home_gate"] is False


async def test_a_bundle_that_still_holds_is_only_said_to_hold_and_does_not_come_whole(
    school, gate, on_the_clock
):
    token = await school.token("李雷")
    on_the_clock("2026-11-23 07:31")
    await gate.fetch()
    size, still = await gate.ask_again()
    assert still
    assert size < 1000
    on_the_clock("2026-11-23 07:32")
    _, still = await gate.ask_again()
    assert still
    assert gate.bundle["made_at"] == moment("2026-11-23 07:32"), "it is fresh again"

    device = await school.device("二")
    assert (await device.scan(token, "in"))["verdict"] == "allow"
    _, still = await gate.ask_again()
    assert not still, "somebody came in"
    await gate.fetch()
    _, still = await gate.ask_again()
    assert still
    gate.mark = "0" * 64
    _, still = await gate.ask_again()
    assert not still, "a mark that the server did not give"
    await gate.fetch()
    on_the_clock("2026-11-23 07:46")
    _, still = await gate.ask_again()
    assert not still, "the rules reach on by the quarter of an hour"


async def test_small_photos_come_beside_the_bundle_and_open_with_the_pass_alone(school, gate):
    administrator = await an_administrator(school)
    pupil = await school.pupil("李雷")
    token, other = await school.token("李雷"), await school.token("韩梅梅")
    upload = {"photo": ("a.png", portrait(), "image/png")}
    await administrator.post(f"/school-gate/pupils/{pupil.id}/photo", files=upload)
    bundle = await gate.fetch()
    mark = bundle["passes"][other_id(token)]["face"]
    assert len(mark) == 16
    assert bundle["passes"][other_id(other)]["face"] == "", "no photo is kept"
    asked = {"passes": f"{other_id(token)},{other_id(other)},nonsense"}
    answer = await gate.client.get("/gate/api/faces", headers=gate.headers, params=asked)
    faces = answer.json()["faces"]
    assert list(faces) == [other_id(token)]
    assert len(faces[other_id(token)]) < 6000, "a school's worth is a few megabytes, once"
    address = opened(faces[other_id(token)], _payload(token)[28:], b"laifang-face-v1")
    picture = base64.b64decode(address.removeprefix("data:image/jpeg;base64,"))
    assert Image.open(io.BytesIO(picture)).size == (72, 96)
    with pytest.raises(InvalidTag):
        opened(faces[other_id(token)], _payload(other)[28:], b"laifang-face-v1")

    await administrator.post(
        f"/school-gate/pupils/{pupil.id}/photo",
        files={"photo": ("b.png", portrait((90, 60, 40)), "image/png")},
    )
    assert (await gate.fetch())["passes"][other_id(token)]["face"] != mark
    stranger = await gate.client.get("/gate/api/faces", params=asked)
    assert stranger.status_code == 401


async def an_administrator(school):
    client = new_client(school.app)
    _, login = await an_account(school.plugins, "administrator")
    await client.sign_in(login)
    return client


async def test_what_one_device_holds_says_nothing_of_another_s(school, gate):
    await gate.fetch()
    other = await school.device("三")
    answer = await other.client.get(
        "/gate/api/bundle", headers=other.headers, params={"held": gate.mark}
    )
    assert answer.json()["still"] is False


async def test_a_card_opens_with_the_pass_alone_and_holds_no_more_than_the_screen_shows(
    school, gate
):
    token, other = await school.token("李雷"), await school.token("韩梅梅")
    await gate.fetch()
    assert gate.card(token) == {"name": "李雷", "lines": ["七年级1班", "走读生"], "photo": ""}
    assert gate.card(other)["name"] == "韩梅梅"
    gate.bundle["passes"][other_id(other)]["card"] = gate.bundle["passes"][other_id(token)]["card"]
    with pytest.raises(InvalidTag):
        gate.card(other)


def other_id(token):
    return _payload(token)[5:17].hex()


async def test_keys_change_and_the_device_follows(school, gate):
    await gate.fetch()
    first = dict(gate.bundle_keys)
    for _ in range(3):
        await keys.rotate_keys(actor=SYSTEM, at=clock.now())
        await gate.fetch()
    assert not set(gate.bundle_keys) <= set(first)


@pytest.mark.rule("SCH-4", "SCH-6")
async def test_pupils_stay_in_until_dismissal_also_without_network(school, gate):
    day, boarder = await school.token("李雷"), await school.token("韩梅梅")
    await gate.fetch()
    assert told(gate.ruled(day, "in", moment("2026-11-23 07:30"))) == ("allow", "")
    assert told(gate.ruled(day, "out", moment("2026-11-23 10:00"))) == ("deny", "school_time")
    assert told(gate.ruled(day, "out", moment("2026-11-23 11:49"))) == ("deny", "school_time")
    assert told(gate.ruled(day, "out", moment("2026-11-23 11:50"))) == ("allow", "")
    assert told(gate.ruled(boarder, "out", moment("2026-11-23 11:55"))) == (
        "deny",
        "boarder_without_slip",
    )
    assert told(gate.ruled(day, "in", moment("2026-11-23 09:40"))) == ("hold", "gate_closed")
    assert told(gate.ruled(day, "in", moment("2026-11-24 07:10"))) == ("hold", "beyond_bundle")


async def test_a_leave_slip_lets_one_pupil_out_in_its_own_time_alone(school, gate):
    token, other = await school.token("李雷"), await school.token("韩梅梅")
    now = clock.now()
    slip = LeaveSlip(
        pupil=(await school.pupil("李雷")).id,
        reason="看牙",
        asked_at=now,
        starts_at=now + 2 * HOUR,
        ends_at=now + 3 * HOUR,
        contacted_at=now,
        stamped_at=now,
        issued_at=now,
    )
    await slip.save()
    await gate.fetch()
    assert told(gate.ruled(token, "out", moment("2026-11-23 09:09"))) == ("deny", "slip_outside")
    covered = gate.ruled(token, "out", moment("2026-11-23 09:10"))
    assert told(covered) == ("allow", "")
    assert "请核实接走学生的家长" in covered["reason"]
    assert told(gate.ruled(token, "out", moment("2026-11-23 10:10"))) == ("allow", "")
    assert told(gate.ruled(token, "out", moment("2026-11-23 10:11"))) == ("deny", "slip_outside")
    assert told(gate.ruled(other, "out", moment("2026-11-23 09:30")))[0] == "deny"


async def test_what_was_done_alone_is_stored_once_and_changes_who_is_inside(school, gate):
    token = await school.token("李雷")
    await gate.fetch()
    gate.act(token, "in")
    said = await gate.deliver()
    assert said["acked"] == [1]
    assert said["last_seq"] == 1
    (event,) = await db.fetch("SELECT * FROM scan_event")
    assert (event["mode"], event["verdict"], event["direction"]) == (1, 0, 0)
    (row,) = await db.fetch("SELECT inside, entries FROM pass WHERE id = {}", other_id(token))
    assert (row["inside"], row["entries"]) == (1, 1)


async def test_a_pass_that_was_revoked_is_in_the_bundle_as_such(school, gate):
    token = await school.token("李雷")
    await passes.revoke(other_id(token), reason="lost", actor=SYSTEM, at=clock.now())
    bundle = await gate.fetch()
    assert other_id(token) in bundle["revoked"]
    assert other_id(token) not in bundle["passes"]


async def test_the_roll_call_opens_on_the_device_alone(school, gate):
    token = await school.token("李雷")
    gate.act(token, "in")
    await gate.deliver()
    await gate.fetch()
    assert gate.inside_names() == [
        {"name": "李雷", "line": "七年级1班 · 走读生", "pass_id": other_id(token)}
    ]
    gate.headers = {**gate.headers, "x-gate-device": "another"}
    with pytest.raises(InvalidTag):
        gate.inside_names()
