"""Items handed to units through the pages: transfer, assignment, the unit's work, the check of its result."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock, db
from core.clock import now as clock_now
from core.documents import issuing
from core.documents.tables import IssuedDocument
from core.holding import queries as holding
from core.log.tables import LogEntry
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.handling import queries
from plugins.government.matters import services as matters
from plugins.government.matters.tables import Barred, Matter
from plugins.government.units import queries as unit_queries
from tests.plugins.government.chain import sign


@pytest.fixture
async def clerk(city):
    """Somebody at the reception desk."""
    return await city.client("petition_clerk", name="接待员小陈")


@pytest.fixture
async def unit_clerk(city):
    """Somebody of the first county."""
    return await city.client("petition_unit", unit="county1", name="东河经办老吴")


def transfer_form(city, unit="county1", **changed):
    """What is typed for a transfer."""
    return {
        "unit": str(city.units[unit]),
        "reason": "事发地在该县，属其职权范围",
        "due_on": "2026-12-23",
        "answer": "",
        "spoke_with": "",
        **changed,
    }


async def transferred(city, clerk, unit="county1", **changed):
    """An item that was transferred to a unit; returns its row."""
    row = await city.matter(place_id=None)
    answer = await clerk.post(
        f"/government/matters/{row.id}/transfer", data=transfer_form(city, unit, **changed)
    )
    assert answer.status_code == 303, answer.text
    return await city.row(row.id)


async def acknowledged(city, clerk, unit_clerk):
    """An item that the first county acknowledged."""
    row = await transferred(city, clerk)
    answer = await unit_clerk.post(
        f"/government/matters/{row.id}/acknowledge",
        data={"person": str(unit_clerk.user_id), "plan": "约见当事人，调取考勤"},
    )
    assert answer.status_code == 303, answer.text
    return await city.row(row.id)


RESULT = {
    "course": "走访工地，核对工资表",
    "result": "用人单位已补发工资三万元",
    "basis": "保障农民工工资支付条例",
    "measures": "年底前再查一次",
    "taken": "satisfied",
    "words": "同意",
    "petitioner_signed": "1",
    "sealed": "1",
    "signed_by": "刘县长",
}
POINTS = {f"point_{name}": "yes" for name in ("matches", "facts", "law", "measures", "formalities")}


async def returned(city, clerk, unit_clerk):
    """An item whose result was returned."""
    row = await acknowledged(city, clerk, unit_clerk)
    answer = await unit_clerk.post(f"/government/matters/{row.id}/result", data=RESULT)
    assert answer.status_code == 303, answer.text
    return await city.row(row.id)


@pytest.mark.rule("GOV-20")
async def test_a_transfer_to_a_county_body_copies_its_petition_office_and_moves_the_holder(
    city, clerk, unit_clerk
):
    row = await transferred(city, clerk)
    assert (row.stage, row.holder) == ("forwarded", city.units["county1"])
    sent = await queries.current(row.id)
    assert sent.unit == "东河县人民政府"
    assert sent.copy == "东河县信访局"
    office = await city.client("petition_unit", unit="county1_office")
    page = await office.get("/government/unit?view=copy")
    assert row.number in page.text
    inbox = await unit_clerk.get("/government/unit")
    assert row.number in inbox.text
    other = await city.client("petition_unit", unit="county2")
    assert (await other.get(f"/government/matters/{row.id}")).status_code == 404


@pytest.mark.rule("GOV-20")
async def test_a_transfer_to_the_county_petition_office_itself_needs_no_copy(city, clerk):
    row = await transferred(city, clerk, "county1_office")
    sent = await queries.current(row.id)
    assert (sent.unit, sent.copy) == ("东河县信访局", "")


@pytest.mark.rule("GOV-21")
async def test_a_transfer_to_a_department_reaches_it_without_a_copy(city, clerk):
    row = await transferred(city, clerk, "labour")
    sent = await queries.current(row.id)
    assert (sent.unit, sent.copy, sent.kind) == ("市人力资源和社会保障局", "", "transfer")
    page = await clerk.get(f"/government/matters/{row.id}")
    assert "市人力资源和社会保障局" in page.text


@pytest.mark.rule("GOV-20")
@pytest.mark.rule("GOV-21")
async def test_a_transfer_makes_a_paper_for_the_petitioner_and_one_for_the_unit(city, clerk):
    for unit, letter in (("county1", "transfer_county"), ("labour", "transfer_department")):
        row = await transferred(city, clerk, unit)
        rows = await db.fetch("SELECT kind FROM issued_document WHERE record = {}", row.id)
        assert {one["kind"] for one in rows} == {
            f"government.{letter}",
            "government.transfer_notice",
        }
        page = (await clerk.get(f"/government/matters/{row.id}")).text
        assert "信访转告〔2026〕" in page


@pytest.mark.rule("GOV-4")
async def test_an_anonymous_item_is_transferred_without_a_paper_to_the_petitioner(city, clerk):
    row = await city.matter(petitioner_id=await city.petitioner(name="", anonymous=True))
    await Matter.update({Matter.anonymous: True, Matter.petitioner: None}, force=True).where(
        Matter.id == row.id
    )
    answer = await clerk.post(
        f"/government/matters/{row.id}/transfer", data=transfer_form(city, "labour")
    )
    assert answer.status_code == 303, answer.text
    rows = await db.fetch("SELECT kind FROM issued_document WHERE record = {}", row.id)
    assert [one["kind"] for one in rows] == ["government.transfer_department"]


async def test_a_rejected_transfer_comes_back_as_it_was_filled_in(city, clerk):
    row = await city.matter()
    answer = await clerk.post(
        f"/government/matters/{row.id}/transfer",
        data=transfer_form(city, reason="属该县职权", due_on="2026-11-23"),
    )
    assert answer.status_code == 422
    assert "属该县职权" in answer.text
    assert 'id="f-due_on-error"' in answer.text
    assert (await city.row(row.id)).stage == "registered"


@pytest.mark.rule("GOV-31")
async def test_forwarding_starts_both_clocks_of_handling_and_ends_the_time_to_inform(city, clerk):
    row = await transferred(city, clerk)
    found = {one.name: one for one in await clocks.of_matter(row.id, at=clock_now())}
    assert found["government.inform"].state == "finished"
    assert found["government.handle"].due.isoformat() == "2027-01-22"
    assert found["government.handle_internal"].due.isoformat() == "2026-12-23"
    assert found["government.report"].due.isoformat() == "2026-12-23"


@pytest.mark.rule("GOV-50")
async def test_a_transfer_to_the_accused_unit_or_below_it_is_refused(city):
    head = await city.client("petition_head")
    row = await city.matter(purpose="accusation")
    await Barred.insert(
        Barred(
            id=uuid4(), matter=row.id, unit=city.units["county1"], why="accused", since=clock_now()
        )
    )
    for unit in ("county1", "county1_office"):
        answer = await head.post(
            f"/government/matters/{row.id}/transfer", data=transfer_form(city, unit)
        )
        assert answer.status_code == 422
        assert "GOV-50" in answer.text
    assert (await city.row(row.id)).stage == "registered"
    assert await queries.forwardings(row.id) == []
    assert await unit_queries.units_of(await city.actor(head)) == []


@pytest.mark.rule("GOV-50")
async def test_a_transfer_to_where_the_accused_person_works_is_refused(city):
    head = await city.client("petition_head")
    accused = await city.client("petition_unit_head", unit="labour", head=True)
    row = await city.matter(purpose="accusation")
    await Barred.insert(
        Barred(id=uuid4(), matter=row.id, user=accused.user_id, why="accused", since=clock_now())
    )
    answer = await head.post(
        f"/government/matters/{row.id}/transfer", data=transfer_form(city, "labour")
    )
    assert answer.status_code == 422
    assert (await accused.get(f"/government/matters/{row.id}")).status_code == 404
    assert (await city.row(row.id)).holder == city.units["office"]


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


@pytest.mark.rule("GOV-22")
async def test_an_assignment_meeting_is_told_to_the_unit_and_stands_on_the_letter(city, clerk):
    deputy = await city.client("petition_deputy")
    row = await city.matter()
    form = transfer_form(
        city,
        "labour",
        ground="may_escalate",
        requirement="查清欠薪数额",
        due_on="2027-01-22",
        meeting_on="2026-11-26",
    )
    await clerk.post(f"/government/matters/{row.id}/assign", data=form)
    [request] = await db.fetch("SELECT id FROM approval_request")
    await sign(deputy, request["id"])
    unit = await city.client("petition_unit", unit="labour")
    assert "2026-11-26" in (await unit.get(f"/government/matters/{row.id}")).text
    letter = await IssuedDocument.objects().get(
        IssuedDocument.kind == "government.assignment_letter"
    )
    assert issuing.data_of(letter)["requirements"][0] == (
        "定于2026年11月26日召开交办会，请派负责同志参加；"
    )


@pytest.mark.rule("GOV-25")
async def test_the_weeks_letters_go_out_as_one_list_once_a_week(city, clerk, unit_clerk):
    first = await transferred(city, clerk)
    second = await transferred(city, clerk)
    page = (await clerk.get("/government/weekly")).text
    assert first.number in page
    assert second.number in page
    form = {"unit": str(city.units["county1"]), "report_on": "2026-12-23"}
    answer = await clerk.post("/government/weekly", data=form)
    assert answer.status_code == 303
    listed = (await unit_clerk.get(answer.headers["location"])).text
    assert first.number in listed
    assert second.number in listed
    [paper] = await db.fetch(
        "SELECT id FROM issued_document WHERE kind = 'government.weekly_batch'"
    )
    assert (await unit_clerk.get(f"/documents/{paper['id']}")).status_code == 200
    other = await city.client("petition_unit", unit="county2")
    assert (await other.get(f"/documents/{paper['id']}")).status_code == 404
    assert (await other.get(answer.headers["location"])).status_code == 404
    inbox = (await unit_clerk.get("/government/unit")).text
    assert answer.headers["location"] in inbox, "the unit finds the list with its items"
    assert "2件尚未反馈" in inbox
    third = await transferred(city, clerk)
    again = await clerk.post("/government/weekly", data=form)
    assert again.status_code == 422
    assert (await queries.current(third.id)).letter == "owed"
    await city.later("2026-11-30 09:00")
    assert (await clerk.post("/government/weekly", data=form)).status_code == 303
    assert (await queries.current(third.id)).letter == "posted"


@pytest.mark.rule("GOV-25")
async def test_an_urgent_item_goes_ahead_by_phone_and_its_letter_is_owed_until_sent(city, clerk):
    row = await city.matter()
    base = f"/government/matters/{row.id}"
    silent = await clerk.post(f"{base}/transfer", data=transfer_form(city, urgent="1"))
    assert silent.status_code == 422
    answer = await clerk.post(
        f"{base}/transfer",
        data=transfer_form(city, urgent="1", spoke_with="值班员小赵", answer="立即派人"),
    )
    assert answer.status_code == 303
    assert "letter" in (await clerk.get(base)).text
    assert (await queries.current(row.id)).letter == "owed"
    home = (await clerk.get("/")).text
    assert "/government/weekly" in home
    assert (await clerk.post(f"{base}/letter", data={"day": "2026-11-23"})).status_code == 303
    assert (await queries.current(row.id)).letter == "posted"
    assert f"{base}/letter" not in (await clerk.get(base)).text


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


@pytest.mark.rule("GOV-53")
async def test_urgency_is_graded_by_its_signs_and_shown_on_the_duty_board(city, clerk):
    row = await city.matter(heads=23)
    base = f"/government/matters/{row.id}"
    form = {"heads": "23", "announced": "1", "matters_on": "2026-11-26", "grade": "0", "reason": ""}
    assert (await clerk.post(f"{base}/grade", data=form)).status_code == 422
    form |= {"grade": "3", "reason": "扬言周四集体到市政府"}
    assert (await clerk.post(f"{base}/grade", data=form)).status_code == 303
    board = (await clerk.get("/government/duty")).text
    assert row.number in board
    assert "扬言" not in board
    assert (await city.row(row.id)).urgency == 3


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
