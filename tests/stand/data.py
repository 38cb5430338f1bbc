"""What the server and its clients need: sites, gates, signed-in devices, passes with their tokens."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from core import clock, db
from core.accounts.tables import User, UserRole
from core.gate.devices import hash_of
from core.gate.tables import Device, DeviceShift
from core.passes import keys as keys_of_passes
from core.passes.token import TokenBody, TokenFlag, TokenType, sign
from core.privacy import keys
from core.schema import migrate
from core.sites.tables import Gate, Site
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


async def _issue(count: int, site: Site, now: datetime, *, single_entry: bool) -> list[str]:
    """Write passes and their holders in bulk, and sign their tokens."""
    signer = await keys_of_passes.signer(at=now)
    at = clock.to_ms(now)
    begin, end = at // 1000 * 1000 - 3_600_000, at // 1000 * 1000 + 30 * 86_400_000
    holders, rows, tokens = [], [], []
    for number in range(count):
        holder, pass_id = uuid4(), secrets.token_hex(12)
        holders.append((holder, f"李{number}", "3-2", now, now))
        rows.append((pass_id, KIND, holder, site.id, begin, end, 0xFFFF, single_entry, at))
        body = TokenBody(
            type=TokenType.BADGE,
            key_id=signer.id,
            audience=site.audience,
            pass_id=bytes.fromhex(pass_id),
            not_before=begin // 1000,
            expires=end // 1000,
            zones=0xFFFF,
            flags=TokenFlag.SINGLE_ENTRY if single_entry else 0,
        )
        tokens.append(sign(body, signer.private))
    async with db.writing():
        await db.execute_many(
            "INSERT INTO visitor (id, name, organisation, created_at, updated_at, document_kind,"
            " document_by_eye, sex, plate, remark, visits, version)"
            " VALUES ({}, {}, {}, {}, {}, '', false, '', '', '', 0, 1)",
            holders,
        )
        await db.execute_many(
            "INSERT INTO pass (id, kind, holder, site, not_before, expires, zones, single_entry,"
            " issued_at) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {})",
            rows,
        )
    return tokens
