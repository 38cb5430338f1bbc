"""Items handed to units through the pages: transfers, meetings, weekly letters, urgent items."""

from uuid import uuid4

import pytest

from core import db
from core.clock import now as clock_now
from core.documents import issuing
from core.documents.tables import IssuedDocument
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.handling import queries
from plugins.government.matters.tables import Barred, Matter
from plugins.government.units import queries as unit_queries
from tests.plugins.government.chain import sign
from tests.plugins.government.handling_scene import transfer_form, transferred


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


@pytest.mark.rule("GOV-20")
async def test_a_letter_of_before_eight_waits_since_that_day_by_the_sites_clock(city):
    clerk = await city.client("petition_clerk")
    city.travel("2026-11-23 07:30")  # still Sunday in UTC
    await transferred(city, clerk)
    at = city.travel("2026-11-24 09:00")
    [letter] = await queries.letters_owed(await city.actor(clerk), at, site_time(at).date())
    assert letter.days == 1
