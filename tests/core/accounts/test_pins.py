"""PINs of gate operators: few tries, each wrong one logged."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock
from core.accounts import services
from core.accounts.limits import TooOftenError
from core.accounts.services import check_pin, set_pin
from core.default_plugin import ROLES
from core.errors import InvalidInputError, NotFoundError
from core.log.tables import LogEntry
from core.permissions import SYSTEM, Actor
from core.privacy import keys
from core.privacy.crypto import Keyring

DEVICE = Actor(kind="device", name="南门 1", place="南门")


@pytest.fixture
async def operator(database):
    keys.hold(Keyring.generate())
    user_id, _ = await services.create_user(
        actor=SYSTEM,
        at=clock.now(),
        login="op",
        name="门卫",
        known_roles={role.name: role for role in ROLES},
        roles=[("gatekeeper", None)],
    )
    await set_pin(user_id, "5702", actor=SYSTEM, at=clock.now())
    return user_id


async def test_the_right_pin_opens_and_wrong_ones_are_few_and_logged(operator):
    at = clock.now()
    assert await check_pin(operator, "5702", actor=DEVICE, at=at)
    for _ in range(5):
        assert not await check_pin(operator, "5703", actor=DEVICE, at=at)
    with pytest.raises(TooOftenError):
        await check_pin(operator, "5702", actor=DEVICE, at=at)
    assert await check_pin(operator, "5702", actor=DEVICE, at=at + timedelta(minutes=5))
    rows = await LogEntry.select().where(LogEntry.act == "account.refuse_pin")
    assert len(rows) == 5
    assert {row["actor_name"] for row in rows} == {"南门 1"}
    assert "5703" not in str(rows)


async def test_no_account_and_no_pin_have_no_right_one(operator):
    at = clock.now()
    assert not await check_pin(uuid4(), "5702", actor=DEVICE, at=at)
    await services.deactivate(operator, actor=SYSTEM, at=at)
    assert not await check_pin(operator, "5702", actor=DEVICE, at=at)


async def test_a_pin_is_set_only_for_an_account_that_is_there(database):
    keys.hold(Keyring.generate())
    with pytest.raises(NotFoundError):
        await set_pin(uuid4(), "5702", actor=SYSTEM, at=clock.now())
    with pytest.raises(InvalidInputError):
        await set_pin(uuid4(), "1234", actor=SYSTEM, at=clock.now())
