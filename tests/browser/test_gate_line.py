"""The gate page when the line or the server fails: never green by itself, nothing lost, nothing twice."""

import os
import signal
import time

import pytest
from playwright.sync_api import expect

from tests.browser import gate_scene
from tests.browser.broken_line import Line
from tests.browser.gate_scene import answer, stored, verdict

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(start_server, sqlite_url, tmp_path, monkeypatch):
    return gate_scene.a_gate_scene(start_server, sqlite_url, tmp_path, monkeypatch)


@pytest.fixture
def page(scene, new_page):
    """The gate page, signed in, noting every kind of verdict that was ever shown."""
    page = new_page(viewport={"width": 390, "height": 844})
    page.add_init_script(
        "window.shown = []; addEventListener('DOMContentLoaded', () => new MutationObserver(() =>"
        " shown.push(document.getElementById('verdict').dataset.kind)).observe("
        "document.getElementById('verdict'), {attributes: true, attributeFilter: ['data-kind']}))"
    )
    scene.open(page)
    return page


def scan(page, text):
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def shown(page):
    return page.evaluate("shown")


@pytest.mark.rule("SCH-20")
def test_server_killed_in_the_middle_of_a_scan_is_told_and_nothing_is_green(scene, page):
    process = scene.server.process
    os.kill(process.pid, signal.SIGSTOP)  # it takes the request and never answers
    scan(page, scene.passes.others[0])
    expect(page.locator("#reading")).to_be_visible()
    time.sleep(0.5)
    process.kill()
    process.wait(10)
    grey = verdict(page, "lost")
    expect(grey.locator(".verdict-word")).to_have_text("未核验")
    expect(grey.locator(".verdict-next")).to_contain_text("自行判断")
    answer(page)
    expect(page.locator("#lost")).to_be_visible()
    expect(page.locator("#line")).to_have_attribute("data-line", "lost")
    scan(page, scene.passes.others[1])  # refused at once, and given no number
    expect(verdict(page, "lost").locator(".verdict-reason")).to_contain_text("未记录")
    answer(page)
    assert shown(page) == ["lost", "lost"]
    assert stored(scene) == []
    scene.restart()
    # The first scan had a number: it is sent again by itself, and shown as checked later.
    green = verdict(page, "allow", timeout=20_000)
    expect(green.locator(".verdict-name")).to_have_text("张海峰")
    expect(green.locator(".late")).to_have_text("补核验")
    expect(page.locator("#lost")).to_be_hidden()
    answer(page)
    scan(page, scene.passes.others[1])
    expect(verdict(page, "allow").locator(".verdict-name")).to_have_text("欧阳喆")
    assert [row[0] for row in stored(scene)] == [1, 2]


@pytest.mark.rule("SCH-20")
def test_scan_whose_answer_was_lost_is_sent_again_under_its_number_and_counted_once(
    scene, new_page
):
    line = Line(int(scene.url.rpartition(":")[2]))
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{line.url}/gate#{scene.code}")
    scene.enter_pin(page)
    line.lose_answers = True
    scan(page, scene.passes.others[0])
    verdict(page, "lost")
    assert len(stored(scene)) == 1  # the server let the person in, the guard does not know
    line.lose_answers = False
    green = verdict(page, "allow", timeout=20_000)
    expect(green.locator(".verdict-name")).to_have_text("张海峰")
    answer(page)
    expect(page.locator("#count-inside")).to_have_text("1")
    scan(page, scene.passes.others[1])
    verdict(page, "allow")
    assert [row[0] for row in stored(scene)] == [1, 2]
    line.close()


def test_person_who_scans_again_after_a_lost_answer_gets_it_instead_of_a_second_scan(
    scene, new_page
):
    line = Line(int(scene.url.rpartition(":")[2]))
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{line.url}/gate#{scene.code}")
    scene.enter_pin(page)
    line.lose_answers = True
    scan(page, scene.passes.others[0])
    verdict(page, "lost")
    page.wait_for_timeout(2600)
    scan(page, scene.passes.others[0])
    expect(page.locator(".verdict-queue").first).to_contain_text("另有 1 人")
    line.lose_answers = False
    verdict(page, "allow", timeout=20_000)
    page.wait_for_timeout(3500)
    expect(page.locator("#verdict")).to_be_hidden()
    assert len(stored(scene)) == 1
    line.close()


def test_numbers_go_on_after_the_page_was_loaded_anew_and_after_its_data_was_lost(scene, page):
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    answer(page)
    page.reload()  # the shift goes on
    page.locator("#count-inside:not(:text-is('–'))").wait_for()
    expect(page.locator("#recent li")).to_have_count(1)
    scan(page, scene.passes.others[1])
    verdict(page, "allow")
    answer(page)
    # The browser forgets the number: the server's own word is taken, no old answer is shown as new.
    page.evaluate(
        """() => new Promise((resolve, reject) => {
             const request = indexedDB.open("laifang-gate");
             request.onsuccess = () => {
               const act = request.result.transaction(["kept"], "readwrite");
               act.objectStore("kept").delete("seq");
               act.oncomplete = resolve;
               act.onerror = reject;
             };
           })"""
    )
    scan(page, scene.passes.others[2])
    expect(verdict(page, "allow").locator(".verdict-name")).to_have_text("赵敏")
    assert [row[0] for row in stored(scene)] == [1, 2, 3]


def test_unsent_scan_of_long_ago_is_not_made_up_for_but_told(scene, page):
    scene.server.process.kill()
    scene.server.process.wait(10)
    scan(page, scene.passes.others[0])
    verdict(page, "lost")
    answer(page)
    page.evaluate(
        """() => new Promise((resolve, reject) => {
             const request = indexedDB.open("laifang-gate");
             request.onsuccess = () => {
               const act = request.result.transaction(["unanswered"], "readwrite");
               const all = act.objectStore("unanswered");
               all.openCursor().onsuccess = ({target: {result: cursor}}) => {
                 if (cursor) { cursor.update({...cursor.value, wall: Date.now() - 600000}); cursor.continue(); }
               };
               act.oncomplete = resolve;
               act.onerror = reject;
             };
           })"""
    )
    scene.restart()
    expect(page.locator("#lost")).to_be_hidden(timeout=20_000)
    expect(page.locator("#recent li").first).to_contain_text("请重新扫码")
    assert stored(scene) == []
    page.wait_for_timeout(2600)
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    assert [row[0] for row in stored(scene)] == [1]  # its number was free again: no gap


def test_plain_http_on_a_network_says_why_there_is_no_camera_and_scans_all_the_same(
    scene, playwright_of_lan
):
    page = playwright_of_lan
    port = scene.url.rpartition(":")[2]
    page.goto(f"http://gate.lan:{port}/gate#{scene.code}")
    assert page.evaluate("isSecureContext") is False
    scene.enter_pin(page)
    expect(page.locator("#insecure")).to_contain_text("浏览器不提供摄像头")
    expect(page.locator("#start-camera")).to_be_hidden()
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    assert [row[0] for row in stored(scene)] == [1]


@pytest.fixture
def playwright_of_lan(browser):
    """A page in a Chromium for which gate.lan is this machine: an address without https."""
    from tests.browser import install
    from tests.servers import CHROMIUM_FLAGS

    flags = [*CHROMIUM_FLAGS, "--host-resolver-rules=MAP gate.lan 127.0.0.1"]
    own = browser.browser_type.launch(executable_path=install.find(), args=flags)
    yield own.new_context(locale="zh-CN", viewport={"width": 390, "height": 844}).new_page()
    own.close()
