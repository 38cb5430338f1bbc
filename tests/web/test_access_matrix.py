"""Every address with every role: in or out as the committed table says, and never by accident."""

from datetime import timedelta

import pytest

from core import clock, db, settings
from core.accounts import sessions, tokens
from core.accounts.actors import actor_of
from tests.web import access_matrix
from web.plugins import load

ENDS_THE_SESSION = {"POST /sign-out", "POST /api/v1/session/end"}
OUT = (401, 403)
OPEN = ("public", "gate device")
# What a call without a device's secret may be answered with, whoever makes it.
NO_DEVICE = (400, 401, 403, 404, 422)


@pytest.fixture
def database(sqlite_database):
    """One engine is enough: who may call what does not depend on it."""
    return sqlite_database


@pytest.fixture
def rules(app):
    app.broadcaster.close()  # a live board ends at once instead of staying open
    return access_matrix.rules_of(app)


async def call(client, rule):
    return await client.request(rule.method, rule.address())


def is_sent_to_sign_in(answer):
    return answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=")


def is_left_out(answer, rule):
    """Say whether the answer is the one for nobody: to the form, or 401."""
    if rule.path.startswith("/api/") or rule.method != "GET":
        return answer.status_code == 401
    return is_sent_to_sign_in(answer)


async def test_every_address_is_in_the_table_and_the_table_says_what_is_true(app):
    true = {key: rule.says() for key, rule in access_matrix.rules_of(app).items()}
    assert true == access_matrix.table(), (
        "Look at who may call it, then run: python -m tests.web.access_matrix"
    )


@pytest.mark.rule("CORE-14")
@pytest.mark.parametrize("name", sorted(load(settings.load()).register_roles()))
async def test_each_role_reaches_what_it_may_and_nothing_else(name, rules, client_as, plugins):
    role = plugins.register_roles()[name]
    client = await client_as(name)
    wrong = []
    for key, rule in rules.items():
        if key in ENDS_THE_SESSION or rule.who == "public":
            continue
        answer = await call(client, rule)
        if rule.who == "gate device":
            assert answer.status_code in NO_DEVICE, key
            continue
        came_in = answer.status_code not in OUT and not is_sent_to_sign_in(answer)
        if came_in != rule.lets_in(role.permissions) or answer.status_code >= 500:
            wrong.append((key, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.rule("CORE-14")
async def test_nobody_reaches_only_what_is_public(rules, client_as):
    await client_as("administrator")
    stranger = await client_as()
    await stranger.read_token()
    wrong = []
    for key, rule in rules.items():
        answer = await call(stranger, rule)
        if rule.who == "gate device":
            fine = answer.status_code in NO_DEVICE
        elif rule.who == "public":
            fine = not is_sent_to_sign_in(answer) and answer.status_code < 500
        else:
            fine = is_left_out(answer, rule)
        if not fine:
            wrong.append((key, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.rule("CORE-14")
async def test_a_revoked_session_reaches_no_more_than_nobody(rules, client_as):
    client = await client_as("administrator")
    async with db.writing():
        await sessions.end_all(client.user_id, at=clock.now())
    for rule in rules.values():
        if rule.who not in OPEN:
            assert is_left_out(await call(client, rule), rule), rule.key


@pytest.mark.rule("CORE-14")
async def test_a_token_reaches_its_scopes_and_only_the_api(rules, client_as, plugins):
    owner = await client_as("administrator")
    roles = plugins.register_roles()
    user = {"user_id": owner.user_id, "host_id": None, "name": "x", "locale": ""}
    actor = actor_of(user, [("administrator", None)], roles)
    _, secret = await tokens.create(
        actor=actor,
        at=clock.now(),
        name="narrow",
        scopes=["core:notice:admin"],
        expires_at=clock.now() + timedelta(days=1),
    )
    program = await client_as()
    program.headers["authorization"] = f"Bearer {secret}"
    wrong = []
    for key, rule in rules.items():
        if rule.who in OPEN:
            continue
        answer = await call(program, rule)
        may = rule.path.startswith("/api/") and rule.lets_in({"core:notice:admin"})
        if (answer.status_code != 403) != may or answer.status_code in (401, 500):
            wrong.append((key, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


async def test_without_the_token_of_the_page_no_address_changes_anything(rules, client_as):
    client = await client_as("administrator")
    client.headers.pop("x-csrftoken")
    wrong, mine = [], await held(client)  # asked once: so many questions would be too many
    for key, rule in rules.items():
        if rule.method == "GET" or not rule.csrf or not rule.lets_in(mine):
            continue
        answer = await call(client, rule)
        if answer.status_code != 403:
            wrong.append((key, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


async def held(client):
    return (await client.get("/api/v1/session")).json()["permissions"]


async def test_what_asks_for_no_token_proves_its_caller_otherwise(rules):
    without = {key for key, rule in rules.items() if not rule.csrf}
    assert all(
        key.partition(" ")[2].startswith(("/gate/api/", "/api/v1/scans")) for key in without
    ), without
