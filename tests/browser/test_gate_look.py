"""How the gate page looks: accessible, three languages, dark, within its weight, whole on every screen."""

import gzip
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import gate_scene
from tests.browser.gate_scene import answer, verdict

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
AXE = (ROOT / "tests/vendor/axe-core/axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREENS = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "small": {"viewport": {"width": 320, "height": 568}, "is_mobile": True, "has_touch": True},
    "pc": {"viewport": {"width": 1280, "height": 800}},
}
MOST_BYTES = 60_000


def complaints(page):
    """Return what axe finds serious, and whether the page is wider than its screen."""
    page.evaluate(AXE)
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        TAGS,
    )
    assert found["passes"], "axe looked at nothing"
    said = [(v["impact"], v["id"], [n["target"] for n in v["nodes"]]) for v in found["violations"]]
    root = "document.documentElement"
    if page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"):
        said.append("wider than the screen")
    small = page.evaluate(
        "[...document.querySelectorAll('button, a.button, select')].filter(one =>"
        " one.checkVisibility() && one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"
    )
    return said + small


def scan(page, text):
    page.keyboard.type(text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("screen", "scheme"),
    [("phone", "light"), ("phone", "dark"), ("small", "light"), ("pc", "dark")],
)
def test_every_screen_is_accessible_and_whole(scene, new_page, screen, scheme):
    page = new_page(color_scheme=scheme, reduced_motion="reduce", **SCREENS[screen])
    page.goto(f"{scene.url}/gate")
    page.locator("#enrolment").wait_for()
    assert complaints(page) == []
    page.locator("#code").fill(scene.code)
    page.locator("#enrolment-form button").click()
    page.locator("#people .button").first.wait_for()
    assert complaints(page) == []
    page.locator("#people .button").first.click()
    assert complaints(page) == []
    page.locator("#pin").press_sequentially(gate_scene.PIN)
    page.locator("#pin-form .primary").click()
    page.locator("#count-inside:not(:text-is('–'))").wait_for()
    if page.locator("#camera-error").is_hidden() and screen != "pc":
        expect(page.locator("#camera-error")).to_be_visible(timeout=20_000)
    assert complaints(page) == []
    for text, kind in (
        (scene.passes.badge, "allow"),
        (scene.passes.expired, "deny"),
        (scene.passes.badge, "hold"),
    ):
        page.wait_for_timeout(2600 if kind == "hold" else 0)
        scan(page, text)
        verdict(page, kind)
        assert complaints(page) == [], kind
        frame = page.locator("#verdict")
        assert frame.evaluate("one => one.scrollWidth <= one.clientWidth"), kind
        if kind == "hold":
            page.get_by_role("button", name="署名放行").click()
            assert complaints(page) == []
            page.keyboard.press("Escape")
        answer(page)
    for sheet in ("typed", "without", "menu"):
        page.locator(f"#open-{sheet}").click()
        assert complaints(page) == [], sheet
        page.locator(f"#{sheet} [data-close]").click()
    page.locator("#recent button").first.click()
    assert complaints(page) == []


@pytest.mark.parametrize(
    ("language", "browser_locale", "word", "reason"),
    [
        ("zh-Hans", "zh-CN", "禁止通行", "过期"),
        ("zh-Hant", "zh-TW", "禁止通行", "過期"),
        ("en", "en-GB", "Stop", "expired"),
    ],
)
def test_page_and_reasons_speak_one_language(
    scene, new_page, language, browser_locale, word, reason
):
    page = new_page(locale=browser_locale, **SCREENS["phone"])
    scene.open(page)
    assert page.locator("html").get_attribute("lang") == language
    scan(page, scene.passes.expired)
    red = verdict(page, "deny")
    expect(red.locator(".verdict-word")).to_have_text(word)
    expect(red.locator(".verdict-reason")).to_contain_text(reason)
    answer(page)
    page.locator("#open-menu").click()
    page.get_by_role("button", name="English").click()
    page.locator("#gate").wait_for(state="visible")  # the shift goes on in the other language
    scan(page, scene.passes.revoked)
    expect(verdict(page, "deny").locator(".verdict-reason")).to_contain_text("revoked")


def test_page_is_light_and_loads_no_decoder_before_a_camera_is_started(scene, new_page):
    page = new_page(**SCREENS["pc"])
    loaded = {}
    page.on("response", lambda answer: loaded.update({answer.url: answer}))
    scene.open(page)
    page.wait_for_load_state("networkidle")
    bodies = {
        url: answer.body()
        for url, answer in loaded.items()
        if answer.ok and not re.search(r"/gate/api/|\.(png|svg)", url)
    }
    assert any("gate.css" in url for url in bodies)
    assert not any("zxing" in url or "decoder" in url for url in loaded)
    weight = {url: len(gzip.compress(body, 6)) for url, body in bodies.items()}
    print(json.dumps(weight, indent=1), sum(weight.values()))
    assert sum(weight.values()) <= MOST_BYTES


def test_page_keeps_the_strict_policy(scene, new_page):
    page = new_page(**SCREENS["pc"])
    broken = []
    page.on(
        "console", lambda m: broken.append(m.text) if "Content Security Policy" in m.text else None
    )
    answer = page.goto(f"{scene.url}/gate")
    policy = answer.headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    page.goto(f"{scene.url}/gate#{scene.code}")
    scene.enter_pin(page)
    scan(page, scene.passes.badge)
    verdict(page, "allow")
    assert broken == []
