# ruff: noqa: E501 - a table reads better with one case in a line
"""Parents and other visitors at the lodge, through the desk's pages."""

import io
import re

import pypdf
import pytest

from core.log.tables import LogEntry
from core.registrations.tables import Registration
from core.visitors.tables import Visitor
from plugins.school_gate.services import visits
from plugins.school_gate.tables import Guardian, SchoolVisit

pytestmark = pytest.mark.anyio

PARENT = {
    "name": "李强",
    "phone": "13800138001",
    "document_kind": "resident_id",
    "document_number": "11010519491231002X",
    "purpose": "school_gate.parent",
    "host": "王珺",
    "reason": "孩子发烧，来接",
    "school_gate_pupil": "李雷",
    "school_gate_relation": "father",
}
VISITOR = PARENT | {"purpose": "school_gate.visitor", "name": "赵云", "phone": "13900139001"}
FAMILY = PARENT | {
    "purpose": "school_gate.staff_family",
    "name": "王小二",
    "reason": "",
    "school_gate_staff": "王珺",
    "school_gate_family": "spouse",
}


async def arrive(guard, form):
    answer = await guard.post("/desk", data=form)
    problems = re.findall(r'class="field-error".*?<span>(.*?)</span>', answer.text)
    assert answer.status_code == 303, problems
    return answer.headers["location"]


async def stands(place):
    return await Registration.objects().where(Registration.id == place.rsplit("/", 1)[1]).first()


async def refusals(act="registration.admit_denied"):
    return [
        row["after"] for row in await LogEntry.select(LogEntry.after).where(LogEntry.act == act)
    ]


async def agree(guard, place):
    answer = await guard.post(
        f"{place}/consent", data={"given": "yes", "by": "王珺", "means": "phone"}
    )
    assert answer.status_code == 303, answer.text


@pytest.mark.rule("SCH-7", "SCH-15")
async def test_a_parent_with_reason_consent_and_document_goes_in(guard, school):
    place = await arrive(guard, PARENT)
    await agree(guard, place)
    await guard.post(f"{place}/admit")
    row = await stands(place)
    assert row.state == "inside"
    kept = await SchoolVisit.objects().first()
    assert kept.pupil == (await school.pupil("李雷")).id
    admitted = await LogEntry.objects().where(LogEntry.act == "registration.admit").first()
    assert admitted.actor_name == "老周"
    guardian = await Guardian.objects().where(Guardian.name == "李强").first()
    assert guardian.visitor == row.visitor


@pytest.mark.rule("SCH-7")
async def test_a_parent_without_a_reason_is_not_taken_down_to_wait(guard):
    answer = await guard.post("/desk", data=PARENT | {"reason": ""})
    assert answer.status_code == 422
    assert not await Registration.exists()


@pytest.mark.rule("SCH-7")
@pytest.mark.parametrize(
    ("changed", "consent", "code", "says"),
    [
        ({}, False, "no_consent", "王珺"),
        ({"document_kind": "none", "document_number": ""}, True, "no_document", "证件"),
        ({"document_kind": "student_card", "document_number": "20260001"}, True, "document_not_accepted", "工作证"),
    ],
    ids=["not asked", "no document", "another document"],
)  # fmt: skip
async def test_a_parent_lacking_something_is_refused_with_what_would_make_it_pass(
    guard, changed, consent, code, says
):
    place = await arrive(guard, PARENT | changed)
    if consent:
        await agree(guard, place)
    page = await guard.post(f"{place}/admit", follow_redirects=True)
    assert says in page.text
    assert (await stands(place)).state == "waiting"
    (logged,) = await refusals()
    assert f'"code": "{code}"' in logged
    assert '"rule": "SCH-7"' in logged
    assert '"rulebook": "school_gate/0"' in logged


@pytest.mark.rule("SCH-7")
async def test_a_parent_whose_host_says_no_is_refused(guard):
    place = await arrive(guard, PARENT)
    await guard.post(f"{place}/consent", data={"given": "no", "by": "王珺", "means": "phone"})
    await guard.post(f"{place}/admit")
    assert (await stands(place)).state in ("waiting", "refused")


@pytest.mark.rule("SCH-11")
@pytest.mark.parametrize("reason", ["", "给儿子送午饭", "接女儿放学"])
async def test_who_brings_fetches_or_brings_a_meal_stays_at_the_gate(guard, reason):
    desk = await guard.get("/desk")
    assert "接送学生或送餐" in desk.text
    form = {"name": "李强", "document_kind": "none", "purpose": "school_gate.fetching"}
    place = await arrive(guard, form | {"reason": reason})
    row = await stands(place)
    assert (row.state, row.decision_code, row.decision_rule) == (
        "refused",
        "stays_at_gate",
        "SCH-11",
    )
    page = await guard.get(place)
    assert "请在校门外等候" in page.text
    await guard.post(f"{place}/admit")
    assert (await stands(place)).state == "refused"


@pytest.mark.rule("SCH-11")
async def test_a_parents_vehicle_never_enters_and_the_parent_may_without_it(guard):
    place = await arrive(guard, PARENT | {"plate": "粤B12345"})
    assert (await stands(place)).decision_rule == "SCH-11"
    assert "一律不得入校" in (await guard.get(place)).text
    assert (await stands(place)).state == "refused"
    place = await arrive(guard, PARENT)
    await agree(guard, place)
    await guard.post(f"{place}/admit")
    assert (await stands(place)).state == "inside"


@pytest.mark.rule("SCH-11")
async def test_a_reason_that_looks_like_bringing_a_meal_is_held_for_a_decision(guard):
    place = await arrive(guard, PARENT | {"reason": "来送饭"})
    row = await stands(place)
    assert (row.state, row.decision_rule) == ("held", "SCH-11")


@pytest.mark.rule("SCH-9")
async def test_the_slip_bears_the_schools_rules_for_visitors(guard):
    place = await arrive(guard, PARENT)
    await agree(guard, place)
    await guard.post(f"{place}/admit")
    page = await guard.get(place)
    assert "请在教师办公室会见" in page.text
    await guard.post(f"{place}/slip", data={"paper": "a4"})
    slip = await guard.get(f"{place}/slip/a4.pdf")
    pages = pypdf.PdfReader(io.BytesIO(slip.content)).pages
    text = "".join(one.extract_text() for one in pages).replace(" ", "").replace("\n", "")
    for rule in ("请在教师办公室会见", "请遵守学校的规章制度", "车辆一律停放在校门外"):
        assert rule in text


@pytest.mark.rule("SCH-13")
async def test_a_trader_is_refused_whatever_the_reason_and_still_registered(guard):
    place = await arrive(
        guard,
        PARENT
        | {
            "purpose": "school_gate.trader",
            "reason": "校长同意的",
            "school_gate_organisation": "某某教辅",
            "school_gate_leaflets": "1",
        },
    )
    row = await stands(place)
    assert (row.state, row.decision_rule) == ("refused", "SCH-13")
    assert (await SchoolVisit.objects().first()).leaflets
    page = await guard.get(place)
    assert "SCH-13" in page.text
    await guard.post(f"{place}/admit")
    assert (await stands(place)).state == "refused"


@pytest.mark.rule("SCH-13")
async def test_a_visitor_who_looks_like_a_trader_is_held_for_a_decision(guard, client_as):
    place = await arrive(guard, VISITOR | {"reason": "推销教辅材料"})
    assert (await stands(place)).state == "held"
    officer = await client_as("duty_officer")
    await officer.post(f"{place}/release", data={"reason": "是教材供应商，已核实"})
    await agree(guard, place)
    await guard.post(f"{place}/admit")
    assert (await stands(place)).state == "inside"


@pytest.mark.rule("SCH-13", "SCH-15")
async def test_another_visitor_needs_the_hosts_consent_and_a_document(guard):
    place = await arrive(guard, VISITOR | {"document_kind": "none", "document_number": ""})
    await guard.post(f"{place}/admit")
    assert (await stands(place)).state == "waiting"
    await agree(guard, place)
    await guard.post(f"{place}/admit")
    assert (await stands(place)).state == "waiting"
    assert [('"SCH-13"' in text, '"SCH-15"' in text) for text in await refusals()] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.rule("SCH-14")
async def test_family_of_staff_goes_in_once_the_guard_confirmed_it(guard):
    place = await arrive(guard, FAMILY)
    await guard.post(f"{place}/admit")
    assert (await stands(place)).state == "waiting"
    (logged,) = await refusals()
    assert '"code": "not_confirmed"' in logged
    assert '"SCH-14"' in logged


@pytest.mark.rule("SCH-14")
async def test_family_of_staff_confirmed_at_the_lodge_goes_in(guard):
    place = await arrive(guard, FAMILY | {"school_gate_confirmed": "1"})
    await guard.post(f"{place}/admit")
    assert (await stands(place)).state == "inside"
    page = await guard.get(place)
    assert "王珺" in page.text
    assert (await SchoolVisit.objects().first()).staff is not None


@pytest.mark.rule("SCH-15")
async def test_officials_on_duty_are_let_in_and_logged(guard):
    form = PARENT | {
        "purpose": "school_gate.official",
        "host": "",
        "reason": "食堂检查",
        "document_kind": "work_card",
        "document_number": "SC-0815",
        "school_gate_authority": "市场监督管理局",
    }
    place = await arrive(guard, form)
    await guard.post(f"{place}/admit")
    assert (await stands(place)).state == "inside"
    assert "市场监督管理局" in (await guard.get(place)).text


async def test_what_is_kept_of_a_visitor_is_given_and_erased(guard, school, plugins):
    await arrive(guard, PARENT | {"school_gate_pupil": "不在名册上的人"})
    visitor = await Visitor.objects().first()
    groups, failed = await plugins.collect_personal_data(visitor.id)
    assert not failed
    assert "不在名册上的人" in " ".join(d.value for g in groups for d in g.details)
    await visits.erase(visitor.id)
    row = await SchoolVisit.objects().first()
    assert (row.about, row.relation, row.pupil) == ("", "", None)
