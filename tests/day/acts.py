"""What people of the day do on their pages, each in a browser of their own."""

import os
import time
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from core import clock
from tests.app import PASSWORD
from tests.browser import gate_offline
from tests.browser.gate_scene import answer, verdict
from tests.day.school_day import PEOPLE, PIN

PHONE = {"viewport": {"width": 390, "height": 844}}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
ON_PHONES = {"class_teacher", "gatekeeper", "evening", "duty_officer"}


class Day:
    """The server, the clock, and one browser for each role, opened when first needed."""

    def __init__(self, here, new_page):
        self.here = here
        self.school = here.school
        self._new_page = new_page
        self._pages = {}

    def at(self, hours, days=0):
        """Let it be this time of the day, or of a day that follows, on the gate's phone as well."""
        to = self.here.at(hours) + timedelta(days=days)
        passed = to - clock.now()
        self.here.travel(to)
        self.gate.page.clock.fast_forward(int(passed.total_seconds() * 1000))

    def picture(self, name, page):
        """Keep a picture of a page for the docs, where `make pictures` asks for it."""
        if folder := os.environ.get("LAIFANG_PICTURES"):
            page.evaluate("document.activeElement && document.activeElement.blur()")
            page.screenshot(path=Path(folder) / f"{name}.png")

    def as_(self, login, path):
        """Open a page as somebody; returns it."""
        page = self._pages.get(login)
        if page is None:
            page = self._pages[login] = self._new_page(**(PHONE if login in ON_PHONES else DESKTOP))
        page.goto(self.here.url + path)
        if "/sign-in" in page.url:
            page.fill("input[name=login]", login)
            page.fill("input[name=password]", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url(lambda url: "/sign-in" not in url)
            page.goto(self.here.url + path)
        page.set_default_timeout(8000)
        return page


def send(page, button, **values):
    """Fill in the form that has this button, press it, and wait for what comes."""
    pressed = page.get_by_role("button", name=button).first
    form = page.locator("form").filter(has=pressed).first
    for name, value in values.items():
        field = form.locator(f"[name={name}]:visible").first
        kind = field.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        if kind == "select":
            field.select_option(value)
        elif kind in ("checkbox", "radio"):
            form.locator(f"[name={name}][value='{value}']").check()
        else:
            field.fill(value)
    with page.expect_navigation():
        pressed.click()
    assert page.locator(".error-summary").count() == 0, page.inner_text(".error-summary")


class GatePhone:
    """The gate's phone: its page, and whoever holds it."""

    def __init__(self, day, page, url):
        self.day, self.page, self.url = day, page, url
        day.gate = self
        self._shown = {}

    def enrol(self, code, login="gatekeeper"):
        self.page.clock.install(time=clock.now())
        self.page.goto(f"{self.url}/gate#{code}")
        self.take_over(login)

    def take_over(self, login):
        """Somebody enters a PIN."""
        self.page.locator("#people .button", has_text=PEOPLE[login]).click()
        self.page.locator("#pin").press_sequentially(PIN)
        self.page.locator("#pin").press("Enter")
        self.page.locator("#gate").wait_for(state="visible")

    def ready(self):
        """Wait until the phone has what it needs to go on alone."""
        gate_offline.ready(self.page)

    def offline(self):
        """Wait until the page says that there is no connection."""
        gate_offline.offline(self.page)

    def delivered(self):
        """Wait until all that was kept arrived."""
        gate_offline.delivered(self.page)

    def hand_on(self, login):
        """End one's own turn at the device; the next enters a PIN."""
        self.page.locator("#open-menu").click()
        self.page.locator("#end-shift").click()
        self.take_over(login)

    def scan(self, text, kind):
        """Scan by the USB scanner; the verdict must be of this kind. Returns it, still shown."""
        rest = 2.7 - (time.monotonic() - self._shown.get(text, 0))
        if rest > 0:  # a code that stays before the scanner is not read again
            self.page.wait_for_timeout(1000 * rest)
        self._shown[text] = time.monotonic()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        return verdict(self.page, kind)

    def passes(self, *names, kind="allow"):
        """Scan badges by name, one after another, each answered."""
        for name in names:
            shown = self.scan(self.day.school.badges[name], kind)
            expect(shown.locator(".verdict-name")).to_have_text(name)
            answer(self.page)
            expect(self.page.locator("#verdict")).to_be_hidden()

    def release(self, name, reason):
        """Scan a badge that is held, and release it with the reason."""
        self.scan(self.day.school.badges[name], "hold")
        answer(self.page, "署名放行")
        self.page.locator("#release-form textarea, #release-form input[type=text]").fill(reason)
        self.page.locator("#release-form .primary").click()
        expect(verdict(self.page, "allow").locator(".verdict-name")).to_have_text(name)
        answer(self.page)


def sign(page, *names):
    """Sign by mouse in the fields of these names."""
    for name in names:
        canvas = page.locator(f"#f-{name}")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        left, middle = box["x"] + 20, box["y"] + box["height"] / 2
        page.mouse.move(left, middle)
        page.mouse.down()
        for step in range(1, 25):
            page.mouse.move(left + 8 * step, middle + (25 if step % 2 else -25))
        page.mouse.up()
