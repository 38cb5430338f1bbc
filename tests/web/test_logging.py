"""The console: what happened is written down, what is personal or secret is not."""

import io
import json
import logging

import httpx
import pytest
import structlog

from tests.app import PASSWORD, csrf_of
from web.logging import configure, failure_of, scrubbed

NAME, PHONE, DOCUMENT = "欧阳娜娜", "13812345678", "11010519491231002X"
TYPED = "my-typed-secret-phrase"


@pytest.fixture
def json_lines():
    """Log as the server does; give the lines written since."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    before = structlog.get_config()
    written = io.StringIO()
    configure("json", written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    structlog.configure(**before)
    root.handlers, root.level = handlers, level


def test_a_failure_is_logged_by_kind_and_place_without_what_was_typed(json_lines):
    try:
        int(PHONE + NAME)
    except ValueError as error:
        structlog.get_logger("x").error("failed", exc_info=error, error=repr(error))
    [line] = json_lines()
    assert line["failure"]["kind"] == "ValueError"
    assert line["failure"]["message"] == ""
    assert "test_logging.py" in line["failure"]["places"][-1]
    assert PHONE not in str(line)
    assert NAME not in str(line)


@pytest.mark.parametrize("hidden", [NAME, PHONE, DOCUMENT, "138 1234 5678", "a" * 40])
def test_a_message_loses_numbers_names_and_secrets(hidden):
    assert hidden not in scrubbed(f"no row for {hidden} in the table")
    assert scrubbed("connection refused") == "connection refused"
    error = RuntimeError(f"row {hidden}\nDETAIL: Key (name)=({NAME})")
    assert hidden not in str(failure_of(error))


def test_lines_of_libraries_are_scrubbed_too(json_lines):
    logging.getLogger("somelibrary").warning("cannot send to %s", PHONE)
    [line] = json_lines()
    assert PHONE not in line["event"]


def use_with_canaries(server):
    """Use a server as people do, well and badly, with names and secrets in every place."""
    secrets = [PASSWORD, TYPED]
    with httpx.Client(base_url=server.url, follow_redirects=False) as client:
        page = client.get("/sign-in", params={"next": f"/x?name={NAME}&phone={PHONE}"})
        token = csrf_of(page.text)
        for login, password in (
            (PHONE, TYPED),
            ("administrator", TYPED),
            ("administrator", PASSWORD),
        ):
            form = {"login": login, "password": password, "_csrf_token": token}
            answer = client.post("/sign-in", data=form)
        assert answer.status_code == 303
        secrets += [client.cookies["laifang"], token]
        page = client.get("/users/new")
        headers = {"x-csrftoken": csrf_of(page.text)}
        secrets.append(headers["x-csrftoken"])
        page = client.post("/users", data={"login": "canary", "name": NAME}, headers=headers)
        secrets.append(page.text.partition('id="secret"')[2].partition(">")[2].partition("<")[0])
        page = client.post(
            "/account/tokens", data={"name": NAME, "scope-core:log:read": "1"}, headers=headers
        )
        token = page.text.partition('id="secret"')[2].partition(">")[2].partition("<")[0]
        secrets.append(token)
        client.get(f"/{PHONE}/{NAME}")
        client.get("/users", params={"q": DOCUMENT})
        client.get(f"/users/{DOCUMENT}")
        client.post("/users", content=b"\xff\xfe" + DOCUMENT.encode(), headers=headers)
        client.post("/account/password", data={"old": TYPED, "new": TYPED}, headers=headers)
        client.get("/api/v1/session", headers={"authorization": f"Bearer {token}"})
        client.get("/api/v1/session", headers={"authorization": f"Bearer {TYPED}"})
        client.get("/", headers={"cookie": f"laifang={TYPED}; flash={TYPED}~{NAME.encode().hex()}"})
        client.get("/", headers={"user-agent": TYPED, "x-request-id": PHONE})
    return [NAME, PHONE, DOCUMENT, *secrets]


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_personal_or_secret_reaches_the_console_of_a_server(start_server, sqlite_url, form):
    server = start_server(sqlite_url, LAIFANG_LOG_FORMAT=form)
    canaries = use_with_canaries(server)
    server.stop()
    written = server.log.read_text("utf-8")
    assert "request" in written
    assert "/users/{user_id:uuid}" in written or "/users" in written
    assert [canary for canary in canaries if canary in written] == []


def test_each_request_is_a_line_with_its_number_and_route(start_server, sqlite_url):
    server = start_server(sqlite_url, LAIFANG_LOG_FORMAT="json")
    answer = httpx.get(f"{server.url}/sign-in")
    server.stop()
    lines = [
        json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{")
    ]
    [line] = [line for line in lines if line.get("route") == "/sign-in"]
    assert line["request_id"] == answer.headers["x-request-id"]
    assert (line["event"], line["method"], line["status"]) == ("request", "GET", 200)
    assert line["ms"] > 0
