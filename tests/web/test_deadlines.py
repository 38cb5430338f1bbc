"""The page of one's own deadlines: what is there, for whom, and how each date was reached."""

from uuid import uuid4

import pytest

from core import clock
from core.deadlines import clocks, services
from core.deadlines.facts import DeadlineRule, NewDeadline
from core.i18n import N_
from core.permissions import SYSTEM


@pytest.fixture
def a_clock(site):
    async def start(label, *, owner=None, roles=(), length=3, site_id=None):
        today = clocks.local_day(clock.now())
        return await services.start(
            NewDeadline(
                record_kind="matter", record=str(uuid4()), name="handle", label=N_(label),
                rule=DeadlineRule(name="handle", length=length, basis="第三十四条"),
                started_on=today, owner=owner, roles=roles, site_id=site_id, url="/elsewhere",
            ),
            actor=SYSTEM, at=clock.now(),
        )  # fmt: skip

    return start


@pytest.mark.rule("CORE-10", "CORE-25")
async def test_everybody_finds_their_own_deadlines_and_how_each_date_was_reached(
    client_as, a_clock, site
):
    client = await client_as("desk")
    await a_clock("my own", owner=client.user_id, length=1)
    await a_clock("of my role", roles=("desk",))
    await a_clock("of another", owner=uuid4())
    await a_clock("of another role", roles=("host", "desk_of_others"))
    page = await client.get("/deadlines")
    assert page.status_code == 200
    assert "my own" in page.text
    assert "of my role" in page.text
    assert "of another" not in page.text
    assert "第三十四条" in page.text
    home = await client.get("/")
    assert 'href="/deadlines"' in home.text


async def test_a_role_held_at_another_site_shows_nothing_of_this_one(client_as, a_clock, site):
    from core.sites.tables import Site

    other = Site(id=uuid4(), code="east", name="东校区")
    await Site.insert(other)
    client = await client_as("desk", site_id=other.id)
    await a_clock("here", roles=("desk",), site_id=site.id)
    await a_clock("there", roles=("desk",), site_id=other.id)
    page = await client.get("/deadlines")
    assert "there" in page.text
    assert ">here<" not in page.text


async def test_without_any_deadline_the_page_says_so(client_as, site):
    page = await (await client_as("desk")).get("/deadlines")
    assert "没有" in page.text
