"""The gate's device: how soon it decides by itself, what it stores, how its page is kept and renewed."""

import re

import pytest
from playwright.sync_api import expect

from core import clock
from core import settings as core_settings
from core.permissions import SYSTEM
from core.registrations import slips
from core.registrations.services import Arrival, register
from core.sites.tables import Gate, Site
from core.visitors.matching import Person
from tests.browser import camera, gate_scene, install
from tests.browser.broken_line import Line
from tests.browser.gate_offline import (
    becomes_true,
    delivered,
    offline,
    press,
    queue,
    ready,
    scan,
    stop,
)
from tests.browser.gate_scene import verdict
from tests.servers import CHROMIUM_FLAGS
from web.plugins import load

pytestmark = [pytest.mark.browser, pytest.mark.rule("SCH-20")]
PHONE = {"viewport": {"width": 390, "height": 844}}
AIM_MS = 100
CANARIES = 1000


def test_slow_phone_decides_alone_within_a_tenth_of_a_second_after_the_code_was_read(
    scene, browser, tmp_path, record_property
):
    """From the decoder's answer to the verdict on the screen and on disk, at a quarter of this CPU."""
    film = camera.film(tmp_path / "film.mjpeg", [scene.passes.badge])
    own = browser.browser_type.launch(executable_path=install.find(), args=camera.flags(film))
    page = own.new_context(locale="zh-CN", permissions=["camera"], **PHONE).new_page()
    page.add_init_script(
        "window.took = []; new PerformanceObserver((list) => list.getEntries().forEach((one) =>"
        " took.push(one.duration))).observe({entryTypes: ['measure']})"
    )
    scene.open(page)
    ready(page)
    stop(scene)
    offline(page)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.locator("#start-camera").click()
    page.locator("#verdict[open]").wait_for(timeout=60_000)
    by_camera = page.wait_for_function("() => took[0]").json_value()
    page.locator("#stop-camera").evaluate("button => button.click()")
    press(page)
    for text in [*scene.passes.others, scene.passes.slip, scene.passes.forged]:
        scan(page, text)
        page.locator("#verdict[open]").wait_for()
        page.wait_for_timeout(200)
        press(page)
    took = sorted(page.evaluate("took"))
    own.close()
    record_property("offline_verdict_ms", took)
    print(f"verdict without server, CPU slowed 4 times: camera {by_camera:.0f} ms,", end=" ")
    print(f"all {[round(ms) for ms in took]} ms")
    assert len(took) == 6
    # The best of them, and generously, for machines that do other things as well: the figure itself
    # belongs to bench/offline_gate.py.
    assert 0 < took[0] < 3 * AIM_MS


async def _people_with_canaries():
    """Register visitors each with a document and a phone of their own; return all the numbers."""
    site, gate = await Site.objects().first(), await Gate.objects().first()
    at, plugins = clock.now(), load(core_settings.load())
    numbers, tokens = [], []
    for place in range(CANARIES // 2):
        phone, document = f"139{71000000 + place * 7919:08d}", f"E{53000000 + place * 104729:08d}"
        numbers += [phone, document]
        arrival = Arrival(
            site_id=site.id,
            gate_id=gate.id,
            person=Person(
                name=f"访客{place}", phone=phone, document_kind="passport", document_number=document
            ),
            purpose="core.delivery",
            reason="送货",
            host_text="王芳",
            head_count=1,
            document_shown=True,
        )
        made = await register(arrival, actor=SYSTEM, at=at, plugins=plugins)
        if place < 6:
            slip = await slips.issue(made.id, actor=SYSTEM, at=at, plugins=plugins)
            tokens.append(slip.token)
    return numbers, tokens


def test_browser_of_the_device_holds_no_document_and_no_phone_after_a_day(
    machine_time, start_server, sqlite_url, tmp_path, monkeypatch, browser
):
    monkeypatch.setenv("LAIFANG_DATA", str(tmp_path / "server-0"))
    made, planted = gate_scene.Passes(), []

    async def before():
        planted.append(await gate_scene.people_a_gate(made))
        planted.extend(await _people_with_canaries())

    server = start_server(sqlite_url, before=before)
    code, numbers, tokens = planted
    assert len(set(numbers)) == CANARIES
    scene = gate_scene.GateScene(server=server, code=code, passes=made, start=start_server)
    folder = tmp_path / "device"
    context = browser.browser_type.launch_persistent_context(
        str(folder), executable_path=install.find(), args=CHROMIUM_FLAGS, locale="zh-CN", **PHONE
    )
    page = context.pages[0]
    scene.open(page)
    ready(page)
    for text in tokens[:2]:
        scan(page, text)
        verdict(page, "allow")
        press(page)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    stop(scene)
    offline(page)
    for text in [*tokens[2:], numbers[0], numbers[1]]:  # also a code that is somebody's number
        scan(page, text)
        page.locator("#verdict[open]").wait_for()
        press(page)
    assert len(queue(page)) == 6
    dump = page.evaluate(DUMP)
    context.close()
    assert tokens[2] in dump  # what waits is there: the dump sees what it should
    seen = [number for number in numbers if number in dump]
    assert seen == []
    # And so the files of the browser, as whoever finds the device would read them.
    found = [path for path in folder.rglob("*") if path.is_file()]
    kept = b"".join(
        path.read_bytes() for path in found if "Storage" in str(path) or "IndexedDB" in str(path)
    )
    assert len(kept) > 100_000
    assert [one for one in numbers if one.encode() in kept or one.encode("utf-16-le") in kept] == []


DUMP = """async () => {
  const databases = {};
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
      request.onerror = reject;
    });
    databases[name] = {};
    for (const store of database.objectStoreNames) {
      databases[name][store] = await new Promise((resolve, reject) => {
        const request = database.transaction([store]).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
        request.onerror = reject;
      });
    }
    database.close();
  }
  const pages = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (!/wasm|png/.test(request.url)) pages[request.url] = await (await cache.match(request)).text();
    }
  }
  const bundles = JSON.stringify(databases).replace(/"bundle":"([\\w-]+)"/g, (whole, text) =>
    new TextDecoder().decode(
      Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0))));
  return [JSON.stringify(databases), bundles, JSON.stringify(pages), JSON.stringify({ ...localStorage }),
    JSON.stringify({ ...sessionStorage }), document.cookie].join("\\n");
}"""


def test_new_version_is_told_and_loaded_only_when_no_scan_waits(scene, new_page):
    line = Line(int(scene.url.rpartition(":")[2]))
    page = new_page(**PHONE)
    page.goto(f"{line.url}/gate#{scene.code}")
    scene.enter_pin(page)
    ready(page)
    version = page.locator("body").get_attribute("data-version")
    newer = version[::-1]
    assert newer != version
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    line.lose_answers = True
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    press(page)
    offline(page)
    # The server is of another version from here on; the device cannot deliver yet.
    line.rewritten = (version.encode(), newer.encode())
    page.evaluate(
        "() => { window.realFetch = window.fetch;"
        " window.fetch = () => Promise.reject(new Error('cut')); }"
    )
    line.lose_answers = False
    page.evaluate("async () => (await navigator.serviceWorker.getRegistration('/gate')).update()")
    expect(page.locator("#update-text")).to_contain_text("新版本")
    page.locator("#update-now").click()
    expect(page.locator("#update-text")).to_contain_text("1 条待上传的扫码")
    assert f"laifang-gate-{version}" in page.evaluate("caches.keys()")
    page.evaluate("() => { window.fetch = window.realFetch; }")
    delivered(page)
    page.locator("#update-now").click()
    becomes_true(
        page, "async (newer) => (await caches.keys()).join() === `laifang-gate-${newer}`", newer
    )
    page.locator("#gate").wait_for(state="visible")
    expect(page.locator("#update")).to_be_hidden()
    line.close()


def test_page_can_be_installed_and_its_worker_serves_the_gate_alone(server, page):
    page.goto(f"{server.url}/gate")
    manifest = page.evaluate(
        "async () => (await fetch(document.querySelector('link[rel=manifest]').href)).json()"
    )
    assert (manifest["start_url"], manifest["scope"]) == ("/gate", "/gate")
    assert manifest["display"] == "standalone"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    scope = page.evaluate("async () => (await navigator.serviceWorker.ready).scope")
    assert scope == f"{server.url}/gate"
    kept = page.evaluate(
        "async () => { const cache = await caches.open((await caches.keys())[0]);"
        " return (await cache.keys()).map((one) => new URL(one.url).pathname); }"
    )
    assert "/gate" in kept
    own = re.compile(r"/gate(/decoder\.js)?$|/static/(gate|vendor)/|/static/[\w-]+\.(svg|png)$")
    assert [path for path in kept if not own.match(path)] == []
    page.goto(f"{server.url}/sign-in")
    assert page.evaluate("navigator.serviceWorker.controller") is None
