"""A gate without server: what waits on the device and is delivered later, in a real browser."""

import os
import signal

import pytest
from playwright.sync_api import expect

from tests.browser import install
from tests.browser.broken_line import Line
from tests.browser.gate_offline import (
    PHONE,
    STORE,
    WHAT,
    a_ready_page,
    delivered,
    emptied,
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
def device(browser, tmp_path):
    """Start a browser that keeps what it stores: `device()` opens it again after it was closed."""
    opened = []

    def start():
        context = browser.browser_type.launch_persistent_context(
            str(tmp_path / "device"),
            executable_path=install.find(),
            args=CHROMIUM_FLAGS,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **PHONE,
        )
        opened.append(context)
        return context

    yield start
    for context in opened:
        context.close()


def test_browser_closed_with_a_queue_starts_without_server_and_delivers_once(scene, device):
    first = device()
    page = first.pages[0]
    scene.open(page)
    ready(page)
    stop(scene)
    offline(page)
    for place in (0, 1):
        scan(page, scene.passes.others[place])
        verdict(page, "allow")
        press(page)
    first.close()
    second = device()
    page = second.pages[0]
    page.goto(f"{scene.url}/gate")  # nobody listens there: the page comes from the device itself
    page.locator("#gate").wait_for(state="visible")
    offline(page)
    expect(page.locator("#line-waiting")).to_have_text("2 条扫码待上传")
    expect(page.locator("#recent li")).to_have_count(2)
    expect(page.locator("#recent li").first).to_contain_text("欧阳喆")
    scan(page, scene.passes.revoked)
    expect(verdict(page, "deny")).to_have_attribute("data-code", "revoked")
    press(page)
    scan(page, scene.passes.others[0])  # this device let the person in before it was closed
    expect(verdict(page, "hold")).to_have_attribute("data-code", "passback")
    press(page)
    scene.restart()
    delivered(page)
    assert stored(scene, WHAT) == [
        (1, 0, 0, "", 1),
        (2, 0, 0, "", 1),
        (3, 2, 0, "revoked", 1),
        (4, 1, 0, "passback", 1),
    ]
    expect(page.locator("#count-inside")).to_have_text("2")


def test_two_tabs_number_and_deliver_nothing_twice_and_know_of_each_other(scene, page):
    other = page.context.new_page()
    other.goto(f"{scene.url}/gate")
    other.locator("#gate").wait_for(state="visible")
    ready(other)
    stop(scene)
    offline(page)
    offline(other)
    page.bring_to_front()
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    press(page)
    other.bring_to_front()
    scan(other, scene.passes.others[1])
    verdict(other, "allow")
    press(other)
    scan(other, scene.passes.others[0])
    expect(verdict(other, "hold")).to_have_attribute("data-code", "passback")
    press(other)
    assert [one["seq"] for one in queue(page)] == [1, 2, 3]
    scene.restart()
    delivered(page)
    delivered(other)
    assert [row[0] for row in stored(scene)] == [1, 2, 3]


def test_device_that_can_store_nothing_shows_no_green_and_loses_nothing(scene, page):
    stop(scene)
    offline(page)
    page.evaluate(
        """() => {
             window.put = IDBObjectStore.prototype.put;
             IDBObjectStore.prototype.put = function () {
               throw new DOMException("full", "QuotaExceededError");
             };
           }"""
    )
    scan(page, scene.passes.others[0])
    amber = verdict(page, "hold")
    expect(amber.locator(".verdict-reason")).to_contain_text("无法保存")
    expect(amber.locator(".verdict-next")).to_contain_text("自行判断")
    expect(page.locator("#old-text")).to_contain_text("有 1 条扫码未能保存")
    press(page)
    assert queue(page) == []
    page.evaluate("() => { IDBObjectStore.prototype.put = window.put; }")
    scene.restart()
    delivered(page)
    expect(page.locator("#old")).to_be_hidden()
    expect(page.locator("#line-waiting")).to_be_empty(timeout=15_000)
    emptied(page)
    assert stored(scene, WHAT) == [(1, 1, 0, "not_kept", 1)]


def test_shift_that_ends_meanwhile_leaves_the_queue_and_needs_no_pin_to_deliver_it(scene, page):
    stop(scene)
    offline(page)
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    press(page)
    execute(scene, "UPDATE gate_device_shift SET ended_at = started_at")
    scene.restart()
    page.locator("#operator").wait_for(state="visible", timeout=20_000)
    emptied(page)
    [row] = stored(scene, "seq, verdict, mode, operator")
    assert row[:3] == (1, 0, 1)
    assert row[3]  # whoever was on duty then
    scene.enter_pin(page)
    expect(page.locator("#count-inside")).to_have_text("1")


def test_gate_goes_on_unsigned_while_no_pin_can_be_checked(scene, page):
    page.locator("#open-menu").click()
    page.get_by_role("button", name="结束我在本设备的值班").click()
    page.locator("#people .button").first.wait_for()
    stop(scene)
    page.reload()
    page.get_by_role("button", name="不输 PIN，先工作").click()
    offline(page)
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    press(page)
    scene.restart()
    page.locator("#operator").wait_for(state="visible", timeout=20_000)
    emptied(page)
    assert stored(scene, "seq, verdict, operator") == [(1, 0, None)]


MANY = """
async ([text, boot]) => {
  const store = STORE;
  const taken = (wall) => ({ act: "scan", body: {}, about: { text }, boot, wall, mono: 0 });
  const start = Date.now() - 3600000;
  const made = [];
  for (let place = 0; place < 1000; place += 1) {
    const event = {
      act: "scan", boot, wall: start + place * 1000, mono: 0, token: text, direction: place % 2 ? "out" : "in",
      source: "wedge", verdict: "allow", code: "", reason: "", rule: "", version: "", bundle: 0, operator: null,
      mode: "offline", corrects: null, note: "", offset: 0,
    };
    made.push(store.decide(taken(event.wall), "", () => ({ event, state: null })));
  }
  await Promise.all(made);
}
"""


def test_thousand_waiting_scans_arrive_once_though_an_answer_is_lost_on_the_way(scene, new_page):
    line = Line(int(scene.url.rpartition(":")[2]))
    page = new_page(**PHONE)
    page.goto(f"{line.url}/gate#{scene.code}")
    scene.enter_pin(page)
    ready(page)
    os.kill(scene.server.process.pid, signal.SIGSTOP)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.evaluate(MANY.replace("STORE", STORE), [scene.passes.others[0], "many"])
    line.lose_answers = True
    os.kill(scene.server.process.pid, signal.SIGCONT)
    offline(page)
    line.lose_answers = False
    delivered(page, timeout=60_000)
    assert [row[0] for row in stored(scene)] == list(range(1, 1001))
    assert queue(page) == []
    expect(page.locator("#count-inside")).to_have_text("0")
    line.close()


def test_scan_is_undone_and_released_without_server_by_new_events(scene, page):
    stop(scene)
    offline(page)
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    press(page, "改记为“出”")
    expect(page.locator("#verdict[open] .verdict-way")).to_have_text("出")
    press(page)
    scan(page, scene.passes.others[1])
    verdict(page, "allow")
    press(page)
    page.locator("#recent button").first.click()
    page.get_by_role("button", name="撤回扫码").click()
    verdict(page, "done")
    press(page)
    events = [(one["event"]["act"], one["event"]["corrects"]) for one in queue(page)]
    assert events == [("scan", None), ("undo", 1), ("scan", None), ("scan", None), ("undo", 4)]
    scene.restart()
    delivered(page)
    rows = stored(scene, "id, seq, verdict, direction, code, corrects")
    assert [row[1:5] for row in rows] == [
        (1, 0, 0, ""),
        (2, 0, 0, "undo"),
        (3, 0, 1, ""),
        (4, 0, 0, ""),
        (5, 0, 0, "undo"),
    ]
    assert [row[5] for row in rows if row[4] == "undo"] == [rows[0][0], rows[3][0]]


def test_device_with_waiting_scans_is_neither_emptied_nor_enrolled_anew(scene, page):
    stop(scene)
    offline(page)
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    press(page)
    page.locator("#open-menu").click()
    page.get_by_role("button", name="停用本机").click()
    expect(page.locator("#signing-off-text")).to_contain_text("本机有 1 条扫码待上传")
    expect(page.locator("#sign-off")).to_be_hidden()
    page.locator("#signing-off [data-close]").click()
    page.goto("about:blank")
    page.goto(f"{scene.url}/gate#ABCD-2345")
    page.locator("#gate").wait_for(state="visible")
    expect(page.locator("#told-text")).to_contain_text("不能重新登记")
    assert [one["seq"] for one in queue(page)] == [1]
    scene.restart()
    delivered(page)
    page.locator("#open-menu").click()
    page.get_by_role("button", name="停用本机").click()
    page.get_by_role("button", name="清除本机全部资料").click()
    page.locator("#enrolment").wait_for(state="visible")
    assert page.evaluate(f"async () => [await {STORE}.get('device'), await {STORE}.bundle()]") == [
        None,
        None,
    ]
