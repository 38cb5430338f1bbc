"""The first start: nobody has an account, somebody at the console makes the first one."""

import re

import pytest

from core import clock
from core.accounts.queries import accounts
from core.gate import devices
from core.hosts import services as hosts
from core.hosts.services import HostEntry
from core.log.tables import LogEntry
from core.permissions import SYSTEM
from core.privacy.keys import keyring
from core.sites.tables import Gate, Site
from tests.app import an_account, csrf_of, new_client
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


async def test_the_first_page_leads_through_what_is_still_missing(stranger, plugins):
    """Each plugin adds its own (collect_first_steps), unless it is off at every site."""
    await stranger.post("/setup", data={**FORM, "code": setup_code()})
    await stranger.read_token("/")
    steps = {
        "/users/new": "为每位工作人员开账号",
        "/hosts/new": "录入被访人和科室",
        "/devices": "登记门岗设备",
        "/school-gate/roster": "导入学校名册",
        "/government/units": "录入信访承办单位",
    }

    async def left():
        page = (await stranger.get("/")).text
        return {path for path, said in steps.items() if said in page and f'href="{path}"' in page}

    assert await left() == set(steps)
    who = {"actor": SYSTEM, "at": clock.now()}
    await an_account(plugins, "gatekeeper")
    await hosts.add(HostEntry(name="张明"), **who)
    gate = await Gate.objects().first()
    await devices.add_device("手机", gate.id, **who)
    assert await left() == {"/school-gate/roster", "/government/units"}
    try:
        await stranger.post(f"/sites/{gate.site}/plugins/government", data={"on": "no"})
        assert await left() == {"/school-gate/roster"}
    finally:
        plugins.switch_off({})
    assert "暂无待办事项" not in (await stranger.get("/")).text


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
