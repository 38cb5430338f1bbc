"""The unit's work through the pages: acknowledged, objected to, returned, checked."""

from datetime import timedelta

import pytest

from core import clock, db
from core.clock import now as clock_now
from core.deadlines.sweeping import sweep
from core.holding import queries as holding
from core.log.tables import LogEntry
from core.permissions import SYSTEM
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.handling import queries
from plugins.government.matters import services as matters
from plugins.government.matters.tables import Matter
from plugins.government.supervising import finding
from plugins.government.supervising.facts import UNRETURNED
from tests.plugins.government.handling_scene import (
    POINTS,
    RESULT,
    acknowledged,
    returned,
    transfer_form,
    transferred,
)


@pytest.mark.rule("GOV-23")
async def test_a_unit_acknowledges_plans_contacts_reports_and_returns_the_result(
    city, clerk, unit_clerk
):
    row = await acknowledged(city, clerk, unit_clerk)
    assert row.stage == "handling"
    assert row.first_handler_name == "东河经办老吴"
    base = f"/government/matters/{row.id}"
    contact = {"day": "2026-11-23", "means": "phone", "text": "已通话，约明日见面"}
    assert (await unit_clerk.post(f"{base}/contact", data=contact)).status_code == 303
    assert (
        await unit_clerk.post(f"{base}/progress", data={"text": "已约谈包工头"})
    ).status_code == 303
    assert (await unit_clerk.post(f"{base}/result", data=RESULT)).status_code == 303
    page = (await clerk.get(base)).text
    for text in (
        "约见当事人，调取考勤",
        "已通话，约明日见面",
        "已约谈包工头",
        "用人单位已补发工资三万元",
    ):
        assert text in page
    assert (await city.row(row.id)).stage == "reported"


@pytest.mark.rule("GOV-23")
async def test_a_result_without_how_the_petitioner_takes_it_is_rejected(city, clerk, unit_clerk):
    row = await acknowledged(city, clerk, unit_clerk)
    answer = await unit_clerk.post(
        f"/government/matters/{row.id}/result", data={**RESULT, "taken": ""}
    )
    assert answer.status_code == 422
    assert "用人单位已补发工资三万元" in answer.text
    assert (await city.row(row.id)).stage == "handling"


@pytest.mark.rule("GOV-26")
async def test_a_unit_cannot_pass_on_assign_or_take_back_by_itself(city, clerk, unit_clerk):
    row = await acknowledged(city, clerk, unit_clerk)
    for act in ("transfer", "assign", "take-back"):
        answer = await unit_clerk.post(
            f"/government/matters/{row.id}/{act}", data=transfer_form(city, "county2")
        )
        assert answer.status_code == 403
    assert (await city.row(row.id)).holder == city.units["county1"]
    page = (await unit_clerk.get(f"/government/matters/{row.id}")).text
    assert f"{row.id}/object" in page
    assert f"{row.id}/transfer" not in page


@pytest.mark.rule("GOV-26")
@pytest.mark.rule("GOV-54")
async def test_an_objection_within_five_working_days_is_decided_and_the_return_counts(
    city, clerk, unit_clerk
):
    row = await acknowledged(city, clerk, unit_clerk)
    base = f"/government/matters/{row.id}"
    await city.later("2026-11-30 16:00")  # Monday, the fifth working day
    objection = {"reason": "工地在西岭区，不属本县", "proposed": str(city.units["county2"])}
    assert (await unit_clerk.post(f"{base}/object", data=objection)).status_code == 303
    page = (await clerk.get(f"{base}/objection")).text
    assert "工地在西岭区，不属本县" in page
    answer = await clerk.post(f"{base}/objection", data={"granted": "yes", "reason": "属实"})
    assert answer.status_code == 303
    row = await city.row(row.id)
    assert (row.stage, row.holder) == ("accepted", city.units["office"])
    held = await holding.current("government_matter", row.id)
    assert (held.holder.id, held.returns) == (str(city.units["office"]), 1)
    again = await clerk.get(f"{base}/transfer")
    assert f'<option value="{city.units["county2"]}" selected' in again.text
    chain = await holding.history("government_matter", row.id, at=clock_now())
    assert sum(span.days for span in chain.spans) == chain.age == 7


@pytest.mark.rule("GOV-26")
async def test_an_objection_on_the_sixth_working_day_is_refused(city, clerk, unit_clerk):
    row = await acknowledged(city, clerk, unit_clerk)
    await city.later("2026-12-01 09:00")
    answer = await unit_clerk.post(
        f"/government/matters/{row.id}/object", data={"reason": "不属本县", "proposed": ""}
    )
    assert answer.status_code == 422
    assert "2026-11-30" in answer.text
    assert await queries.objections(row.id) == []


@pytest.mark.rule("GOV-26")
async def test_a_rejected_objection_leaves_the_item_with_the_unit(city, clerk, unit_clerk):
    row = await acknowledged(city, clerk, unit_clerk)
    base = f"/government/matters/{row.id}"
    await unit_clerk.post(f"{base}/object", data={"reason": "不属本县", "proposed": ""})
    await clerk.post(f"{base}/objection", data={"granted": "no", "reason": "事发地在贵县"})
    row = await city.row(row.id)
    assert (row.stage, row.holder) == ("handling", city.units["county1"])
    assert "事发地在贵县" in (await unit_clerk.get(base)).text


@pytest.mark.rule("GOV-24")
async def test_a_failed_point_sends_the_result_back_with_reasons_and_both_dates(
    city, clerk, unit_clerk
):
    row = await returned(city, clerk, unit_clerk)
    base = f"/government/matters/{row.id}"
    missing = await clerk.post(
        f"{base}/check", data={**POINTS, "point_formalities": "no", "findings": "", "new_day": ""}
    )
    assert missing.status_code == 422
    answer = await clerk.post(
        f"{base}/check",
        data={
            **POINTS,
            "point_formalities": "no",
            "findings": "缺责任单位盖章",
            "new_day": "2027-01-05",
        },
    )
    assert answer.status_code == 303, answer.text
    row = await city.row(row.id)
    assert (row.stage, row.holder) == ("handling", city.units["county1"])
    page = (await unit_clerk.get(base)).text
    assert "缺责任单位盖章" in page
    assert "2026-12-23" in page
    assert "2027-01-05" in page
    clock = next(
        one
        for one in await clocks.of_matter(row.id, at=clock_now())
        if one.name == "government.report"
    )
    assert (clock.state, clock.due.isoformat()) == ("running", "2027-01-05")
    former = (await unit_clerk.get(f"{base}/result")).text
    assert "走访工地，核对工资表" in former  # nothing is typed twice


@pytest.mark.rule("GOV-24")
async def test_a_late_result_fails_the_point_of_time_whatever_the_clerk_says(
    city, clerk, unit_clerk
):
    row = await acknowledged(city, clerk, unit_clerk)
    await city.later("2026-12-24 09:00")
    base = f"/government/matters/{row.id}"
    await unit_clerk.post(f"{base}/result", data=RESULT)
    answer = await clerk.post(
        f"{base}/check", data={**POINTS, "point_in_time": "yes", "findings": "", "new_day": ""}
    )
    assert answer.status_code == 422
    result = (await queries.results(row.id))[0]
    assert result.late
    assert result.passed is None


@pytest.mark.rule("GOV-24")
async def test_a_result_that_passes_all_seven_points_ends_the_units_clock(city, clerk, unit_clerk):
    row = await returned(city, clerk, unit_clerk)
    answer = await clerk.post(
        f"/government/matters/{row.id}/check", data={**POINTS, "findings": "", "new_day": ""}
    )
    assert answer.status_code == 303, answer.text
    assert (await queries.results(row.id))[0].passed is True
    clock = next(
        one
        for one in await clocks.of_matter(row.id, at=clock_now())
        if one.name == "government.report"
    )
    assert clock.state == "finished"


@pytest.mark.rule("GOV-54")
async def test_bounces_are_counted_loops_found_and_the_days_add_up_to_the_items_age(city, clerk):
    row = await transferred(city, clerk)
    base = f"/government/matters/{row.id}"
    for day, unit in (("2026-11-25", "county2"), ("2026-11-28", "county1")):
        await city.later(f"{day} 09:00")
        answer = await clerk.post(f"{base}/transfer", data=transfer_form(city, unit))
        assert answer.status_code == 303, answer.text
    await city.later("2026-12-01 09:00")
    chain = await holding.history("government_matter", row.id, at=clock_now())
    assert [span.holder.label for span in chain.spans][-3:] == [
        "东河县人民政府",
        "西岭区人民政府",
        "东河县人民政府",
    ]
    assert chain.loops == 1
    assert sum(span.days for span in chain.spans) == chain.age == 8
    open_spans = await db.fetch(
        "SELECT count(*) AS n FROM holding_span WHERE record = {} AND until IS NULL", str(row.id)
    )
    assert open_spans[0]["n"] == 1
    page = (await clerk.get(base)).text
    assert "西岭区人民政府" in page


@pytest.mark.rule("GOV-54")
async def test_to_take_an_item_back_needs_a_reason(city, clerk):
    row = await transferred(city, clerk)
    base = f"/government/matters/{row.id}/take-back"
    assert (await clerk.post(base, data={"reason": ""})).status_code == 422
    assert (await city.row(row.id)).holder == city.units["county1"]
    assert (await clerk.post(base, data={"reason": "改由市局直接处理"})).status_code == 303
    row = await city.row(row.id)
    assert (row.stage, row.holder) == ("accepted", city.units["office"])


async def test_the_log_of_handling_holds_no_word_of_the_matter(city, clerk, unit_clerk):
    await returned(city, clerk, unit_clerk)
    rows = await LogEntry.select(LogEntry.before, LogEntry.after)
    text = " ".join(row["before"] + row["after"] for row in rows)
    for word in ("拖欠", "考勤", "三万元", "周建国", "职权"):
        assert word not in text


async def test_a_closed_items_age_counts_no_further(city, clerk):
    row = await transferred(city, clerk)
    actor = await city.actor(clerk)
    async with db.writing():
        taken = await matters.take(row.id, actor, clock_now())
        await matters.move(taken, "take_up", actor=actor, at=clock_now())
        await matters.move(taken, "close", actor=actor, at=clock_now())
    await city.later("2026-12-23 09:00")
    chain = await holding.history("government_matter", row.id, at=clock_now())
    assert chain.age == 0
    assert await Matter.exists().where(Matter.id == row.id, Matter.stage == "closed")


@pytest.mark.rule("GOV-23")
async def test_what_is_due_today_stands_first_in_a_units_list_and_on_its_first_page(city, clerk):
    """However many items came since, and whenever they were registered."""
    rows = [await city.matter(title=f"事项{number}") for number in range(4)]
    for row in rows:
        await clerk.post(
            f"/government/matters/{row.id}/transfer", data=transfer_form(city, "labour")
        )
    today = site_time(clock.now()).date()
    for row, days in zip(rows, (9, 0, None, 3), strict=True):
        await db.execute(
            "UPDATE government_forwarding SET due_on = {}, state = 'taken' WHERE matter = {}",
            today + timedelta(days=days) if days is not None else None,
            row.id,
        )
    unit = await city.client("petition_unit", unit="labour")
    page = (await unit.get("/government/unit?view=working")).text
    places = [page.index(rows[number].number) for number in (1, 3, 0, 2)]
    assert places == sorted(places)
    assert "今天到期" in page
    home = (await unit.get("/")).text
    assert "今天到期或已超期未反馈" in home
    other = await city.client("petition_unit", unit="housing")
    assert "今天到期或已超期未反馈" not in (await other.get("/")).text


@pytest.mark.rule("GOV-24", "GOV-28")
async def test_a_unit_is_not_late_while_the_office_has_its_result_to_check(city, clerk, unit_clerk):
    async def late():
        found = await finding.find(UNRETURNED, SYSTEM, at=clock_now())
        return [one.matter_id for one in found]

    row = await returned(city, clerk, unit_clerk)
    await city.later("2026-12-28 09:00")
    await sweep(clock_now(), city.plugins)
    assert await late() == []
    assert "已超期" not in (await unit_clerk.get("/notices")).text
    base = f"/government/matters/{row.id}"
    checked = {**POINTS, "point_law": "no", "findings": "依据不当", "new_day": "2027-01-05"}
    answer = await clerk.post(f"{base}/check", data=checked)
    assert answer.status_code == 303, answer.text
    page = (await unit_clerk.get(base)).text
    assert "result sent back" not in page
    await city.later("2027-01-06 09:00")
    assert await late() == [row.id], "sent back, the unit has its new date to keep"
