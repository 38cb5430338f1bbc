"""At the gate: badges scanned through the device's own interface, and the gate's hours."""

import pytest

from core import clock, db
from core.accounts.queries import accounts
from core.notices.tables import Notice
from core.sites.tables import Gate
from plugins.school_gate.services import due
from plugins.school_gate.tables import GateOpening, Offence
from tests.plugins.school_gate.conftest import ZONE, told

pytestmark = pytest.mark.anyio


@pytest.fixture
async def device(school):
    """A device at the gate."""
    return await school.device()


@pytest.mark.rule("SCH-3", "SCH-1")
async def test_a_pupil_with_a_badge_comes_in_while_the_gate_is_open(school, device):
    verdict = await device.scan(await school.token("李雷"), "in")
    assert told(verdict) == ("allow", "", "")
    assert verdict["holder"]["name"] == "李雷"
    assert verdict["holder"]["lines"] == ["七年级1班", "走读生"]
    assert verdict["inside"]


@pytest.mark.rule("SCH-1")
async def test_outside_the_gates_hours_an_entry_is_held(school, on_the_clock, device):
    token = await school.token("李雷")
    on_the_clock("2026-11-23 09:40")
    device = await school.device("二")
    verdict = await device.scan(token, "in")
    assert told(verdict) == ("hold", "gate_closed", "SCH-1")
    assert verdict["version"] == "school_gate/0"


@pytest.mark.rule("SCH-4")
@pytest.mark.parametrize(
    ("moment", "answer"),
    [
        ("2026-11-23 07:30", ("deny", "school_time", "SCH-4")),
        ("2026-11-23 10:00", ("deny", "school_time", "SCH-4")),
        ("2026-11-23 11:49", ("deny", "school_time", "SCH-4")),
        ("2026-11-23 11:50", ("allow", "", "")),
        ("2026-11-23 14:30", ("deny", "school_time", "SCH-4")),
        ("2026-11-23 18:25", ("allow", "", "")),
        ("2026-11-28 10:00", ("allow", "", "")),
    ],
)
async def test_pupils_stay_in_until_dismissal(school, on_the_clock, moment, answer):
    token = await school.token("李雷")
    on_the_clock(moment)
    device = await school.device()
    assert told(await device.scan(token, "out")) == answer


@pytest.mark.rule("SCH-4")
async def test_boarders_stay_in_at_dismissal_but_go_home_on_friday(school, on_the_clock):
    token = await school.token("韩梅梅")
    on_the_clock("2026-11-23 18:25")
    device = await school.device()
    assert told(await device.scan(token, "out")) == ("deny", "boarder_without_slip", "SCH-6")
    on_the_clock("2026-11-27 18:25")
    device = await school.device("二")
    assert told(await device.scan(token, "out"))[0] == "allow"


async def test_staff_pass_at_any_hour(school, on_the_clock):
    token = await school.staff_token()
    on_the_clock("2026-11-28 23:00")
    device = await school.device()
    verdict = await device.scan(token, "in")
    assert told(verdict)[0] == "allow"
    assert verdict["holder"]["name"] in ("王珺", "仇和")


@pytest.mark.rule("SCH-1")
async def test_the_guard_records_opening_and_closing_and_the_gate_obeys(
    school, on_the_clock, client_as
):
    token = await school.token("李雷")
    on_the_clock("2026-11-23 10:00")
    guard = await client_as("gatekeeper", name="老周")
    page = await guard.get(f"/school-gate/gates/{school.gate.id}")
    assert "11:50" in page.text
    device = await school.device()
    assert told(await device.scan(token, "out"))[0] == "deny"

    await guard.post(
        f"/school-gate/gates/{school.gate.id}/open",
        data={"kind": "dismissal", "note": "考试提前放学"},
    )
    assert told(await device.scan(token, "out"))[0] == "allow"
    again = await guard.post(
        f"/school-gate/gates/{school.gate.id}/open", data={"kind": "normal"}, follow_redirects=True
    )
    assert await GateOpening.count() == 1
    assert "考试提前放学" in again.text

    await guard.post(f"/school-gate/gates/{school.gate.id}/close")
    row = await GateOpening.objects().first()
    assert (row.opened_by_name, row.closed_by_name) == ("老周", "老周")
    assert told(await device.scan(await school.token("欧阳䶮"), "out"))[0] == "deny"


@pytest.mark.rule("SCH-1")
async def test_the_gates_page_shows_how_it_stands_and_what_is_not_recorded(
    school, on_the_clock, plugins, client_as
):
    lines, failed = await plugins.collect_gate_lines(
        school.gate.id, school.site.id, clock.local(clock.now(), ZONE)
    )
    assert not failed
    assert lines[0].tone == "allow"
    guard = await client_as("gatekeeper")
    await guard.post(f"/school-gate/gates/{school.gate.id}/open", data={"kind": "normal"})
    on_the_clock("2026-11-23 09:30")
    page = await guard.get("/school-gate/gates")
    assert "关门未登记" in page.text
    assert "11:50" in page.text
    home = await guard.get("/")
    assert "/school-gate/gates" in home.text


@pytest.mark.rule("SCH-1")
async def test_a_timetable_of_ones_own_and_the_calendar_move_the_gate(
    school, on_the_clock, client_as
):
    token = await school.token("李雷")
    officer = await client_as("duty_officer")
    place = f"/school-gate/timetable/{school.gate.id}"
    wrong = await officer.post(
        f"{place}/windows",
        data={"kind": "open", "starts": "09:00", "ends": "08:00", "day_kind": "school"},
    )
    assert wrong.status_code == 422
    answer = await officer.post(
        f"{place}/windows",
        data={
            "kind": "open",
            "starts": "09:30",
            "ends": "10:30",
            "day_kind": "exam",
            **{f"weekday_{n}": "1" for n in range(5)},
        },
    )
    assert answer.status_code == 303
    await officer.post(
        f"{place}/days",
        data={
            "kind": "exam",
            "first_day": "2026-11-24",
            "last_day": "2026-11-24",
            "note": "期中考试",
        },
    )
    page = await officer.get(place)
    assert "期中考试" in page.text
    assert "09:30" in page.text

    on_the_clock("2026-11-24 10:00")
    device = await school.device()
    assert told(await device.scan(token, "in"))[0] == "allow"
    on_the_clock("2026-11-25 10:00")
    device = await school.device("二")
    assert told(await device.scan(await school.token("欧阳䶮"), "in")) == (
        "hold",
        "gate_closed",
        "SCH-1",
    )


@pytest.mark.rule("SCH-3")
async def test_a_pupil_without_a_badge_is_refused_and_the_third_time_reported(
    school, client_as, on_the_clock
):
    guard = await client_as("gatekeeper", name="老周")
    await client_as("discipline_office", name="政教处")
    page = await guard.get("/school-gate/no-badge?q=lilei")
    assert "李雷" in page.text
    pupil = await school.pupil("李雷")
    form = {"pupil": str(pupil.id), "gate": str(school.gate.id), "note": "忘在家里"}
    for day, count in (("23", 1), ("24", 2), ("25", 3)):
        on_the_clock(f"2026-11-{day} 07:10")
        guard = await client_as("gatekeeper", name="老周")
        answer = await guard.post("/school-gate/no-badge", data=form)
        assert answer.status_code == 200
        assert "SCH-3" in answer.text
        assert await Offence.count() == count
        assert await Notice.count() == (1 if count == 3 else 0)
    office = next(one for one in await accounts() if one.name == "政教处")
    notice = await Notice.objects().first()
    assert notice.user == office.id
    assert "李雷" in notice.subject
    reported = await client_as("discipline_office")
    page = await reported.get("/school-gate/offences")
    assert "李雷" in page.text


@pytest.mark.rule("SCH-3")
async def test_a_serious_case_is_reported_at_once_and_a_mistake_can_be_voided(school, client_as):
    office = await client_as("discipline_office", name="政教处")
    guard = await client_as("gatekeeper")
    pupil = await school.pupil("李雷")
    await guard.post(
        "/school-gate/no-badge",
        data={"pupil": str(pupil.id), "gate": str(school.gate.id), "serious": "1"},
    )
    assert await Notice.count() == 1
    offence = await Offence.objects().first()
    assert (await guard.post(f"/school-gate/offences/{offence.id}/void")).status_code == 403
    await office.post(f"/school-gate/offences/{offence.id}/void", data={"reason": ""})
    assert (await Offence.objects().first()).voided_at is None
    await office.post(f"/school-gate/offences/{offence.id}/void", data={"reason": "认错人"})
    assert (await Offence.objects().first()).void_reason == "认错人"


@pytest.mark.rule("SCH-3", "SCH-19")
async def test_a_revoked_badge_is_refused_and_counts_as_an_offence_once(school, device, client_as):
    token = await school.token("李雷")
    pupil = await school.pupil("李雷")
    officer = await client_as("duty_officer")
    answer = await officer.post(
        f"/school-gate/pupils/{pupil.id}/badge/revoke", data={"reason": "丢失"}
    )
    assert answer.status_code == 303
    assert told(await device.scan(token, "in")) == ("deny", "revoked", "SCH-19")
    assert told(await device.scan(token, "in")) == ("deny", "revoked", "SCH-19")
    for _ in range(2):
        await due.do_what_is_due(clock.now())
    assert await Offence.count() == 2
    assert {row.kind for row in await Offence.objects()} == {"invalid_badge"}


@pytest.mark.rule("SCH-19")
async def test_a_copy_used_again_the_same_way_is_held(school, device):
    token = await school.token("李雷")
    assert told(await device.scan(token, "in"))[0] == "allow"
    assert told(await device.scan(token, "in")) == ("hold", "passback", "SCH-19")


@pytest.mark.rule("SCH-3")
async def test_a_pupil_who_left_the_school_is_refused(school, device, client_as):
    token = await school.token("李雷")
    pupil = await school.pupil("李雷")
    administrator = await client_as("administrator")
    await administrator.post(f"/school-gate/pupils/{pupil.id}/leave")
    assert told(await device.scan(token, "in"))[:2] == ("deny", "revoked")
    found = await administrator.get("/school-gate/pupils?q=李雷")
    assert str(pupil.id) not in found.text


@pytest.mark.rule("CORE-14")
async def test_a_class_teacher_sees_the_own_class_and_no_other(school, client_as, plugins):
    from core.accounts.tables import User

    client = await client_as("class_teacher")
    host = (await db.fetch("SELECT teacher FROM school_gate_class WHERE teacher IS NOT NULL"))[0]
    await User.update({User.host: host["teacher"]}).where(User.id == client.user_id)
    page = await client.get("/school-gate/my-class")
    assert "李雷" in page.text
    assert "欧阳䶮" not in page.text
    own, other = await school.pupil("李雷"), await school.pupil("欧阳䶮")
    assert (await client.get(f"/school-gate/pupils/{own.id}")).status_code == 200
    assert (await client.get(f"/school-gate/pupils/{other.id}")).status_code == 404


async def test_a_gate_of_another_site_is_not_there(school, client_as):
    from core.sites.tables import Site

    other = Site(code="other", name="分校")
    await Site.insert(other)
    guard = await client_as("gatekeeper", site_id=other.id)
    assert (await guard.get(f"/school-gate/gates/{school.gate.id}")).status_code == 404
    answer = await guard.post(f"/school-gate/gates/{school.gate.id}/open", data={"kind": "normal"})
    assert answer.status_code == 404
    assert not await GateOpening.exists()
    pupil = await school.pupil("李雷")
    assert (await guard.get(f"/school-gate/pupils/{pupil.id}")).status_code == 404
    assert await Gate.count() == 1


async def test_the_plugin_tells_who_holds_a_badge_and_gives_its_rulebook(school, plugins):
    pupil = await school.pupil("韩梅梅")
    card = await plugins.resolve_holder("school_gate.pupil", pupil.id)
    assert (card.name, list(card.lines)) == ("韩梅梅", ["七年级1班", "住校生"])
    lines, failed = await plugins.collect_badge_lines("school_gate.pupil", pupil.id)
    assert (lines, failed) == (["七年级1班", "住校生"], [])
    assert await plugins.resolve_holder("nobody.knows", pupil.id) is None
    rulebook = next(one for one in plugins.register_rulebooks() if one.plugin == "school_gate")
    assert all(about.label and about.basis for _, about in rulebook.settings())
