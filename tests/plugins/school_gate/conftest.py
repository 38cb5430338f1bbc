"""A school: two classes on the roster, a gate with a device, a day on the clock."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from core import clock
from core.accounts import pins
from core.accounts.queries import account_by_login
from core.gate import devices
from core.passes import services as passes
from core.permissions import SYSTEM
from core.sites.tables import Gate
from plugins.school_gate.queries import badges, timetable
from plugins.school_gate.queries.pupils import PupilFilter, pupils
from plugins.school_gate.services import badges as badge_services
from plugins.school_gate.services import rosters
from tests.app import an_account, new_client
from tests.plugins.school_gate.event_scene import event  # noqa: F401 - a fixture
from tests.plugins.school_gate.leave_scene import leave  # noqa: F401 - a fixture
from tests.plugins.school_gate.rosters import a_csv

ZONE = ZoneInfo("Asia/Shanghai")
PIN = "4711"
STAFF = [
    ["T1", "王珺", "语文组", "A301", "8001", "", "七年级1班"],
    ["T2", "仇和", "数学组", "A302", "8002", "", ""],
]
STAFF_HEADER = ["工号", "姓名", "部门", "办公室", "电话", "邮箱", "班主任班级"]


def at(text):
    """A moment of the site: `2026-11-23 07:10`."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def told(verdict):
    """Return what a verdict says: its kind, code and rule."""
    return verdict["verdict"], verdict["code"], verdict["rule"]


@dataclass
class Device:
    """A gate's device with somebody signed in on it."""

    client: object
    headers: dict
    numbers: object = field(default_factory=lambda: count(1))

    async def scan(self, token, direction="auto"):
        """Scan as the gate's page does; returns the verdict."""
        answer = await self.client.post(
            "/gate/api/scan",
            json={"token": token, "seq": next(self.numbers), "direction": direction},
            headers=self.headers,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


@dataclass
class School:
    """A school and how to reach what is in it."""

    app: object
    plugins: object
    site: object
    gate: object

    async def pupil(self, name):
        """The pupil of that name."""
        found, _ = await pupils(SYSTEM, PupilFilter(active=False), at_ms=clock.now_ms(), size=500)
        return next(one for one in found if one.name == name)

    async def token(self, name):
        """The text of the badge of a pupil, issued if there is none."""
        pupil = await self.pupil(name)
        holders = await badges.holders_of_pupils([pupil.id])
        ids = await badge_services.issue_missing(holders, actor=SYSTEM, at=clock.now())
        return await passes.token_of(ids[pupil.id])

    async def staff_token(self):
        """The text of a staff badge."""
        line = (await badges.staff(SYSTEM, at_ms=clock.now_ms()))[0]
        holders = await badges.holders_of_staff([line.id])
        ids = await badge_services.issue_missing(holders, actor=SYSTEM, at=clock.now())
        return await passes.token_of(ids[line.id])

    async def device(self, name="手机", gate=None):
        """A device at the gate with a gatekeeper on it."""
        code = await devices.add_device(name, (gate or self.gate).id, actor=SYSTEM, at=clock.now())
        client = new_client(self.app)
        answer = await client.post("/gate/api/enrol", json={"code": code.code})
        secret = answer.json()["secret"]
        _, login = await an_account(self.plugins, "gatekeeper", name=f"门卫{name}")
        user = await account_by_login(login)
        await pins.set_pin(user.id, PIN, actor=SYSTEM, at=clock.now())
        answer = await client.post(
            "/gate/api/shift",
            json={"operator": str(user.id), "pin": PIN},
            headers={"x-gate-device": secret},
        )
        assert answer.status_code == 200, answer.text
        headers = {"x-gate-device": secret, "x-gate-shift": answer.json()["secret"]}
        return Device(client, headers)


@pytest.fixture
def on_the_clock():
    """Puts the clock to a moment of the site and lets it stand: `on_the_clock("2026-11-23 07:10")`."""

    def travel(text):
        clock.CLOCK.travel(at(text), running=False)
        timetable.forget()
        return clock.now()

    travel("2026-11-23 07:10")
    yield travel
    clock.CLOCK.reset()
    timetable.forget()


async def import_roster(site, kind, data, *, create_classes=True):
    """Apply a roster, as an administrator does."""
    import_id = await rosters.read(kind, site.id, "名册.csv", data, actor=SYSTEM, at=clock.now())
    return await rosters.apply(
        import_id, create_classes=create_classes, actor=SYSTEM, at=clock.now()
    )


@pytest.fixture
async def school(on_the_clock, app, plugins, site, tmp_path, monkeypatch):
    """A school on a Monday morning at 07:10: three pupils, two teachers, one gate."""
    monkeypatch.setenv("LAIFANG_DATA", str(tmp_path / "data"))
    await import_roster(site, "pupils", a_csv())
    await import_roster(site, "staff", a_csv(STAFF, STAFF_HEADER))
    gate = await Gate.objects().where(Gate.site == site.id).first()
    return School(app, plugins, site, gate)


@pytest.fixture
async def guard(school, client_as):
    """A gatekeeper at the lodge."""
    return await client_as("gatekeeper", name="老周")


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
