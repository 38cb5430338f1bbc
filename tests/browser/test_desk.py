"""The desk with a real browser on a real server: a visitor from the door to the returned stub."""

import json
import re

import pytest

from core import clock
from core.hosts import services as hosts
from core.hosts.services import HostEntry
from core.permissions import SYSTEM
from core.privacy import keys
from core.privacy.crypto import Keyring
from tests.browser.looking import faults, watch
from tests.core.registrations.reception import WANG

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
SIZES = {"desktop": DESKTOP, "phone": PHONE}
ASKED = ["name", "phone", "document_kind", "document_number", "purpose", "host", "reason"]


@pytest.fixture
def gate(start_server, sqlite_url, tmp_path):
    """A server without any plugin, whose directory holds two hosts: a plain visitor book."""

    async def before():
        keys.hold(Keyring.load_or_create(tmp_path / "server-0" / "keys" / "keyring.json"))
        for name, office in (("张明", "教务处"), ("李秀英", "财务处")):
            entry = HostEntry(name=name, department=office, room="302", phone="0755-26001234")
            await hosts.add(entry, actor=SYSTEM, at=clock.now())

    return start_server(sqlite_url, before=before, LAIFANG_PLUGINS="")


def fill(page, **values):
    """Fill in the form of an arrival."""
    typed = {"name": "王小明", "phone": "13800001234", "reason": "谈合同", **values}
    for name, value in typed.items():
        page.fill(f"#registration-form [name={name}]", value)
    page.select_option("#f-document_kind", "resident_id")
    page.fill("#f-document_number", values.get("document_number", WANG))


def inside(page, server):
    """Return who is inside by the board and by the API, which must agree."""
    page.goto(f"{server.url}/board")
    shown = page.locator("#board-inside .visit-name").all_inner_texts()
    place = page.request.get(f"{server.url}/api/v1/session").json()
    assert place["kind"] == "user"
    page.goto(f"{server.url}/roll-call")
    site = page.url.rpartition("/")[2]
    told = page.request.get(f"{server.url}/api/v1/sites/{site}/inside").json()
    assert [party["name"] for party in told["visitors"]] == shown
    return shown


@pytest.mark.rule("CORE-1", "CORE-2", "CORE-5", "CORE-6", "CORE-12")
@pytest.mark.parametrize("size", SIZES)
def test_a_visitor_comes_goes_and_is_known_again(gate, new_page, size):
    page = new_page(**SIZES[size])
    complaints = watch(page)
    gate.sign_in(page, "gatekeeper", "/desk")
    assert faults(page) == []
    assert inside(page, gate) == []

    # registered; the host is picked by initials
    page.goto(f"{gate.url}/desk")
    fill(page)
    page.locator("#f-host").press_sequentially("zm", delay=30)
    page.click(".suggestion >> text=张明")
    assert page.input_value("#f-host") == "张明 · 教务处"
    page.click("#registration-form [type=submit]")
    page.wait_for_url("**/registrations/*")
    visit = page.url
    assert faults(page) == []
    assert page.locator("a[href='tel:0755-26001234']").count() == 1
    assert inside(page, gate) == []

    # admitted too early: the rule says what is missing
    page.goto(visit)
    page.click("text=放行，不打单")
    page.wait_for_selector("#flashes .alert-danger")
    assert "张明" in page.inner_text("#flashes")

    # the host agrees by phone; in with a slip
    page.click("button:has-text('被访人同意')")
    page.wait_for_selector(".state-badge:has-text('被访人同意')")
    page.click("text=放行，打印 A4 单")
    page.wait_for_selector("text=来访人离开")
    assert faults(page) == []
    slip = page.locator("a[href$='/slip/a4.pdf']").get_attribute("href")
    pdf = page.request.get(gate.url + slip)
    assert pdf.body().startswith(b"%PDF")
    assert inside(page, gate) == ["王小明"]

    # out without the stub: flagged, and not inside
    page.goto(visit)
    page.uncheck("input[name=stub]")
    page.click("button:has-text('来访人离开')")
    page.wait_for_selector("text=尚未办结")
    assert inside(page, gate) == []
    page.goto(visit)
    assert faults(page) == []
    page.check("input[name=signed]")
    page.click("button:has-text('回执已收回')")
    page.wait_for_selector(".state-badge:has-text('已办结'), .state-badge:has-text('已结束')")

    # known again by initials, filled in, masked
    page.goto(f"{gate.url}/desk")
    page.locator("#desk-q").press_sequentially("wxm", delay=40)
    page.click(".found-row:has-text('王小明')")
    page.wait_for_selector(".known")
    assert page.input_value("#f-name") == "王小明"
    assert page.input_value("#f-phone") == "138****1234"
    assert page.input_value("#f-host") == "张明"
    assert page.input_value("#f-reason") == "谈合同"
    page.click("#registration-form [type=submit]")
    page.wait_for_url("**/registrations/*")
    assert page.url != visit
    page.click("text=历次来访")
    page.wait_for_url("**/visitors/*")
    assert page.locator("tbody tr").count() == 2
    assert faults(page) == []
    assert [c for c in complaints if "422" not in c] == []


def test_everything_asked_stands_on_one_phone_screen(gate, new_page):
    page = new_page(**PHONE)
    gate.sign_in(page, "gatekeeper", "/desk")
    for name in ASKED:
        box = page.locator(f"#f-{name}").bounding_box()
        assert box["y"] + box["height"] <= 844, name
        assert box["height"] >= 44, name
    button = page.locator("#registration-form [type=submit]").bounding_box()
    assert button["y"] + button["height"] <= 844


@pytest.mark.parametrize("size", SIZES)
def test_a_rejected_form_says_what_is_wrong_beside_each_field(gate, new_page, size):
    page = new_page(**SIZES[size])
    gate.sign_in(page, "gatekeeper", "/desk")
    fill(page, name="", phone="12", document_number="110105194912310021", host="张明")
    page.click("#registration-form [type=submit]")
    page.wait_for_selector(".error-summary")
    assert faults(page) == []
    for name in ("name", "phone", "document_number"):
        assert page.locator(f"#f-{name}-error").is_visible()
    assert page.input_value("#f-phone") == "12"
    page.fill("#f-name", "王小明")
    page.fill("#f-phone", "１３８００００１２３４")
    page.check("#f-document_by_eye")
    page.click("#registration-form [type=submit]")
    page.wait_for_url("**/registrations/*")
    assert "人工核验" in page.inner_text("main")


@pytest.mark.rule("CORE-18")
def test_the_board_and_the_desk_show_at_once_what_happens_elsewhere(gate, new_page):
    board, desk = new_page(**DESKTOP), new_page(**DESKTOP)
    gate.sign_in(board, "duty_officer", "/board")
    gate.sign_in(desk, "gatekeeper", "/desk")
    assert board.locator("#board-waiting .visit-row").count() == 0
    fill(desk, host="李秀英")
    desk.click("#registration-form [type=submit]")
    desk.wait_for_url("**/registrations/*")
    board.wait_for_selector("#board-waiting .visit-name:has-text('王小明')", timeout=5000)
    assert faults(board) == []


def test_the_registration_works_without_javascript(gate, browser):
    context = browser.new_context(locale="zh-CN", java_script_enabled=False, **PHONE)
    page = context.new_page()
    gate.sign_in(page, "gatekeeper", "/desk")
    fill(page, host="张明")
    page.click("#registration-form [type=submit]")
    page.wait_for_url("**/registrations/*")
    page.click("button:has-text('被访人同意')")
    page.click("text=放行，不打单")
    page.click("button:has-text('来访人离开')")
    assert "已" in page.inner_text(".page-actions .state-badge")
    page.goto(f"{gate.url}/desk")
    page.fill("#desk-q", "1234")
    page.press("#desk-q", "Enter")
    page.click(".found-row:has-text('王小明')")
    assert page.input_value("#f-name") == "王小明"
    context.close()


@pytest.mark.rule("CORE-6")
def test_the_roll_call_opens_from_the_browser_when_the_server_is_gone(gate, new_page):
    page = new_page(**DESKTOP)
    gate.sign_in(page, "gatekeeper", "/desk")
    fill(page, host="张明")
    page.click("#registration-form [type=submit]")
    page.wait_for_url("**/registrations/*")
    page.click("button:has-text('被访人同意')")
    page.click("text=放行，不打单")
    page.wait_for_selector("text=来访人离开")
    page.goto(f"{gate.url}/roll-call")
    page.wait_for_function(
        "async () => (await navigator.serviceWorker.ready) && (await (await"
        " caches.open('laifang-roll-call')).keys()).length"
    )
    address = page.url
    gate.stop()
    page.goto(address)
    assert "王小明" in page.inner_text("main")
    page.wait_for_selector("#roll-call-stale:visible")


def test_all_pages_of_the_reception_are_accessible(gate, new_page):
    for size in (DESKTOP, PHONE):
        page = new_page(**size)
        complaints = watch(page)
        gate.sign_in(page, "administrator")
        found = {}
        for path in (
            "/desk", "/board", "/registrations", "/visitors", "/watch", "/watch/new", "/sites",
            "/hosts", "/hosts/new", "/roll-call",
        ):  # fmt: skip
            page.goto(gate.url + path)
            found[path] = faults(page)
        for path in ("/sites", "/hosts"):
            page.goto(gate.url + path)
            page.click("td.name a")
            page.wait_for_url(re.compile(rf"{path}/[0-9a-f-]+"))
            found[f"{path}/one"] = faults(page)
        assert {path: fault for path, fault in found.items() if fault} == {}
        assert complaints == [], json.dumps(complaints, ensure_ascii=False)
