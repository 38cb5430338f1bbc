"""Accounts as an administrator keeps them."""

from uuid import uuid4

import pytest

from core.accounts.queries import account_by_login
from core.log.tables import LogEntry
from core.sites.tables import Site
from tests.app import PASSWORD, new_client


def secret_of(page):
    return page.text.partition('id="secret"')[2].partition(">")[2].partition("<")[0]


async def make(client, **fields):
    return await client.post("/users", data={"login": "li.si", "name": "李四", **fields})


async def test_an_administrator_makes_an_account_with_a_role_at_one_site(client, app, site):
    page = await make(client, role="gatekeeper", site=str(site.id))
    assert page.status_code == 200
    account = await account_by_login("LI.SI")
    assert account.must_change_password
    [grant] = account.roles
    assert (grant.role, grant.site_id) == ("gatekeeper", site.id)
    async with new_client(app) as guard:
        assert (await guard.sign_in("li.si", secret_of(page))).status_code == 303
    assert secret_of(await client.get(f"/users/{account.id}")) == ""


async def test_a_login_exists_once_whatever_its_case(client):
    await make(client)
    answer = await make(client, login="Li.Si")
    assert answer.status_code == 422
    assert 'id="f-login-error"' in answer.text
    assert "李四" in answer.text


@pytest.mark.parametrize(
    "fields", [{"login": "a b"}, {"login": ""}, {"name": ""}, {"role": "king"}, {"site": "x"}]
)
async def test_what_cannot_be_taken_comes_back_with_the_form(client, fields):
    answer = await make(client, **fields)
    assert answer.status_code == 422
    assert await account_by_login("li.si") is None


async def test_a_role_is_given_and_taken_and_the_user_s_sessions_end(client, client_as):
    guard = await client_as("gatekeeper")
    assert (await guard.get("/users")).status_code == 403
    address = f"/users/{guard.user_id}"
    assert (
        await client.post(f"{address}/roles", data={"role": "administrator"})
    ).status_code == 303
    assert (await guard.get("/users")).status_code == 303
    await guard.sign_in(guard.login)
    assert (await guard.get("/users")).status_code == 200
    account = await account_by_login(guard.login)
    [grant] = [g for g in account.roles if g.role == "administrator"]
    assert (await client.post(f"{address}/roles/{grant.id}/take")).status_code == 303
    await guard.sign_in(guard.login)
    assert (await guard.get("/users")).status_code == 403


async def test_switching_off_ends_everything_at_once_and_on_gives_it_back(client, client_as):
    guard = await client_as("gatekeeper")
    address = f"/users/{guard.user_id}"
    assert (await client.post(f"{address}/deactivate")).status_code == 303
    assert (await guard.get("/")).status_code == 303
    assert (await guard.sign_in(guard.login)).status_code == 422
    assert (await client.post(f"{address}/reactivate")).status_code == 303
    assert (await guard.sign_in(guard.login)).status_code == 303


async def test_a_new_first_password_replaces_the_old_one_and_ends_sessions(client, client_as):
    guard = await client_as("gatekeeper")
    page = await client.post(f"/users/{guard.user_id}/reset-password")
    assert (await guard.get("/")).status_code == 303
    assert (await guard.sign_in(guard.login)).status_code == 422
    assert (await guard.sign_in(guard.login, secret_of(page))).status_code == 303
    assert (await guard.get("/")).headers["location"] == "/account/password"


async def test_signing_somebody_out_everywhere_keeps_their_password(client, client_as):
    guard = await client_as("gatekeeper")
    assert (await client.post(f"/users/{guard.user_id}/end-sessions")).status_code == 303
    assert (await guard.get("/")).status_code == 303
    assert (await guard.sign_in(guard.login, PASSWORD)).status_code == 303


@pytest.mark.parametrize("act", ["deactivate", "take"])
async def test_one_administrator_remains(client, act):
    account = await account_by_login(client.login)
    path = f"/users/{account.id}/deactivate"
    if act == "take":
        path = f"/users/{account.id}/roles/{account.roles[0].id}/take"
    assert (await client.post(path)).status_code == 303
    page = await client.get(f"/users/{account.id}")
    assert page.status_code == 200
    assert "alert-danger" in page.text
    account = await account_by_login(client.login)
    assert account.active
    assert len(account.roles) == 1


@pytest.mark.rule("CORE-14")
async def test_an_administrator_of_one_site_cannot_make_themselves_more(client_as, site):
    local = await client_as("administrator", site_id=site.id)
    other = await client_as("gatekeeper")
    for path, data in (
        ("/users", {"login": "new.one", "name": "x", "role": "administrator"}),
        (f"/users/{local.user_id}/roles", {"role": "administrator"}),
        (f"/users/{other.user_id}/reset-password", {}),
        (f"/users/{other.user_id}/deactivate", {}),
        (f"/users/{other.user_id}/pin", {"pin": "5702"}),
        (f"/users/{other.user_id}/end-sessions", {}),
        (f"/users/{other.user_id}", {"name": "y"}),
    ):
        assert (await local.post(path, data=data)).status_code == 404, path
    assert await account_by_login("new.one") is None
    assert (await other.get("/")).status_code == 200


async def test_an_account_that_is_not_there_is_not_found(client):
    assert (await client.get(f"/users/{uuid4()}")).status_code == 404
    assert (await client.post(f"/users/{uuid4()}/deactivate")).status_code == 404


@pytest.mark.rule("CORE-7")
async def test_what_was_done_to_accounts_is_in_the_log_without_secrets(client, client_as):
    page = await make(client, role="desk")
    account = await account_by_login("li.si")
    for act in ("reset-password", "deactivate", "reactivate", "end-sessions"):
        await client.post(f"/users/{account.id}/{act}")
    await client.post(f"/users/{account.id}/pin", data={"pin": "5702"})
    rows = await LogEntry.select().where(LogEntry.record_id == str(account.id))
    assert {row["act"] for row in rows} == {
        "account.create",
        "account.reset_password",
        "account.deactivate",
        "account.reactivate",
        "account.end_sessions",
        "account.set_pin",
    }
    assert {row["actor_id"] for row in rows} == {client.user_id}
    for hidden in (secret_of(page), "5702", "argon2"):
        assert hidden not in str(rows)


async def test_a_second_site_can_be_the_place_of_a_role(client, client_as):
    other = Site(id=uuid4(), code="east", name="东校区")
    await Site.insert(other)
    guard = await client_as("gatekeeper")
    path = f"/users/{guard.user_id}/roles"
    await client.post(path, data={"role": "desk", "site": str(other.id)})
    account = await account_by_login(guard.login)
    assert ("desk", other.id) in {(g.role, g.site_id) for g in account.roles}
    page = await client.get(f"/users/{guard.user_id}")
    assert "东校区" in page.text


async def test_the_list_never_shows_a_hash(client, client_as):
    await client_as("gatekeeper")
    page = await client.get("/users")
    assert "argon2" not in page.text


@pytest.mark.rule("CORE-14")
async def test_accounts_are_not_even_seen_by_who_manages_them_at_one_site(client_as, site):
    local = await client_as("administrator", site_id=site.id)
    other = await client_as("gatekeeper")
    for path in ("/users", "/users/new", f"/users/{other.user_id}"):
        answer = await local.get(path)
        assert answer.status_code == 404
        assert other.login not in answer.text


@pytest.mark.rule("CORE-14")
async def test_a_role_everywhere_carries_no_role_of_one_site_along(client, client_as, site):
    """A host everywhere who is administrator at one site changes that site alone."""
    mixed = await client_as("host")
    path = f"/users/{mixed.user_id}/roles"
    await client.post(path, data={"role": "administrator", "site": str(site.id)})
    other = Site(id=uuid4(), code="east", name="东校区")
    await Site.insert(other)
    await mixed.sign_in(mixed.login)
    assert (await mixed.get(f"/sites/{site.id}")).status_code == 200
    assert (await mixed.get(f"/sites/{other.id}")).status_code == 404
    assert "东校区" not in (await mixed.get("/sites")).text
