"""A change happens only when the reader meant it: forms of other sites, forged and old tokens fail."""

import pytest

from core.accounts.tables import User
from tests.app import csrf_of, new_client


async def chosen(client):
    [row] = await User.select(User.locale).where(User.id == client.user_id)
    return row["locale"]


@pytest.fixture
async def reader(client_as):
    client = await client_as("gatekeeper")
    client.token = client.headers.pop("x-csrftoken")
    return client


async def test_a_form_without_the_token_changes_nothing(reader):
    answer = await reader.post("/language/en", data={"next": "/"})
    assert answer.status_code == 403
    assert await chosen(reader) == ""


@pytest.mark.parametrize("how", ["field", "header"])
async def test_the_token_of_the_page_is_taken_from_form_or_header(reader, how):
    if how == "field":
        answer = await reader.post("/language/en", data={"_csrf_token": reader.token})
    else:
        answer = await reader.post("/language/en", headers={"x-csrftoken": reader.token})
    assert answer.status_code == 303
    assert await chosen(reader) == "en"


async def test_the_token_of_somebody_else_is_refused(reader, client_as):
    other = await client_as("desk")
    token = other.headers["x-csrftoken"]
    answer = await reader.post("/language/en", data={"_csrf_token": token})
    assert answer.status_code == 403
    assert await chosen(reader) == ""


async def test_a_token_from_before_signing_in_is_refused_after(client_as, app):
    gatekeeper = await client_as("gatekeeper")
    async with new_client(app) as client:
        early = csrf_of((await client.get("/sign-in")).text)
        await client.sign_in(gatekeeper.login)
        client.headers.pop("x-csrftoken")
        answer = await client.post("/language/en", data={"_csrf_token": early})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://laifang.test.evil.example"},
        {"origin": "https://laifang.test:8443"},
    ],
)
async def test_even_with_the_token_another_site_cannot_send_the_form(reader, headers):
    answer = await reader.post("/language/en", data={"_csrf_token": reader.token}, headers=headers)
    assert answer.status_code == 403
    assert await chosen(reader) == ""


async def test_the_own_site_can(reader):
    headers = {"origin": "https://laifang.test", "sec-fetch-site": "same-origin"}
    answer = await reader.post("/language/en", data={"_csrf_token": reader.token}, headers=headers)
    assert answer.status_code == 303


async def test_a_stranger_cannot_be_signed_in_by_another_site(client_as, app):
    gatekeeper = await client_as("gatekeeper")
    form = {"login": gatekeeper.login, "password": "correct horse battery"}
    async with new_client(app) as attacker, new_client(app) as victim:
        token = csrf_of((await attacker.get("/sign-in")).text)
        await victim.get("/sign-in")
        answer = await victim.post("/sign-in", data={**form, "_csrf_token": token})
        assert answer.status_code == 403
        assert "__Host-laifang" not in victim.cookies


async def test_a_forged_visitor_cookie_gives_no_token(client_as, app):
    await client_as("gatekeeper")
    async with new_client(app) as client:
        client.cookies.set("__Host-laifang-visitor", "x" * 43, domain="laifang.test", path="/")
        form = {"login": "a", "password": "b", "_csrf_token": "1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
        assert (await client.post("/sign-in", data=form)).status_code == 403


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(reader):
    async def endless():
        sent = 0
        while True:
            sent += 1
            assert sent < 100, "it is read without end"
            yield b"a" * 100_000

    answer = await reader.post(
        "/language/en",
        content=endless(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 413
    announced = {"content-type": "application/x-www-form-urlencoded", "content-length": "9000000"}

    async def never():
        raise AssertionError("the body is read")
        yield b""

    answer = await reader.post("/language/en", content=never(), headers=announced)
    assert answer.status_code == 413


async def test_the_api_wants_the_header_not_a_field(reader):
    form = {"_csrf_token": reader.token}
    assert (await reader.post("/api/v1/session/end", data=form)).status_code == 403
    headers = {"x-csrftoken": reader.token}
    assert (await reader.post("/api/v1/session/end", headers=headers)).status_code == 204
