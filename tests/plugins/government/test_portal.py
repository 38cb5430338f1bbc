"""A city's own portal hands in and asks for its visitors: no more than the public pages tell."""

from uuid import uuid4

import pytest

from core import clock, db
from core.accounts import tokens
from plugins.government.portal.api import RELAY
from tests.app import new_client
from tests.plugins.government.chain import handled_by
from tests.plugins.government.scene import an_id

pytestmark = pytest.mark.anyio
API = "/api/v1/petitions"


@pytest.fixture
async def portal(city):
    """A program with a token of the portal's account."""
    account = await city.client("petition_portal", name="市民热线平台")
    _, secret = await tokens.create(
        actor=await city.actor(account),
        at=clock.now(),
        name="平台",
        scopes=[RELAY],
        expires_at=None,
    )
    async with new_client(city.app) as program:
        program.headers["authorization"] = f"Bearer {secret}"
        yield program


def petition(city, document, **changed):
    """What a portal sends."""
    fields = {
        "name": "周建国",
        "document_kind": "resident_id",
        "document_number": document,
        "phone": "13907940001",
        "address": "城南区建设路3号",
        "purpose": "request",
        "title": "拖欠工资",
        "demand": "要求支付拖欠的工资三万元",
        "facts": "2026年3月至8月在某工地做工，工资未付。",
        **changed,
    }
    return {
        "site": str(city.site.id),
        "once": str(uuid4()),
        "visitor": "v-1",
        "fields": fields,
        "agreed": True,
    }


async def asked(portal, code, tail, visitor="v-1"):
    return await portal.post(f"{API}/query", json={"code": code, "tail": tail, "visitor": visitor})


@pytest.mark.rule("GOV-6", "GOV-36")
async def test_a_portal_hands_in_and_asks_how_it_stands(city, portal):
    rooms = (await portal.get(f"{API}/rooms")).json()
    assert [room["site"] for room in rooms] == [str(city.site.id)]
    assert {"name", "demand", "purpose"} <= {field["name"] for field in rooms[0]["fields"]}
    document = an_id()
    sent = petition(city, document)
    answer = await portal.post(API, json=sent)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    again = (await portal.post(API, json=sent)).json()
    assert again == made, "the same form twice is one petition"
    row = (await db.fetch("SELECT channel, number FROM government_matter"))[0]
    assert (row["channel"], row["number"]) == ("online", made["number"])
    shown = await asked(portal, made["code"], document[-4:])
    assert shown.status_code == 200, shown.text
    told = shown.json()
    assert told["number"] == made["number"]
    assert told["stage"].startswith("您的信访事项已登记")
    for secret in ("周建国", "拖欠", "三万元", document, "市民热线平台"):
        assert secret not in shown.text, secret


@pytest.mark.rule("GOV-6")
async def test_what_is_missing_is_named_by_field_and_nothing_is_taken(city, portal):
    bare = petition(city, an_id(), demand="")
    answer = await portal.post(API, json={**bare, "agreed": False})
    assert answer.status_code == 422
    assert {"demand", "agreed"} <= {one["field"] for one in answer.json()["problems"]}
    nobody = await portal.post(API, json={**petition(city, an_id()), "visitor": " "})
    assert nobody.status_code == 422
    nowhere = await portal.post(API, json={**petition(city, an_id()), "site": str(uuid4())})
    assert nowhere.status_code == 404
    assert await db.fetch("SELECT id FROM government_matter") == []


@pytest.mark.rule("GOV-36", "CORE-14")
async def test_wrong_codes_and_tails_are_one_answer_and_are_limited_with_the_public_page(
    city, portal
):
    document = an_id()
    chain = await handled_by(city, person={"document": document})
    code = await city.code(chain.matter.id)
    bodies = {(await asked(portal, "AAAA-BBBB-CC", document[-4:])).text}
    bodies.add((await asked(portal, code, "0000")).text)
    without = {body.replace(_reference(body), "") for body in bodies}
    assert len(without) == 1
    for number in range(5):
        wrong = await asked(portal, code, f"000{number}", visitor=f"v-{number}")
        assert wrong.status_code == 404
    blocked = await asked(portal, code, document[-4:], visitor="v-99")
    assert blocked.status_code == 429, "tries count against the code, whoever sends them"
    phone = await city.anonymous()
    await phone.read_token("/government/ask")
    page = await phone.post("/government/ask", data={"code": code, "tail": document[-4:]})
    assert page.status_code == 429


def _reference(body):
    import json

    return json.loads(body)["reference"]


@pytest.mark.rule("GOV-50")
async def test_the_account_of_a_portal_says_what_it_is_for(city):
    account = await city.client("petition_portal", name="市民热线平台")
    page = (await account.get("/")).text
    assert "此账号供其他系统使用" in page
    assert 'href="/account/tokens"' in page
    administrator = await city.client("administrator")
    page = (await administrator.get(f"/users/{account.user_id}")).text
    assert "在“我的账号”中生成令牌" in page


async def test_nobody_relays_without_the_portals_permission(city, portal):
    sent = petition(city, an_id())
    for client in (await city.client("petition_clerk"), await city.client("administrator")):
        assert (await client.get(f"{API}/rooms")).status_code == 403
        assert (await client.post(API, json=sent)).status_code == 403
    public = await city.anonymous()
    assert (await public.get(f"{API}/rooms")).status_code == 401
    assert (await portal.get("/government/matters")).status_code == 403
    assert (await portal.get("/api/v1/registrations")).status_code == 403
