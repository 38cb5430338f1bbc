"""What is left behind when an item leaves a unit, ends, or accuses whoever has it."""

import asyncio
from uuid import uuid4

import pytest

from core import clock, db
from core.documents import issuing
from core.documents.tables import IssuedDocument
from core.errors import NotFoundError, RefusedError
from core.permissions import SYSTEM
from core.sites.tables import Site
from plugins.government import clocks
from plugins.government.handling import queries
from plugins.government.matters import services as matters
from plugins.government.matters.tables import Barred
from plugins.government.supervising import queries as supervising
from plugins.government.supervising import services as opened
from plugins.government.units import services as units
from tests.plugins.government.chain import handled_by, sign
from tests.plugins.government.handling_scene import (
    POINTS,
    RESULT,
    acknowledged,
    returned,
    transfer_form,
    transferred,
)


@pytest.fixture
async def clerk(city):
    """Somebody at the reception desk."""
    return await city.client("petition_clerk", name="接待员小陈")


@pytest.fixture
async def head(city):
    """The head of the reception room."""
    return await city.client("petition_head", name="王主任")


@pytest.fixture
async def unit_clerk(city):
    """Somebody of the first county."""
    return await city.client("petition_unit", unit="county1", name="东河经办老吴")


@pytest.fixture
async def labour_clerk(city):
    """Somebody of the department of labour."""
    return await city.client("petition_unit", unit="labour", name="人社经办小许")


async def supervised(city, row, unit):
    """Supervise a unit on an item; returns the supervision's id in a list."""
    opening = opened.Opening(
        unit_id=city.units[unit],
        reason="not_in_time",
        requirement="限期办结",
        due_on=clock.now().date(),
        unurged="已当面催过",
    )
    return [await opened.supervise(row.id, opening, actor=SYSTEM, at=clock.now())]


async def seen_supervisions(city, client):
    """The supervisions that somebody finds in their list."""
    actor = await city.actor(client)
    return await supervising.supervisions(actor, supervising.Wanted(), at=clock.now())


async def names_of(city, matter_id):
    """The clocks of an item that run."""
    found = await clocks.of_matter(matter_id, at=clock.now())
    return {one.name.removeprefix("government.") for one in found if one.state == "running"}


@pytest.mark.rule("GOV-50")
async def test_no_letter_about_an_item_goes_to_the_unit_it_came_to_accuse(city, clerk, head):
    row = await transferred(city, clerk)
    other = await transferred(city, clerk)
    answer = await head.post(
        f"/government/matters/{row.id}/accused",
        data={"accused_unit": str(city.units["county1"])},
    )
    assert answer.status_code == 303
    form = {"unit": str(city.units["county1"]), "report_on": "2026-12-23"}
    answer = await head.post("/government/weekly", data=form)
    assert answer.status_code == 303, answer.text
    [paper] = await IssuedDocument.objects().where(IssuedDocument.kind == "government.weekly_batch")
    listed = str(issuing.data_of(paper)["rows"])
    assert other.number in listed
    assert row.number not in listed
    assert await head.post(f"/government/matters/{row.id}/letter", data={"day": "2026-11-23"})
    assert not await queries.current(row.id), "the accused unit has it no longer"


@pytest.mark.rule("GOV-50")
async def test_an_item_taken_from_the_unit_it_accuses_is_the_reception_rooms_to_forward_again(
    city, clerk, head, unit_clerk
):
    row = await acknowledged(city, clerk, unit_clerk)
    await unit_clerk.post(f"/government/matters/{row.id}/object", data={"reason": "不属本县"})
    form = {"accused_unit": str(city.units["county1"])}
    assert (await head.post(f"/government/matters/{row.id}/accused", data=form)).status_code == 303
    row = await city.row(row.id)
    assert (row.stage, row.holder) == ("accepted", city.units["office"])
    assert not {"report", "object"} & await names_of(city, row.id)
    duty = (await head.get("/government/duty")).text
    assert row.number not in duty, "no objection waits any more"
    answer = await head.post(
        f"/government/matters/{row.id}/transfer", data=transfer_form(city, "labour")
    )
    assert answer.status_code == 303, answer.text


@pytest.mark.rule("GOV-24")
async def test_the_next_units_result_is_checked_though_the_former_ones_never_was(
    city, clerk, unit_clerk, labour_clerk
):
    row = await returned(city, clerk, unit_clerk)
    base = f"/government/matters/{row.id}"
    form = transfer_form(city, "labour")
    assert (await clerk.post(f"{base}/transfer", data=form)).status_code == 303
    assert row.number not in (await clerk.get("/government/duty")).text
    person = {"person": str(labour_clerk.user_id), "plan": "重新核查"}
    assert (await labour_clerk.post(f"{base}/acknowledge", data=person)).status_code == 303
    assert (await labour_clerk.post(f"{base}/result", data=RESULT)).status_code == 303
    assert row.number in (await clerk.get("/government/duty")).text
    assert (await clerk.get(f"{base}/check")).status_code == 200
    answer = await clerk.post(f"{base}/check", data={**POINTS, "findings": ""})
    assert answer.status_code == 303, answer.text
    now = (await queries.forwardings(row.id))[0]
    assert (now.unit_id, now.state) == (city.units["labour"], "checked")


@pytest.mark.rule("GOV-26")
async def test_an_objection_of_the_former_unit_never_takes_the_item_from_the_next(
    city, clerk, unit_clerk, labour_clerk
):
    row = await acknowledged(city, clerk, unit_clerk)
    base = f"/government/matters/{row.id}"
    await unit_clerk.post(f"{base}/object", data={"reason": "不属本县", "proposed": ""})
    form = transfer_form(city, "labour")
    assert (await clerk.post(f"{base}/transfer", data=form)).status_code == 303
    assert row.number not in (await clerk.get("/government/duty")).text
    answer = await clerk.post(f"{base}/objection", data={"granted": "yes", "reason": "同意"})
    assert answer.status_code == 303
    assert (await city.row(row.id)).holder == city.units["labour"]
    [objection] = await queries.objections(row.id)
    assert objection.granted, "the unit has it no longer"


@pytest.mark.rule("GOV-26")
async def test_two_units_on_one_day_have_their_own_time_to_object(
    city, clerk, unit_clerk, labour_clerk
):
    row = await acknowledged(city, clerk, unit_clerk)
    base = f"/government/matters/{row.id}"
    city.travel("2026-11-23 11:00")
    form = transfer_form(city, "labour")
    assert (await clerk.post(f"{base}/transfer", data=form)).status_code == 303
    await city.later("2026-11-26 09:00")
    person = {"person": str(labour_clerk.user_id), "plan": ""}
    assert (await labour_clerk.post(f"{base}/acknowledge", data=person)).status_code == 303
    assert "object" in await names_of(city, row.id)
    await city.later("2026-12-03 09:00")  # the fifth working day after receipt
    answer = await labour_clerk.post(f"{base}/object", data={"reason": "劳务派遣，不属本局"})
    assert answer.status_code == 303, answer.text
    assert [one.unit for one in await queries.objections(row.id)] == ["市人力资源和社会保障局"]


@pytest.mark.rule("GOV-24")
async def test_a_unit_is_not_late_with_what_was_signed_after_its_day(city, clerk, unit_clerk):
    deputy = await city.client("petition_deputy")
    row = await city.matter()
    form = transfer_form(city, ground="may_escalate", requirement="查清拖欠数额", meeting_on="")
    base = f"/government/matters/{row.id}"
    answer = await clerk.post(f"{base}/assign", data={**form, "due_on": "2026-11-25"})
    assert answer.status_code == 303, answer.text
    await city.later("2026-11-30 09:00")
    [request] = await db.fetch("SELECT id FROM approval_request")
    await sign(deputy, request["id"])
    sent = await queries.current(row.id)
    assert sent.due_on.isoformat() == "2026-12-01"
    [paper] = await IssuedDocument.objects().where(
        IssuedDocument.kind == "government.assignment_letter"
    )
    assert issuing.data_of(paper)["due_on"] == "2026年12月1日"
    person = {"person": str(unit_clerk.user_id), "plan": ""}
    assert (await unit_clerk.post(f"{base}/acknowledge", data=person)).status_code == 303
    assert (await unit_clerk.post(f"{base}/result", data=RESULT)).status_code == 303
    [result] = await queries.results(row.id)
    assert not result.late


@pytest.mark.rule("GOV-49")
async def test_whoever_stepped_back_is_not_put_in_charge(city, clerk, unit_clerk):
    colleague = await city.client("petition_unit", unit="county1", name="东河回避者")
    row = await transferred(city, clerk)
    base = f"/government/matters/{row.id}"
    await colleague.post(f"{base}/step-back", data={"interest": "当事人系本人亲属"})
    assert "东河回避者" not in (await unit_clerk.get(f"{base}/acknowledge")).text
    person = {"person": str(colleague.user_id), "plan": ""}
    assert (await unit_clerk.post(f"{base}/acknowledge", data=person)).status_code == 422
    assert (await city.row(row.id)).stage == "forwarded"


@pytest.mark.rule("GOV-54")
async def test_an_opinion_ends_the_units_work_and_the_clock_of_its_result(city, clerk, unit_clerk):
    unit_head = await city.client("petition_unit_head", unit="county1", head=True, name="县长")
    row = await acknowledged(city, clerk, unit_clerk)
    base = f"/government/matters/{row.id}"
    form = {
        "outcome": "support", "claims": "支付工资", "facts": "属实", "basis": "条例", "decision": "支付",
    }  # fmt: skip
    assert (await unit_clerk.post(f"{base}/opinion", data=form)).status_code == 303
    [opinion] = await db.fetch("SELECT approval FROM government_opinion")
    await sign(unit_head, opinion["approval"])
    assert (await city.row(row.id)).stage == "opinion"
    assert not {"report", "handle", "object"} & await names_of(city, row.id)
    assert row.number not in (await unit_clerk.get("/government/unit?view=working")).text
    assert f"{base}/result" not in (await unit_clerk.get(base)).text


@pytest.mark.rule("GOV-33")
async def test_nobody_signs_about_an_item_that_was_closed_meanwhile(city):
    chain = await handled_by(city)
    answer = await chain.unit_clerk.post(f"{chain.path}/opinion", data=chain.opinion())
    assert answer.status_code == 303
    waiting = (await chain.unit_head.get("/government/signing")).text
    assert chain.matter.number in waiting
    form = {"reason": "withdrawn", "note": "信访人书面撤回"}
    assert (await chain.clerk.post(f"{chain.path}/close", data=form)).status_code == 303
    [request] = await db.fetch("SELECT state FROM approval_request")
    assert request["state"] == "withdrawn"
    assert chain.matter.number not in (await chain.unit_head.get("/government/signing")).text
    assert not await names_of(city, chain.matter.id)


@pytest.mark.rule("GOV-54")
async def test_what_waits_for_a_units_head_is_not_issued_once_another_unit_has_the_item(
    city, clerk
):
    chain = await handled_by(city)
    assert (
        await chain.unit_clerk.post(f"{chain.path}/opinion", data=chain.opinion())
    ).status_code == 303
    form = transfer_form(city, "county1")
    assert (await clerk.post(f"{chain.path}/transfer", data=form)).status_code == 303
    county = await city.client("petition_unit", unit="county1", name="东河经办老吴")
    person = {"person": str(county.user_id), "plan": ""}
    assert (await county.post(f"{chain.path}/acknowledge", data=person)).status_code == 303
    found = await chain.last()
    await sign(chain.unit_head, found.approval)
    found = await chain.last()
    assert (found.state, await chain.stage()) == ("draft", "handling")


@pytest.mark.rule("GOV-27")
async def test_nothing_is_begun_on_an_item_that_is_closed(city, clerk):
    row = await city.matter()
    async with db.writing():
        taken = await matters.take(row.id, SYSTEM, clock.now())
        await matters.move(taken, "close", actor=SYSTEM, at=clock.now())
    base = f"/government/matters/{row.id}"
    unit = {f"unit_{city.units['labour'].hex}": "1"}
    for act, form in (
        ("coordination", {"why": "hard", "text": "会商", "meets_at": "2026-12-01T09:00", **unit}),
        ("joint", {"why": "special", "arrive_by": "2026-11-23T15:00", **unit}),
        ("grade", {"heads": "3", "grade": "0", "reason": "无"}),
        ("major", {"text": "重大"}),
    ):
        answer = await clerk.post(f"{base}/{act}", data=form)
        assert answer.headers.get("location") == base, act
    for table in ("coordination", "joint_reception", "grading", "signing"):
        assert not await db.fetch(f"SELECT id FROM government_{table}")


@pytest.mark.rule("CORE-21")
async def test_nothing_is_added_to_an_item_that_was_destroyed(city, clerk):
    row = await city.matter()
    await db.execute(
        "UPDATE government_matter SET stage = 'destroyed', erased_at = {} WHERE id = {}",
        clock.now(),
        row.id,
    )
    files = {"file": ("证据.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")}
    answer = await clerk.post(
        f"/government/matters/{row.id}/files", data={"file_kind": "evidence"}, files=files
    )
    assert answer.status_code in (303, 409), answer.text
    assert not await db.fetch("SELECT id FROM government_file")


@pytest.mark.rule("GOV-54")
async def test_a_unit_that_had_an_item_once_reads_it_and_adds_nothing(city, clerk, unit_clerk):
    row = await acknowledged(city, clerk, unit_clerk)
    base = f"/government/matters/{row.id}"
    assert f"{base}/files" in (await unit_clerk.get(base)).text
    form = transfer_form(city, "labour")
    assert (await clerk.post(f"{base}/transfer", data=form)).status_code == 303
    shown = await unit_clerk.get(base)
    assert shown.status_code == 200
    assert "本事项只能查看，由承办人员办理。" in shown.text
    assert f"{base}/files" not in shown.text
    files = {"file": ("证据.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")}
    answer = await unit_clerk.post(f"{base}/files", data={"file_kind": "evidence"}, files=files)
    assert answer.status_code in (303, 403, 409, 422), answer.text
    assert not await db.fetch("SELECT id FROM government_file")
    with pytest.raises(RefusedError):
        await matters.take(row.id, await city.actor(unit_clerk), clock.now())


@pytest.mark.rule("GOV-27", "GOV-28", "GOV-29")
async def test_what_other_rooms_had_open_ends_with_a_closed_item(city, clerk, unit_clerk, head):
    for signer in ("petition_deputy", "petition_director"):
        await city.client(signer)
    row = await acknowledged(city, clerk, unit_clerk)
    base, county = f"/government/matters/{row.id}", city.units["county1"]
    urged = {
        "unit": str(county), "means": "phone", "spoke_with": "刘主任", "text": "请抓紧",
        "answer_by": "2026-11-26",
    }  # fmt: skip
    assert (await head.post(f"{base}/urge", data=urged)).status_code == 303
    supervised = {
        "unit": str(county), "reason": "not_in_time", "requirement": "限期办结", "means": "letter",
        "with_whom": "", "unurged": "已催办", "due_on": "2026-12-03",
    }  # fmt: skip
    made = await head.post(f"{base}/supervise", data=supervised)
    assert made.status_code == 303, made.text
    over = await head.post(f"{made.headers['location']}/ask_over", data={"reason": "一再拖延"})
    assert over.status_code == 303, over.text
    unit = {f"unit_{city.units['labour'].hex}": "1"}
    plan = {"why": "hard", "text": "会商", "meets_at": "2026-12-01T09:00", **unit}
    planned = await clerk.post(f"{base}/coordination", data=plan)
    assert planned.status_code == 303, planned.text
    meet = {"why": "special", "arrive_by": "2026-11-23T15:00", **unit}
    assert (await clerk.post(f"{base}/joint", data=meet)).status_code == 303
    unit_actor = await city.actor(unit_clerk)
    assert await supervising.waiting_for_units([county], unit_actor, clock.now()) == 1
    closed = await clerk.post(f"{base}/close", data={"reason": "withdrawn", "note": ""})
    assert closed.status_code == 303, closed.text
    assert (await city.row(row.id)).stage == "closed"
    for table, ended in (
        ("supervision", "state = 'closed' AND closed_at IS NOT NULL"),
        ("coordination", "ended_at IS NOT NULL"),
        ("joint_reception", "ended_at IS NOT NULL"),
    ):
        found = await db.fetch(f"SELECT id FROM government_{table} WHERE {ended}")
        assert len(found) == 1, table
    assert await supervising.waiting_for_units([county], unit_actor, clock.now()) == 0
    states = await db.fetch("SELECT state FROM approval_request")
    assert {one["state"] for one in states} == {"withdrawn"}
    assert not await names_of(city, row.id)
    page = (await clerk.get(base)).text
    assert "随事项结束" in page


async def test_staff_of_a_unit_who_handle_another_room_decide_nothing_in_this_one(
    city, clerk, unit_clerk
):
    row = await returned(city, clerk, unit_clerk)
    elsewhere = uuid4()
    await Site.insert(Site(id=elsewhere, code="branch", name="分中心"))
    await db.execute(
        'INSERT INTO account_role (id, "user", role, site) VALUES ({}, {}, {}, {})',
        uuid4(),
        unit_clerk.user_id,
        "petition_clerk",
        elsewhere,
    )
    base = f"/government/matters/{row.id}"
    assert (await unit_clerk.get(base)).status_code == 200, "their unit has it"
    answer = await unit_clerk.post(f"{base}/check", data={**POINTS, "findings": ""})
    assert answer.status_code == 404
    assert (await queries.results(row.id))[0].passed is None
    answer = await unit_clerk.post(f"{base}/close", data={"reason": "withdrawn", "note": ""})
    assert answer.status_code == 404
    answer = await unit_clerk.post(f"{base}/reply", data={"text": "已办结"})
    assert answer.status_code == 404
    await db.execute(
        'UPDATE account_role SET role = {} WHERE "user" = {} AND site = {}',
        "petition_head",
        unit_clerk.user_id,
        elsewhere,
    )
    assert (await unit_clerk.get(f"{base}/supervise")).status_code == 404
    assert (await unit_clerk.get(f"{base}/urge")).status_code == 404
    shown = (await unit_clerk.get(base)).text
    assert f"{base}/supervise" not in shown
    assert f"{base}/urge" not in shown
    await matters.let_read(row.id, unit_clerk.user_id, why="named", at=clock.now())
    other = await city.matter(held_by="labour", concerns=("county1",))
    [made] = await supervised(city, other, "labour")
    page = f"/government/supervising/{made}"
    assert (await unit_clerk.get(page)).status_code == 404, "supervised is another unit"
    assert made not in {one.id for one in await seen_supervisions(city, unit_clerk)}


async def test_who_keeps_the_units_of_one_room_names_nobody_for_those_of_another(city, head):
    elsewhere = uuid4()
    await Site.insert(Site(id=elsewhere, code="branch", name="分中心"))
    other = await units.add(
        site_id=elsewhere, kind="department", code="B1", name="分中心综合科",
        actor=SYSTEM, at=clock.now(),
    )  # fmt: skip
    await db.execute(
        'UPDATE account_role SET site = {} WHERE "user" = {}', city.site.id, head.user_id
    )
    for unit, user, status in (
        (other, head.user_id, 404),
        (city.units["labour"], uuid4(), 404),
        (city.units["labour"], head.user_id, 303),
    ):
        answer = await head.post(f"/government/units/{unit}/staff", data={"user": str(user)})
        assert answer.status_code == status
    assert (await head.get(f"/government/units/{other}")).status_code == 404


@pytest.mark.rule("GOV-49")
async def test_an_act_that_waited_for_the_item_is_refused_to_whoever_was_barred_meanwhile(
    city, clerk
):
    if db.is_sqlite():
        pytest.skip("SQLite has one writer at a time")
    row = await city.matter()
    actor = await city.actor(clerk)

    locked = asyncio.Event()

    async def act():
        await locked.wait()
        async with db.writing():
            return await matters.take(row.id, actor, clock.now())

    waiting = asyncio.create_task(asyncio.wait_for(act(), 20))
    async with db.writing():
        await matters.take(row.id, SYSTEM, clock.now())
        locked.set()
        await asyncio.sleep(0.5)
        await Barred.insert(
            Barred(matter=row.id, user=clerk.user_id, why="recusal", since=clock.now())
        )
    with pytest.raises(NotFoundError):
        await waiting
