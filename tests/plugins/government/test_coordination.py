"""Several units at one table: coordination from plan to follow-up, joint reception with calls and arrivals."""

from uuid import uuid4

import pytest

from core import clock
from core.approvals import queries as approvals
from plugins.government.coordination import queries
from plugins.government.matters.tables import Barred
from tests.plugins.government.chain import sign_at


@pytest.fixture
async def people(city):
    """A clerk, the heads, a government leader."""
    return {
        "clerk": await city.client("petition_clerk", name="接待员小陈"),
        "head": await city.client("petition_head", name="室主任老周"),
        "deputy": await city.client("petition_deputy", name="副局长高明"),
        "leader": await city.client("petition_leader", name="副市长何平"),
    }


def box(city, unit, prefix="unit_"):
    """The name of a unit's tick box."""
    return f"{prefix}{city.units[unit].hex}"


def plan_form(city, *units):
    """What is typed for a coordination's plan."""
    return {
        "why": "several",
        "text": "人社、住建两部门意见不一，拟由住建牵头核实工程款",
        "meets_at": "2026-11-25T09:30",
        "place": "三楼会议室",
        **{box(city, unit): "1" for unit in units},
    }


async def sign(city, client):
    """Sign the only thing that waits for somebody."""
    [line] = await approvals.waiting_for(await city.actor(client), at=clock.now())
    answer = await sign_at(client, f"/government/signing/{line.id}")
    assert answer.status_code == 303, answer.text


async def planned(city, people, *units):
    """An item whose coordination was planned and signed by both heads."""
    row = await city.matter()
    answer = await people["clerk"].post(
        f"/government/matters/{row.id}/coordination", data=plan_form(city, *units)
    )
    assert answer.status_code == 303, answer.text
    await sign(city, people["head"])
    await sign(city, people["deputy"])
    return row


@pytest.mark.rule("GOV-27")
async def test_a_coordination_runs_from_the_signed_plan_over_minutes_to_what_was_agreed(
    city, people
):
    row = await city.matter()
    base = f"/government/matters/{row.id}"
    form = plan_form(city, "labour", "housing")
    assert (await people["clerk"].post(f"{base}/coordination", data=form)).status_code == 303
    unit = await city.client("petition_unit", unit="housing")
    assert (await unit.get(base)).status_code == 404  # not before the heads have signed
    await sign(city, people["head"])
    assert (await queries.current(row.id)).state == "planned"
    await sign(city, people["deputy"])
    assert (await queries.current(row.id)).state == "approved"
    assert (await unit.get(base)).status_code == 200
    meeting = {
        box(city, "labour", "came_"): "1",
        box(city, "housing", "came_"): "1",
        "minutes": "两部门同意先行垫付",
        "agreed": "yes",
        "follow_1": "核实工程款并垫付工资",
        "follow_unit_1": str(city.units["housing"]),
        "follow_day_1": "2026-12-05",
    }
    lacking = await people["clerk"].post(f"{base}/meeting", data=meeting | {"follow_day_1": ""})
    assert lacking.status_code == 422
    assert "两部门同意先行垫付" in lacking.text
    assert (await people["clerk"].post(f"{base}/meeting", data=meeting)).status_code == 303
    now = await queries.current(row.id)
    assert now.state == "agreed"
    page = (await people["clerk"].get(base)).text
    assert "核实工程款并垫付工资" in page
    done = {"follow": str(now.follow_ups[0].id), "text": "已垫付到位"}
    labour = await city.client("petition_unit", unit="labour")
    await labour.post(f"{base}/follow-up", data=done)
    assert (await queries.current(row.id)).follow_ups[0].done_at is None, "not theirs"
    assert "议定措施：核实工程款并垫付工资" in (await unit.get(base)).text
    assert (await unit.post(f"{base}/follow-up", data=done)).status_code == 303
    [ended] = await queries.coordinations(row.id)
    assert ended.state == "done"
    assert "已垫付到位" in (await unit.get(base)).text


@pytest.mark.rule("GOV-27")
async def test_without_agreement_the_government_leader_decides(city, people):
    row = await planned(city, people, "labour", "housing")
    base = f"/government/matters/{row.id}"
    meeting = {"minutes": "双方各执一词", "agreed": "no"}
    assert (await people["clerk"].post(f"{base}/meeting", data=meeting)).status_code == 303
    assert (await queries.current(row.id)).state == "undecided"
    assert f"{row.id}/coordination-decision" in (await people["leader"].get(base)).text
    decision = {
        "text": "由住建局牵头，十日内垫付",
        "follow_1": "垫付工资",
        "follow_unit_1": str(city.units["housing"]),
        "follow_day_1": "2026-12-05",
    }
    answer = await people["leader"].post(f"{base}/coordination-decision", data=decision)
    assert answer.status_code == 303, answer.text
    now = await queries.current(row.id)
    assert (now.state, now.decided_by) == ("decided", "副市长何平")
    assert "由住建局牵头，十日内垫付" in (await people["clerk"].get(base)).text


@pytest.mark.rule("GOV-27")
async def test_a_decision_that_lays_nothing_on_the_units_ends_the_coordination(city, people):
    row = await planned(city, people, "labour", "housing")
    base = f"/government/matters/{row.id}"
    await people["clerk"].post(f"{base}/meeting", data={"minutes": "各执一词", "agreed": "no"})
    text = {"text": "由劳动仲裁解决，不再协调"}
    answer = await people["leader"].post(f"{base}/coordination-decision", data=text)
    assert answer.status_code == 303
    assert await queries.current(row.id) is None
    assert [one.state for one in await queries.coordinations(row.id)] == ["done"]


@pytest.mark.rule("GOV-27")
async def test_a_coordination_that_is_needed_no_more_is_called_off_with_its_reason(city, people):
    row = await planned(city, people, "labour", "housing")
    base = f"/government/matters/{row.id}"
    assert "coordination-off" in (await people["clerk"].get(base)).text
    bare = await people["clerk"].post(f"{base}/coordination-off", data={"reason": " "})
    assert bare.status_code == 422
    done = await people["clerk"].post(
        f"{base}/coordination-off", data={"reason": "工资已于会前付清"}
    )
    assert done.status_code == 303
    assert [one.state for one in await queries.coordinations(row.id)] == ["off"]
    unit = await city.client("petition_unit", unit="housing")
    assert "工资已于会前付清" in (await unit.get(base)).text
    again = await people["clerk"].post(f"{base}/coordination", data=plan_form(city, "labour"))
    assert again.status_code == 303, "another one may be planned"


@pytest.mark.rule("GOV-27")
async def test_measures_of_the_past_or_without_words_are_rejected(city, people):
    row = await planned(city, people, "labour")
    meeting = {
        "minutes": "同意",
        "agreed": "yes",
        "follow_1": "垫付",
        "follow_unit_1": str(city.units["labour"]),
        "follow_day_1": "2026-11-20",
        "follow_unit_2": str(city.units["labour"]),
    }
    path = f"/government/matters/{row.id}/meeting"
    wordless = await people["clerk"].post(path, data=meeting)
    assert wordless.status_code == 422
    assert "f-follow_2-error" in wordless.text
    late = await people["clerk"].post(path, data=meeting | {"follow_unit_2": ""})
    assert late.status_code == 422
    assert "f-follow_day_1-error" in late.text
    assert (await queries.current(row.id)).state == "approved", "nothing changed"


@pytest.mark.rule("GOV-50")
async def test_a_unit_accused_while_the_plan_waits_is_left_out_and_the_others_meet(city, people):
    row = await city.matter()
    base = f"/government/matters/{row.id}"
    form = plan_form(city, "labour", "housing")
    assert (await people["clerk"].post(f"{base}/coordination", data=form)).status_code == 303
    await sign(city, people["head"])
    await Barred.insert(
        Barred(
            id=uuid4(), matter=row.id, unit=city.units["housing"], why="accused", since=clock.now()
        )
    )
    await sign(city, people["deputy"])
    now = await queries.current(row.id)
    assert (now.state, [unit for unit, _, _ in now.units]) == ("approved", [city.units["labour"]])
    unit = await city.client("petition_unit", unit="housing")
    assert (await unit.get(base)).status_code == 404
    assert "协调会不再通知其参加" in (await people["clerk"].get(base)).text


@pytest.mark.rule("GOV-50")
async def test_an_accused_unit_is_asked_to_no_coordination_and_no_joint_reception(city, people):
    row = await city.matter(purpose="accusation")
    await Barred.insert(
        Barred(
            id=uuid4(), matter=row.id, unit=city.units["housing"], why="accused", since=clock.now()
        )
    )
    base = f"/government/matters/{row.id}"
    answer = await people["head"].post(
        f"{base}/coordination", data=plan_form(city, "labour", "housing")
    )
    assert answer.status_code == 422
    joint = {
        "why": "several",
        "arrive_by": "2026-11-23T11:00",
        "place": "",
        box(city, "housing"): "1",
    }
    assert (await people["head"].post(f"{base}/joint", data=joint)).status_code == 422
    assert await queries.coordinations(row.id) == []
    assert await queries.joints(row.id) == []


@pytest.mark.rule("GOV-17")
@pytest.mark.rule("GOV-53")
async def test_units_are_called_to_a_joint_reception_and_their_arrival_is_on_the_duty_board(
    city, people
):
    row = await city.matter(heads=23)
    base = f"/government/matters/{row.id}"
    clerk = people["clerk"]
    form = {
        "why": "large_group",
        "arrive_by": "2026-11-23T10:30",
        "place": "一号接待室",
        box(city, "county1"): "1",
        box(city, "labour"): "1",
    }
    assert (await clerk.post(f"{base}/joint", data=form)).status_code == 303
    assert "尚未通知" in (await clerk.get("/government/duty")).text
    for unit in ("county1", "labour"):
        call = {"unit": str(city.units[unit]), "spoke_with": "值班室小赵", "answer": "马上派人"}
        assert (await clerk.post(f"{base}/joint-call", data=call)).status_code == 303
    assert "已通知，赶来途中" in (await clerk.get("/government/duty")).text
    city.travel("2026-11-23 10:40")
    arrivals = (("county1", "2026-11-23T10:10"), ("labour", "2026-11-23T10:38"))
    for unit, moment in arrivals:
        arrival = {
            "unit": str(city.units[unit]),
            "arrived_at": moment,
            "people": "副县长、信访局长",
        }
        assert (await clerk.post(f"{base}/joint-arrival", data=arrival)).status_code == 303
    now = await queries.current_joint(row.id)
    assert [(one.unit, one.late) for one in now.units] == [
        ("东河县人民政府", False),
        ("市人力资源和社会保障局", True),
    ]
    end = {"outcome": "brought_back", "note": "由东河县带回，三日内答复"}
    assert (await clerk.post(f"{base}/joint-end", data=end)).status_code == 303
    assert await queries.current_joint(row.id) is None
    page = (await clerk.get(base)).text
    for text in ("值班室小赵", "马上派人", "由东河县带回，三日内答复"):
        assert text in page


@pytest.mark.rule("GOV-17")
async def test_a_joint_reception_needs_units_and_a_time_to_come(city, people):
    row = await city.matter(heads=23)
    answer = await people["clerk"].post(
        f"/government/matters/{row.id}/joint",
        data={"why": "large_group", "arrive_by": "2026-11-23T08:00", "place": "一号接待室"},
    )
    assert answer.status_code == 422
    assert "一号接待室" in answer.text
    assert await queries.joints(row.id) == []
