"""A slip and a class event walked through by those whom they concern, on a phone and on a desk's screen."""

import re
from functools import partial

import pytest

from core import db
from plugins.school_gate.services import rosters
from tests.browser.looking import faults, watch
from tests.plugins.school_gate.conftest import STAFF, STAFF_HEADER
from tests.plugins.school_gate.rosters import a_csv

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
SIZES = {"desktop": DESKTOP, "phone": PHONE}
MORNING = "2026-11-23T10:00:00+08:00"


async def a_school():
    """Two classes on the roster; the class teacher's account is that of 七年级1班."""
    from core import clock
    from core.permissions import SYSTEM
    from core.sites.tables import Site

    site = await Site.objects().first()
    for kind, data in (("pupils", a_csv()), ("staff", a_csv(STAFF, STAFF_HEADER))):
        read = partial(rosters.read, kind, site.id, "名册.csv", data)
        import_id = await read(actor=SYSTEM, at=clock.now())
        await rosters.apply(import_id, create_classes=True, actor=SYSTEM, at=clock.now())
    await db.execute(
        "UPDATE account SET host = (SELECT id FROM host WHERE name = {}) WHERE login = {}",
        "王珺",
        "class_teacher",
    )


@pytest.fixture(params=SIZES)
def people(request, start_server, sqlite_url, new_page):
    """Opens a browser of its own for each role; what is wrong on a page fails at once."""
    server = start_server(sqlite_url, before=a_school, LAIFANG_CLOCK=MORNING)

    class People:
        url = server.url
        complaints = []  # noqa: RUF012 - a test's own

        def of(self, role, path="/"):
            page = new_page(**SIZES[request.param])
            self.complaints.append(watch(page))
            if role:
                server.sign_in(page, role, path)
            else:
                page.goto(server.url + path)
            return page

        def stands(self, page):
            assert faults(page) == [], page.url

        def wrong(self):
            found = [text for one in self.complaints for text in one]
            return [text for text in found if "422" not in text]

    return People()


def sign(page, name):
    """Draw something like a signature."""
    box = page.locator(f"canvas#f-{name}")
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    page.mouse.move(place["x"] + 20, place["y"] + 20)
    page.mouse.down()
    for step in range(1, 14):
        page.mouse.move(place["x"] + 20 + step * 12, place["y"] + 20 + step % 3 * 15)
    page.mouse.up()


@pytest.mark.rule("SCH-5")
def test_a_leave_slip_goes_from_the_teacher_over_the_office_to_the_gate(people):
    teacher = people.of("class_teacher", "/")
    people.stands(teacher)
    teacher.get_by_role("link", name="开假条").click()
    people.stands(teacher)
    teacher.select_option("#f-pupil", label="七年级1班 李雷（2026001）")
    teacher.fill("#f-reason", "发烧就医")
    teacher.get_by_role("button", name="开具", exact=True).click()
    teacher.wait_for_selector("text=请先联系家长并登记")
    people.stands(teacher)
    teacher.select_option("#f-contact_means", "phone")
    teacher.fill("#f-contact_with", "父亲李强")
    teacher.get_by_role("button", name="开具", exact=True).click()
    teacher.wait_for_selector("text=待年级组盖章")
    people.stands(teacher)
    slip = teacher.url
    teacher.get_by_text("给家长发链接").click()
    teacher.get_by_role("button", name="生成链接").click()
    teacher.wait_for_selector("text=链接只显示这一次")
    people.stands(teacher)
    link = teacher.locator("input[readonly]").input_value()

    parent = people.of("", link.removeprefix(people.url))
    assert "李雷 的请假" in parent.inner_text("main")
    people.stands(parent)

    office = people.of("grade_office", "/")
    people.stands(office)
    office.get_by_role("button", name="盖章").click()
    office.wait_for_selector("text=没有等您办理的事")

    guard = people.of("gatekeeper", "/school-gate/leave/gate")
    people.stands(guard)
    guard.get_by_role("link", name=re.compile("登记接走人并签名")).first.click()
    guard.get_by_label(re.compile("李强")).check()
    guard.select_option("#f-document", "resident_id")
    sign(guard, "pupil_signature")
    guard.get_by_role("button", name="登记放行").click()
    guard.wait_for_selector("text=双方都要签名")
    people.stands(guard)
    sign(guard, "collector_signature")
    guard.get_by_role("button", name="登记放行").click()
    guard.wait_for_selector("text=现在没有有效的假条")
    people.stands(guard)

    teacher.goto(slip)
    assert teacher.locator("svg.signed").count() == 2
    assert "由 李强 接走" in teacher.inner_text("#happened")
    people.stands(teacher)
    parent.reload()
    assert "孩子已离校" in parent.inner_text("main")
    assert people.wrong() == []


@pytest.mark.rule("SCH-6")
def test_boarders_and_their_lists_stand_at_both_sizes(people):
    teacher = people.of("class_teacher", "/school-gate/leave/new?kind=boarder")
    people.stands(teacher)
    teacher.select_option("#f-pupil", label="七年级1班 韩梅梅（2026002）")
    teacher.fill("#f-reason", "外出配眼镜")
    teacher.get_by_role("button", name="开具", exact=True).click()
    teacher.wait_for_selector("text=尚未到时间")
    officer = people.of("duty_officer", "/school-gate/boarders")
    assert "韩梅梅" in officer.inner_text("#all")
    people.stands(officer)
    officer.goto(f"{people.url}/school-gate/leave")
    assert "外出配眼镜" in officer.inner_text("main")
    people.stands(officer)
    assert people.wrong() == []


@pytest.mark.rule("SCH-12")
def test_a_class_event_is_applied_for_approved_and_its_parents_ticked(people):
    teacher = people.of("class_teacher", "/school-gate/events/new")
    people.stands(teacher)
    teacher.select_option("#f-class", label="七年级1班")
    teacher.fill("#f-title", "家长会")
    teacher.fill("#f-place", "教学楼 302")
    for name, value in (("starts_at", "19:00"), ("ends_at", "21:00"), ("admits_from", "18:30")):
        teacher.fill(f"#f-{name}", f"2026-11-25T{value}")
    teacher.get_by_role("button", name="保存并核对名单").click()
    teacher.wait_for_selector("text=已保存草稿")
    people.stands(teacher)
    event = teacher.url
    teacher.get_by_role("link", name="修改名单").click()
    people.stands(teacher)
    teacher.get_by_role("button", name="保存名单").click()
    teacher.get_by_role("button", name="提交审批").click()
    teacher.wait_for_selector("text=待审批")
    for role in ("grade_office", "security_office"):
        office = people.of(role, "/approvals")
        office.get_by_role("link", name=re.compile("家长会")).first.click()
        office.get_by_role("button", name=re.compile("批准|同意")).first.click()
        office.wait_for_url(re.compile("/approvals$"))
    teacher.goto(event)
    teacher.wait_for_selector("text=两处均已批准")
    people.stands(teacher)
    teacher.get_by_role("link", name="打印邀请码").click()
    assert teacher.locator(".invitation svg").count() >= 2
    people.stands(teacher)
    teacher.goto(event)
    teacher.get_by_role("button", name="手机链接").first.click()
    link = teacher.locator("input[readonly]").input_value()
    parent = people.of("", link.removeprefix(people.url))
    assert parent.locator(".qr-figure svg").count() == 1
    people.stands(parent)
    guard = people.of("gatekeeper", event.removeprefix(people.url) + "/gate")
    assert "现在不放行" in guard.inner_text("main")
    people.stands(guard)
    assert people.wrong() == []
