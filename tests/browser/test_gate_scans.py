"""The gate page in a real browser: what is scanned, what is shown, what the guard does then."""

import pytest
from playwright.sync_api import expect

from tests.browser import gate_scene
from tests.browser.gate_scene import answer, stored, type_code, verdict

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
PC = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def gate(scene, new_page):
    """Open the gate page, signed in; what the console complains of, but refusals, fails the test."""
    complaints = []

    def note(message):
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def make(name="门卫", **options):
        page = new_page(**(options or PC))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", note)
        page.goto(f"{scene.url}/gate#{scene.code}")
        scene.enter_pin(page, name=name)
        return page

    yield make
    assert complaints == []


def scan(page, text, end="Enter"):
    """Type like a USB scanner, with no field focused."""
    page.keyboard.type(text)
    page.keyboard.press(end)


@pytest.mark.rule("SCH-3", "SCH-19", "CORE-6")
@pytest.mark.parametrize("options", [PHONE, PC], ids=["phone", "pc"])
def test_badge_is_let_in_and_out_and_counted(scene, gate, options):
    page = gate(**options)
    scan(page, scene.passes.others[0])
    green = verdict(page, "allow")
    expect(green.locator(".verdict-word")).to_have_text("放行")
    expect(green.locator(".verdict-way")).to_have_text("进")
    expect(green.locator(".verdict-name")).to_have_text("张海峰")
    expect(page.locator("#verdict")).to_be_hidden(timeout=6000)  # a green one goes by itself
    expect(page.locator("#count-inside")).to_have_text("1")
    page.get_by_label("出", exact=True).check()
    scan(page, scene.passes.others[0], end="Tab")
    expect(verdict(page, "allow").locator(".verdict-way")).to_have_text("出")
    answer(page)
    expect(page.locator("#count-inside")).to_have_text("0")
    expect(page.locator("#count-out")).to_have_text("1")
    lines = page.locator("#recent li")
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("放行 · 出")
    assert [row[:3] for row in stored(scene)] == [(1, 0, 0), (2, 0, 1)]


def test_photo_of_the_holder_is_shown_without_any_page_session(scene, gate):
    page = gate()
    scan(page, scene.passes.badge)
    photo = verdict(page, "allow").locator(".verdict-photo")
    expect(photo).to_have_js_property("complete", True)
    assert photo.evaluate("image => image.naturalWidth") > 0
    assert photo.get_attribute("alt") == "李秀英的照片"


@pytest.mark.rule("SCH-20", "CORE-22")
def test_bad_passes_are_red_each_with_its_own_sentence_until_answered(scene, gate):
    page = gate()
    cards = scene.passes
    wrong = {
        "token_signature": cards.forged,
        "expired": cards.expired,
        "revoked": cards.revoked,
        "reissued": cards.replaced,
        "token_prefix": "HTTP" + cards.badge[4:],
        "token_length": "4006381333931",
        "badge_not_valid": cards.nobody,
    }
    sentences = []
    for code, text in wrong.items():
        scan(page, text)
        red = verdict(page, "deny")
        expect(red).to_have_attribute("data-code", code)
        expect(red.locator(".verdict-word")).to_have_text("禁止通行")
        sentences.append(red.locator(".verdict-reason").inner_text())
        assert red.locator(".verdict-small span").first.inner_text().startswith("规则 SCH-")
        page.wait_for_timeout(200)
        answer(page)
        expect(page.locator("#verdict")).to_be_hidden()
    assert len(set(sentences)) == len(wrong)
    assert all(sentences)
    assert [row[1] for row in stored(scene)] == [2] * len(wrong)


def test_red_verdict_stays_and_the_next_scan_waits_for_its_turn(scene, gate):
    page = gate()
    scan(page, scene.passes.revoked)
    verdict(page, "deny")
    scan(page, scene.passes.others[0])
    expect(page.locator(".verdict-queue").first).to_contain_text("另有 1 人已扫码")
    page.wait_for_timeout(3500)  # longer than a green one stays
    verdict(page, "deny")
    assert len(stored(scene)) == 1
    answer(page)
    expect(verdict(page, "allow").locator(".verdict-name")).to_have_text("张海峰")


def test_wedge_is_read_under_a_chinese_input_method_and_on_another_keyboard_layout(scene, gate):
    page = gate()
    raw = page.context.new_cdp_session(page)
    for sign in scene.passes.others[0]:
        code = {":": "Semicolon"}.get(sign) or ("Digit" if sign.isdigit() else "Key") + sign
        shift = 0 if sign.isdigit() else 8
        raw.send(
            "Input.dispatchKeyEvent",
            {
                "type": "rawKeyDown",
                "key": "Process",
                "code": code,
                "windowsVirtualKeyCode": 229,
                "modifiers": shift,
            },
        )
        raw.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": sign, "code": code})
    page.keyboard.press("Enter")
    expect(verdict(page, "allow").locator(".verdict-name")).to_have_text("张海峰")
    answer(page)
    # A French layout turns A into Q and digits into signs; the physical keys still tell the code.
    french = {"A": "Q", "Q": "A", "W": "Z", "Z": "W", "M": ":", ":": "M", "2": "É", "3": '"'}
    for sign in scene.passes.others[1]:
        code = {":": "Semicolon"}.get(sign) or ("Digit" if sign.isdigit() else "Key") + sign
        raw.send(
            "Input.dispatchKeyEvent",
            {
                "type": "rawKeyDown",
                "key": french.get(sign, sign),
                "code": code,
                "modifiers": 0 if sign.isdigit() else 8,
            },
        )
    expect(verdict(page, "allow").locator(".verdict-name")).to_have_text("欧阳喆")


def test_wedge_presses_no_button_in_focus_and_slow_typing_is_no_scan(scene, gate):
    page = gate()
    page.locator("#open-menu").focus()
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    assert not page.locator("#menu").is_visible()
    answer(page)
    page.keyboard.type("4006381", delay=700)
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    expect(page.locator("#verdict")).to_be_hidden()
    assert len(stored(scene)) == 1


def test_typed_code_is_checked_like_a_scanned_one(scene, gate):
    page = gate(**PHONE)
    page.locator("#open-typed").click()
    page.locator("#typed-form .primary").click()
    expect(page.locator("#typed-error")).to_have_text("请输入或粘贴编码。")
    page.keyboard.press("Escape")
    type_code(page, f"  {scene.passes.others[0].lower()} ")
    verdict(page, "allow")
    assert stored(scene, "source") == [("typed",)]


@pytest.mark.rule("SCH-19")
def test_same_code_twice_is_one_scan_and_later_a_held_one(scene, gate):
    page = gate()
    scan(page, scene.passes.others[0])
    scan(page, scene.passes.others[0])  # a trigger pulled twice
    verdict(page, "allow")
    answer(page)
    page.wait_for_timeout(300)
    assert len(stored(scene)) == 1
    page.wait_for_timeout(2700)
    scan(page, scene.passes.others[0])  # handed back over the fence
    amber = verdict(page, "hold")
    expect(amber.locator(".verdict-word")).to_have_text("请核实")
    expect(amber).to_have_attribute("data-code", "passback")
    page.keyboard.press("Escape")
    expect(page.locator("#verdict")).to_be_hidden()
    assert [row[1] for row in stored(scene)] == [0, 1]


@pytest.mark.rule("CORE-22")
def test_held_scan_is_released_by_name_with_a_reason(scene, gate):
    page = gate(name="值班长")
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    answer(page)
    page.wait_for_timeout(2600)
    scan(page, scene.passes.others[0])
    verdict(page, "hold")
    answer(page, "署名放行")
    expect(page.locator("#release-whom")).to_have_text("张海峰 · 进")
    page.locator("#release-form .primary").click()
    expect(page.locator("#release-error")).to_have_text("请写明或选择理由。")
    page.get_by_role("button", name="已比对本人与照片").click()
    page.locator("#release-form .primary").click()
    expect(verdict(page, "allow").locator(".verdict-reason")).to_have_text("已比对本人与照片")
    rows = stored(scene, "id, seq, verdict, code, corrects")
    assert [row[1:4] for row in rows] == [(1, 0, ""), (2, 1, "passback"), (3, 0, "override")]
    assert rows[2][4] == rows[1][0]
    answer(page)
    expect(page.locator("#recent li").first).to_contain_text("已署名放行")


def test_mistaken_direction_is_put_right_by_new_records(scene, gate):
    page = gate()
    page.get_by_label("出", exact=True).check()
    scan(page, scene.passes.others[0])
    expect(verdict(page, "allow").locator(".verdict-way")).to_have_text("出")
    answer(page, "改记为“进”")
    expect(page.locator("#verdict[open] .verdict-way")).to_have_text("进")
    rows = stored(scene, "id, seq, verdict, direction, code, corrects")
    assert [row[1:5] for row in rows] == [(1, 0, 1, ""), (2, 0, 1, "undo"), (3, 0, 0, "")]
    assert rows[1][5] == rows[0][0]
    answer(page)
    expect(page.locator("#count-inside")).to_have_text("1")


def test_scan_is_undone_later_from_the_list(scene, gate):
    page = gate()
    scan(page, scene.passes.others[0])
    verdict(page, "allow")
    answer(page)
    expect(page.locator("#count-inside")).to_have_text("1")
    page.locator("#recent button").first.click()
    page.get_by_role("button", name="撤回扫码").click()
    expect(verdict(page, "done").locator(".verdict-word")).to_have_text("已撤回")
    answer(page)
    expect(page.locator("#recent li").nth(1).locator("s")).to_have_text("张海峰")
    expect(page.locator("#count-inside")).to_have_text("0")
    assert [row[3] for row in stored(scene)] == ["", "undo"]


@pytest.mark.rule("SCH-8", "CORE-6")
def test_visitors_slip_shows_the_visit_admits_it_and_its_stub_lets_it_leave(scene, gate):
    page = gate(**PHONE)
    scan(page, scene.passes.slip)
    card = verdict(page, "allow")
    expect(card.locator(".verdict-name")).to_have_text("陈美玲")
    told = card.locator(".verdict-line").all_inner_texts()
    assert told[0] == "王芳老师"
    assert told[-1] == "送货"
    link = page.get_by_role("link", name="查看来访")
    assert link.get_attribute("href") == f"/registrations/{scene.passes.visit}"
    answer(page)
    expect(page.locator("#count-inside")).to_have_text("2")  # one came along
    scan(page, scene.passes.stub)
    expect(verdict(page, "allow").locator(".verdict-way")).to_have_text("出")
    answer(page)
    page.get_by_label("进", exact=True).check()
    page.wait_for_timeout(2600)
    scan(page, scene.passes.slip)  # the visit is over
    expect(verdict(page, "deny").locator(".verdict-name")).to_have_text("陈美玲")


def test_sounds_differ_by_verdict_and_mute_is_kept(scene, new_page):
    page = new_page(**PC)
    page.add_init_script(
        "window.heard = []; const start = OscillatorNode.prototype.start;"
        "OscillatorNode.prototype.start = function (...a) {"
        " window.heard.push(`${this.type}${this.frequency.value}`); return start.apply(this, a); }"
    )
    page.goto(f"{scene.url}/gate#{scene.code}")
    scene.enter_pin(page)
    heard = []
    for text, kind in ((scene.passes.others[0], "allow"), (scene.passes.forged, "deny")):
        page.evaluate("heard.length = 0")
        scan(page, text)
        verdict(page, kind)
        heard.append(page.evaluate("heard.join()"))
        answer(page)
    assert all(heard)
    assert heard[0] != heard[1]
    page.locator("#mute").click()
    page.reload()
    page.locator("#gate").wait_for(state="visible")
    expect(page.locator("#mute")).to_have_attribute("aria-pressed", "true")
    page.evaluate("heard.length = 0")
    scan(page, scene.passes.revoked)
    verdict(page, "deny")
    assert page.evaluate("heard.length") == 0
    answer(page)
    page.locator("#mute").click()
    assert page.evaluate("heard.length") > 0


def test_pin_and_device_decide_who_scans(scene, gate, new_page):
    page = gate()
    page.locator("#open-menu").click()
    page.get_by_role("button", name="结束我在本设备的值班").click()
    page.locator("#people .button", has_text="门卫").click()
    page.locator("#pin").press_sequentially("1470")
    page.locator("#pin-form .primary").click()
    expect(page.locator("#pin-error")).not_to_be_empty()
    for digit in gate_scene.PIN:
        page.locator(f'[data-digit="{digit}"]').click()
    page.locator("#pin-form .primary").click()
    page.locator("#gate").wait_for(state="visible")
    # The administrator shuts the device out: it says so and asks for a code.
    office = new_page()
    scene.server.sign_in(office, "administrator", "/devices")
    office.get_by_role("link", name="停用").click()
    office.get_by_label("理由").fill("丢失")
    office.get_by_role("button", name="停用").click()
    expect(office.locator("#flashes")).to_contain_text("已停用")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#enrolment-error")).to_contain_text("停用")
    second = new_page()
    second.goto(f"{scene.url}/gate#{scene.code}")
    expect(second.locator("#enrolment-error")).not_to_be_empty()  # a code works once
