"""The lodge with a real browser, at a desk and on a phone: kept, signed for on the screen, handed over."""

import re
from datetime import timedelta

import pytest

from core import clock
from core.permissions import SYSTEM
from core.sites.tables import Site
from plugins.school_gate.services import rosters
from tests.browser.looking import faults, watch
from tests.plugins.school_gate.rosters import a_csv

pytestmark = pytest.mark.browser

AFTERNOON = "2026-11-23T16:00:00+08:00"
SIZES = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}


async def a_roster():
    site = await Site.objects().first()
    at = clock.now() - timedelta(minutes=5)
    made = await rosters.read("pupils", site.id, "名册.csv", a_csv(), actor=SYSTEM, at=at)
    await rosters.apply(made, create_classes=True, actor=SYSTEM, at=at)


@pytest.fixture(params=SIZES)
def guard(request, start_server, sqlite_url, new_page):
    """A gatekeeper's browser at each size, at a school with a roster."""
    server = start_server(sqlite_url, before=a_roster, LAIFANG_CLOCK=AFTERNOON)
    page = new_page(**SIZES[request.param])
    page.complaints = watch(page)
    server.sign_in(page, "gatekeeper")
    page.server = server
    return page


def sign(page):
    """Write a name into the box."""
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 30):
        page.mouse.move(box["x"] + 20 + 6 * step, box["y"] + 40 + (step % 5) * 9)
    page.mouse.up()


@pytest.mark.rule("SCH-10")
def test_a_thing_is_taken_in_signed_for_on_the_screen_and_handed_out(guard):
    page, url = guard, guard.server.url
    page.goto(f"{url}/school-gate/deposits/new")
    page.fill("#q", "lilei")
    page.get_by_role("button", name="查找").click()
    assert faults(page) == []
    page.get_by_role("link", name="李雷").click()
    page.select_option("#f-kind", "clothes")
    page.fill("#f-what", "蓝色羽绒服")
    page.fill("#f-shelf", "A-3")
    assert faults(page) == []
    page.get_by_role("button", name="收存", exact=True).click()
    page.wait_for_selector("#f-giver_name-error")
    page.fill("#f-giver_name", "李强")
    page.get_by_role("button", name="收存", exact=True).click()
    page.wait_for_url(re.compile(r"/school-gate/deposits/[0-9a-f-]{36}$"))
    assert faults(page) == []

    page.get_by_role("button", name="已在屏幕签名，发放").click()
    page.wait_for_selector("text=须由学生签收")
    sign(page)
    assert page.locator(".signature.is-signed").count() == 1
    page.get_by_role("button", name="重签").click()
    assert page.locator(".signature.is-signed").count() == 0
    sign(page)
    page.locator("#f-reason").first.fill("身上衣服湿了")  # it is not the time to collect
    page.get_by_role("button", name="已在屏幕签名，发放").click()
    page.wait_for_selector("svg.signed path")
    assert "已领取" in page.inner_text("main")
    assert faults(page) == []
    page.goto(f"{url}/school-gate/deposits?state=collected")
    assert "蓝色羽绒服" in page.inner_text("main")
    assert [c for c in page.complaints if "422" not in c] == []


@pytest.mark.rule("SCH-2", "SCH-17")
def test_the_lodges_pages_stand_at_both_sizes(guard, new_page):
    page, url = guard, guard.server.url
    for path in ("/", "/school-gate/slips", "/school-gate/stays/new", "/school-gate/valuables"):
        page.goto(url + path)
        assert faults(page) == [], path
    page.goto(f"{url}/school-gate/valuables/new")
    page.fill("#f-person", "周阿姨")
    page.fill("#f-item", "笔记本电脑")
    page.fill("#voucher_q", "李雷")
    page.locator("button[name=find]").click()
    page.wait_for_selector("input[name=voucher]")
    assert page.input_value("#f-item") == "笔记本电脑"
    page.get_by_text("本校师生到场担保").click()
    page.check("#f-voucher_present")
    assert faults(page) == []
    page.get_by_role("button", name="办理并记录").click()
    page.wait_for_selector("text=已放行")
    assert faults(page) == []

    page.goto(f"{url}/shifts")
    page.locator("main a[href*='/shifts/']").first.click()
    page.get_by_role("button", name="上岗").click()
    page.wait_for_selector("text=本班记录")
    assert faults(page) == []
    office = new_page(viewport=page.viewport_size)
    office.complaints = watch(office)
    page.server.sign_in(office, "security_office")
    for path in (
        "/school-gate/stays",
        "/school-gate/figures",
        "/school-gate/figures/rows?what=late",
    ):
        office.goto(url + path)
        assert faults(office) == [], path
    assert page.complaints + office.complaints == []
