"""One's own account."""

import pytest

from core import clock
from core.accounts.pins import check_pin
from core.permissions import SYSTEM
from tests.app import PASSWORD, new_client


async def test_a_reader_sees_their_roles_and_where_they_hold(client_as, site):
    gatekeeper = await client_as("gatekeeper", site_id=site.id)
    page = await gatekeeper.get("/account")
    assert gatekeeper.login in page.text
    assert site.name in page.text


@pytest.mark.parametrize(
    ("new", "again"),
    [
        ("short", "short"),
        ("another long secret", "another lng secret"),
        (PASSWORD, PASSWORD),
        ("password123456", "password123456"),
        ("1234567890", "1234567890"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa"),
    ],
)
async def test_a_poor_or_mistyped_new_password_is_refused(client_as, app, new, again):
    gatekeeper = await client_as("gatekeeper")
    form = {"old": PASSWORD, "new": new, "again": again}
    answer = await gatekeeper.post("/account/password", data=form)
    assert answer.status_code == 422
    assert f'value="{new}"' not in answer.text
    async with new_client(app) as client:
        assert (await client.sign_in(gatekeeper.login)).status_code == 303


async def test_the_new_password_counts_and_the_old_one_no_more(client_as, app):
    gatekeeper = await client_as("gatekeeper")
    form = {"old": PASSWORD, "new": "南门的槐树开花了 2026", "again": "南门的槐树开花了 2026"}
    assert (await gatekeeper.post("/account/password", data=form)).status_code == 303
    async with new_client(app) as client:
        assert (await client.sign_in(gatekeeper.login)).status_code == 422
        assert (await client.sign_in(gatekeeper.login, form["new"])).status_code == 303


async def test_a_pin_is_set_by_who_knows_the_password(client_as):
    gatekeeper = await client_as("gatekeeper")
    wrong = await gatekeeper.post("/account/pin", data={"old": "wrong", "pin": "5702"})
    assert wrong.status_code == 422
    right = await gatekeeper.post("/account/pin", data={"old": PASSWORD, "pin": "5702"})
    assert right.status_code == 303
    assert await check_pin(gatekeeper.user_id, "5702", actor=SYSTEM, at=clock.now())


@pytest.mark.parametrize(
    "pin", ["", "123", "1111", "1234", "9876", "123456789", "12a4", "１２３４"]
)
async def test_a_pin_that_is_guessed_first_is_refused(client_as, pin):
    gatekeeper = await client_as("gatekeeper")
    answer = await gatekeeper.post("/account/pin", data={"old": PASSWORD, "pin": pin})
    assert answer.status_code == 422
    assert 'id="f-pin-error"' in answer.text
