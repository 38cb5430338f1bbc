"""Outsiders who live in, from the lodge to the end of their badge, through the pages (SCH-16)."""

import io

import pypdf
import pytest

from core import clock
from core.notices.tables import Notice
from core.passes import services as passes
from core.permissions import SYSTEM
from core.privacy import services as privacy
from core.visitors.tables import Visitor
from plugins.school_gate.services import stay_announcing
from plugins.school_gate.stay_tables import ResidentStay
from tests.plugins.school_gate.test_visits import FAMILY, arrive
from tests.stand.offline import OfflineDevice

pytestmark = pytest.mark.anyio

NANNY = {
    "name": "周阿姨",
    "phone": "13700137001",
    "document_kind": "resident_id",
    "document_number": "11010519491231002X",
    "kind": "hired",
    "remark": "照看教师宿舍 3 栋的孩子",
}
TERM = {
    "kind": "hired",
    "host": "王珺",
    "place": "教师宿舍 3 栋 201",
    "first_day": "2026-11-23",
    "last_day": "2026-12-20",
}


@pytest.fixture
async def office(school, client_as):
    """The security office."""
    return await client_as("security_office", name="保卫处刘")


async def only():
    return await ResidentStay.objects().first()


async def announced(guard, **given):
    answer = await guard.post("/school-gate/stays", data={**NANNY, **given})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def registered(guard, office, **given):
    here = await announced(guard)
    answer = await office.post(f"{here}/register", data={**TERM, "version": "1", **given})
    assert answer.status_code == 303, answer.text
    return here


@pytest.mark.rule("SCH-16")
async def test_the_lodge_announces_the_office_registers_and_a_badge_opens_the_gate(
    guard, office, school, on_the_clock
):
    here = await announced(guard)
    assert (await guard.post(f"{here}/register", data=TERM)).status_code == 403
    assert "待登记的暂住人员" in (await office.get("/")).text
    assert "2026-0001" in (await office.get("/notices")).text
    page = await office.get(here)
    assert "周阿姨" in page.text
    assert "002X" in page.text
    assert "11010519491231002X" not in page.text

    await office.post(f"{here}/register", data={**TERM, "version": "1"})
    page = await office.get(here)
    for text in ("教师宿舍 3 栋 201", "王珺", "保卫处刘", "老周"):
        assert text in page.text
    assert (await only()).host is not None
    refused = await office.post(f"{here}/badge.pdf", follow_redirects=True)
    assert refused.status_code == 409
    await office.post(f"{here}/badge")
    card = await office.post(f"{here}/badge.pdf")
    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(card.content)).pages)
    assert "周阿姨" in text
    assert "2026-12-20" in text.replace("\n", "")

    token = await passes.token_of((await only()).badge)
    device = await school.device()
    seen = await device.scan(token, "in")
    assert seen["verdict"] == "allow"
    assert "周阿姨" in str(seen)
    on_the_clock("2026-12-21 08:00")
    device = await school.device("次日")
    assert (await device.scan(token, "in"))["verdict"] == "deny"


@pytest.mark.rule("SCH-16")
async def test_a_tick_on_the_visits_form_tells_the_office(guard, office, school):
    place = await arrive(guard, FAMILY | {"school_gate_confirmed": "1", "school_gate_stays": "1"})
    row = await only()
    assert (row.state, row.kind, row.notified_by_name) == ("notified", "relative", "老周")
    assert str(row.registration) == place.rsplit("/", 1)[1]
    notices = await Notice.objects().where(Notice.user == office.user_id)
    assert [notice.url for notice in notices] == [f"/school-gate/stays/{row.id}"]
    page = await office.get(f"/school-gate/stays/{row.id}")
    assert place in page.text
    again = await guard.post(
        "/school-gate/stays", data={"registration": place.rsplit("/", 1)[1], "kind": "hired"}
    )
    assert again.status_code == 422
    assert "2026-0001" in again.text


@pytest.mark.rule("SCH-16")
async def test_extending_makes_a_new_badge_and_the_old_one_is_refused(
    guard, office, school, on_the_clock
):
    here = await registered(guard, office)
    await office.post(f"{here}/badge")
    old = await passes.token_of((await only()).badge)
    for form in (
        {"last_day": "2026-12-01", "reason": "续聘"},
        {"last_day": "2027-12-31", "reason": "续聘"},
        {"last_day": "2027-01-15", "reason": ""},
        {"last_day": "x", "reason": "续聘"},
    ):
        assert (await office.post(f"{here}/extend", data=form)).status_code == 422
    answer = await office.post(f"{here}/extend", data={"last_day": "2027-01-15", "reason": "续聘"})
    assert answer.status_code == 303
    new = await passes.token_of((await only()).badge)
    device = await school.device()
    assert (await device.scan(old, "in"))["verdict"] == "deny"
    assert (await device.scan(new, "in"))["verdict"] == "allow"


@pytest.mark.rule("SCH-16")
async def test_ending_a_stay_revokes_the_badge_at_once(guard, office, school):
    here = await registered(guard, office)
    await office.post(f"{here}/badge")
    token = await passes.token_of((await only()).badge)
    device = await school.device()
    assert (await device.scan(token, "in"))["verdict"] == "allow"
    assert (await office.post(f"{here}/end", data={"reason": ""})).status_code == 422
    await office.post(f"{here}/end", data={"reason": "合同到期"})
    assert (await device.scan(token, "in"))["verdict"] == "deny"
    assert "合同到期" in (await office.get(here)).text
    assert "周阿姨" not in (await office.get("/school-gate/stays")).text
    assert "周阿姨" in (await office.get("/school-gate/stays?view=ended")).text
    for act, form in (("badge", {}), ("extend", {"last_day": "2027-01-01", "reason": "x"})):
        answer = await office.post(f"{here}/{act}", data=form, follow_redirects=True)
        assert "该暂住已注销" in answer.text


@pytest.mark.rule("SCH-16")
async def test_what_ends_soon_and_what_is_over_but_still_inside_is_listed(
    guard, office, school, on_the_clock
):
    here = await registered(guard, office)
    await office.post(f"{here}/badge")
    device = await school.device()
    await device.scan(await passes.token_of((await only()).badge), "in")
    assert "周阿姨" not in (await office.get("/school-gate/stays?view=ending")).text
    on_the_clock("2026-12-10 08:00")
    await office.sign_in(office.login)
    assert "周阿姨" in (await office.get("/school-gate/stays?view=ending")).text
    on_the_clock("2026-12-21 08:00")
    await office.sign_in(office.login)
    page = await office.get("/school-gate/stays?view=over")
    assert "已到期仍在校" in page.text
    assert "已到期未注销的暂住" in (await office.get("/")).text
    await guard.sign_in(guard.login)
    handover = await guard.get(f"/shifts/{school.gate.id}")
    assert "周**" in handover.text


@pytest.mark.rule("SCH-16")
@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"host": ""}, "f-host-error"),
        ({"place": ""}, "f-place-error"),
        ({"last_day": "2026-11-01"}, "截止日期早于起始日期"),
        ({"last_day": "2028-01-01"}, "186"),
        ({"first_day": "31.11."}, "f-first_day-error"),
        ({"kind": "ghost"}, "f-kind-error"),
    ],
)
async def test_a_stay_without_its_particulars_is_not_registered(guard, office, changed, says):
    here = await announced(guard)
    answer = await office.post(f"{here}/register", data={**TERM, "version": "1", **changed})
    assert answer.status_code == 422
    assert says in answer.text
    assert (await only()).state == "notified"


async def test_what_another_changed_meanwhile_is_not_overwritten(guard, office):
    here = await registered(guard, office)
    answer = await office.post(
        f"{here}/register", data={**TERM, "version": "1", "place": "别处"}, follow_redirects=True
    )
    assert "别处" not in answer.text
    assert (await only()).place == TERM["place"]


async def test_nobody_is_announced_without_a_name_or_with_a_wrong_document(guard):
    for changed in ({"name": ""}, {"document_number": "110105194912310021"}, {"kind": ""}):
        answer = await guard.post("/school-gate/stays", data={**NANNY, **changed})
        assert answer.status_code == 422
        assert NANNY["remark"] in answer.text
    assert not await ResidentStay.exists()


@pytest.mark.rule("CORE-14", "CORE-21")
async def test_a_resident_is_told_what_is_kept_and_forgotten_on_request(
    guard, office, plugins, client_as
):
    here = await registered(guard, office)
    host = await client_as("host")
    assert (await host.get(here)).status_code == 403
    visitor = await Visitor.objects().first()
    groups, failed = await plugins.collect_personal_data(visitor.id)
    assert not failed
    assert "教师宿舍 3 栋 201" in " ".join(d.value for g in groups for d in g.details)
    await privacy.erase_visitor(
        visitor.id, reason="本人要求", plugins=plugins, actor=SYSTEM, at=clock.now()
    )
    row = await only()
    assert (row.place, row.remark, row.host_name) == ("", "", "")
    assert (await office.get(here)).status_code == 200


async def test_the_office_is_told_or_else_the_duty_officer(school, client_as):
    officer = await client_as("duty_officer")
    assert await stay_announcing.office_users(school.site.id) == [officer.user_id]
    office = await client_as("security_office")
    assert await stay_announcing.office_users(school.site.id) == [office.user_id]


@pytest.mark.rule("SCH-16", "SCH-20")
async def test_a_residents_badge_counts_at_a_gate_without_network(guard, office, school):
    here = await registered(guard, office)
    await office.post(f"{here}/badge")
    token = await passes.token_of((await only()).badge)
    device = await school.device()
    gate = OfflineDevice(device.client, device.headers)
    await gate.fetch()
    for direction in ("in", "out"):
        rule = gate.ruled(token, direction, clock.now_ms())
        assert (rule["verdict"], rule["code"]) == ("allow", "")
    assert gate.card(token)["name"] == "周阿姨"
