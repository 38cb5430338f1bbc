"""Finding visits by number at the desk, and what is due on the first page."""

from datetime import timedelta

import pytest

from core import clock
from core.log.tables import LogEntry
from core.permissions import SYSTEM
from core.registrations.tables import Registration
from core.sites import services as sites
from tests.core.registrations.reception import LI
from tests.web.visits import act, arrive

HTMX = {"hx-request": "true"}


@pytest.mark.rule("CORE-28")
async def test_a_number_leads_to_its_visit(desk, client_as, host):
    visit = await arrive(desk)
    number = (await Registration.objects().first()).number
    for typed in (
        number,
        number.translate(str.maketrans("0123456789-", "０１２３４５６７８９－")),
        "-1",
    ):
        found = await desk.post("/desk/find", data={"q": typed}, headers=HTMX)
        assert f"/registrations/{visit}" in found.text, typed
    answer = await desk.post("/desk/find", data={"q": number})
    assert answer.headers["location"] == f"/registrations/{visit}"
    listed = await desk.get("/registrations", params={"q": number})
    assert listed.headers["location"] == f"/registrations/{visit}"
    assert str(visit) not in (await desk.post("/desk/find", data={"q": "-2"}, headers=HTMX)).text


async def test_the_first_page_says_what_waits_at_the_desk(desk, host, stopped_clock):
    await arrive(desk)
    assert "等候过久" not in (await desk.get("/")).text
    stopped_clock.advance(timedelta(minutes=21))
    assert "等候过久" in (await desk.get("/")).text


async def test_filters_narrow_the_list(desk, host):
    visit = await arrive(desk)
    day = f"{clock.now() + timedelta(hours=8):%Y-%m-%d}"
    for query, expected in (
        ({}, True),
        ({"day": day}, True),
        ({"day": "2020-01-01"}, False),
        ({"day": "no date"}, True),
        ({"status": "waiting"}, True),
        ({"status": "closed"}, False),
        ({"status": "no state"}, True),
        ({"purpose": "core.visit"}, True),
        ({"purpose": "core.delivery"}, False),
        ({"page": "99"}, False),
    ):
        page = await desk.get("/registrations", params=query)
        assert page.status_code == 200
        assert (str(visit) in page.text) == expected, query
    await act(desk, visit, "cancel", reason="走了")
    assert str(visit) in (await desk.get("/registrations", params={"status": "cancelled"})).text


async def test_the_list_is_sorted_by_its_columns(desk, host):
    first = await arrive(desk, name="阿明")
    second = await arrive(desk, name="周红", phone="13911112222", document_number=LI)

    async def order(sort):
        page = (await desk.get("/registrations", params={"sort": sort})).text
        return sorted((first, second), key=lambda visit: page.index(f"/registrations/{visit}"))

    assert await order("name") == [second, first] if "周" < "阿" else [first, second]
    assert await order("-number") == [second, first]
    assert await order("number") == [first, second]
    assert await order("came") == [first, second]
    assert await order("drop table") == [first, second]


@pytest.mark.rule("CORE-14")
async def test_the_list_is_taken_along_without_numbers_and_the_log_says_by_whom(
    desk, client_as, host, site
):
    await arrive(desk, reason="=1+1", plate="粤B12345")
    for form, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        answer = await desk.get("/registrations", params={"format": form})
        assert answer.content.startswith(begins)
        assert f"registrations-{clock.now():%Y%m%d}.{form}" in answer.headers["content-disposition"]
    text = (await desk.get("/registrations", params={"format": "csv"})).content.decode("utf-8-sig")
    assert "王小明" in text
    assert "'=1+1" in text
    assert "1234," not in text.replace("12345", "")
    entries = await LogEntry.objects().where(LogEntry.act == "registration.export")
    assert {(e.actor_name, e.after) for e in entries} == {("老周", '{"count": 1}')}
    other = await sites.add_site(code="e", name="东", audience=1, actor=SYSTEM, at=clock.now())
    elsewhere = await client_as("desk", site_id=other)
    taken = await elsewhere.get("/registrations", params={"format": "csv"})
    assert "王小明" not in taken.text
