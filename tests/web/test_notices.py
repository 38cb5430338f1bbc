"""Notices: in the app with what is unread, by a real mail server, given up and sent again."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from core import clock, db
from core.accounts.tables import User
from core.i18n import N_
from core.notices import services, smtp
from core.notices.outbox import PAUSES, Outbox
from core.notices.tables import Notice, OutboxEvent
from core.registrations import consent, waiting
from core.registrations.tables import Registration
from core.rulebooks import queries as rulebooks
from tests.app import csrf_of
from tests.web.scenes import CLERK, a_host, a_visit, an_appointment, link_account
from web import background


@pytest.fixture(autouse=True)
def _fresh():
    rulebooks.forget()


@pytest.fixture
def outbox(mailbox, settings, plugins):
    """The worker, sending to the mail server."""
    configured = replace(settings, smtp_host="127.0.0.1", smtp_port=mailbox.port)
    channels = {"email": smtp.channel(configured)}
    return Outbox(plugins, channels, base_url=settings.base_url, locale="zh_Hans")


def link_in(letter):
    """Return the path of the link that a letter holds."""
    return re.search(r"https://laifang\.test(/\S+)", letter.get_content())[1]


@pytest.mark.rule("CORE-5", "CORE-11")
async def test_the_host_answers_from_the_letter_that_really_came(
    client_as, site, plugins, outbox, mailbox
):
    host = await a_host()
    visit = await a_visit(site, plugins, host)
    desk, stranger = await client_as("gatekeeper"), await client_as()
    assert (await desk.post(f"/registrations/{visit}/ask")).status_code == 303
    await outbox.work_once()
    [(to, letter)] = mailbox.letters
    assert to == ["zhang@school.test"]
    whole = str(letter["Subject"]) + letter.get_content()
    assert "王小明" not in whole
    assert "13800001234" not in whole
    path = link_in(letter)
    page = await stranger.get(path)
    assert "王小明" in page.text
    data = {"_csrf_token": csrf_of(page.text), "given": "yes", "seen": "asked"}
    assert (await stranger.post(path, data=data)).status_code == 303
    assert (await Registration.objects().first()).consent == "given"
    board = await desk.get(f"/registrations/{visit}")
    assert "被访人同意" in board.text


@pytest.mark.rule("CORE-18", "CORE-11")
async def test_who_waits_too_long_is_told_to_the_host_then_to_the_desk_in_the_app(
    client_as, site, plugins, stopped_clock, outbox, mailbox
):
    host_id = await a_host()
    host, desk, other = (
        await client_as("host"), await client_as("desk"), await client_as("auditor"),
    )  # fmt: skip
    await link_account(host.user_id, host_id)
    await a_visit(site, plugins, host_id)
    roles = plugins.register_roles()

    async def unread(client):
        page = await client.get("/notices")
        return len(re.findall("entry-unread", page.text))

    stopped_clock.advance(timedelta(minutes=11))
    assert await waiting.alert(at=clock.now(), roles=roles) == 2
    assert [await unread(c) for c in (host, desk, other)] == [1, 0, 0]
    stopped_clock.advance(timedelta(minutes=10))
    for _ in range(3):
        await waiting.alert(at=clock.now(), roles=roles)
    assert [await unread(c) for c in (host, desk, other)] == [1, 1, 0]
    await outbox.work_once()
    assert len(mailbox.letters) == 1
    page = await desk.get("/")
    assert 'class="bell-count" aria-hidden="true">1<' in page.text
    [mine] = await Notice.objects().where(Notice.user == desk.user_id)
    answer = await desk.post(f"/notices/{mine.id}/open")
    visit = await Registration.objects().first()
    assert (answer.status_code, answer.headers["location"]) == (303, f"/registrations/{visit.id}")
    assert await unread(desk) == 0
    assert "bell-count" not in (await desk.get("/")).text
    assert (await host.post(f"/notices/{mine.id}/open")).status_code == 404
    assert (await host.post("/notices/read")).status_code == 303
    assert await unread(host) == 0


async def test_a_notice_leads_only_within_the_site(client_as, site):
    desk = await client_as("desk")
    async with db.writing():
        await services.notify(
            key="elsewhere", channel="in_app", user=desk.user_id, url="https://evil.example/",
            subject=N_("Name"), body=N_("Name"), at=clock.now(),
        )  # fmt: skip
    [mine] = await Notice.objects()
    answer = await desk.post(f"/notices/{mine.id}/open")
    assert answer.headers["location"] == "/notices"


@pytest.mark.rule("CORE-11")
async def test_a_letter_that_was_given_up_is_listed_and_sent_again(
    client, client_as, site, plugins, outbox, mailbox, stopped_clock
):
    mailbox.refuse = 100
    await an_appointment(site, plugins, await a_host(), agreed=False)
    for pause in (*PAUSES, timedelta(0)):
        await outbox.work_once()
        stopped_clock.advance(pause)
    page = await client.get("/notices/all?status=dead")
    assert "z***@school.test" in page.text
    assert "zhang@school.test" not in page.text
    assert "/notices/all?status=dead" in (await client.get("/")).text
    [letter] = await Notice.objects().where(Notice.channel == "email")
    assert letter.state == "dead"
    desk = await client_as("desk")
    assert (await desk.get("/notices/all")).status_code == 403
    assert (await desk.post(f"/notices/{letter.id}/send-again")).status_code == 403
    mailbox.refuse = 0
    assert (await client.post(f"/notices/{letter.id}/send-again")).status_code == 303
    await outbox.work_once()
    assert len(mailbox.letters) == 1
    page = await client.get("/notices/all?status=sent&channel=email")
    assert "z***@school.test" in page.text
    assert (await client.post(f"/notices/{letter.id}/send-again")).status_code == 404
    for awkward in ("status=x", "channel=x", "page=0", "page=10000000"):
        assert (await client.get(f"/notices/all?{awkward}")).status_code == 200


async def test_an_event_that_a_plugin_failed_at_is_told_again(client, site):
    event = OutboxEvent(name="registration.admit", plugin="school_gate", state="dead", attempts=8,
                        created_at=clock.now_ms(), last_error="RuntimeError")  # fmt: skip
    await OutboxEvent.insert(event)
    [row] = await OutboxEvent.objects()
    page = await client.get("/notices/all")
    assert "registration.admit" in page.text
    assert (await client.post(f"/notices/events/{row.id}/send-again")).status_code == 303
    assert (await OutboxEvent.objects().first()).state == "queued"
    for wrong in (row.id, 999, 2**70):
        assert (await client.post(f"/notices/events/{wrong}/send-again")).status_code == 404


async def test_the_running_server_asks_alerts_and_lets_appointments_pass(
    settings, plugins, site, app, mailbox, stopped_clock
):
    """The jobs themselves, as the server runs them, against a real mail server."""
    host = await a_host()
    await a_visit(site, plugins, host)
    made = await an_appointment(site, plugins, host, agreed=False)
    stopped_clock.advance(timedelta(hours=3))
    configured = replace(settings, smtp_host="127.0.0.1", smtp_port=mailbox.port)
    async with background.running(configured, plugins, background.JOBS):
        for _ in range(100):
            await asyncio.sleep(0.1)
            if len(mailbox.letters) >= 2:
                break
    assert len(mailbox.letters) == 2, "the proposal, and the visitor who waits"
    from core.appointments.tables import Appointment

    assert (await Appointment.objects().get(Appointment.id == made)).state == "cancelled"


async def test_asking_the_host_twice_takes_the_first_letters_link_back(
    client_as, site, plugins, outbox, mailbox, stopped_clock
):
    await client_as("desk")
    visit = await a_visit(site, plugins, await a_host())
    for _ in range(2):
        await consent.ask(visit, actor=CLERK, at=clock.now(), plugins=plugins)
        stopped_clock.advance(timedelta(minutes=1))
    await outbox.work_once()
    first, second = [link_in(letter) for _, letter in mailbox.letters]
    stranger = await client_as()
    assert (await stranger.get(first)).status_code == 404
    assert (await stranger.get(second)).status_code == 200


@pytest.mark.rule("CORE-11")
async def test_an_administrator_sends_a_test_and_finds_its_state_in_the_list(client, client_as):
    assert "/notices/test" in (await client.get("/notices/all")).text
    await User.update({User.email: "chief@office.test"}).where(User.id == client.user_id)
    assert (await client.post("/notices/test")).status_code == 303
    sent = {one.channel: one for one in await Notice.objects()}
    assert set(sent) == {"in_app", "email"}
    assert sent["email"].state == "queued"
    assert "chief@" not in sent["email"].recipient_cipher
    page = await client.get("/notices/all")
    assert "c***@office.test" in page.text
    assert "网络回调" in page.text
    host = await client_as("host")
    assert (await host.post("/notices/test")).status_code in (403, 404)
