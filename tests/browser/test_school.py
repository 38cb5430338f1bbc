"""The school office with a real browser: a roster comes in, badges are printed, lost, replaced, refused."""

import io
import re

import pypdf
import pytest

from tests.browser.looking import faults, watch
from tests.plugins.school_gate.rosters import ROWS, a_csv, an_xlsx

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
SIZES = {"desktop": DESKTOP, "phone": PHONE}
BAD = ["七年级", "1班", "", "2026009", "男", "走读", "", "", "12"]
WRONG_PHONE = ["七年级", "1班", "张三", "2026010", "男", "走读", "张大", "父亲", "12345678901234"]


@pytest.fixture(params=SIZES)
def office(request, start_server, sqlite_url, new_page):
    """An administrator's browser on an empty school, at each size; what is wrong on the way is kept."""
    server = start_server(sqlite_url)
    page = new_page(**SIZES[request.param])
    page.complaints = watch(page)
    server.sign_in(page)
    page.server = server
    return page


def upload(page, name, data):
    page.goto(f"{page.server.url}/school-gate/roster")
    page.select_option("#f-kind", "pupils")
    page.set_input_files("#f-file", {"name": name, "mimeType": "text/csv", "buffer": data})
    page.get_by_role("button", name="读取文件").click()
    page.wait_for_url(re.compile(r"/school-gate/roster/[0-9a-f-]{36}"))


def figures(page):
    """Return the numbers of a preview by their names."""
    tiles = page.locator("#counts .figure-tile")
    return {
        tile.locator(".figure-label").inner_text(): int(tile.locator(".figure-value").inner_text())
        for tile in tiles.all()
    }


def pdf_text(content):
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "".join(one.extract_text() for one in pages).replace(" ", "")


@pytest.mark.rule("SCH-21", "SCH-19")
def test_a_roster_comes_in_and_badges_are_printed_lost_and_replaced(office):
    page = office
    url = page.server.url
    upload(page, "名册.xlsx", an_xlsx([*ROWS, BAD, WRONG_PHONE]))
    assert figures(page)["有问题"] == 2
    assert figures(page)["新增"] == 3
    assert page.get_by_text("七年级1班").count() > 0
    assert faults(page) == []

    page.check("#create_classes")
    page.get_by_role("button", name="导入无误的行").click()
    page.wait_for_selector("text=已导入：新增 3")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载后修改").click()
    bad = download.value.path().read_bytes().decode("utf-8-sig")
    assert "2026009" in bad
    assert "2026010" in bad

    upload(page, "名册.csv", a_csv())
    assert figures(page)["不变"] == 3
    page.get_by_role("button", name="放弃此文件").click()

    page.goto(f"{url}/school-gate/badges")
    page.select_option("#f-scope", "all")
    page.get_by_role("button", name="开始打印").click()
    page.wait_for_selector("#download", timeout=60_000)
    assert "3 / 3" in page.inner_text("#batch")
    assert faults(page) == []
    file = page.request.get(url + page.get_attribute("#download", "href"))
    assert "欧阳䶮" in pdf_text(file.body())

    page.goto(f"{url}/school-gate/pupils?q=lilei")
    page.get_by_role("link", name="李雷").click()
    assert page.get_by_text("有效", exact=True).first.is_visible()
    assert faults(page) == []
    page.get_by_text("丢失、被盗或损坏").click()
    page.get_by_role("button", name="补办：旧卡失效").click()
    page.wait_for_selector("#f-reason-error")
    page.fill("#f-reason", "操场上丢了")
    page.get_by_role("button", name="补办：旧卡失效").click()
    page.wait_for_selector("text=已补办 1 次")

    page.get_by_text("丢失、被盗或损坏").click()
    page.fill("#f-reason", "休学")
    page.get_by_role("button", name="只撤销，不补办").click()
    page.wait_for_selector("text=没有有效胸卡")
    page.get_by_role("button", name="签发胸卡").click()
    page.wait_for_selector("#print-badge")
    expected = [c for c in page.complaints if "422" not in c]
    assert expected == []


@pytest.mark.rule("SCH-21")
def test_a_file_that_is_no_roster_comes_back_with_what_to_do(office):
    page = office
    page.goto(f"{page.server.url}/school-gate/roster")
    page.select_option("#f-kind", "pupils")
    page.set_input_files(
        "#f-file", {"name": "x.xls", "mimeType": "text/csv", "buffer": b"\xd0\xcf\x11\xe0" * 200}
    )
    page.get_by_role("button", name="读取文件").click()
    page.wait_for_selector(".error-summary")
    assert ".xlsx" in page.inner_text(".error-summary")


@pytest.mark.rule("SCH-1", "SCH-3")
def test_the_guard_records_the_gate_and_a_pupil_without_a_badge(office, new_page):
    page = office
    upload(page, "名册.csv", a_csv())
    page.check("#create_classes")
    page.get_by_role("button", name="导入无误的行").click()
    page.wait_for_selector("text=已导入：新增 3")

    guard = new_page(viewport=page.viewport_size)
    guard.complaints = watch(guard)
    page.server.sign_in(guard, "gatekeeper", "/school-gate/gates")
    assert faults(guard) == []
    guard.locator("td.name a").first.click()
    guard.get_by_role("button", name="登记现在开门").click()
    guard.wait_for_selector("text=已登记开门。")
    assert faults(guard) == []
    guard.get_by_role("button", name="登记现在关门").click()
    guard.wait_for_selector("text=已登记关门。")

    guard.goto(f"{page.server.url}/school-gate/no-badge")
    guard.fill("#q", "hanmm")
    guard.get_by_role("button", name="查找").click()
    assert faults(guard) == []
    guard.get_by_role("button", name="未带胸卡：不予放行并登记").click()
    guard.wait_for_selector("text=SCH-3")
    assert "第 1 次" in guard.inner_text("#count")
    assert faults(guard) == []
    assert guard.complaints == []


def test_every_page_of_the_school_stands_at_both_sizes(office):
    page = office
    url = page.server.url
    upload(page, "名册.csv", a_csv())
    page.check("#create_classes")
    page.get_by_role("button", name="导入无误的行").click()
    page.wait_for_selector("text=已导入：新增 3")
    paths = ["pupils", "classes", "staff", "badges", "roster", "offences", "figures", "gates"]
    paths += ["figures?period=week", "no-badge?q=li", "pupils?q=nobody", "my-class"]
    found = {}
    for path in paths:
        page.goto(f"{url}/school-gate/{path}")
        if wrong := faults(page):
            found[path] = wrong
    page.goto(f"{url}/school-gate/gates")
    page.locator("td.name a").first.click()
    page.get_by_role("link", name="时间表").click()
    page.get_by_text("添加一行").click()
    if wrong := faults(page):
        found["timetable"] = wrong
    assert found == {}
    assert page.complaints == []
