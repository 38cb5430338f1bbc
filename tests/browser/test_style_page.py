"""The look in a real browser: accessible, no wider than the screen, quiet under the strict policy."""

import os
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pylopdf_fonts_zh_cn
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pypdf import PdfReader

from tests.browser import style_page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
AXE = (ROOT / "tests/vendor/axe-core/axe.min.js").read_text(encoding="utf-8")
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def _body(path: str) -> str:
    kind, locale, theme = path.strip("/").split("/")
    if kind == "error":
        frame = style_page.frame(locale, theme, status=404, detail="", reference="7F3A")
        return style_page.environment(locale).get_template("errors/error.html").render(frame)
    if kind == "plain":
        return (
            style_page.environment(locale)
            .get_template("errors/plain.html")
            .render(reference="7F3A")
        )
    if kind == "public":
        return style_page.render(locale, theme, navigation=[], actor=None, insecure_notice="HTTP")
    if kind == "calm":
        return style_page.render(locale, theme, errors={}, flashes=[])
    if kind in ("live", "form"):
        definitions = style_page.DEFINITIONS[:2]
        errors = {"phone": "Eleven digits"} if kind == "form" else {}
        frame = style_page.frame(locale, theme, definitions=definitions, values={}, errors=errors)
        name = "live_page.html" if kind == "live" else "live_form.html"
        return style_page.environment(locale).get_template(name).render(frame)
    if kind == "long":
        rows = [(f"V-{n:04}", *style_page.ROWS[n % 5][1:]) for n in range(120)]
        return style_page.render(locale, theme, rows=rows)
    return style_page.render(locale, theme)


class _Handler(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/static/"):
            super().do_GET()
            return
        if path == "/stream":
            self._stream()
            return
        self._answer(200, "<p>One is inside</p>" if path == "/rows" else _body(path))

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, self.headers.get("x-csrftoken")))  # type: ignore[attr-defined]
        if self.path == "/refused":
            frame = style_page.frame("en", status=409, detail="The visitor has left already.")
            page = style_page.environment("en").get_template("errors/error.html")
            self._answer(409, page.render(frame))
        elif self.path == "/form":
            self._answer(422, _body("/form/en/light"))
        else:
            self.send_response(204)
            self.end_headers()

    def _answer(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def _stream(self) -> None:
        """Poke once; then hold the line until the test says that it breaks."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b"retry: 100\nevent: hello\ndata: 1\n\n")
        self.wfile.flush()
        broken: threading.Event = self.server.broken  # type: ignore[attr-defined]
        broken.wait(15)

    def translate_path(self, path: str) -> str:
        return str(ROOT / "web" / path.partition("?")[0].lstrip("/"))

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    made.posts = []  # type: ignore[attr-defined]
    made.broken = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.broken.set()  # type: ignore[attr-defined]
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that finds the Chinese font of the Python package, as the machine may have none."""
    folder = tmp_path_factory.mktemp("fonts")
    fonts = Path(pylopdf_fonts_zh_cn.__file__).parent
    (folder / "fonts.conf").write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{fonts}</dir>'
        f"<dir>/usr/share/fonts</dir><cachedir>{folder}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=FLAGS,
            env={**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")},
        )
        yield browser
        browser.close()


@pytest.fixture
def opened(server: ThreadingHTTPServer, chromium: Browser) -> Iterator[Any]:
    contexts = []
    complaints: list[str] = []

    def open_page(path: str, width: int = 1280, **options: Any) -> Page:
        phone = width < 500
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            locale="zh-CN",
            has_touch=phone,
            is_mobile=phone,
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = complaints
        page.on(
            "console",
            lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"http://127.0.0.1:{server.server_port}/{path}")
        page.wait_for_load_state("load")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


PAGES = [
    ("page/zh_Hans/light", 1280),
    ("page/zh_Hans/dark", 1280),
    ("page/zh_Hans/light", 390),
    ("page/zh_Hans/dark", 390),
    ("page/zh_Hant/light", 390),
    ("page/en/light", 1280),
    ("page/en/light", 320),
    ("public/zh_Hans/light", 390),
    ("error/en/dark", 390),
    ("plain/zh_Hans/light", 390),
]


@pytest.mark.parametrize(("path", "width"), PAGES)
def test_page_is_accessible_and_no_wider_than_the_screen(
    opened: Any, path: str, width: int
) -> None:
    page = opened(path, width)
    # A page evaluates axe from outside its policy, which forbids an inline script.
    page.evaluate(AXE)
    page.eval_on_selector_all("main details", "all => all.forEach(one => one.open = true)")
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        TAGS,
    )
    assert found["passes"], "axe looked at nothing"
    said = [(v["impact"], v["id"], [n["target"] for n in v["nodes"]]) for v in found["violations"]]
    assert said == []
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0


def test_automatic_theme_follows_the_system_and_equals_the_chosen_one(opened: Any) -> None:
    colours = """() => [...document.querySelectorAll('body, header, .btn, .state-badge, .card, input, a')]
        .map(one => { const s = getComputedStyle(one); return s.color + s.backgroundColor + s.borderColor })"""
    dark = opened("calm/en/dark").evaluate(colours)
    light = opened("calm/en/light").evaluate(colours)
    assert dark != light
    assert opened("calm/en/auto", color_scheme="dark").evaluate(colours) == dark
    assert opened("calm/en/auto", color_scheme="light").evaluate(colours) == light


def test_theme_chosen_in_the_menu_shows_at_once_and_is_kept_in_the_cookie(opened: Any) -> None:
    page = opened("calm/en/light")
    page.get_by_label("Language and display").click()
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert {c["name"]: c["value"] for c in page.context.cookies()}["theme"] == "dark"


def test_touch_targets_on_a_phone_are_44_pixels_high(opened: Any) -> None:
    page = opened("calm/zh_Hans/light", 390)
    small = page.evaluate("""() => [...document.querySelectorAll(
        'button, select, summary, a.btn, a.page-link, a.card-link, label.choice, nav a,'
        + 'input:not([type=hidden])')]
        .filter(one => one.checkVisibility() && one.type !== 'checkbox'
            && one.type !== 'radio' && one.getBoundingClientRect().height < 44)
        .map(one => one.outerHTML.slice(0, 90))""")
    assert small == []


def test_every_control_shows_where_the_focus_is(opened: Any) -> None:
    page = opened("calm/en/light")
    invisible = page.evaluate("""() => { const out = [];
        for (const one of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
            if (one.disabled || one.type === 'hidden' || !one.checkVisibility()) continue;
            const look = () => { const s = getComputedStyle(one);
                return [s.outlineStyle, s.outlineWidth, s.borderColor, s.boxShadow, s.top].join() };
            one.blur(); const before = look(); one.focus({focusVisible: true});
            if (before === look()) out.push(one.outerHTML.slice(0, 90));
        } return out; }""")
    assert invisible == []


def test_slash_moves_to_the_search_field_and_escape_closes_a_menu(opened: Any) -> None:
    page = opened("calm/en/light")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search-q"
    assert page.input_value("#search-q") == "王"
    menu = page.locator("details.menu").first
    menu.locator("summary").click()
    assert menu.evaluate("one => one.open")
    page.keyboard.press("Escape")
    assert not menu.evaluate("one => one.open")


def test_act_that_asks_first_is_sent_once_after_yes_and_not_at_all_after_no(
    opened: Any, server: ThreadingHTTPServer
) -> None:
    page = opened("calm/en/light")
    posts: list[Any] = server.posts  # type: ignore[attr-defined]
    posts.clear()
    act = page.locator("form[data-confirm] button")
    act.click()
    page.get_by_role("button", name="Cancel").last.click()
    page.wait_for_selector("dialog", state="detached")
    assert posts == []
    act.click()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Yes, continue").click()
    act.click(force=True)  # the guard: the first is still on its way as far as the page knows
    assert page.locator("dialog").count() <= 1
    assert len(posts) == 1


def test_rejected_form_puts_the_focus_on_its_summary_and_links_to_the_field(opened: Any) -> None:
    page = opened("page/en/light")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    page.locator("#error-summary a").first.click()
    assert page.evaluate("document.activeElement.id") == "f-phone"
    described = page.get_attribute("#f-phone", "aria-describedby")
    assert page.locator(f"#{described}").inner_text() == "请输入 11 位手机号码。"
    assert page.input_value("#f-name") == "<b>王</b> & 子"


def test_poke_makes_the_board_fetch_and_a_broken_line_is_told_and_forgotten(
    opened: Any, server: ThreadingHTTPServer
) -> None:
    broken: threading.Event = server.broken  # type: ignore[attr-defined]
    broken.clear()
    page = opened("live/en/light")
    expect(page.locator("#board")).to_have_text("One is inside")
    broken.set()  # from now on each line breaks at once
    notice = page.locator("#flashes", has_text="Connection lost")
    expect(notice).to_be_visible()
    broken.clear()
    expect(page.get_by_text("Connection lost")).to_have_count(0, timeout=10_000)
    assert set(page.complaints) == {"[object Event]"}  # how htmx logs a broken line
    page.complaints.clear()


def test_form_that_htmx_sends_comes_back_in_place_with_the_focus_on_its_errors(
    opened: Any, server: ThreadingHTTPServer
) -> None:
    posts: list[Any] = server.posts  # type: ignore[attr-defined]
    posts.clear()
    page = opened("live/en/light", 390)
    for _ in range(2):  # the form that came back can be sent again
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#f-phone-error")).to_have_text("Eleven digits")
        expect(page.locator("#error-summary")).to_be_focused()
        page.evaluate("document.getElementById('error-summary').remove()")
    assert posts == [("/form", "a-token")] * 2
    assert all("422" in said for said in page.complaints)
    page.complaints.clear()


def test_refused_act_is_asked_about_first_and_then_says_why(opened: Any) -> None:
    page = opened("live/en/light")
    page.get_by_role("button", name="Refuse me").click()
    expect(page.get_by_role("dialog")).to_have_text(re.compile("Are you sure"))
    page.get_by_role("button", name="Yes, continue").click()
    expect(page.locator("#flashes")).to_contain_text("The visitor has left already.")
    assert all("409" in said for said in page.complaints)
    page.complaints.clear()


def test_page_works_without_javascript(opened: Any) -> None:
    page = opened("calm/zh_Hans/light", 390, java_script_enabled=False)
    page.locator(".nav-drawer > summary").click()
    assert page.locator(".nav-drawer a", has_text="访客").is_visible()
    page.locator(".form-more > summary").click()
    assert page.locator("#f-note").is_visible()
    assert page.locator("[data-print]").is_hidden()


def test_printed_list_has_no_controls_and_repeats_its_head_on_each_page(opened: Any) -> None:
    page = opened("long/zh_Hans/dark")
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    texts = [normalize("NFKC", sheet.extract_text()) for sheet in printed.pages]
    listed = [text for text in texts if "V-0" in text]
    assert len(listed) >= 3
    assert all("被访人" in text for text in listed)
    whole = "".join(texts)
    for control in ("退出登录", "筛选", "上一页", "Excel", "预约", "日志"):
        assert control not in whole, control
    assert re.search(rf"第 {len(texts)} . 共 {len(texts)} .", texts[-1]), texts[-1]
    assert "打印时间 2026-11-21 09:58" in whole
    page.emulate_media(media="print")
    paper = "getComputedStyle(document.body)"
    assert page.evaluate(f"{paper}.backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(f"{paper}.color") == "rgb(27, 36, 46)"
