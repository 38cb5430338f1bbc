"""The `laifang` command, run as an administrator runs it."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.app import PASSWORD, csrf_of
from tests.servers import ROOT, free_port
from web.cli import SUMMARIES


def test_the_help_lists_the_commands_and_loads_none_of_them(tmp_path, laifang):
    answer = laifang("--help", data_dir=tmp_path, apart=True)
    assert answer.returncode == 0
    there = {path.stem for path in (ROOT / "web/commands").glob("[a-z]*.py")}
    assert there == set(SUMMARIES)
    said = " ".join(answer.stdout.replace("│", " ").split())
    for name, summary in SUMMARIES.items():
        assert f"{name} {summary}" in said
    code = (
        "import sys, web.cli\n"
        "try: web.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "loaded = {'litestar', 'piccolo', 'uvicorn', 'web.commands.serve'} & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)


def test_a_command_that_is_not_there_is_named(tmp_path, laifang):
    answer = laifang("dance", data_dir=tmp_path, apart=True)
    assert answer.returncode == 2
    assert "dance" in answer.stderr


def test_an_installation_begins_with_migrate_user_and_serve(tmp_path, laifang):
    refused = laifang("serve", "--port", str(free_port()), data_dir=tmp_path)
    assert refused.returncode == 1
    assert "laifang migrate" in refused.stderr
    done = laifang("migrate", data_dir=tmp_path, apart=True)
    assert done.returncode == 0, done.stderr
    assert "core:" in done.stdout
    again = laifang("migrate", data_dir=tmp_path)
    assert again.stdout.strip() == "The database is up to date."
    made = laifang(
        "user", "create", "Chen", "--name", "陈校长", "--role", "administrator", data_dir=tmp_path
    )
    assert made.returncode == 0, made.stderr
    assert len(made.stdout.strip()) == 19
    listed = laifang("user", "list", data_dir=tmp_path)
    assert listed.stdout.split("\t") == ["chen", "陈校长", "administrator\n"]


@pytest.fixture
def ready(tmp_path, sqlite_template):
    """The folder of an installation whose database is up to date."""
    shutil.copy(sqlite_template, tmp_path / "laifang.sqlite")
    return tmp_path


def test_the_password_is_read_from_standard_input_when_asked(ready, laifang):
    words = ("user", "create", "chen", "--role", "desk", "--password-stdin")
    made = laifang(*words, typed="a quiet garden gate\n", data_dir=ready)
    assert (made.returncode, made.stdout) == (0, "")
    poor = laifang("user", "create", "li", "--password-stdin", typed="123456\n", data_dir=ready)
    assert poor.returncode == 1
    assert "characters" in poor.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create", "chen"), "This login exists already"),
        (("create", "a b"), "A login has"),
        (("create", "new", "--role", "king"), "options"),
        (("create", "new", "--site", "moon"), "no site"),
        (("reset-password", "nobody"), "no account"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(ready, words, said, laifang):
    laifang("user", "create", "chen", data_dir=ready)
    answer = laifang("user", *words, data_dir=ready)
    assert answer.returncode == 1
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_new_first_password_is_printed(ready, laifang):
    first = laifang("user", "create", "chen", data_dir=ready).stdout
    second = laifang("user", "reset-password", "CHEN", data_dir=ready).stdout
    assert len(second.strip()) == 19
    assert first != second


def test_on_sqlite_several_processes_are_refused(ready, laifang):
    answer = laifang("serve", "--workers", "2", data_dir=ready)
    assert answer.returncode == 1
    assert "PostgreSQL" in answer.stderr


def test_a_database_that_another_process_serves_is_said_to_be_in_use(
    start_server, sqlite_url, laifang
):
    server = start_server(sqlite_url)
    answer = laifang("user", "list", url=sqlite_url, data_dir=server.data_dir)
    assert answer.returncode == 1
    assert answer.stderr.strip()
    assert "Traceback" not in answer.stderr


def test_the_console_shows_address_and_code_of_the_first_start(start_server, sqlite_url):
    server = start_server(sqlite_url, prepared=False, LAIFANG_LOCALE="zh_Hans")
    log = server.log.read_text("utf-8")
    assert server.url in log
    assert f"{server.url}/setup" in log


def test_a_key_file_that_others_can_read_stops_the_start(ready, laifang):
    keyring = Path(ready) / "keys" / "keyring.json"
    assert keyring.exists() or laifang("user", "list", data_dir=ready).returncode == 0
    keyring.chmod(0o644)
    answer = laifang("serve", "--port", str(free_port()), data_dir=ready)
    assert answer.returncode == 1
    assert "chmod 600" in answer.stderr


def test_a_lost_key_file_stops_the_start_and_is_not_made_anew(
    start_server, sqlite_url, tmp_path, laifang
):
    server = start_server(sqlite_url)
    server.stop()
    file = server.data_dir / "keys" / "keyring.json"
    kept = tmp_path / "kept.json"
    file.rename(kept)
    words = ("serve", "--port", str(free_port()))
    answer = laifang(*words, url=sqlite_url, data_dir=server.data_dir)
    assert answer.returncode == 1
    assert "is missing" in answer.stderr
    assert not file.exists()
    laifang("migrate", data_dir=tmp_path / "other")
    laifang("user", "list", data_dir=tmp_path / "other")
    shutil.copy(tmp_path / "other" / "keys" / "keyring.json", file)
    answer = laifang(*words, url=sqlite_url, data_dir=server.data_dir)
    assert answer.returncode == 1
    assert "not the one" in answer.stderr
    shutil.copy(kept, file)
    assert laifang("user", "list", url=sqlite_url, data_dir=server.data_dir).returncode == 0


@pytest.mark.faults
def test_a_server_stops_at_once_when_nobody_asks(start_server, sqlite_url):
    server = start_server(sqlite_url, apart=True)
    started = time.monotonic()
    server.stop()
    assert time.monotonic() - started < 2


def test_with_a_certificate_it_serves_https_and_the_cookie_is_secure(start_server, sqlite_url):
    server = start_server(sqlite_url, https=True, apart=True)
    with httpx.Client(base_url=server.url, verify=False) as client:
        page = client.get("/sign-in")
        assert "strict-transport-security" in page.headers
        assert "notice-strip" not in page.text
        form = {"login": "gatekeeper", "password": PASSWORD, "_csrf_token": csrf_of(page.text)}
        answer = client.post("/sign-in", data=form, headers={"origin": server.url})
        assert answer.status_code == 303
        assert "__Host-laifang" in client.cookies
        assert client.get("/account").status_code == 200


def test_a_certificate_without_its_key_is_said_plainly(ready, tmp_path, laifang):
    (tmp_path / "c.pem").write_text("no certificate")
    answer = laifang("serve", "--certificate", str(tmp_path / "c.pem"), data_dir=ready)
    assert answer.returncode == 2
    assert "--key" in answer.stderr
    words = ("--certificate", str(tmp_path / "c.pem"), "--key", str(tmp_path / "c.pem"))
    answer = laifang("serve", *words, "--port", str(free_port()), data_dir=ready)
    assert answer.returncode == 1
    assert "certificate" in answer.stderr
    assert "Traceback" not in answer.stderr
