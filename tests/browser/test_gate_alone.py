"""A gate without server: what the device decides and shows by itself, in a real browser."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.gate_offline import (
    a_ready_page,
    becomes_true,
    offline,
    press,
    queue,
    scan,
    stop,
)
from tests.browser.gate_scene import verdict

pytestmark = [pytest.mark.browser, pytest.mark.rule("SCH-20")]


@pytest.fixture
def page(scene, new_page):
    return a_ready_page(scene, new_page)


def test_knowledge_that_grows_old_is_shown_and_past_its_limit_every_scan_is_amber(scene, page):
    stop(scene)
    offline(page)
    page.evaluate(
        "() => { const [now, wall] = [performance.now.bind(performance), Date.now]; window.later = 0;"
        " performance.now = () => now() + window.later; Date.now = () => wall() + window.later; }"
    )
    page.evaluate("window.later = 40 * 60000")
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    press(page)
    expect(page.locator("#old-text")).to_contain_text("40 分钟", timeout=12_000)
    page.evaluate("window.later = 13 * 3600000")
    scan(page, scene.passes.others[1])
    amber = verdict(page, "hold")
    expect(amber).to_have_attribute("data-code", "stale")
    expect(amber.locator(".verdict-reason")).to_contain_text("太旧")
    press(page, "署名放行")  # the gatekeeper alone may not release others, but was told to decide
    page.get_by_role("button", name="已比对本人与照片").click()
    page.locator("#release-form .primary").click()
    expect(verdict(page, "allow").locator(".verdict-reason")).to_have_text("已比对本人与照片")
    press(page)
    scan(page, scene.passes.forged)
    verdict(page, "deny")
    press(page)
    assert [
        (one["event"]["act"], one["event"]["verdict"], one["event"]["code"]) for one in queue(page)
    ] == [
        ("scan", "allow", ""),
        ("scan", "hold", "stale"),
        ("override", "allow", "override"),
        ("scan", "deny", "token_signature"),
    ]


def test_visit_goes_in_and_out_and_its_slip_opens_nothing_more(scene, page):
    stop(scene)
    offline(page)
    scan(page, scene.passes.slip)
    green = verdict(page, "allow")
    expect(green.locator(".verdict-name")).to_have_text("陈美玲")
    expect(green.locator(".verdict-line").last).to_have_text("送货")
    press(page)
    scan(page, scene.passes.stub)
    expect(verdict(page, "allow").locator(".verdict-way")).to_have_text("出")
    press(page)
    page.get_by_label("进", exact=True).check()
    page.wait_for_timeout(2600)
    scan(page, scene.passes.slip)
    expect(verdict(page, "deny")).to_have_attribute("data-code", "visit_left")
    press(page)
    for text, kind, code in (
        (scene.passes.expired, "deny", "expired"),
        (scene.passes.replaced, "deny", "reissued"),
        (scene.passes.nobody, "hold", "holder_unknown"),
        ("HTTP" + scene.passes.badge[4:], "deny", "token_prefix"),
        ("4006381333931", "deny", "token_length"),
    ):
        scan(page, text)
        expect(verdict(page, kind)).to_have_attribute("data-code", code)
        press(page)
    assert "4006381333931" not in json.dumps(queue(page))  # what is no pass may be anything


def test_roll_call_without_server_names_who_is_inside_and_is_printed(scene, page):
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    press(page)
    stop(scene)
    offline(page)
    scan(page, scene.passes.others[1])
    verdict(page, "allow")
    press(page)
    page.locator("#open-menu").click()
    page.get_by_role("button", name="在内人员").click()
    names = page.locator("#inside-list strong")
    expect(names).to_have_text(["欧阳喆", "张海峰"])
    expect(page.locator("#inside-count")).to_have_text("在内 2 人")
    page.emulate_media(media="print")
    expect(names.first).to_be_visible()
    expect(page.locator("#print-inside")).to_be_hidden()
    expect(page.locator("#reader")).to_be_hidden()


EVERYTHING = """() => new Promise((resolve, reject) => {
  const request = indexedDB.open("laifang-gate");
  request.onerror = reject;
  request.onsuccess = async () => {
    const base = request.result;
    const all = await Promise.all([...base.objectStoreNames].map((name) => new Promise((done) => {
      const store = base.transaction([name]).objectStore(name);
      store.getAllKeys().onsuccess = ({ target: { result: keys } }) => {
        store.getAll().onsuccess = ({ target: { result: values } }) => done([name, keys, values]);
      };
    })));
    base.close();
    const plain = (key, value) => (value instanceof Uint8Array ? String.fromCharCode(...value) : value);
    resolve(JSON.stringify(all, plain));
  };
})"""


def test_photo_is_shown_without_server_and_lies_sealed_on_the_device(scene, page):
    becomes_true(page, f"async () => (await ({EVERYTHING})()).includes('face:')")
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    press(page)
    kept = page.evaluate(EVERYTHING)
    assert "face:" in kept
    for plain in ("张海峰", "李秀英", "data:image"):
        assert plain not in kept, "names and photos lie on the device sealed"
    stop(scene)
    offline(page)
    scan(page, scene.passes.badge)
    photo = verdict(page, "allow").locator("img.verdict-photo")
    expect(photo).to_have_attribute("src", re.compile("^data:image/jpeg;base64,"))
    assert photo.evaluate("(image) => image.naturalWidth") == 72
