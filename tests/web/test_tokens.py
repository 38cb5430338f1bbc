"""API tokens: shown once, narrower than their owner, ended at once."""

import re
from datetime import timedelta

import pytest

from core.accounts.tables import ApiToken
from core.log.tables import LogEntry
from tests.app import new_client

FORM = {"name": "考勤系统", "expires_on": ""}


def secret_of(page):
    found = re.search(r"lft_[A-Za-z0-9_-]{43}", page.text)
    return found[0] if found else ""


async def make(client, *scopes, **fields):
    data = {**FORM, **fields, **{f"scope-{scope}": "1" for scope in scopes}}
    return await client.post("/account/tokens", data=data)


async def ask(app, secret, path="/api/v1/session"):
    async with new_client(app) as program:
        return await program.get(path, headers={"authorization": f"Bearer {secret}"})


async def test_a_token_acts_for_its_owner_with_less(client, app):
    page = await make(client, "core:visitor:read", "core:log:read")
    secret = secret_of(page)
    assert secret
    answer = await ask(app, secret)
    assert answer.json()["permissions"] == ["core:log:read", "core:visitor:read"]
    assert answer.json()["kind"] == "token"


async def test_the_secret_is_shown_once_and_stored_as_a_hash(client):
    secret = secret_of(await make(client, "core:visitor:read"))
    assert secret_of(await client.get("/account/tokens")) == ""
    assert secret not in str(await ApiToken.select())
    assert secret not in str(await LogEntry.select())


async def test_nobody_gives_a_token_what_they_may_not_do(client_as):
    gatekeeper = await client_as("gatekeeper")
    for scopes in (
        ["core:account:admin"],
        ["core:visitor:read", "core:log:read"],
        ["nonsense"],
        [],
    ):
        answer = await make(gatekeeper, *scopes)
        assert answer.status_code == 422
    assert await ApiToken.count() == 0


async def test_what_the_owner_loses_the_token_loses_too(client, client_as, app):
    owner = await client_as("desk")
    secret = secret_of(await make(owner, "core:visitor:read"))
    assert (await ask(app, secret)).json()["permissions"] == ["core:visitor:read"]
    page = await client.get(f"/users/{owner.user_id}")
    grant = re.search(r"/roles/([0-9a-f-]{36})/take", page.text)[1]
    await client.post(f"/users/{owner.user_id}/roles/{grant}/take")
    assert (await ask(app, secret)).json()["permissions"] == []
    await client.post(f"/users/{owner.user_id}/deactivate")
    assert (await ask(app, secret)).status_code == 401


async def test_a_revoked_token_stops_at_once(client, app):
    secret = secret_of(await make(client, "core:visitor:read"))
    [row] = await ApiToken.select()
    assert (await client.post(f"/account/tokens/{row['id']}/revoke")).status_code == 303
    answer = await ask(app, secret)
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_ends_after_its_last_day(client, app, stopped_clock):
    last = (stopped_clock.now() + timedelta(days=3)).date().isoformat()
    secret = secret_of(await make(client, "core:visitor:read", expires_on=last))
    stopped_clock.advance(timedelta(days=2))
    assert (await ask(app, secret)).status_code == 200
    stopped_clock.advance(timedelta(days=2))
    assert (await ask(app, secret)).status_code == 401


@pytest.mark.parametrize("day", ["2020-01-01", "tomorrow", "2026-02-30"])
async def test_a_last_day_that_is_over_or_none_is_refused(client, day):
    answer = await make(client, "core:visitor:read", expires_on=day)
    assert answer.status_code == 422


async def test_nobody_revokes_the_token_of_somebody_else(client, client_as, app):
    secret = secret_of(await make(client, "core:visitor:read"))
    [row] = await ApiToken.select()
    other = await client_as("administrator")
    assert (await other.post(f"/account/tokens/{row['id']}/revoke")).status_code == 404
    assert (await ask(app, secret)).status_code == 200


async def test_a_token_opens_no_page(client, app):
    secret = secret_of(await make(client, "core:account:admin"))
    assert (await ask(app, secret, "/users")).status_code == 403
    assert (await ask(app, secret, "/account")).status_code == 403


async def test_a_wrong_token_counts_for_nothing_even_beside_a_good_cookie(client):
    answer = await client.get("/api/v1/session", headers={"authorization": "Bearer lft_wrong"})
    assert answer.status_code == 401


async def test_many_wrong_tokens_are_slowed_down(client_as, app):
    await client_as("gatekeeper")
    async with new_client(app) as program:
        codes = [
            (
                await program.get("/api/v1/session", headers={"authorization": f"Bearer lft_{n}"})
            ).status_code
            for n in range(25)
        ]
    assert codes[:20] == [401] * 20
    assert 429 in codes[20:]


async def test_a_call_by_token_needs_no_page_s_token(client, app):
    secret = secret_of(await make(client, "core:visitor:read"))
    async with new_client(app) as program:
        answer = await program.post(
            "/api/v1/session/end", headers={"authorization": f"Bearer {secret}"}
        )
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
