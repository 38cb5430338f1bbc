"""Units are assessed from the records, ranked, commended; staff are marked by their head."""

import re
from datetime import date
from uuid import uuid4

import pytest

from core import db
from core.reports.facts import QUARTER, period
from core.settings import load
from plugins.government.assessing.policies import (
    IN_TIME,
    QUALITY,
    RATES,
    Marked,
    Rate,
    mark,
    ranked,
)
from tests.plugins.government.chain import handled_by

pytestmark = pytest.mark.anyio
WEIGHTS = {"accept": 20, "in_time": 30, "quality": 30, "satisfaction": 20}


def rates(**given):
    return {name: given.get(name, Rate(0, 0)) for name in RATES}


def a_unit(name, points, items=9):
    return Marked(unit_id=name, name=name, items=items, rates=rates(), mark=points)


def test_a_mark_is_the_weighted_mean_of_what_can_be_judged():
    assert mark(rates(), WEIGHTS) is None
    assert mark(rates(in_time=Rate(9, 10)), WEIGHTS) == 90.0
    assert mark(rates(in_time=Rate(1, 1), quality=Rate(0, 1)), WEIGHTS) == 50.0
    assert mark(rates(in_time=Rate(1, 1)), {**WEIGHTS, IN_TIME: 0}) is None
    assert Rate(0, 0).percent is None
    assert QUALITY in RATES


def test_equal_marks_share_a_place_and_few_items_are_not_ranked():
    units = [a_unit("a", 80.0), a_unit("b", 95.5), a_unit("c", 80.0), a_unit("d", 99.0, items=2)]
    assert [(one.name, one.place) for one in ranked(units, 5)] == [
        ("b", 1),
        ("a", 2),
        ("c", 2),
        ("d", None),
    ]


@pytest.mark.rule("GOV-51")
async def test_the_head_fixes_a_quarter_commends_a_unit_and_marks_the_staff(city):
    head, clerk = await city.client("petition_head"), await city.client("petition_clerk")
    unit = await city.client("petition_unit", unit="labour")
    city.travel("2026-08-03 09:00")
    for _ in range(6):
        await city.matter(held_by="labour")
    city.travel("2026-11-23 09:00")
    page = await head.get("/government/assessment?period=quarter&day=2026-08-01")
    assert page.status_code == 200
    assert "市人力资源和社会保障局" in page.text
    form = {"period": "quarter", "day": "2026-08-01"}
    assert (await clerk.post("/government/assessment/acts/fix", data=form)).status_code == 403
    early = await head.post(
        "/government/assessment/acts/fix",
        data={"period": "quarter", "day": "2026-11-01"},
        follow_redirects=True,
    )
    assert "尚未结束" in early.text
    assert (await head.post("/government/assessment/acts/fix", data=form)).status_code == 303
    again = await head.post("/government/assessment/acts/fix", data=form, follow_redirects=True)
    assert "已经确定" in again.text
    kept = await db.fetch("SELECT first, content FROM government_assessment")
    assert kept[0]["first"] == period(QUARTER, date(2026, 8, 1), load().zone).first
    assert '"items": 6' in kept[0]["content"]
    given = {**form, "unit": str(city.units["labour"]), "reason": "全部按期办结"}
    assert (await head.post("/government/assessment/acts/commend", data=given)).status_code == 303
    assert "全部按期办结" in (await head.get("/government/assessment")).text
    assert (await unit.get("/government/assessment")).status_code == 403
    staff = await head.get("/government/assessment/staff")
    assert staff.status_code == 200
    points = {"attitude": "5", "speed": "4", "results": "4", "satisfaction": "5"}
    marks = {**points, "user": str(clerk.user_id), "day": "2026-11-01"}
    assert (await head.post("/government/assessment/acts/staff", data=marks)).status_code == 303
    own = {**marks, "user": str(head.user_id)}
    refused = await head.post("/government/assessment/acts/staff", data=own, follow_redirects=True)
    assert "不能给自己打分" in refused.text
    rows = await db.fetch("SELECT speed FROM government_staff_mark")
    assert [row["speed"] for row in rows] == [4]


@pytest.mark.rule("GOV-51")
async def test_what_was_fixed_stays_as_it_was_and_wrong_forms_come_back(city):
    head, clerk = await city.client("petition_head"), await city.client("petition_clerk")
    city.travel("2026-08-03 09:00")
    for _ in range(6):
        await city.matter(held_by="labour")
    city.travel("2026-11-23 09:00")
    form = {"period": "quarter", "day": "2026-08-01"}
    await head.post("/government/assessment/acts/fix", data=form)
    await db.execute("UPDATE government_matter SET holder = {}", city.units["housing"])
    path = "/government/assessment?period=quarter&day=2026-08-01"
    lines = re.findall(
        r'<td class="name">(.*?)</td>.*?本期件数">(\d+)<', (await head.get(path)).text
    )
    assert dict(lines)["市人力资源和社会保障局"] == "6", "the records say otherwise by now"
    file = (await head.get(f"{path}&format=csv")).content.decode("utf-8-sig")
    assert re.search(r"市人力资源和社会保障局,\d*,[\d.]*,6,", file)
    before = "/government/assessment?period=quarter&day=2026-04-01"
    assert "day=2026-04-01" in (await head.get(path)).text
    assert (await head.get(before)).status_code == 200

    bad = {**form, "unit": str(city.units["labour"]), "reason": ""}
    answer = await head.post("/government/assessment/acts/commend", data=bad)
    assert answer.status_code == 422
    assert 'id="f-reason-error"' in answer.text
    foreign = {**form, "unit": str(city.units["province"]), "reason": "x"}
    assert (await head.post("/government/assessment/acts/commend", data=foreign)).status_code == 422
    points = {"attitude": "5", "speed": "²", "results": "9", "satisfaction": ""}
    marks = {**points, "user": str(clerk.user_id), "day": "2026-11-01", "note": "耐心细致"}
    answer = await head.post("/government/assessment/acts/staff", data=marks)
    assert answer.status_code == 422
    assert "耐心细致" in answer.text
    good = {**marks, "speed": "4", "results": "4", "satisfaction": "5"}
    stranger = {**good, "user": str(uuid4())}
    unknown = await head.post("/government/assessment/acts/staff", data=stranger)
    assert unknown.status_code == 404
    assert (await head.post("/government/assessment/acts/staff", data=good)).status_code == 303
    assert "耐心细致" in (await head.get("/government/assessment/staff?day=2026-11-01")).text
    assert "耐心" not in str(await db.fetch("SELECT * FROM government_staff_mark"))


@pytest.mark.rule("GOV-51")
async def test_an_item_under_review_still_counts_for_the_unit_that_gave_the_opinion(city):
    chain = await handled_by(city)
    await chain.issue()
    await db.execute(
        "UPDATE government_matter SET holder = {} WHERE id = {}",
        city.units["city"],
        chain.matter.id,
    )
    head = await city.client("petition_head")
    file = (await head.get("/government/assessment?format=csv")).content.decode("utf-8-sig")
    assert re.search(r"市人力资源和社会保障局,,[\d.]*,1,,100", file), file
