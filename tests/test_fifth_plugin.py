"""A plugin from another distribution has the same powers as those that ship (CORE-23)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from tests.wheels import conformance, install

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "tests" / "fifth_plugin"


@pytest.fixture(scope="module")
def contractors(tmp_path_factory):
    """The plugin, built as a wheel and installed beside the project."""
    folder = tmp_path_factory.mktemp("contractors")
    shutil.copytree(SOURCE, folder / "source", ignore=shutil.ignore_patterns("__pycache__"))
    return install(folder / "source", folder)


def test_it_conforms_like_those_that_ship(contractors):
    tried = conformance(contractors, "contractors")
    assert tried.returncode == 0, tried.stdout + tried.stderr


def test_a_case_of_its_own_is_carried_by_the_cores_services(contractors):
    case = contractors.parent / "source" / "hot_work_case.py"
    tried = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "core.testing.fixtures", "-p",
         "no:cacheprovider", case],
        cwd=contractors, env={**os.environ, "PYTHONPATH": str(contractors)}, capture_output=True,
        text=True,
    )  # fmt: skip
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert "2 passed" in tried.stdout


@pytest.fixture
def server(contractors, start_server, database_url):
    """A server that finds the plugin beside the project, its tables migrated."""
    environment = {"PYTHONPATH": str(contractors)}
    subprocess.run(
        [sys.executable, "-m", "web.cli", "migrate"],
        cwd=ROOT, env={**os.environ, **environment, "LAIFANG_DATABASE_URL": database_url}, check=True,
    )  # fmt: skip
    return start_server(database_url, **environment)


def register(page, server, name, last_day):
    """Register a contractor at the desk, whose form asks for what the plugin wants to know."""
    page.goto(f"{server.url}/desk")
    with page.expect_response("**/desk/form"):
        page.select_option("#f-purpose", "contractors.work")
    page.fill("#f-name", name)
    page.select_option("#f-document_kind", "work_card")
    page.fill("#f-document_number", f"G{name}")
    page.fill("#f-reason", "修电梯")
    page.fill("#f-contractors_number", f"施工-{name}")
    page.fill("#f-contractors_last_day", last_day)
    with page.expect_navigation():
        page.click("#registration-form button[type=submit].btn-primary")


@pytest.mark.browser
@pytest.mark.rule("CORE-23")
def test_its_purpose_form_check_slip_and_page_work_in_a_browser(server, new_page):
    page = new_page(viewport={"width": 1280, "height": 900})
    server.sign_in(page)
    register(page, server, "wang", "2099-12-31")
    register(page, server, "zhao", "2020-01-31")
    page.goto(f"{server.url}/contractors")
    rows = page.locator("tbody tr").all_inner_texts()
    assert [row.split()[0] for row in rows] == ["施工-zhao", "施工-wang"], "soonest on top"

    page.goto(f"{server.url}/desk")
    page.get_by_role("link", name="zhao").first.click()
    assert "施工-zhao" in page.locator("main").inner_text()
    page.locator("form[action$='/admit'] button").first.click()
    said = page.locator("main").inner_text()
    assert "施工证已于 2020-01-31 到期，请致电工地办公室。" in said
    assert "CON-2" in said

    page.goto(f"{server.url}/desk")
    page.get_by_role("link", name="wang").first.click()
    page.locator("form[action$='/admit'] button[value=a4]").click()
    slip = page.locator("a[href$='/slip/a4.pdf']").get_attribute("href")
    pdf = pypdfium2.PdfDocument(page.request.get(server.url + slip).body())
    assert "工地通行 施工-wang" in pdf[0].get_textpage().get_text_range(), "its line on the pass"
    page.goto(f"{server.url}/desk")
    assert "wang" in page.locator("#list-inside").inner_text()
    assert "zhao" in page.locator("#list-held").inner_text()
