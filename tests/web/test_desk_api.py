"""The reception by its API: the same services, fields and refusals as the pages."""

import pytest

from core import clock
from core.hosts import services as hosts
from core.hosts.services import HostEntry
from core.permissions import SYSTEM
from tests.web.visits import ARRIVAL, WRONG_DIGIT

API = "/api/v1"


@pytest.fixture
async def api(client_as, site):
    """A desk that speaks JSON; with the page's token, as a script of the page would."""
    await hosts.add(HostEntry(name="张明"), actor=SYSTEM, at=clock.now())
    client = await client_as("desk")
    client.headers["accept-language"] = "en"
    return client


async def register(api, site, **fields):
    return await api.post(
        f"{API}/registrations", json={"site": str(site.id), "fields": {**ARRIVAL, **fields}}
    )


async def do(api, visit, act, **values):
    return await api.post(f"{API}/registrations/{visit}/{act}", json=values)


@pytest.mark.rule("CORE-1", "CORE-22")
async def test_a_visit_by_the_api(api, site):
    made = await register(api, site)
    assert made.status_code == 201, made.text
    visit = made.json()["id"]
    assert made.json()["decision"] == {
        "verdict": "allow",
        "code": "",
        "reason": "",
        "rule": "",
        "version": "",
    }
    refused = await do(api, visit, "admit")
    assert refused.status_code == 409
    assert (refused.json()["code"], refused.json()["rule"]) == ("consent_missing", "CORE-5")
    noted = await do(api, visit, "note-consent", given=True, by="张明")
    assert noted.json()["consent"] == "given"
    stale = await do(api, visit, "admit", version=1)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    assert (await do(api, visit, "admit")).json()["state"] == "inside"
    inside = (await api.get(f"{API}/sites/{site.id}/inside")).json()
    assert [p["name"] for p in inside["visitors"]] == ["王小明"]
    assert inside["total"] == 1
    assert (await do(api, visit, "leave")).json()["state"] == "closed"
    assert (await api.get(f"{API}/sites/{site.id}/inside")).json()["total"] == 0
    listed = (await api.get(f"{API}/registrations", params={"site": str(site.id)})).json()
    assert [r["id"] for r in listed["registrations"]] == [visit]
    assert listed["total"] == 1


async def test_bad_fields_are_named(api, site):
    answer = await register(api, site, document_number=WRONG_DIGIT, phone="x", head_count="0")
    assert answer.status_code == 422
    assert {p["field"] for p in answer.json()["problems"]} == {
        "document_number",
        "phone",
        "head_count",
    }


@pytest.mark.rule("CORE-3", "CORE-28")
async def test_visitors_are_found_and_shown_masked(api, site):
    visitor = (await register(api, site)).json()["visitor"]
    for text in ("wxm", "1234", "13800001234", "小明"):
        found = await api.post(f"{API}/visitors/search", json={"text": text})
        assert [v["id"] for v in found.json()] == [visitor], text
        assert "13800001234" not in found.text
    shown = await api.get(f"{API}/visitors/{visitor}")
    assert shown.json()["visitor"]["phone"] == "138****1234"
    assert len(shown.json()["visits"]) == 1


IMPOSSIBLE = (
    ("fly", {}, 404),
    ("note-consent", {"by": "张明"}, 422),
    ("note-consent", {"given": True, "by": ""}, 422),
    ("cancel", {"reason": ""}, 422),
    ("cancel", {"reason": "a\x00b"}, 422),
    ("cancel", {"reason": "因" * 501}, 422),
    ("leave", {}, 409),
    ("release", {"reason": "x"}, 409),
    ("return-stub", {}, 409),
)


async def test_acts_that_cannot_be_done_change_nothing(api, site):
    visit = (await register(api, site)).json()["id"]
    for act, values, status in IMPOSSIBLE:
        assert (await do(api, visit, act, **values)).status_code == status, (act, values)
        shown = await api.get(f"{API}/registrations/{visit}")
        assert shown.json()["state"] == "waiting", (act, values)


@pytest.mark.rule("CORE-14")
async def test_another_site_is_not_there(api, client_as, site):
    from core.sites import services as sites

    visit = (await register(api, site)).json()["id"]
    other = await sites.add_site(code="e", name="东", audience=1, actor=SYSTEM, at=clock.now())
    elsewhere = await client_as("desk", site_id=other)
    assert (await elsewhere.get(f"{API}/registrations/{visit}")).status_code == 404
    assert (await elsewhere.get(f"{API}/sites/{site.id}/inside")).status_code == 404
    assert (await do(elsewhere, visit, "cancel", reason="x")).status_code == 404
    assert (await elsewhere.get(f"{API}/registrations")).json()["total"] == 0
    assert (await register(elsewhere, site)).status_code == 404
