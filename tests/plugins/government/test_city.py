# ruff: noqa: F811 - arguments are fixtures
"""The demonstration's city hangs together: stages follow acts, one holder each, nobody accused sees."""

from collections import Counter
from datetime import datetime

import pytest

from core import db
from core.log.tables import LogEntry
from plugins.government.city.courses import in_office
from plugins.government.city.generating import City
from plugins.government.facts import CHANNELS, PURPOSES
from plugins.government.matters.states import MOVES, STAGES
from tests.app import new_client
from tests.demonstration import (  # noqa: F401
    NOW,
    PASSWORD,
    database_url,
    demonstration,
    made,
    wednesday,
)

pytestmark = pytest.mark.anyio


def test_the_same_seed_makes_the_same_city_and_every_stage_occurs():
    one, two = City(5, NOW).make(3000), City(5, NOW).make(3000)
    assert [(p.at, p.title, p.acts, p.came) for p in one] == [
        (p.at, p.title, p.acts, p.came) for p in two
    ]
    # What was destroyed is destroyed by its list, when the city is written.
    assert {plan.stage for plan in one} == set(STAGES) - {"destroyed"}
    assert {plan.channel for plan in one} == set(CHANNELS)
    assert {plan.purpose for plan in one} == set(PURPOSES)


def test_every_course_goes_along_the_table_of_stages_in_order_of_time():
    for plan in City(6, NOW).make(600):
        stage, before = "registered", plan.at
        for act in plan.acts:
            assert act.stage == MOVES[act.name][stage]
            assert before <= act.at < NOW
            stage, before = act.stage, act.at
        assert all(came.at < NOW for came in plan.came)
        assert plan.accused not in {unit for unit, _ in plan.holders}


def test_acts_fall_into_office_hours():
    for text in (
        "2026-11-21T03:00:00+08:00",
        "2026-11-22T12:00:00+08:00",
        "2026-11-23T20:00:00+08:00",
    ):
        moment = in_office(datetime.fromisoformat(text))
        assert moment.weekday() < 5
        assert 8 <= moment.hour <= 17


async def test_a_city_is_written_and_its_people_see_what_is_theirs(made, app):
    stages = Counter(r["stage"] for r in await db.fetch("SELECT stage FROM government_matter"))
    assert sum(stages.values()) >= 300
    assert stages["destroyed"] == 5
    assert not await db.fetch("SELECT id FROM government_matter WHERE holder IS NULL")
    assert not await db.fetch(
        "SELECT m.id FROM government_matter m JOIN government_barred b ON b.matter = m.id"
        " JOIN government_matter_unit u ON u.matter = m.id WHERE u.unit = b.unit"
    )
    registered = await LogEntry.count().where(LogEntry.act == "government.register")
    assert registered == sum(stages.values())
    assert made.also
    seen = {}
    for login in ("petition_clerk", "petition_head", "rs", "zj-head", "administrator"):
        client = new_client(app)
        assert (await client.sign_in(login, PASSWORD)).status_code == 303, login
        page = await client.get("/government/matters")
        seen[login] = page.status_code, page.text.count('href="/government/matters/')
        await client.aclose()
    assert seen["petition_clerk"][0] == seen["petition_head"][0] == 200
    assert seen["petition_clerk"][1] >= 50
    assert seen["administrator"][0] == 403
    assert seen["rs"][0] == 200
    last = await db.fetch("SELECT last FROM document_number WHERE id = 'government.matter/2026'")
    top = await db.fetch("SELECT max(number) AS n FROM government_matter")
    assert top[0]["n"] == f"2026-{last[0]['last']:06}"
