"""Sessions: what the cookie is like, how long it holds, how it ends."""

from datetime import timedelta

from core.accounts.sessions import hash_of
from core.accounts.tables import Session
from tests.app import PASSWORD, csrf_of, new_client


async def test_the_cookie_cannot_be_read_by_scripts_or_sent_in_clear(plugins, app, client_as):
    gatekeeper = await client_as("gatekeeper")
    async with new_client(app) as client:
        answer = await client.sign_in(gatekeeper.login)
    [cookie] = [c for c in answer.headers.get_list("set-cookie") if "laifang=" in c]
    assert cookie.startswith("__Host-laifang=")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
    assert not any(part.startswith("domain") for part in parts)


async def test_over_plain_http_the_cookie_has_another_name_and_the_page_warns(app, client_as):
    gatekeeper = await client_as("gatekeeper")
    plain = await client_as(base_url="http://laifang.test")
    answer = await plain.sign_in(gatekeeper.login)
    [cookie] = [c for c in answer.headers.get_list("set-cookie") if c.startswith("laifang=")]
    assert "secure" not in cookie.lower()
    page = await plain.get("/")
    assert page.status_code == 200
    assert "notice-strip" in page.text
    assert "notice-strip" not in (await gatekeeper.get("/")).text
    here = await client_as("gatekeeper", base_url="http://127.0.0.1:8000")
    assert "notice-strip" not in (await here.get("/")).text, "browsers trust this machine"


async def test_the_secret_is_stored_only_as_a_hash(client_as):
    gatekeeper = await client_as("gatekeeper")
    secret = gatekeeper.cookies["__Host-laifang"]
    assert len(secret) == 43
    [row] = await Session.select().where(Session.user == gatekeeper.user_id)
    assert row["secret_hash"] == hash_of(secret)
    assert secret not in str(row)


async def test_a_session_ends_when_it_rests_for_twelve_hours(client_as, stopped_clock):
    gatekeeper = await client_as("gatekeeper")
    for _ in range(3):
        stopped_clock.advance(timedelta(hours=11))
        assert (await gatekeeper.get("/")).status_code == 200
    stopped_clock.advance(timedelta(hours=12, seconds=1))
    assert (await gatekeeper.get("/")).status_code == 303


async def test_a_session_ends_after_a_week_however_busy_it_is(client_as, stopped_clock):
    gatekeeper = await client_as("gatekeeper")
    for _ in range(16):
        stopped_clock.advance(timedelta(hours=10))
        assert (await gatekeeper.get("/")).status_code == 200
    stopped_clock.advance(timedelta(hours=8))
    assert (await gatekeeper.get("/")).status_code == 303


async def test_being_in_use_is_written_down_at_most_every_five_minutes(client_as, stopped_clock):
    gatekeeper = await client_as("gatekeeper")

    async def seen():
        [row] = await Session.select(Session.seen_at)
        return row["seen_at"]

    begun = await seen()
    stopped_clock.advance(timedelta(minutes=4))
    await gatekeeper.get("/")
    assert await seen() == begun
    stopped_clock.advance(timedelta(minutes=2))
    await gatekeeper.get("/")
    assert await seen() == begun + timedelta(minutes=6)


async def test_a_reader_sees_where_they_are_signed_in_and_ends_it_at_once(client_as, app):
    phone = await client_as("gatekeeper")
    async with new_client(app, headers={"user-agent": "Desk computer"}) as desk:
        await desk.sign_in(phone.login)
        page = await phone.get("/account")
        assert "Desk computer" in page.text
        [row] = await Session.select().where(Session.user_agent == "Desk computer")
        answer = await phone.post(f"/account/sessions/{row['id']}/end")
        assert answer.status_code == 303
        assert (await desk.get("/")).status_code == 303
    assert (await phone.get("/")).status_code == 200


async def test_nobody_ends_the_session_of_somebody_else(client_as):
    gatekeeper, desk = await client_as("gatekeeper"), await client_as("desk")
    [row] = await Session.select().where(Session.user == desk.user_id)
    assert (await gatekeeper.post(f"/account/sessions/{row['id']}/end")).status_code == 404
    assert (await desk.get("/")).status_code == 200


async def test_changing_the_password_ends_every_other_session_and_renews_this_one(client_as, app):
    here = await client_as("gatekeeper")
    before = here.cookies["__Host-laifang"]
    async with new_client(app) as elsewhere:
        await elsewhere.sign_in(here.login)
        form = {"old": PASSWORD, "new": "another long secret", "again": "another long secret"}
        assert (await here.post("/account/password", data=form)).status_code == 303
        assert (await elsewhere.get("/")).status_code == 303
    assert here.cookies["__Host-laifang"] != before
    assert (await here.get("/account")).status_code == 200
    async with new_client(app) as stolen:
        stolen.cookies.set("__Host-laifang", before, domain="laifang.test", path="/")
        assert (await stolen.get("/account")).status_code == 303


async def test_signing_out_everywhere_else_keeps_this_session(client_as, app):
    here = await client_as("gatekeeper")
    async with new_client(app) as elsewhere:
        await elsewhere.sign_in(here.login)
        assert (await here.post("/account/sessions/end-others")).status_code == 303
        assert (await elsewhere.get("/")).status_code == 303
    assert (await here.get("/")).status_code == 200


async def test_a_wrong_present_password_changes_nothing_and_guessing_it_is_stopped(client_as):
    gatekeeper = await client_as("gatekeeper")
    form = {"old": "wrong", "new": "another long secret", "again": "another long secret"}
    codes = [(await gatekeeper.post("/account/password", data=form)).status_code for _ in range(9)]
    assert codes == [422] * 8 + [429]
    page = await gatekeeper.get("/account")
    assert csrf_of(page.text)
