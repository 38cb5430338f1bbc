"""The first start: nobody has an account, somebody at the console makes the first one."""

import re

import pytest

from core.accounts.queries import accounts
from core.log.tables import LogEntry
from core.privacy.keys import keyring
from core.sites.tables import Gate, Site
from tests.app import csrf_of, new_client
from web.first_run import setup_code

FORM = {
    "organisation": "第二中学",
    "site": "主校区",
    "gate": "南门",
    "name": "王老师",
    "login": "Wang",
    "password": "a quiet garden gate",
}


@pytest.fixture
async def stranger(app):
    async with new_client(app) as client:
        page = await client.get("/setup")
        client.headers["x-csrftoken"] = csrf_of(page.text)
        yield client


async def test_every_page_leads_to_the_setup_while_there_is_no_account(stranger):
    for path in ("/", "/sign-in", "/users", "/nowhere"):
        answer = await stranger.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/setup")
    assert (await stranger.get("/api/v1/session")).status_code == 503


async def test_the_code_of_the_console_makes_organisation_site_gate_and_administrator(stranger):
    answer = await stranger.post("/setup", data={**FORM, "code": setup_code().lower()})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    page = await stranger.get("/")
    assert "第二中学" in page.text
    assert "王老师" in page.text
    assert (await stranger.get("/users")).status_code == 200
    assert [site.name for site in await Site.objects()] == ["主校区"]
    assert [gate.name for gate in await Gate.objects()] == ["南门"]
    [made] = await accounts()
    assert (made.login, made.name) == ("wang", "王老师")
    acts = [row["act"] for row in await LogEntry.select(LogEntry.act)]
    assert {"account.create", "site.add", "gate.add", "rulebook.adopt", "session.begin"} <= set(
        acts
    )


async def test_the_setup_is_gone_once_there_is_an_account(stranger):
    code = setup_code()
    await stranger.post("/setup", data={**FORM, "code": code})
    stranger.cookies.clear()
    del stranger.headers["x-csrftoken"]
    await stranger.read_token()
    assert (await stranger.get("/setup")).status_code == 404
    again = await stranger.post("/setup", data={**FORM, "login": "second", "code": code})
    assert again.status_code == 404
    assert len(await accounts()) == 1


async def test_without_the_code_nothing_is_made(stranger):
    answer = await stranger.post("/setup", data={**FORM, "code": "AAAA-BBBB-CCCC"})
    assert answer.status_code == 422
    assert FORM["organisation"] in answer.text
    assert FORM["password"] not in answer.text
    assert await accounts() == []


async def test_guessing_the_code_is_slowed_down(stranger):
    answers = [
        (await stranger.post("/setup", data={**FORM, "code": f"AAAA-BBBB-CCC{n}"})).status_code
        for n in range(12)
    ]
    assert answers[:10] == [422] * 10
    assert answers[10:] == [429, 429]


async def test_a_poor_password_comes_back_beside_its_field_and_nothing_is_made(stranger):
    answer = await stranger.post(
        "/setup", data={**FORM, "password": "12345678", "code": setup_code()}
    )
    assert answer.status_code == 422
    assert 'id="f-password-error"' in answer.text
    assert await accounts() == []
    assert await Site.count() == 0


def test_the_code_is_the_same_in_every_process_and_twelve_signs_long(tmp_path):
    from core.privacy import keys

    keys.open(tmp_path / "keys.json")
    assert setup_code() == setup_code()
    assert re.fullmatch(r"[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}", setup_code())
    assert keyring() is not None
