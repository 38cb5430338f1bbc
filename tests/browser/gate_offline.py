"""What tests of a gate without network need: to cut it off, to look at its queue, to wait for it to empty."""

import contextlib
import sqlite3
import time

from playwright.sync_api import Error, expect

expect.set_options(
    timeout=15_000
)  # machines may be busy; nothing here waits for a thing not to happen

PHONE = {"viewport": {"width": 390, "height": 844}}
WHAT = "seq, verdict, direction, code, mode"
# In the page: its own store, by its own code.
STORE = "(await (await import('/static/gate/store.js')).Store.open())"


_KEYS = """text => {
  const press = (key, code) => document.body.dispatchEvent(
    new KeyboardEvent("keydown", { key, code, shiftKey: key === ":", bubbles: true, cancelable: true }));
  for (const sign of text) {
    press(sign, sign === ":" ? "Semicolon" : (/\\d/.test(sign) ? "Digit" : "Key") + sign);
  }
  press("Enter", "Enter");
}"""


def scan(page, text):
    """Give the keys of a USB scanner at once: on a busy machine typed ones come like a person's."""
    page.evaluate(_KEYS, text)


def ready(page):
    """Wait until the device has what it needs to go on alone, and the page is kept by the browser."""
    expect(page.locator("#line")).to_have_attribute("data-bundle", "fresh")
    page.evaluate(
        "async () => { if (window.isSecureContext) {"
        " await navigator.serviceWorker.ready;"
        " while (!navigator.serviceWorker.controller) await new Promise((go) => setTimeout(go, 20)); } }"
    )


def a_ready_page(scene, new_page):
    """Open the gate's page on a phone, with somebody on duty and all it needs to go on alone."""
    page = new_page(**PHONE)
    scene.open(page)
    ready(page)
    return page


def stop(scene):
    """Stop the server as a power cut does."""
    scene.server.process.kill()
    scene.server.process.wait(10)


def becomes_true(page, expression, argument=None, seconds=30):
    """Wait until an asynchronous expression of the page is true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(Error):  # the page may be loading anew just then
            if page.evaluate(expression, argument):
                return
        time.sleep(0.1)
    raise AssertionError(f"never true: {expression}")


def emptied(page):
    """Wait until nothing waits on the device, whatever page it shows."""
    becomes_true(page, f"async () => !(await {STORE}.first(1)).length")


def offline(page):
    """Wait until the page says that it is offline."""
    expect(page.locator("#line")).to_have_attribute("data-line", "lost", timeout=15_000)


def queue(page):
    """Return what waits on the device, in the order of the numbers."""
    return page.evaluate(
        """() => new Promise((resolve, reject) => {
             const request = indexedDB.open("laifang-gate");
             request.onerror = reject;
             request.onsuccess = () => {
               request.result.transaction(["queue"]).objectStore("queue").getAll().onsuccess =
                 (event) => { resolve(event.target.result); request.result.close(); };
             };
           })"""
    )


def press(page, name=""):
    """Press a button of the verdict, the first one unless named; at once, as a green one goes by itself."""
    pressed = page.evaluate(
        """name => { const found = [...document.querySelectorAll("#verdict[open] .acts button")]
             .find((one) => one.textContent.includes(name));
           if (found) found.click();
           return Boolean(found); }""",
        name,
    )
    assert pressed or not name
    if not name:
        expect(page.locator("#verdict")).to_be_hidden()


def delivered(page, timeout=30_000):
    """Wait until the device is connected and nothing waits on it."""
    line = page.locator("#line")
    expect(line).to_have_attribute("data-line", "open", timeout=timeout)
    expect(line).to_have_attribute("data-waiting", "0", timeout=timeout)


def execute(scene, statement, *values):
    """Change the server's database behind its back."""
    path = scene.server.database_url.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(path, timeout=10)) as database:
        database.execute(statement, values)
        database.commit()
