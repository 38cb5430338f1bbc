"""Visitors' pages in a real browser, phone and desktop, with scripts and without; real mail between."""

import re
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

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
SIZES = {"phone": PHONE, "desktop": DESKTOP}
WAYS = {"with-scripts": True, "without-scripts": False}
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def reception(start_server, sqlite_url, tmp_path, mailbox):
    """A server with a host who reads e-mail: a plain visitor book."""

    async def before():
        keys.hold(Keyring.load_or_create(tmp_path / "server-0" / "keys" / "keyring.json"))
        entry = HostEntry(name="张明", department="教务处", room="302", email="zhang@school.test")
        await hosts.add(entry, actor=SYSTEM, at=clock.now())

    return start_server(
        sqlite_url, before=before, LAIFANG_PLUGINS="", LAIFANG_ORGANISATION="第一中学",
        LAIFANG_SMTP_HOST="127.0.0.1", LAIFANG_SMTP_PORT=str(mailbox.port),
    )  # fmt: skip


@pytest.fixture
def look(request, tmp_path):
    """Check a page, and keep a picture of it where LAIFANG_PICTURES says."""
    import os

    folder = os.environ.get("LAIFANG_PICTURES")

    def check(page, name, *, whole=True):
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{folder}/{name}.png", full_page=whole)
        return faults(page)

    return check


def small_targets(page):
    """Return what a finger would miss on a phone."""
    return page.evaluate("""() => {
        const kinds = ['button', '.btn', 'summary', 'input:not([type=hidden])', 'select'];
        return [...document.querySelectorAll(kinds.map(kind => 'main ' + kind).join())]
            .filter(one => one.checkVisibility() && !['checkbox', 'radio'].includes(one.type)
                && !one.closest('.trap') && one.getBoundingClientRect().height < 44)
            .map(one => one.outerHTML.slice(0, 90)); }""")


@pytest.mark.rule("CORE-4", "CORE-5", "CORE-11", "CORE-19")
@pytest.mark.parametrize("scripts", WAYS)
@pytest.mark.parametrize("size", SIZES)
def test_a_visit_from_the_proposal_to_the_feedback(
    reception, mailbox, new_page, look, size, scripts
):
    options = {**SIZES[size], "java_script_enabled": WAYS[scripts]}
    visitor = new_page(**options)
    complaints = watch(visitor)
    name = f"{size}-{scripts}"
    checked = WAYS[scripts]  # axe itself needs scripts

    def check(page, what):
        found = look(page, f"{what}-{name}") if checked else []
        assert found == []
        if checked and size == "phone":
            assert small_targets(page) == []

    # the visitor proposes
    visitor.goto(f"{reception.url}/v")
    check(visitor, "propose")
    soon = clock.now().astimezone(SHANGHAI) + timedelta(minutes=1)
    day, begins = soon.strftime("%Y-%m-%d"), soon.strftime("%H:%M")
    visitor.fill("[name=name]", "王小明")
    visitor.fill("[name=phone]", "138 0000 1234")
    visitor.fill("[name=host]", "张明")
    visitor.fill("[name=day]", day)
    visitor.fill("[name=begins]", begins)
    visitor.fill("[name=reason]", "谈合同")
    visitor.click("main form [type=submit]")
    assert visitor.locator("#f-agree-error").count() == 1, "not without agreeing"
    check(visitor, "propose-wrong")
    assert visitor.input_value("[name=reason]") == "谈合同"
    visitor.check("[name=agree]")
    visitor.click("main form [type=submit]")
    visitor.wait_for_url("**/a/*")
    own_page = visitor.url.partition("?")[0]
    assert visitor.locator(".sheet-state.tone-wait").count() == 1
    check(visitor, "proposed")

    # the host answers from the letter, on a phone
    host = new_page(**{**PHONE, "java_script_enabled": WAYS[scripts]})
    host.goto(mailbox.link(1))
    assert "王小明" in host.inner_text("h1")
    check(host, "host-asked-ahead")
    host.fill("[name=note]", "请走南门")
    host.click("button[value=yes]")
    assert host.locator(".state-badge.tone-good").count() == 1

    # the visitor sees it
    visitor.goto(own_page)
    assert visitor.locator(".sheet-state.tone-good").count() == 1
    code = visitor.inner_text(".code-big")
    assert re.fullmatch(r"A-[0-9A-Z]{6}", code)
    assert "请走南门" in visitor.inner_text("main")
    check(visitor, "confirmed")

    # the desk finds the code, registers, hands over the slip
    desk = new_page(**DESKTOP)
    desk_complaints = watch(desk)
    reception.sign_in(desk, "gatekeeper", "/appointments")
    assert look(desk, f"day-{name}") == []
    desk.fill("[name=q]", code)
    desk.press("[name=q]", "Enter")
    desk.wait_for_url("**/appointments/*-*")
    assert look(desk, f"appointment-{name}") == []
    desk.select_option("#f-document_kind", "resident_id")
    desk.fill("#f-document_number", WANG)
    desk.click("#arrive button.btn-primary")
    desk.wait_for_url("**/registrations/*")
    visit = desk.url
    assert "同意" in desk.inner_text("main"), "what the host agreed to ahead counts"
    desk.click("form[action$='/share'] button")
    assert desk.locator(".qr-share svg").count() == 1
    assert look(desk, f"share-{name}") == []
    slip = desk.input_value("input[readonly]")

    # their own page has become the slip
    visitor.goto(own_page)
    assert visitor.locator(".qr-figure svg").count() == 1
    check(visitor, "slip-waiting")
    phone = new_page(**options)
    phone.goto(slip)
    assert phone.locator(".qr-figure svg").count() == 1
    desk.goto(visit)
    desk.click("form[action$='/admit'] button[value='']")
    desk.wait_for_load_state()
    phone.goto(slip)
    assert phone.locator(".sheet-state.tone-good").count() == 1
    check(phone, "slip-inside")

    # and how it was
    phone.click(".slip a.big-button")
    check(phone, "feedback")
    phone.check("[name=rating][value='2']", force=True)
    phone.fill("[name=remark]", "等了很久")
    phone.click("main form [type=submit]")
    assert phone.locator(".sheet-state.tone-good").count() == 1
    check(phone, "feedback-thanks")
    desk.goto(visit)
    desk.click("form[action$='/leave'] button")
    visitor.goto(own_page)
    assert visitor.locator(".qr-figure").count() == 0
    check(visitor, "slip-over")
    # A rejected form answers 422, which Chromium notes; nothing else may be complained of.
    assert [one for one in complaints if "422" not in one] == []
    assert desk_complaints == []


@pytest.mark.rule("CORE-5", "CORE-18")
@pytest.mark.parametrize("scripts", WAYS)
def test_a_host_is_asked_at_once_and_answers_from_the_letter(
    reception, mailbox, new_page, look, scripts
):
    desk = new_page(**DESKTOP)
    reception.sign_in(desk, "gatekeeper", "/desk")
    desk.fill("#registration-form [name=name]", "王小明")
    desk.fill("#registration-form [name=reason]", "谈合同")
    desk.fill("#registration-form [name=host]", "张明")
    desk.select_option("#f-document_kind", "resident_id")
    desk.fill("#f-document_number", WANG)
    desk.click("#registration-form [type=submit]")
    desk.wait_for_url("**/registrations/*")
    desk.click("form[action$='/ask'] button")
    host = new_page(**{**PHONE, "java_script_enabled": WAYS[scripts]})
    complaints = watch(host)
    host.goto(mailbox.link(1))
    if WAYS[scripts]:
        assert look(host, "host-asked") == []
        assert small_targets(host) == []
    host.fill("[name=note]", "请到302室")
    host.click("button[value=yes]")
    assert host.locator(".sheet-state.tone-good").count() == 1
    if WAYS[scripts]:
        assert look(host, "host-answered") == []
    desk.reload()
    said = desk.inner_text("main")
    assert "张明" in said
    assert "请到302室" in said, "the note stands in the visit's history"
    host.click("summary >> nth=-1")
    host.click("button[value=no]")
    assert host.locator(".sheet-state.tone-bad").count() == 1
    assert complaints == []


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "en-US"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_plain_pages_are_accessible_in_each_language_light_and_dark(
    reception, new_page, look, locale, scheme
):
    page = new_page(locale=locale, color_scheme=scheme, **PHONE)
    complaints = watch(page)
    for path, name in (("/v", "v"), ("/privacy-notice", "notice"), ("/s/nothing", "gone")):
        page.goto(reception.url + path)
        assert look(page, f"{name}-{locale}-{scheme}") == []
        assert page.locator("a[href='/sign-in']").count() == 0
    assert [c for c in complaints if "404" not in c] == []


def test_the_address_is_copied_with_one_touch(reception, new_page):
    page = new_page(**PHONE, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{reception.url}/v")
    tomorrow = (clock.now().astimezone(SHANGHAI) + timedelta(days=1)).strftime("%Y-%m-%d")
    for field, text in (
        ("name", "王小明"), ("phone", "13800001234"), ("host", "张明"), ("day", tomorrow),
        ("begins", "09:00"), ("reason", "谈合同"),
    ):  # fmt: skip
        page.fill(f"[name={field}]", text)
    page.check("[name=agree]")
    page.click("main form [type=submit]")
    page.wait_for_url("**/a/*")
    page.click("[data-copy]")
    page.wait_for_function("document.querySelector('[data-copy]').textContent === '已复制'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url.partition("?")[0]


@pytest.mark.parametrize("size", SIZES)
def test_what_staff_read_is_accessible(reception, new_page, look, size):
    page = new_page(**SIZES[size])
    complaints = watch(page)
    reception.sign_in(page, "administrator")
    for path, name in (
        ("/appointments", "appointments"),
        ("/appointments?view=week", "week"),
        ("/appointments?view=proposed", "unanswered"),
        ("/appointments/new", "new"),
        ("/feedback", "feedback-list"),
        ("/notices", "inbox"),
        ("/notices/all", "outbox"),
        ("/rulebooks", "rulebooks"),
        ("/rulebooks/core", "rulebook"),
        ("/rulebooks/appointments/adopt", "adopt"),
        ("/log", "log"),
        ("/privacy/holds", "holds"),
        ("/my-visitors", "my-visitors"),
    ):
        page.goto(reception.url + path)
        assert look(page, f"staff-{name}-{size}") == [], path
    assert complaints == []
