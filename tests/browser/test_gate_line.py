"""The gate page when line or server fail in the middle of a scan: the device decides, nothing counts twice."""

import os
import signal
import time

import pytest
from playwright.sync_api import expect

from tests.browser import install
from tests.browser.broken_line import Line
from tests.browser.gate_offline import (
    PHONE,
    WHAT,
    a_ready_page,
    delivered,
    execute,
    offline,
    press,
    queue,
    ready,
    scan,
    stop,
)
from tests.browser.gate_scene import stored, verdict
from tests.servers import CHROMIUM_FLAGS

pytestmark = [pytest.mark.browser, pytest.mark.rule("SCH-20")]


@pytest.fixture
def page(scene, new_page):
    return a_ready_page(scene, new_page)


@pytest.fixture
def line(scene):
    line = Line(int(scene.url.rpartition(":")[2]))
    yield line
    line.close()


@pytest.fixture
def page_on_line(scene, line, new_page):
    page = new_page(**PHONE)
    page.goto(f"{line.url}/gate#{scene.code}")
    scene.enter_pin(page)
    ready(page)
    return page


def test_server_that_dies_in_the_middle_of_a_scan_is_replaced_by_the_device(scene, page):
    process = scene.server.process
    os.kill(process.pid, signal.SIGSTOP)  # it takes the request and never answers
    started = time.monotonic()
    scan(page, scene.passes.others[0])
    green = verdict(page, "allow")
    assert time.monotonic() - started < 6  # a person waits
    expect(green.locator(".verdict-name")).to_have_text("张海峰")
    expect(green.locator(".by-device")).to_have_text("本机核验")
    press(page)
    offline(page)
    expect(page.locator("#lost")).to_contain_text("离线")
    process.kill()
    process.wait(10)
    scan(page, scene.passes.others[1])
    expect(verdict(page, "allow").locator(".verdict-name")).to_have_text("欧阳喆")
    press(page)
    expect(page.locator("#line-waiting")).to_contain_text("2")
    assert [(one["seq"], one["asked"], one["decided"]) for one in queue(page)] == [
        (1, True, 1),
        (2, False, 1),
    ]
    assert stored(scene) == []
    scene.restart()
    delivered(page)
    assert stored(scene, WHAT) == [(1, 0, 0, "", 1), (2, 0, 0, "", 1)]
    expect(page.locator("#lost")).to_be_hidden()
    expect(page.locator("#count-inside")).to_have_text("2")
    expect(page.locator("#recent li")).to_have_count(2)
    scan(page, scene.passes.others[2])
    expect(verdict(page, "allow").locator(".by-device")).to_have_count(0)
    assert stored(scene, WHAT)[2] == (3, 0, 0, "", 0)


def test_scan_that_the_server_stored_though_its_answer_was_lost_is_counted_once(
    scene, line, page_on_line
):
    page = page_on_line
    line.lose_answers = True
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    press(page)
    assert stored(scene, WHAT) == [(1, 0, 0, "", 0)]
    assert len(queue(page)) == 1
    line.lose_answers = False
    delivered(page)
    assert stored(scene, WHAT) == [(1, 0, 0, "", 0)]
    assert queue(page) == []
    expect(page.locator("#count-inside")).to_have_text("1")


def test_what_the_guard_was_shown_is_recorded_beside_another_verdict_of_the_server(
    scene, line, page_on_line
):
    page = page_on_line
    # The pass is revoked after the device was told of it, and the server's refusal does not arrive.
    execute(
        scene,
        "UPDATE pass SET revoked_at = ? WHERE id = ?",
        int(time.time() * 1000),
        scene.passes.badge_id,
    )
    line.lose_answers = True
    scan(page, scene.passes.badge)
    verdict(page, "allow")
    press(page)
    line.lose_answers = False
    delivered(page)
    assert stored(scene, WHAT) == [(1, 2, 0, "revoked", 0), (2, 0, 0, "", 1)]


def test_numbers_go_on_after_the_page_was_loaded_anew_and_after_its_data_was_lost(scene, page):
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    press(page)
    page.reload()  # the shift goes on
    page.locator("#count-inside:not(:text-is('–'))").wait_for()
    expect(page.locator("#recent li")).to_have_count(1)
    # The browser forgets the number: the server's own word is taken, no old answer is shown as new.
    forget = """() => new Promise((resolve, reject) => {
         const request = indexedDB.open("laifang-gate");
         request.onsuccess = () => {
           const act = request.result.transaction(["kept"], "readwrite");
           act.objectStore("kept").delete("seq");
           act.oncomplete = resolve;
           act.onerror = reject;
         };
       })"""
    page.evaluate(forget)
    scan(page, scene.passes.others[1])
    expect(verdict(page, "allow").locator(".verdict-name")).to_have_text("欧阳喆")
    press(page)
    stop(scene)
    offline(page)
    page.evaluate(forget)  # and so while nobody can be asked
    scan(page, scene.passes.others[2])
    verdict(page, "allow")
    press(page)
    assert [one["seq"] for one in queue(page)] == [1]
    scene.restart()
    delivered(page)
    assert [row[0] for row in stored(scene)] == [1, 2, 3]


def test_plain_http_on_a_network_has_no_camera_and_no_names_but_checks_passes_all_the_same(
    scene, page_of_lan
):
    page = page_of_lan
    page.goto(f"http://gate.lan:{scene.url.rpartition(':')[2]}/gate#{scene.code}")
    assert page.evaluate("[isSecureContext, Boolean(crypto.subtle)]") == [False, False]
    scene.enter_pin(page)
    ready(page)  # by the vendored library: nothing here verifies a signature
    expect(page.locator("#insecure")).to_contain_text("浏览器不提供摄像头")
    expect(page.locator("#start-camera")).to_be_hidden()
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    press(page)
    stop(scene)
    offline(page)
    scan(page, scene.passes.others[1])
    green = verdict(page, "allow")
    expect(green.locator(".by-device")).to_be_visible()
    expect(green.locator(".verdict-name")).to_have_count(0)
    press(page)
    scan(page, scene.passes.forged)
    expect(verdict(page, "deny")).to_have_attribute("data-code", "token_signature")
    press(page)
    scene.restart()
    delivered(page)
    assert [(row[0], row[1]) for row in stored(scene)] == [(1, 0), (2, 0), (3, 2)]


@pytest.fixture
def page_of_lan(browser):
    """A page in a Chromium for which gate.lan is this machine: an address without https."""
    flags = [*CHROMIUM_FLAGS, "--host-resolver-rules=MAP gate.lan 127.0.0.1"]
    own = browser.browser_type.launch(executable_path=install.find(), args=flags)
    yield own.new_context(locale="zh-CN", **PHONE).new_page()
    own.close()
