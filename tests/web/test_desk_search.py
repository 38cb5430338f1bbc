"""Finding visits by number at the desk, and what is due on the first page."""

from datetime import timedelta

import pytest

from core import clock
from core.registrations.tables import Registration
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
