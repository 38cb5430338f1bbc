"""What the server and its clients need: sites, gates, signed-in devices, passes with their tokens."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from core import clock, db
from core.accounts.tables import User, UserRole
from core.gate.devices import hash_of
from core.gate.tables import Device, DeviceShift
from core.passes import services as passes
from core.passes.services import NewPass
from core.permissions import SYSTEM
from core.privacy import keys
from core.schema import migrate
from core.sites.tables import Gate, Site
from core.visitors.tables import Visitor
from tests.stand.lodge import KIND

DATABASE_FILE = "laifang.sqlite"


@dataclass(frozen=True)
class StoredDevice:
    """A device that is signed in, with its gate's number."""

    id: str
    device: str
    shift: str
    gate: int


@dataclass(frozen=True)
class Stand:
    """What was prepared; kept as JSON for other processes."""

    devices: list[StoredDevice]
    tokens: list[str]
    single: list[str]

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)))

    @staticmethod
    def load(path: Path) -> "Stand":
        plain = json.loads(path.read_text())
        plain["devices"] = [StoredDevice(**one) for one in plain["devices"]]
        return Stand(**plain)


async def prepare(folder: Path, url: str, *, passes_: int, single: int, devices: int) -> Stand:
    """Migrate an empty database and fill it; the keyring goes to `folder`."""
    keys.open(folder / "keys" / "keyring.json")
    await db.open(url)
    try:
        await migrate(["core.piccolo_app"])
        return await fill(passes_, single, devices)
    finally:
        await db.close()


async def fill(passes_: int, single: int, devices: int) -> Stand:
    """Fill an open, migrated, empty database."""
    now = clock.now()
    site = Site(id=uuid4(), code="main", name="Main")
    await Site.insert(site)
    gates = [Gate(id=uuid4(), site=site.id, code=f"G{n}", name=f"Gate {n}") for n in range(4)]
    await Gate.insert(*gates)
    guard = User(id=uuid4(), login="guard", name="Guard", created_at=now)
    await User.insert(guard)
    await UserRole.insert(UserRole(id=uuid4(), user=guard.id, role="gatekeeper"))
    stored: list[StoredDevice] = []
    async with db.writing():
        for number in range(devices):
            secret, shift = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
            device = Device(
                id=uuid4(),
                name=f"Device {number}",
                gate=gates[number % 4].id,
                secret_hash=hash_of(secret),
                enrolled_at=now,
                created_at=now,
            )
            await Device.insert(device)
            await DeviceShift.insert(
                DeviceShift(
                    id=uuid4(),
                    device=device.id,
                    operator=guard.id,
                    operator_name=guard.name,
                    secret_hash=hash_of(shift),
                    started_at=now,
                    expires_at=now + timedelta(hours=12),
                )
            )
            stored.append(StoredDevice(str(device.id), secret, shift, number % 4))
    tokens = await _issue(passes_, site, now, single_entry=False)
    once = await _issue(single, site, now, single_entry=True)
    return Stand(devices=stored, tokens=tokens, single=once)


async def _issue(count: int, site: Site, now, *, single_entry: bool) -> list[str]:
    tokens: list[str] = []
    for start in range(0, count, 1000):
        part = range(start, min(start + 1000, count))
        people = [
            Visitor(
                id=uuid4(),
                name=f"李{n}",
                organisation="3-2",
                created_at=now,
                updated_at=now,
            )
            for n in part
        ]
        for first in range(0, len(people), 100):
            await Visitor.insert(*people[first : first + 100])
        issued = await passes.issue_many(
            [
                NewPass(
                    kind=KIND,
                    holder_id=one.id,
                    site_id=site.id,
                    not_before=now - timedelta(hours=1),
                    expires=now + timedelta(days=30),
                    single_entry=single_entry,
                )
                for one in people
            ],
            actor=SYSTEM,
            at=now,
        )
        tokens += [one.token for one in issued]
    return tokens
