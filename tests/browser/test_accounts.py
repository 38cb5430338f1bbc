"""Accounts with a real browser on a real server: first start, signing in, one's own account, users."""

import re

import pytest
from playwright.sync_api import expect

from tests.app import PASSWORD
from tests.browser.looking import faults, watch

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def test_the_first_start_is_finished_in_the_browser(start_server, sqlite_url, page):
    server = start_server(sqlite_url, prepared=False)
    code = re.search(r"[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}", server.log.read_text("utf-8"))[0]
    complaints = watch(page)
    page.goto(server.url)
    assert page.url == f"{server.url}/setup"
    assert faults(page) == []
    page.fill("[name=code]", code)
    page.fill("[name=organisation]", "第二中学")
    page.fill("[name=site]", "主校区")
    page.fill("[name=gate]", "南门")
    page.fill("[name=name]", "王老师")
    page.fill("[name=login]", "wang")
    page.fill("[name=password]", "short")
    page.click("main [type=submit]")
    page.wait_for_selector("#f-password-error")
    assert page.input_value("[name=organisation]") == "第二中学"
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    page.wait_for_url(f"{server.url}/")
    assert "第二中学" in page.inner_text("header")
    assert page.goto(f"{server.url}/setup").status == 404
    assert [c for c in complaints if "422" not in c and "404" not in c] == []


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_pages_of_accounts_are_accessible_and_quiet(server, new_page, size):
    page = new_page(**(PHONE if size == "phone" else {}))
    complaints = watch(page)
    page.goto(f"{server.url}/sign-in")
    assert faults(page) == []
    server.sign_in(page, "administrator")
    paths = ["/", "/account", "/account/password", "/account/pin", "/account/tokens"]
    paths += ["/users", "/users/new", "/api/v1/docs"]
    found = {}
    for path in paths:
        page.goto(server.url + path)
        found[path] = faults(page)
    page.goto(f"{server.url}/users")
    page.click("td.name a")
    page.wait_for_url("**/users/*-*")
    found["user"] = faults(page)
    page.goto(f"{server.url}/nowhere")
    found["404"] = faults(page)
    assert {path: faulty for path, faulty in found.items() if faulty} == {}
    assert [c for c in complaints if "404" not in c] == []


def test_an_administrator_makes_a_guard_who_then_signs_in(server, page, new_page):
    server.sign_in(page, "administrator", "/users/new")
    page.fill("[name=login]", "li.si")
    page.fill("[name=name]", "李四")
    page.select_option("[name=role]", "gatekeeper")
    page.click("main [type=submit]")
    first = page.inner_text("#secret")
    guard = new_page(**PHONE)
    guard.goto(f"{server.url}/sign-in")
    guard.fill("[name=login]", "li.si")
    guard.fill("[name=password]", first)
    guard.click("main [type=submit]")
    guard.wait_for_url("**/account/password")
    guard.fill("[name=old]", first)
    guard.fill("[name=new]", "南门的槐树开花了两次")
    guard.fill("[name=again]", "南门的槐树开花了两次")
    guard.click("main [type=submit]")
    guard.wait_for_url(f"{server.url}/")
    assert guard.locator('[data-flash="success"]').count() == 1


def test_language_and_display_stay_as_chosen(server, page):
    server.sign_in(page, "gatekeeper", "/account")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    page.click("header [data-menu] summary >> nth=0")
    page.click("button[lang=en]")
    page.wait_for_load_state()
    assert page.url == f"{server.url}/account"
    assert page.get_attribute("html", "lang") == "en"
    page.click("header [data-menu] summary >> nth=0")
    page.click("button[value=dark]")
    page.wait_for_selector('html[data-bs-theme="dark"]')
    page.reload()
    assert page.get_attribute("html", "data-bs-theme") == "dark"


def test_signing_out_ends_the_session_and_back_shows_nothing(server, page):
    server.sign_in(page, "gatekeeper", "/account")
    page.click("header .user-button")
    page.click("form[action='/sign-out'] button")
    page.wait_for_url("**/sign-in")
    page.go_back()
    page.wait_for_load_state()
    assert "/sign-in" in page.url


def test_over_plain_http_in_a_network_the_page_says_what_is_missing(server, new_page):
    alone = new_page()
    server.sign_in(alone, "gatekeeper")
    expect(alone.locator("main h1")).to_be_visible()
    expect(alone.locator(".notice-strip")).to_have_count(0)  # nothing is missing on this machine
    port = server.url.rpartition(":")[2]
    others = new_page()
    others.goto(f"http://gate.test:{port}/sign-in")
    expect(others.locator(".notice-strip")).to_contain_text("https")


def test_accounts_work_without_scripts(server, new_page):
    page = new_page(java_script_enabled=False)
    server.sign_in(page, "administrator", "/account")
    page.goto(f"{server.url}/account/password")
    page.fill("[name=old]", PASSWORD)
    page.fill("[name=new]", "another long secret")
    page.fill("[name=again]", "another long secret")
    page.click("main [type=submit]")
    page.wait_for_url("**/account")
    page.goto(f"{server.url}/users")
    assert page.locator("td.name a").count() > 3
