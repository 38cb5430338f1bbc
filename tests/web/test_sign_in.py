"""Signing in and out, as a person meets it."""

import time
from datetime import timedelta
from urllib.parse import quote, unquote

from core import hookimpl
from core.accounts.tables import Session, User
from core.log.tables import LogEntry
from core.permissions import SYSTEM
from tests.app import PASSWORD, an_account, csrf_of, new_client


async def try_sign_in(client, login, password, onward="/"):
    page = await client.get("/sign-in")
    form = {"login": login, "password": password, "next": onward}
    return await client.post("/sign-in", data={**form, "_csrf_token": csrf_of(page.text)})


async def test_who_is_not_signed_in_is_sent_to_the_form_and_back(client_as):
    gatekeeper = await client_as("gatekeeper")
    stranger = await client_as()
    answer = await stranger.get("/account?x=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Faccount%3Fx%3D1"
    answer = await try_sign_in(stranger, gatekeeper.login, PASSWORD, "/account?x=1")
    assert answer.headers["location"] == "/account?x=1"


async def test_a_gatekeeper_signs_in_and_out(client_as):
    gatekeeper = await client_as("gatekeeper")
    page = await gatekeeper.get("/")
    assert page.status_code == 200
    assert gatekeeper.login in page.text
    assert (await gatekeeper.post("/sign-out")).status_code == 303
    assert (await gatekeeper.get("/")).status_code == 303


async def test_signing_in_never_leads_to_another_site(client_as, app):
    gatekeeper = await client_as("gatekeeper")
    hostile = (
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "/\t/evil.example",
        "javascript:alert(1)",
        "",
    )
    for onward in hostile:
        async with new_client(app) as client:
            answer = await try_sign_in(client, gatekeeper.login, PASSWORD, onward)
            assert answer.headers["location"] == "/", onward


async def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(client_as, app):
    gatekeeper = await client_as("gatekeeper")
    pages = []
    for login in (gatekeeper.login, "nobody-at-all"):
        async with new_client(app) as client:
            answer = await try_sign_in(client, login, "not the password")
            assert answer.status_code == 422
            pages.append(answer.text.replace(login, "LOGIN").replace(csrf_of(answer.text), "TOKEN"))
    assert pages[0] == pages[1]
    assert "not the password" not in pages[0]


async def test_a_wrong_password_and_an_unknown_login_take_as_long(plugins, app, settings):
    from dataclasses import replace

    from core.accounts import passwords

    passwords.configure(replace(settings, password_memory_kib=19456))
    _, login = await an_account(plugins, "gatekeeper")
    spent = {login: [], "nobody-at-all": []}
    for _ in range(7):
        for name, times in spent.items():
            async with new_client(app) as client:
                token = csrf_of((await client.get("/sign-in")).text)
                form = {"login": name, "password": "wrong one", "_csrf_token": token}
                started = time.process_time()
                await client.post("/sign-in", data=form)
                times.append(time.process_time() - started)
    known, unknown = (min(times) for times in spent.values())
    assert 0.5 < known / unknown < 2


async def test_guessing_one_login_from_one_address_is_stopped_and_allowed_again_later(
    client_as, app, stopped_clock
):
    gatekeeper = await client_as("gatekeeper")
    async with new_client(app) as client:
        codes = [
            (await try_sign_in(client, gatekeeper.login, f"wrong {n}")).status_code
            for n in range(10)
        ]
        assert codes == [422] * 8 + [429] * 2
        assert (await try_sign_in(client, gatekeeper.login, PASSWORD)).status_code == 429
        stopped_clock.advance(timedelta(seconds=31))
        assert (await try_sign_in(client, gatekeeper.login, PASSWORD)).status_code == 303


async def test_guessing_from_afar_does_not_keep_out_who_signed_in_here_before(
    plugins, app, stopped_clock
):
    _, login = await an_account(plugins, "gatekeeper")
    async with new_client(app, address="10.9.9.9") as at_the_gate:
        assert (await try_sign_in(at_the_gate, login, PASSWORD)).status_code == 303
    codes = []
    for n in range(40):
        async with new_client(app, address=f"10.8.0.{n}") as attacker:
            codes.append((await try_sign_in(attacker, login, "wrong")).status_code)
    assert codes[:30] == [422] * 30
    assert set(codes[30:]) == {429}
    async with new_client(app, address="10.7.7.7") as elsewhere:
        assert (await try_sign_in(elsewhere, login, PASSWORD)).status_code == 429
    async with new_client(app, address="10.9.9.9") as at_the_gate:
        assert (await try_sign_in(at_the_gate, login, PASSWORD)).status_code == 303


async def test_guessing_many_logins_from_one_address_is_stopped(app, client_as, stopped_clock):
    await client_as("gatekeeper")
    async with new_client(app) as client:
        codes = [(await try_sign_in(client, f"user{n}", "x")).status_code for n in range(65)]
    assert codes[:60] == [422] * 60
    assert set(codes[60:]) == {429}


async def test_each_sign_in_is_logged_and_what_was_typed_is_not(client_as, app):
    gatekeeper = await client_as("gatekeeper")
    async with new_client(app, address="10.1.2.3") as client:
        await try_sign_in(client, gatekeeper.login, "secret-typed")
        await try_sign_in(client, "password-as-login", "x")
    rows = await LogEntry.select().order_by(LogEntry.id)
    refused = [row for row in rows if row["act"] == "session.refuse"]
    assert [row["place"] for row in refused] == ["10.1.2.3", "10.1.2.3"]
    assert [row["record_id"] for row in refused] == [str(gatekeeper.user_id), ""]
    assert any(
        row["act"] == "session.begin" and row["actor_id"] == gatekeeper.user_id for row in rows
    )
    assert "secret-typed" not in str(rows)
    assert "password-as-login" not in str(rows)


async def test_a_password_hashed_at_an_older_cost_is_hashed_anew_at_sign_in(plugins, app, settings):
    from dataclasses import replace

    from core.accounts import passwords

    user_id, login = await an_account(plugins, "gatekeeper")
    passwords.configure(replace(settings, password_memory_kib=64))
    async with new_client(app) as client:
        assert (await try_sign_in(client, login, PASSWORD)).status_code == 303
    user = await User.objects().where(User.id == user_id).first()
    assert "m=64," in user.password_hash
    async with new_client(app) as client:
        assert (await try_sign_in(client, login, PASSWORD)).status_code == 303


async def test_an_account_that_is_switched_off_cannot_sign_in(plugins, app, client_as):
    await client_as("administrator")
    from core import clock
    from core.accounts import services

    user_id, login = await an_account(plugins, "gatekeeper")
    await services.deactivate(user_id, actor=SYSTEM, at=clock.now())
    async with new_client(app) as client:
        assert (await try_sign_in(client, login, PASSWORD)).status_code == 422


async def test_signing_in_gives_a_new_session_and_ends_the_one_that_was_open(client_as):
    gatekeeper = await client_as("gatekeeper")
    before = gatekeeper.cookies["__Host-laifang"]
    page = await gatekeeper.get("/account")
    form = {"login": gatekeeper.login, "password": PASSWORD, "_csrf_token": csrf_of(page.text)}
    answer = await gatekeeper.post("/sign-in", data=form)
    assert answer.status_code == 303
    after = gatekeeper.cookies["__Host-laifang"]
    assert after != before
    open_now = await Session.count().where(Session.revoked_at.is_null())
    assert open_now == 1


async def test_a_cookie_that_somebody_else_planted_does_not_become_the_session(plugins, app):
    _, login = await an_account(plugins, "gatekeeper")
    planted = "A" * 43
    async with new_client(app) as client:
        client.cookies.set("__Host-laifang", planted, domain="laifang.test", path="/")
        await try_sign_in(client, login, PASSWORD)
        assert client.cookies["__Host-laifang"] != planted


async def test_who_must_change_the_password_can_do_nothing_else_first(client, app):
    answer = await client.post("/users", data={"login": "new.guard", "name": "新门卫"})
    first = answer.text.partition('<code id="secret" class="fs-4">')[2].partition("<")[0]
    assert len(first) == 19
    async with new_client(app) as guard:
        assert (await try_sign_in(guard, "new.guard", first)).status_code == 303
        for path in ("/", "/account", "/users"):
            answer = await guard.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/account/password")
        page = await guard.read_token("/account/password")
        assert "/users" not in page.text
        form = {"old": first, "new": "my own long words", "again": "my own long words"}
        answer = await guard.post("/account/password", data=form)
        assert answer.headers["location"] == "/", "on to work"
        assert (await guard.get("/")).status_code == 200


async def test_going_on_works_for_addresses_in_chinese_and_with_queries(client_as, app):
    gatekeeper = await client_as("gatekeeper")
    async with new_client(app) as client:
        answer = await try_sign_in(client, gatekeeper.login, PASSWORD, "/访客?姓名=王&next=/x#末尾")
        assert answer.status_code == 303
        assert unquote(answer.headers["location"]) == "/访客?姓名=王&next=/x#末尾"
        answer = await client.get("/访客?姓名=王")
        assert answer.status_code == 404
        assert "next" in answer.text


async def test_nonsense_in_every_place_of_a_request_is_answered_not_failed(client_as, app):
    await client_as("gatekeeper")
    nonsense = [
        "\x00",
        "\udcff".encode("utf-8", "surrogateescape").decode("latin-1"),
        "%",
        "%00",
        "'\"<>",
    ]
    async with new_client(app) as client:
        for bad in nonsense:
            quoted = quote(bad, safe="%")
            for path in (f"/{quoted}", f"/sign-in?next={quoted}", f"/sign-in?{quoted}={quoted}"):
                answer = await client.get(path)
                assert answer.status_code in (200, 303, 400, 404), (path, answer.status_code)
        for header, value in (
            ("cookie", "=; ;;a=b=c; __Host-laifang=\xff; flash=~; language=../../x; theme=<x>"),
            ("accept-language", "\xff" * 600),
            ("x-forwarded-for", ", ,\xff"),
            ("user-agent", "\xff" * 5000),
            ("authorization", "Bearer"),
            ("origin", "http://["),
            ("content-length", "x"),
        ):
            answer = await client.get(
                "/sign-in", headers=[(header.encode(), value.encode("latin-1"))]
            )
            assert answer.status_code < 500, header
            if header in ("origin", "content-length"):
                answer = await client.post(
                    "/sign-in", headers=[(header.encode(), value.encode("latin-1"))], content=b"a=b"
                )
                assert answer.status_code < 500, header


async def test_a_login_or_password_that_nobody_can_type_is_just_wrong(client_as, app):
    await client_as("gatekeeper")
    for bad in ("a\x00b", "\ud800", "x" * 5000, "\u202eadmin", "' OR 1=1 --"):
        async with new_client(app) as client:
            token = csrf_of((await client.get("/sign-in")).text)
            typed = quote(bad, errors="surrogatepass")
            answer = await client.post(
                "/sign-in",
                content=f"login={typed}&password={typed}&_csrf_token={token}",
                headers={"content-type": "application/x-www-form-urlencoded"},
            )
            assert answer.status_code == 422, repr(bad[:10])


async def test_a_visitor_of_the_bare_address_finds_what_is_for_the_public(client_as):
    gatekeeper = await client_as("gatekeeper")
    stranger = await client_as()
    led = await stranger.get("/")
    page = await stranger.get(led.headers["location"])
    assert 'href="/v"' in page.text
    assert (await stranger.get("/v")).status_code == 200
    assert (await gatekeeper.get("/sign-in")).status_code == 303


async def test_a_part_whose_entries_fail_is_left_out_of_the_sign_in_page(client_as, plugins):
    class Broken:
        @hookimpl
        async def collect_public_entries(self, at):
            raise RuntimeError("no database today")

    await client_as("gatekeeper")
    broken = Broken()
    plugins.manager.register(broken, "zz_broken")
    try:
        page = await (await client_as()).get("/sign-in")
    finally:
        plugins.manager.unregister(broken)
    assert page.status_code == 200
    assert 'name="password"' in page.text
    assert 'href="/v"' in page.text
