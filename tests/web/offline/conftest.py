"""Gates that were without network, and who looks at what they deliver."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from core import clock, db
from core.gate import devices
from core.permissions import SYSTEM
from core.rulebooks import queries as rulebooks
from tests.app import new_client
from tests.stand.offline import OfflineDevice
from tests.web.test_gate_page import the_gate

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
