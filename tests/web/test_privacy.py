"""A person's data on pages: given, erased, held; and what every visitor is told."""

import json
from uuid import uuid4

import pytest

from core import clock
from core.log.tables import LogEntry
from core.privacy.tables import LegalHold
from core.registrations import correcting
from core.rulebooks import queries as rulebooks
from core.visitors import services as visitors
from core.visitors.matching import Person
from core.visitors.tables import Visitor
from tests.web.scenes import CLERK, a_visit


@pytest.fixture(autouse=True)
def _fresh():
    rulebooks.forget()


@pytest.fixture
async def person(site):
    """Somebody with a document."""
    known = Person(
        name="王小明", phone="13800001234", document_kind="resident_id",
        document_number="11010519491231002X", organisation="明远公司",
    )  # fmt: skip
    return await visitors.add(known, actor=CLERK, at=clock.now())


async def acts(visitor_id):
    rows = await LogEntry.select(LogEntry.act).where(LogEntry.record_id == str(visitor_id))
    return [row["act"] for row in rows]


@pytest.mark.rule("CORE-21")
async def test_a_person_is_given_everything_and_the_giving_is_logged(client, site, plugins, person):
    await a_visit(site, plugins, person=Person(name="王小明", phone="13800001234"))
    path = f"/visitors/{person}/data"
    page = await client.get(path)
    assert "13800001234" not in page.text, "nothing is shown before it is asked for"
    assert "visitor.export" not in await acts(person)
    given = await client.post(path)
    for word in ("王小明", "13800001234", "11010519491231002X", "明远公司", "谈合同"):
        assert word in given.text
    assert (await acts(person)).count("visitor.export") == 1
    file = await client.post(f"{path}.json")
    assert file.headers["content-disposition"].startswith("attachment")
    body = json.loads(file.text)
    assert body["missing_parts"] == []
    values = [line["value"] for part in body["parts"] for line in part["lines"]]
    assert {"王小明", "13800001234", "谈合同"} <= set(values)
    assert (await acts(person)).count("visitor.export") == 2


@pytest.mark.rule("CORE-21")
async def test_erasure_needs_a_reason_and_a_word_and_cannot_be_repeated(client, person):
    path = f"/visitors/{person}/erase"
    for data in ({}, {"reason": "本人要求"}, {"sure": "1"}, {"reason": "x" * 301, "sure": "1"},
                 {"reason": "a\x00b", "sure": "1"}):  # fmt: skip
        assert (await client.post(path, data=data)).status_code == 422
    assert (await Visitor.objects().first()).name == "王小明"
    done = await client.post(path, data={"reason": "本人要求", "sure": "1"})
    assert done.status_code == 303
    row = await Visitor.objects().first()
    assert (row.name, row.phone_cipher, row.document_cipher) == ("", None, None)
    page = await client.get(f"/visitors/{person}/data")
    assert "王小明" not in page.text
    assert "/erase" not in page.text
    again = await client.post(path, data={"reason": "本人要求", "sure": "1"})
    assert again.status_code == 404
    assert (await acts(person)).count("visitor.erase") == 1


@pytest.mark.rule("CORE-21")
async def test_a_legal_hold_stops_the_erasure_until_it_is_lifted(client, person):
    path = f"/visitors/{person}"
    assert (await client.post(f"{path}/hold", data={"reason": " "})).status_code == 422
    assert (await client.post(f"{path}/hold", data={"reason": "诉讼(2026)12号"})).status_code == 303
    assert "诉讼(2026)12号" in (await client.get(f"{path}/data")).text
    assert "诉讼(2026)12号" in (await client.get("/privacy/holds")).text
    erase = {"reason": "本人要求", "sure": "1"}
    refused = await client.post(f"{path}/erase", data=erase)
    assert refused.status_code == 422
    assert "依法保留" in refused.text
    assert (await Visitor.objects().first()).name == "王小明"
    [hold] = await LegalHold.objects()
    assert (await client.post(f"/privacy/holds/{hold.id}/lift")).status_code == 303
    assert (await client.post(f"/privacy/holds/{hold.id}/lift")).status_code == 404
    assert (await client.post(f"{path}/erase", data=erase)).status_code == 303
    assert (await client.post(f"{path}/hold", data={"reason": "太晚"})).status_code == 404


@pytest.mark.rule("CORE-21")
async def test_somebody_who_is_here_is_not_erased(client, site, plugins, person):
    visit = await a_visit(site, plugins, person=Person(name="王小明", phone="13800001234"))
    erase = {"reason": "本人要求", "sure": "1"}
    assert (await client.post(f"/visitors/{person}/erase", data=erase)).status_code == 422
    assert (await Visitor.objects().first()).name == "王小明"
    await correcting.cancel(visit, reason="走了", actor=CLERK, at=clock.now(), plugins=plugins)
    assert (await client.post(f"/visitors/{person}/erase", data=erase)).status_code == 303


@pytest.mark.rule("CORE-14", "CORE-21")
async def test_only_who_may_erase_everywhere_reaches_a_persons_data(
    client, client_as, site, person
):
    paths = [
        ("GET", f"/visitors/{person}/data"), ("POST", f"/visitors/{person}/data"),
        ("POST", f"/visitors/{person}/data.json"), ("POST", f"/visitors/{person}/erase"),
        ("POST", f"/visitors/{person}/hold"), ("GET", "/privacy/holds"),
        ("POST", f"/privacy/holds/{uuid4()}/lift"),
    ]  # fmt: skip
    local = await client_as("administrator", site_id=site.id)
    for role, expected in (("desk", 403), ("duty_officer", 403), ("auditor", 403)):
        other = await client_as(role)
        for method, path in paths:
            assert (await other.request(method, path, data={})).status_code == expected, path
    for method, path in paths:
        answer = await local.request(method, path, data={"reason": "x", "sure": "1"})
        assert answer.status_code == 404, path
    for method, path in paths[:5]:
        answer = await client.request(
            method, path.replace(str(person), str(uuid4())), data={"reason": "x", "sure": "1"}
        )
        assert answer.status_code == 404, path
    assert (await Visitor.objects().first()).name == "王小明"
    assert "visitor.export" not in await acts(person)


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Who keeps it"), ("zh-CN", "您的权利"), ("zh-TW", "您的權利")]
)
async def test_everybody_reads_how_data_is_treated_in_their_language(
    client_as, site, language, word
):
    await client_as("desk")
    visitor = await client_as()
    page = await visitor.get("/privacy-notice", headers={"accept-language": language})
    assert page.status_code == 200
    assert word in page.text
    assert "第一中学" in page.text
