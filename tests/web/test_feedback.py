"""How it was: on the visitor's page, and on the list of those who follow it up."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock
from core.links import services as links
from core.registrations.tables import Feedback
from core.rulebooks import queries as rulebooks
from core.sites.tables import Site
from core.visitors.matching import Person
from tests.app import csrf_of
from tests.web.scenes import a_visit

HOSTILE = '<script>alert(1)</script> =HYPERLINK("x") {{ 7*7 }}'


@pytest.fixture(autouse=True)
def _fresh():
    rulebooks.forget()


async def a_link(visit, purpose="feedback"):
    at = clock.now()
    return await links.create(purpose, visit, expires=at + timedelta(days=1), at=at)


async def rate(client, secret, **data):
    """Send the form as a browser without JavaScript does."""
    page = await client.get(f"/f/{secret}")
    return await client.post(f"/f/{secret}", data={"_csrf_token": csrf_of(page.text), **data})


@pytest.mark.rule("CORE-19")
async def test_a_visitor_rates_once_and_is_thanked(client_as, site, plugins):
    await client_as("desk")
    visitor = await client_as()
    secret = await a_link(await a_visit(site, plugins, inside=True))
    page = await visitor.get(f"/f/{secret}")
    assert page.text.count('type="radio" name="rating"') == 5
    assert "王小明" not in page.text
    answer = await rate(visitor, secret, rating="2", remark="等了很久")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/f/{secret}")
    page = await visitor.get(f"/f/{secret}")
    assert "感谢" in page.text
    assert 'type="radio"' not in page.text
    again = await visitor.post(
        f"/f/{secret}", data={"_csrf_token": csrf_of(page.text), "rating": "5"}
    )
    assert again.status_code == 303
    [given] = await Feedback.objects()
    assert (given.rating, given.remark) == (2, "等了很久")


@pytest.mark.parametrize(
    "data",
    [{}, {"rating": "6"}, {"rating": "０"}, {"rating": "x"}, {"rating": "1", "remark": "很" * 1001},
     {"rating": "1", "remark": "a\x00b"}],
)  # fmt: skip
async def test_a_rating_that_cannot_be_taken_comes_back(client_as, site, plugins, data):
    await client_as("desk")
    visitor = await client_as()
    secret = await a_link(await a_visit(site, plugins, inside=True))
    answer = await rate(visitor, secret, **data)
    assert answer.status_code == 422
    assert not await Feedback.count()


async def test_who_still_waits_is_asked_later(client_as, site, plugins):
    await client_as("desk")
    visitor = await client_as()
    secret = await a_link(await a_visit(site, plugins))
    page = await visitor.get(f"/f/{secret}")
    assert page.status_code == 200
    assert 'type="radio"' not in page.text
    answer = await rate(visitor, secret, rating="5")
    assert answer.status_code == 303
    assert not await Feedback.count()


@pytest.mark.rule("CORE-19", "CORE-14")
async def test_an_unhappy_visitor_waits_on_the_list_until_followed_up(client_as, site, plugins):
    desk, gatekeeper, visitor = (
        await client_as("desk"), await client_as("gatekeeper"), await client_as(),
    )  # fmt: skip
    east = Site(id=uuid4(), code="east", name="东校区")
    await Site.insert(east)
    stranger = await client_as("desk", site_id=east.id)
    secret = await a_link(await a_visit(site, plugins, inside=True))
    await rate(visitor, secret, rating="1", remark=HOSTILE)
    person = Person(name="韩梅", phone="13900002222")
    happy = await a_link(await a_visit(site, plugins, inside=True, person=person))
    await rate(visitor, happy, rating="5", remark="很好")
    assert "/feedback" in (await desk.get("/")).text
    page = await desk.get("/feedback")
    assert "&lt;script&gt;" in page.text
    assert "<script>alert" not in page.text
    assert "很好" not in page.text
    assert "很好" in (await desk.get("/feedback?show=all")).text
    assert "很好" in (await desk.get("/feedback?show=all&rating=5")).text
    assert "很好" not in (await desk.get("/feedback?show=all&rating=4")).text
    [one] = await Feedback.objects().where(Feedback.rating == 1)
    path = f"/feedback/{one.id}/follow-up"
    assert (await gatekeeper.get("/feedback")).status_code == 403
    assert (await gatekeeper.post(path, data={"note": "x"})).status_code == 403
    assert "&lt;script&gt;" not in (await stranger.get("/feedback?show=all")).text
    assert (await stranger.post(path, data={"note": "x"})).status_code == 404
    empty = await desk.post(path, data={"note": " "})
    assert empty.status_code == 422
    assert f'id="note-{one.id}-error"' in empty.text
    assert (await desk.post(path, data={"note": "已致电道歉"})).status_code == 303
    assert "没有待回访" in (await desk.get("/feedback")).text
    everything = await desk.get("/feedback?show=all")
    assert "已致电道歉" in everything.text
    for awkward in ("page=0", "page=-5", "page=99999999", "day=x", "day=9999-12-31", "rating=9",
                    "site=nowhere", "show=%3Cscript%3E"):  # fmt: skip
        answer = await desk.get(f"/feedback?{awkward}")
        assert answer.status_code == 200, awkward
        assert "<script>" not in re.sub(r"<script src.*?</script>", "", answer.text)
