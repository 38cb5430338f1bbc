"""Who scans: a device's secret and its operator's shift, known by heart and read anew each second.

The hot path makes no query. What was revoked, ended or deactivated by any process is refused at the
latest a second later; in the process that did it, at once (`forget`).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from core import clock, db
from core.accounts.actors import actor_of
from core.gate.devices import SCAN, KnownDevice, NotEnrolledError, ShiftOverError, hash_of
from core.gate.scans import Station
from core.permissions import Actor, Role

logger = structlog.get_logger(__name__)

EVERY_SECONDS = 1.0
AHEAD_SECONDS = 0.7  # from this age on it is read anew in the background

_DEVICES = """
SELECT d.id, d.name, d.secret_hash, g.id AS gate, g.name AS gate_name, g.zone, s.id AS site,
       s.audience
FROM gate_device d JOIN gate g ON g.id = d.gate JOIN site s ON s.id = g.site
WHERE d.secret_hash IS NOT NULL AND d.revoked_at IS NULL AND g.active = {} AND s.active = {}
"""
_SHIFTS = """
SELECT f.device, f.secret_hash, f.expires_at, u.id AS user_id, u.name, u.locale,
       u.host AS host_id, r.role, r.site
FROM gate_device_shift f JOIN account u ON u.id = f.operator
LEFT JOIN account_role r ON r."user" = u.id
WHERE f.ended_at IS NULL AND f.expires_at > {} AND u.active = {}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shift:
    device_id: UUID
    expires_at: datetime
    operator: Actor


class Stations:
    """The devices and shifts that hold, for one process."""

    def __init__(self, roles: Mapping[str, Role]) -> None:
        self.roles = roles
        self._devices: dict[str, KnownDevice] = {}
        self._shifts: dict[str, _Shift] = {}
        self._found: dict[tuple[str, str], tuple[Station, datetime]] = {}
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    def forget(self) -> None:
        """Read everything anew at the next request."""
        self._read_at = float("-inf")

    async def device(self, secret: str) -> KnownDevice:
        """Return the device with this secret, or raise NotEnrolledError."""
        await self._fresh()
        found = self._devices.get(hash_of(secret))
        if found is None:
            raise NotEnrolledError
        return found

    async def station(self, device_secret: str, shift_secret: str) -> Station:
        """Return device and operator, or raise NotEnrolledError or ShiftOverError."""
        if clock.monotonic() - self._read_at >= AHEAD_SECONDS:
            await self._fresh()
        found = self._found.get((device_secret, shift_secret))
        if found is None:
            found = self._find(device_secret, shift_secret)
        station, expires_at = found
        if expires_at <= clock.now():
            raise ShiftOverError
        return station

    def _find(self, device_secret: str, shift_secret: str) -> tuple[Station, datetime]:
        device = self._devices.get(hash_of(device_secret))
        if device is None:
            raise NotEnrolledError
        shift = self._shifts.get(hash_of(shift_secret))
        if shift is None or shift.device_id != device.device_id:
            raise ShiftOverError
        operator = shift.operator
        if not operator.may_at(SCAN, device.site_id):
            raise ShiftOverError
        station = Station(
            device_id=device.device_id,
            gate_id=device.gate_id,
            gate_name=device.gate_name,
            site_id=device.site_id,
            zone=device.zone,
            audience=device.audience,
            actor=operator_at(operator, device.gate_name, device.gate_id),
            locale=operator.locale,
        )
        found = self._found[device_secret, shift_secret] = (station, shift.expires_at)
        return found

    async def _fresh(self) -> None:
        """Wait for what is too old, start reading what soon will be; one reader at a time."""
        age = clock.monotonic() - self._read_at
        if age < AHEAD_SECONDS:
            return
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
            self._reading.add_done_callback(_note)
        if age >= EVERY_SECONDS:
            await asyncio.shield(self._reading)

    async def _read(self) -> None:
        started = clock.monotonic()
        devices = await db.fetch(_DEVICES, True, True)
        shifts = await db.fetch(_SHIFTS, clock.now(), True)
        held: dict[str, list[db.Row]] = {}
        for row in shifts:
            held.setdefault(row["secret_hash"], []).append(row)
        self._devices = {
            row["secret_hash"]: KnownDevice(
                device_id=row["id"],
                name=row["name"],
                gate_id=row["gate"],
                gate_name=row["gate_name"],
                site_id=row["site"],
                zone=row["zone"],
                audience=row["audience"],
            )
            for row in devices
        }
        self._shifts = {
            secret: _Shift(
                device_id=rows[0]["device"],
                expires_at=rows[0]["expires_at"],
                operator=actor_of(
                    rows[0],
                    [(row["role"], row["site"]) for row in rows if row["role"] is not None],
                    self.roles,
                ),
            )
            for secret, rows in held.items()
        }
        self._found = {}
        self._read_at = started


def _note(reading: asyncio.Task[None]) -> None:
    """Log a reading that failed while nobody waited for it; the next request tries again."""
    if not reading.cancelled() and (error := reading.exception()) is not None:
        logger.error("stations_not_read", error=repr(error))


def operator_at(operator: Actor, gate_name: str, gate_id: UUID) -> Actor:
    """Return the operator with the gate as the place of what they do."""
    return Actor(
        kind=operator.kind,
        id=operator.id,
        name=operator.name,
        permissions=operator.permissions,
        roles=operator.roles,
        site_ids=operator.site_ids,
        place=gate_name,
        host_id=operator.host_id,
        gate_id=gate_id,
        locale=operator.locale,
        grants=operator.grants,
    )
