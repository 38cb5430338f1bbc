"""Gate devices and who works on them: enrolment by a code used once, shifts by PIN, revocation."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import clock, db
from core.accounts.actors import actor_of
from core.accounts.limits import Limit, key_of, take_or_refuse
from core.accounts.pins import check_pin
from core.errors import DomainError, InvalidInputError, NotFoundError, WrongStateError
from core.gate.conflict_rows import EMPTIED, open_conflicts
from core.gate.tables import Device, DeviceShift
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor, Role
from core.sites.tables import Gate

SCAN = "core:gate:scan"
CODE_LASTS = timedelta(minutes=15)
CONTACT_EVERY = timedelta(minutes=1)
SHIFT_LASTS = timedelta(hours=12)
ENROLMENTS = Limit(tries=10, every_seconds=60)
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs, none easily taken for another
_CODE_LENGTH = 8
_MOST_WAITING = 10_000_000


class NotEnrolledError(DomainError):
    """The device is not known, or not any more."""

    code = "device_unknown"

    def __init__(self) -> None:
        super().__init__(
            N_("This device is not enrolled. Ask the administrator for an enrolment code.")
        )


class ShiftOverError(DomainError):
    """Nobody is signed in on the device."""

    code = "shift_over"

    def __init__(self) -> None:
        super().__init__(N_("Nobody is signed in on this device. Enter your PIN."))


class WrongCodeError(DomainError):
    """The enrolment code is wrong, used or too old."""

    code = "wrong_code"

    def __init__(self) -> None:
        super().__init__(N_("This code is wrong, used or too old. Ask for a new one."))


class WrongPinError(DomainError):
    """The PIN is not this person's, or the person may not scan here: both look alike."""

    code = "wrong_pin"

    def __init__(self) -> None:
        super().__init__(N_("The PIN is wrong, or this person may not scan here."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A code to be typed on the device once, before it expires."""

    device_id: UUID
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolledDevice:
    """A device that has just been enrolled. `secret` is given once and stored only as a hash."""

    device_id: UUID
    secret: str
    name: str
    gate_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDevice:
    """A device that proved who it is."""

    device_id: UUID
    name: str
    gate_id: UUID
    gate_name: str
    site_id: UUID
    zone: int
    audience: int

    def actor(self) -> Actor:
        """Return the device as the one who acts, while nobody is signed in on it."""
        return Actor(kind="device", id=self.device_id, name=self.name, place=self.gate_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShift:
    """A shift just begun. `secret` is given once and stored only as a hash."""

    shift_id: UUID
    secret: str
    operator_name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Somebody who may take over a device."""

    id: UUID
    name: str


def hash_of(secret: str) -> str:
    """Return what is stored of a random secret; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _code_hash(code: str) -> str:
    kept = "".join(sign for sign in code.upper() if sign.isalnum())
    return hash_of(f"enrolment/{kept}")


def _new_code() -> str:
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    return f"{signs[:4]}-{signs[4:]}"


async def add_device(name: str, gate_id: UUID, *, actor: Actor, at: datetime) -> Enrolment:
    """Add a device to a gate and return the code that enrols it."""
    if not name.strip():
        raise InvalidInputError({"name": N_("Give the device a name.")})
    async with db.writing():
        if not await Gate.exists().where(Gate.id == gate_id):
            raise NotFoundError
        device = Device(id=uuid4(), name=name.strip()[:100], gate=gate_id, created_at=at)
        await Device.insert(device)
        await record(
            actor, "device.add", "device", device.id, at=at, after={"name": name, "gate": gate_id}
        )
        return await _give_code(device.id, at)


async def renew_code(device_id: UUID, *, actor: Actor, at: datetime) -> Enrolment:
    """Return a new code for a device, e.g. after its browser was cleaned; the old secret ends then."""
    async with db.writing():
        device = await _existing(device_id)
        if device.revoked_at is not None:
            raise WrongStateError(N_("This device was revoked. Add it anew."))
        await record(actor, "device.renew_code", "device", device_id, at=at)
        return await _give_code(device_id, at)


async def _give_code(device_id: UUID, at: datetime) -> Enrolment:
    code, expires_at = _new_code(), at + CODE_LASTS
    await Device.update(
        {Device.enrolment_hash: _code_hash(code), Device.enrolment_expires: clock.to_ms(expires_at)}
    ).where(Device.id == device_id)
    return Enrolment(device_id=device_id, code=code, expires_at=expires_at)


async def _existing(device_id: UUID) -> Device:
    await db.fetch("SELECT id FROM gate_device WHERE id = {} FOR UPDATE", device_id)
    device = await Device.objects().where(Device.id == device_id).first()
    if device is None:
        raise NotFoundError
    return device


async def enrol(code: str, *, at: datetime, address: str = "") -> EnrolledDevice:
    """Exchange a code for the device's secret; the code is used up."""
    await take_or_refuse(key_of("enrol", address), ENROLMENTS, at=at)
    secret = secrets.token_urlsafe(32)
    async with db.writing():
        changed = (
            await Device.update(
                {
                    Device.secret_hash: hash_of(secret),
                    Device.enrolment_hash: None,
                    Device.enrolled_at: at,
                }
            )
            .where(
                Device.enrolment_hash == _code_hash(code),
                Device.enrolment_expires > clock.to_ms(at),
                Device.revoked_at.is_null(),
            )
            .returning(Device.id)
        )
        if not changed:
            raise WrongCodeError
        device = await Device.objects(Device.gate).where(Device.id == changed[0]["id"]).first()
        assert device is not None  # noqa: S101 - it was just changed
        actor = Actor(kind="device", id=device.id, name=device.name, place=address)
        await record(actor, "device.enrol", "device", device.id, at=at)
        if device.waiting:
            await _note_emptied(device, at)
        await _end_shifts(device.id, at)
    return EnrolledDevice(
        device_id=device.id, secret=secret, name=device.name, gate_name=device.gate.name
    )


async def _note_emptied(device: Device, at: datetime) -> None:
    """Open a conflict: scans waited on the device that is enrolled anew, and may be lost with it."""
    key = f"{EMPTIED}/{device.id}:{device.last_seq}"
    site, now = device.gate.site, clock.to_ms(at)
    await open_conflicts([(EMPTIED, key, None, None, None, site, now, str(device.waiting))])
    await Device.update({Device.waiting: 0}).where(Device.id == device.id)


async def revoke_device(device_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Shut a device out, within a second, on every process."""
    async with db.writing():
        device = await _existing(device_id)
        if device.revoked_at is not None:
            raise WrongStateError(N_("This device was revoked already."))
        await Device.update({Device.revoked_at: at, Device.enrolment_hash: None}).where(
            Device.id == device_id
        )
        await _end_shifts(device_id, at)
        await record(actor, "device.revoke", "device", device_id, at=at, after={"reason": reason})


async def _end_shifts(device_id: UUID, at: datetime) -> None:
    await DeviceShift.update({DeviceShift.ended_at: at}).where(
        DeviceShift.device == device_id, DeviceShift.ended_at.is_null()
    )


_OPERATORS = """
SELECT u.id, u.id AS user_id, u.name, u.locale, u.host AS host_id, r.role, r.site
FROM account u JOIN account_role r ON r."user" = u.id
WHERE u.active = {} AND u.pin_hash <> ''
ORDER BY u.name, u.id
"""


async def operators(device: KnownDevice, *, roles: Mapping[str, Role]) -> list[Operator]:
    """Return who may take over a device: active, with a PIN, allowed to scan at its site."""
    people: dict[UUID, list[db.Row]] = {}
    for row in await db.fetch(_OPERATORS, True):
        people.setdefault(row["id"], []).append(row)
    return [
        Operator(id=user_id, name=rows[0]["name"])
        for user_id, rows in people.items()
        if actor_of(rows[0], [(row["role"], row["site"]) for row in rows], roles).may_at(
            SCAN, device.site_id
        )
    ]


async def begin_shift(
    device: KnownDevice, operator_id: UUID, pin: str, *, roles: Mapping[str, Role], at: datetime
) -> NewShift:
    """Sign an operator in on a device by PIN; whoever was signed in there is signed out."""
    actor = device.actor()
    right = await check_pin(operator_id, pin, actor=actor, at=at)
    allowed = {operator.id: operator.name for operator in await operators(device, roles=roles)}
    if not right or operator_id not in allowed:
        raise WrongPinError
    shift_id, secret = uuid4(), secrets.token_urlsafe(32)
    expires_at = at + SHIFT_LASTS
    async with db.writing():
        await _end_shifts(device.device_id, at)
        await DeviceShift.insert(
            DeviceShift(
                id=shift_id,
                device=device.device_id,
                operator=operator_id,
                operator_name=allowed[operator_id],
                secret_hash=hash_of(secret),
                started_at=at,
                expires_at=expires_at,
            )
        )
        operator = Actor(
            kind="user", id=operator_id, name=allowed[operator_id], place=device.gate_name
        )
        await record(
            operator,
            "shift.begin",
            "device",
            device.device_id,
            at=at,
            after={"shift": shift_id, "expires_at": expires_at},
        )
    return NewShift(
        shift_id=shift_id,
        secret=secret,
        operator_name=allowed[operator_id],
        expires_at=expires_at,
    )


async def end_shift(device: KnownDevice, *, actor: Actor, at: datetime) -> None:
    """Sign the operator out of a device."""
    async with db.writing():
        await _end_shifts(device.device_id, at)
        await record(actor, "shift.end", "device", device.device_id, at=at)


async def note_contact(
    device_id: UUID, *, at: datetime, waiting: int | None = None, bundle: int | None = None
) -> None:
    """Note that a device is there, at most once a minute, and at once what it says of itself.

    `waiting` is how many scans it holds that are not delivered, `bundle` the version of what it knows.
    """
    now = clock.to_ms(at)
    waits = None if waiting is None else min(max(waiting, 0), _MOST_WAITING)
    version = None if bundle is None else min(max(bundle, 0), now)
    await db.execute(
        "UPDATE gate_device SET last_contact = {}, waiting = coalesce({}, waiting),"
        " bundle_at = coalesce({}, bundle_at) WHERE id = {} AND (last_contact < {}"
        " OR waiting <> coalesce({}, waiting) OR bundle_at <> coalesce({}, bundle_at))",
        now,
        waits,
        version,
        device_id,
        clock.to_ms(at - CONTACT_EVERY),
        waits,
        version,
    )
