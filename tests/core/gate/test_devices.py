"""Gate devices: enrolled once, worked by PIN, shut out within a second; the hot path makes no query."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock, db
from core.accounts import pins
from core.accounts import services as accounts
from core.accounts.limits import TooOftenError
from core.accounts.tables import UserRole
from core.errors import WrongStateError
from core.gate import devices
from core.gate.devices import NotEnrolledError, ShiftOverError, WrongCodeError, WrongPinError
from core.gate.limits import ScanLimits
from core.gate.stations import Stations
from core.permissions import SYSTEM
from core.plugins import Plugins
from tests.core.gate.scene import a_scene, log_rows

pytestmark = pytest.mark.anyio

ROLES = Plugins({}).register_roles()


async def a_guard(name="Wang", role="gatekeeper", pin="2580", site_id=None):
    user_id, _ = await accounts.create_user(
        actor=SYSTEM,
        at=clock.now(),
        login=f"u{uuid4().hex[:8]}",
        name=name,
        roles=[(role, site_id)],
        known_roles=ROLES,
        password="correct horse battery",
    )
    if pin:
        await pins.set_pin(user_id, pin, actor=SYSTEM, at=clock.now())
    return user_id


async def enrolled(scene):
    code = await devices.add_device("Tablet", scene.gates[0].id, actor=SYSTEM, at=clock.now())
    return await devices.enrol(code.code, at=clock.now(), address="10.0.0.9")


async def outcome(trying):
    """Say what came of it: None, or the kind of error."""
    try:
        await trying
    except Exception as error:
        return type(error)
    return None


async def on_duty(scene, stations):
    """A device with somebody signed in on it: both secrets, the device's id, the operator's."""
    made = await enrolled(scene)
    user_id = await a_guard()
    device = await stations.device(made.secret)
    shift = await devices.begin_shift(device, user_id, "2580", roles=ROLES, at=clock.now())
    stations.forget()
    return made, shift, user_id


async def test_a_device_with_an_operator_is_a_station_at_its_gate(database):
    async with a_scene() as scene:
        stations = Stations(ROLES)
        made, shift, user_id = await on_duty(scene, stations)
        station = await stations.station(made.secret, shift.secret)
    assert station.gate_id == scene.gates[0].id
    assert station.actor.id == user_id
    assert station.actor.place == "Gate 0"
    assert station.actor.may("core:gate:scan")


async def test_secrets_are_stored_as_hashes_only(database):
    async with a_scene() as scene:
        stations = Stations(ROLES)
        made, shift, _ = await on_duty(scene, stations)
        stored = str(await db.fetch("SELECT * FROM gate_device"))
        stored += str(await db.fetch("SELECT * FROM gate_device_shift"))
        stored += str(await db.fetch("SELECT * FROM log_entry"))
    assert made.secret not in stored
    assert shift.secret not in stored


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "nodash"])
async def test_a_code_enrols_once_however_it_is_typed(database, typed):
    async with a_scene() as scene:
        code = (
            await devices.add_device("Tablet", scene.gates[0].id, actor=SYSTEM, at=clock.now())
        ).code
        sent = {"lower": code.lower(), "nodash": code.replace("-", "")}.get(
            typed, typed.format(code)
        )
        await devices.enrol(sent, at=clock.now())
        with pytest.raises(WrongCodeError):
            await devices.enrol(code, at=clock.now())


async def test_a_code_runs_out(database):
    async with a_scene() as scene:
        code = await devices.add_device("Tablet", scene.gates[0].id, actor=SYSTEM, at=clock.now())
        with pytest.raises(WrongCodeError):
            await devices.enrol(code.code, at=clock.now() + timedelta(minutes=31))


async def test_codes_cannot_be_guessed_for_long(database):
    async with a_scene():
        at = clock.now()
        tries = [await outcome(devices.enrol("AAAA-AAAA", at=at)) for _ in range(12)]
    assert tries == [WrongCodeError] * 10 + [TooOftenError] * 2


async def test_a_new_code_takes_the_old_secret_away(database):
    async with a_scene() as scene:
        stations = Stations(ROLES)
        made = await enrolled(scene)
        renewed = await devices.renew_code(made.device_id, actor=SYSTEM, at=clock.now())
        again = await devices.enrol(renewed.code, at=clock.now())
        with pytest.raises(NotEnrolledError):
            await stations.device(made.secret)
        assert (await stations.device(again.secret)).device_id == made.device_id


@pytest.mark.parametrize("both", [("wrong", "right"), ("right", "wrong"), ("", ""), ("right", "")])
async def test_device_and_operator_are_both_needed(database, both):
    async with a_scene() as scene:
        stations = Stations(ROLES)
        made, shift, _ = await on_duty(scene, stations)
        device = made.secret if both[0] == "right" else both[0]
        operator = shift.secret if both[1] == "right" else both[1]
        with pytest.raises(NotEnrolledError if both[0] != "right" else ShiftOverError):
            await stations.station(device, operator)


async def test_a_shift_belongs_to_its_device(database):
    async with a_scene() as scene:
        stations = Stations(ROLES)
        _, shift, _ = await on_duty(scene, stations)
        other = await enrolled(scene)
        stations.forget()
        with pytest.raises(ShiftOverError):
            await stations.station(other.secret, shift.secret)


async def revoke_device(made, user_id):
    await devices.revoke_device(made.device_id, reason="stolen", actor=SYSTEM, at=clock.now())


async def deactivate_operator(made, user_id):
    await accounts.deactivate(user_id, actor=SYSTEM, at=clock.now())


async def take_the_role(made, user_id):
    await UserRole.delete().where(UserRole.user == user_id)


async def sign_another_in(made, user_id):
    stations = Stations(ROLES)
    other = await a_guard("Li")
    await devices.begin_shift(
        await stations.device(made.secret), other, "2580", roles=ROLES, at=clock.now()
    )


async def close_the_gate(made, user_id):
    await db.execute("UPDATE gate SET active = {}", False)


@pytest.mark.parametrize(
    "end",
    [revoke_device, deactivate_operator, take_the_role, sign_another_in, close_the_gate],
    ids=lambda end: end.__name__,
)
async def test_what_was_ended_elsewhere_is_refused_within_a_second(database, end):
    async with a_scene() as scene:
        stations = Stations(ROLES)
        made, shift, user_id = await on_duty(scene, stations)
        await stations.station(made.secret, shift.secret)
        await end(made, user_id)
        await scene.pass_a_second()
        with pytest.raises((NotEnrolledError, ShiftOverError)):
            await stations.station(made.secret, shift.secret)


async def test_a_shift_ends_by_itself(database):
    async with a_scene() as scene:
        stations = Stations(ROLES)
        made, shift, _ = await on_duty(scene, stations)
        clock.CLOCK.advance(timedelta(hours=12, seconds=1))
        try:
            with pytest.raises(ShiftOverError):
                await stations.station(made.secret, shift.secret)
        finally:
            clock.CLOCK.reset()


async def test_scans_within_a_second_make_no_query(database, monkeypatch):
    async with a_scene() as scene:
        stations = Stations(ROLES)
        made, shift, _ = await on_duty(scene, stations)
        await stations.station(made.secret, shift.secret)
        await db.close()
        for _ in range(100):
            await stations.station(made.secret, shift.secret)
        await db.open(database)


async def test_a_wrong_pin_and_a_stranger_look_alike_and_are_logged(database):
    async with a_scene() as scene:
        stations = Stations(ROLES)
        made = await enrolled(scene)
        device = await stations.device(made.secret)
        guard, auditor, other_site = (
            await a_guard(),
            await a_guard("Auditor", role="auditor"),
            await a_guard("Elsewhere", site_id=None, pin=""),
        )
        for user_id, pin in (
            (guard, "1379"),
            (auditor, "2580"),
            (other_site, ""),
            (uuid4(), "2580"),
        ):
            with pytest.raises(WrongPinError):
                await devices.begin_shift(device, user_id, pin, roles=ROLES, at=clock.now())
        names = [one.name for one in await devices.operators(device, roles=ROLES)]
    assert names == ["Wang"]
    assert await log_rows("account.refuse_pin")


async def test_pins_cannot_be_guessed_for_long(database):
    async with a_scene() as scene:
        device = await Stations(ROLES).device((await enrolled(scene)).secret)
        guard, at = await a_guard(), clock.now()
        tries = [
            await outcome(devices.begin_shift(device, guard, f"13{n:02}", roles=ROLES, at=at))
            for n in range(7)
        ]
    assert tries == [WrongPinError] * 5 + [TooOftenError] * 2


async def test_a_revoked_device_gets_no_code_and_is_not_revoked_twice(database):
    async with a_scene() as scene:
        made = await enrolled(scene)
        await revoke_device(made, None)
        with pytest.raises(WrongStateError):
            await devices.renew_code(made.device_id, actor=SYSTEM, at=clock.now())
        with pytest.raises(WrongStateError):
            await revoke_device(made, None)


def test_a_device_that_scans_without_pause_is_slowed_and_no_other():
    limits = ScanLimits(per_second=10, burst=3)
    one, other = uuid4(), uuid4()
    for _ in range(3):
        limits.take(one)
    with pytest.raises(TooOftenError):
        limits.take(one)
    limits.take(other)
