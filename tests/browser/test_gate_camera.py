"""A pass held before a device's camera: Chromium's fake one, with a film of a real pass of the server."""

import pytest
from playwright.sync_api import expect

from tests.browser import camera, install
from tests.browser.gate_scene import answer, stored, verdict

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
PC = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def filmed(browser, tmp_path):
    """Open a page whose camera shows a film: `filmed([text, None, ...], frames=..., **options)`."""
    opened = []

    def make(texts, frames=8, permissions=("camera",), **options):
        film = camera.film(tmp_path / "film.mjpeg", texts, frames=frames)
        flags = camera.flags(film)
        if not permissions:
            flags.remove("--use-fake-ui-for-media-stream")
        own = browser.browser_type.launch(executable_path=install.find(), args=flags)
        opened.append(own)
        context = own.new_context(locale="zh-CN", permissions=list(permissions), **options)
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield make
    for own in opened:
        own.close()


@pytest.mark.rule("SCH-3", "SCH-19")
def test_pass_before_the_phones_camera_is_green_once_however_long_it_is_held(scene, filmed):
    page = filmed([scene.passes.badge], **PHONE)
    page.add_init_script(
        "window.took = []; new PerformanceObserver((list) => list.getEntries().forEach((one) =>"
        " took.push(one.duration))).observe({entryTypes: ['measure']})"
    )
    scene.open(page)  # a device in the hand starts its camera by itself
    green = verdict(page, "allow", timeout=20_000)
    expect(green.locator(".verdict-name")).to_have_text("李秀英")
    expect(page.locator("#verdict")).to_be_hidden(timeout=6000)
    page.wait_for_timeout(4000)  # it is still held before the camera
    expect(page.locator("#verdict")).to_be_hidden()
    assert stored(scene, "seq, verdict, source") == [(1, 0, "camera")]
    took = page.evaluate("took")
    assert len(took) == 1
    assert took[0] < 1000  # some 50 ms on an idle machine
    assert page.complaints == []


def test_pass_shown_anew_after_it_was_gone_is_a_new_scan(scene, filmed):
    page = filmed([*[scene.passes.badge] * 3, *[None] * 20], **PHONE)
    scene.open(page)
    verdict(page, "allow", timeout=20_000)
    verdict(page, "hold", timeout=30_000)  # within the window: a copy may be in other hands
    answer(page)
    page.locator("#stop-camera").click()
    assert [row[1] for row in stored(scene)][:2] == [0, 1]


def test_forged_pass_before_the_camera_is_red_and_the_camera_can_be_put_off(scene, filmed):
    page = filmed([scene.passes.forged], **PC)
    scene.open(page)
    expect(page.locator("#reader")).to_have_attribute("data-camera", "off")  # on a PC: by hand
    page.locator("#start-camera").click()
    expect(verdict(page, "deny", timeout=20_000)).to_have_attribute("data-code", "token_signature")
    answer(page)
    page.locator("#stop-camera").click()
    expect(page.locator("#reader")).to_have_attribute("data-camera", "off")
    assert page.locator("#video").evaluate("video => video.srcObject") is None
    page.locator("#start-camera").click()
    expect(page.locator("#reader")).to_have_attribute("data-camera", "on", timeout=20_000)
    page.reload()  # it was on: it comes back by itself
    expect(page.locator("#reader")).to_have_attribute("data-camera", "on", timeout=20_000)


def test_camera_that_is_missing_or_not_allowed_is_explained_and_the_scanner_still_works(
    scene, new_page
):
    page = new_page(**PHONE)
    scene.open(page)
    expect(page.locator("#camera-error")).not_to_be_empty(timeout=20_000)
    expect(page.locator("#start-camera")).to_be_visible()
    page.keyboard.type(scene.passes.badge)
    verdict(page, "allow")
