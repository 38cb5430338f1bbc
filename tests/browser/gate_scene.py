"""A gate with people: a server with a device to enrol, an operator with a PIN, passes of every sort."""

import contextlib
import io
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PIL import Image, ImageDraw

from core import clock
from core import settings as core_settings
from core.accounts import pins
from core.accounts.tables import User
from core.attachments import services as attachments
from core.gate import devices
from core.hosts import services as hosts
from core.hosts.services import HostEntry
from core.passes import services as passes
from core.permissions import SYSTEM
from core.registrations import slips
from core.registrations.services import Arrival, register
from core.sites.tables import Gate, Site
from core.visitors.matching import Person
from plugins.school_gate.facts import STAFF
from plugins.school_gate.tables import StaffMember
from tests.servers import Server
from web.plugins import load

PIN = "2580"
BADGE = STAFF


@dataclass
class Passes:
    """What the scene issues: texts of QR codes by what they are."""

    badge: str = ""
    badge_id: str = ""
    others: list[str] = field(default_factory=list)
    expired: str = ""
    revoked: str = ""
    replaced: str = ""
    forged: str = ""
    nobody: str = ""
    slip: str = ""
    stub: str = ""
    visit: UUID | None = None


@dataclass
class GateScene:
    """A running server and what can be scanned at its gate."""

    server: Server
    code: str
    passes: Passes
    start: Callable[..., Server]

    @property
    def url(self) -> str:
        return self.server.url

    def open(self, page, path: str = "/gate") -> None:
        """Enrol the page's browser as the gate's device and sign the gatekeeper in by PIN."""
        page.goto(f"{self.url}{path}#{self.code}")
        self.enter_pin(page)

    def enter_pin(self, page, name: str = "门卫", pin: str = PIN) -> None:
        page.locator("#people .button", has_text=name).click()
        page.locator("#pin").press_sequentially(pin)
        page.locator("#pin").press("Enter")
        page.locator("#gate").wait_for(state="visible")
        page.locator("#count-inside:not(:text-is('–'))").wait_for()

    def restart(self) -> None:
        """Start the server again, on the same port and database, after it was stopped."""
        port = int(self.url.rpartition(":")[2])
        old = self.server
        self.server = self.start(
            old.database_url, prepared=False, port=port, LAIFANG_DATA=str(old.data_dir)
        )
        self.server.logins = old.logins


def portrait(shade: tuple[int, int, int] = (238, 200, 170)) -> bytes:
    """Draw somebody."""
    picture = Image.new("RGB", (480, 640), (205, 222, 238))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((60, 430, 420, 860), fill=(38, 70, 120))
    pen.ellipse((150, 130, 330, 380), fill=shade)
    pen.pieslice((140, 100, 340, 330), 180, 360, fill=(35, 28, 26))
    pen.ellipse((195, 235, 215, 255), fill=(30, 25, 25))
    pen.ellipse((265, 235, 285, 255), fill=(30, 25, 25))
    pen.arc((205, 285, 275, 335), 20, 160, fill=(150, 60, 60), width=6)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _forged(token: str) -> str:
    """Change one sign in the middle of the signature."""
    return token[:100] + ("A" if token[100] != "A" else "B") + token[101:]


async def _badge(site_id: UUID, name: str, *, photo: bool = False, **more) -> passes.IssuedPass:
    at = clock.now()
    host_id = await hosts.add(
        HostEntry(name=name, department="数学组", site_id=site_id), actor=SYSTEM, at=at
    )
    staff_id, kept = uuid4(), None
    if photo:
        made = await attachments.take(portrait(), portrait=True)
        kept = await attachments.attach(
            made, record_kind="school_gate.staff", record_id=staff_id, actor=SYSTEM, at=at
        )
    await StaffMember.insert(
        StaffMember(
            id=staff_id, host=host_id, site=site_id, number=name, photo=kept.id if kept else None
        )
    )
    times = {"not_before": at - timedelta(days=2), "expires": at + timedelta(days=30), **more}
    return await passes.issue(BADGE, staff_id, site_id, actor=SYSTEM, at=at, **times)


async def _visit(site_id: UUID, gate_id: UUID, name: str) -> tuple[UUID, str, str]:
    """Register somebody who brings a parcel and print the slip; return visit, slip and stub."""
    at, plugins = clock.now(), load(core_settings.load())
    arrival = Arrival(
        site_id=site_id,
        gate_id=gate_id,
        person=Person(name=name, phone="13800138000"),
        purpose="core.delivery",
        reason="教材二十箱",
        host_text="王芳老师",
        head_count=2,
        document_shown=True,
    )
    registered = await register(arrival, actor=SYSTEM, at=at, plugins=plugins)
    slip = await slips.issue(registered.id, actor=SYSTEM, at=at, plugins=plugins)
    return registered.id, slip.token, await passes.stub_token_of(slip.pass_id)


async def people_a_gate(scene: Passes) -> str:
    """Fill the database of a prepared server; return the enrolment code of its device."""
    at = clock.now()
    site, gate = await Site.objects().first(), await Gate.objects().first()
    keeper = await User.objects().where(User.login == "gatekeeper").first()
    officer = await User.objects().where(User.login == "duty_officer").first()
    assert site
    assert gate
    assert keeper
    assert officer
    for user, name in ((keeper, "门卫"), (officer, "值班长")):
        await User.update({User.name: name}).where(User.id == user.id)
    await pins.set_pin(keeper.id, PIN, actor=SYSTEM, at=at)
    await pins.set_pin(officer.id, PIN, actor=SYSTEM, at=at)
    badge = await _badge(site.id, "李秀英", photo=True)
    scene.badge, scene.badge_id = badge.token, badge.pass_id
    for name in ("张海峰", "欧阳喆", "赵敏"):
        scene.others.append((await _badge(site.id, name)).token)
    old = at - timedelta(days=10)
    expired = await _badge(site.id, "孙丽", not_before=old, expires=at - timedelta(days=1))
    scene.expired = expired.token
    revoked = await _badge(site.id, "周强")
    await passes.revoke(revoked.pass_id, reason="丢失", actor=SYSTEM, at=at)
    scene.revoked = revoked.token
    replaced = await _badge(site.id, "吴刚")
    await passes.reissue(replaced.pass_id, actor=SYSTEM, at=at)
    scene.replaced = replaced.token
    scene.forged = _forged(badge.token)
    nobody = await passes.issue(
        BADGE,
        uuid4(),
        site.id,
        not_before=at - timedelta(days=1),
        expires=at + timedelta(days=1),
        actor=SYSTEM,
        at=at,
    )
    scene.nobody = nobody.token
    scene.visit, scene.slip, scene.stub = await _visit(site.id, gate.id, "陈美玲")
    added = await devices.add_device("南门手机", gate.id, actor=SYSTEM, at=at)
    return added.code


@pytest.fixture
def scene(machine_time, start_server, sqlite_url: str, tmp_path: Path, monkeypatch) -> GateScene:
    """A server with such a gate; photos lie in its data directory."""
    # As `start_server` names the first one's directory: photos must lie where it looks for them.
    monkeypatch.setenv("LAIFANG_DATA", str(tmp_path / "server-0"))
    made, codes = Passes(), []

    async def before() -> None:
        codes.append(await people_a_gate(made))

    server = start_server(sqlite_url, before=before)
    return GateScene(server=server, code=codes[0], passes=made, start=start_server)


def stored(
    scene: GateScene, columns: str = "seq, verdict, direction, code, corrects"
) -> list[tuple]:
    """Return what the server's database holds of scans, in the order they were stored."""
    path = scene.server.database_url.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute(f"SELECT {columns} FROM scan_event ORDER BY id").fetchall()


def type_code(page, text: str) -> None:
    """Check a code by the form, as a guard without any scanner would."""
    page.locator("#open-typed").click()
    page.locator("#typed-code").fill(text)
    page.locator("#typed-form .primary").click()


def verdict(page, kind: str, timeout: float = 10_000):
    """Wait for a verdict of this kind and return it."""
    found = page.locator(f"#verdict[open][data-kind={kind}]")
    found.wait_for(timeout=timeout)
    return found


def answer(page, name: str = "") -> None:
    """Press a button of the verdict, the first one unless named."""
    buttons = page.locator("#verdict .acts")
    (buttons.get_by_role("button", name=name) if name else buttons.locator("button").first).click()
