"""Webhooks, tried against a real HTTP server: signed, retried, given up, and silent about what it is."""

import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest

from core import clock, db
from core.i18n import N_
from core.notices import services, webhook
from core.notices.outbox import PAUSES, Outbox
from core.notices.queries import Filter, posted
from core.notices.services import Draft
from core.notices.tables import Notice
from core.permissions import SYSTEM
from core.plugins import Plugins
from core.privacy import keys
from core.privacy.crypto import Keyring
from core.settings import load

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SECRET = "a shared secret"
READER = uuid4()


class Receiver:
    """A server that keeps what it is sent; it can be told to refuse, or to send elsewhere."""

    def __init__(self):
        self.got, self.status, self.elsewhere = [], 200, ""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, dict(self.headers), body))
                self.send_response(receiver.status)
                if receiver.elsewhere:
                    self.send_header("Location", receiver.elsewhere)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/news"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _monday(monkeypatch, receiver):
    keys.hold(Keyring.generate())
    monkeypatch.setenv("LAIFANG_WEBHOOKS", receiver.url)
    monkeypatch.setenv("LAIFANG_WEBHOOK_SECRET", SECRET)
    clock.CLOCK.travel(MONDAY, running=False)
    yield
    clock.CLOCK.reset()


def outbox():
    channels = {"webhook": webhook.channel(load())}
    return Outbox(Plugins({}), channels, base_url="https://gate.example", locale="zh_Hans")


async def told(key="k1", **given):
    plain = {
        "channel": "in_app", "user": READER, "url": "/approvals/7", "at": clock.now(),
        "subject": N_("canary-subject"), "body": N_("canary-body"),
    }  # fmt: skip
    async with db.writing():
        return await services.notify(key=key, **(plain | given))


@pytest.mark.rule("CORE-11")
async def test_a_notice_in_the_app_is_told_to_the_webhook_signed_and_without_its_content(
    database, receiver
):
    await told()
    assert not await told(), "the same key is told once"
    assert await outbox().work_once() == 1
    assert await outbox().work_once() == 0
    [(path, headers, body)] = receiver.got
    assert path == "/news"
    assert json.loads(body) == {
        "id": headers["Laifang-Id"],
        "recipient": str(READER),
        "text": "您有新的消息。",
        "url": "https://gate.example/approvals/7",
    }
    signed = headers["Laifang-Timestamp"].encode() + b"." + body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["Laifang-Signature"] == f"sha256={expected}"
    assert int(headers["Laifang-Timestamp"]) == MONDAY.timestamp()


async def test_many_notices_at_once_are_told_too_and_letters_to_outsiders_never(database, receiver):
    drafts = [
        Draft(key=f"k{n}", channel="in_app", subject=N_("a"), body=N_("b"), user=uuid4())
        for n in range(3)
    ]
    letter = Draft(
        key="m",
        channel="email",
        subject=N_("a"),
        body=N_("b"),
        address="a@b.test",
        link="/l/secret",
    )
    async with db.writing():
        await services.notify_many([*drafts, letter], at=clock.now())
    assert await Notice.count().where(Notice.channel == "webhook") == 3
    async with db.writing():
        await services.notify_many(drafts, at=clock.now())
    assert await Notice.count().where(Notice.channel == "webhook") == 3


async def test_a_receiver_that_fails_is_tried_again_and_then_given_up_and_listed(
    database, receiver
):
    await told()
    receiver.status = 500
    for pause in (*PAUSES, timedelta(0)):
        assert await outbox().work_once() == 1
        clock.CLOCK.advance(pause)
    assert await outbox().work_once() == 0
    assert len(receiver.got) == len(PAUSES) + 1
    assert len({headers["Laifang-Id"] for _, headers, _ in receiver.got}) == 1
    [line], _ = await posted(Filter(state="dead"), actor=SYSTEM)
    assert (line.channel, line.last_error) == ("webhook", "WebhookRefusedError")
    receiver.status = 204

    await services.revive(line.id, actor=SYSTEM, at=clock.now())
    await outbox().work_once()
    assert (await Notice.objects().get(Notice.id == line.id)).state == "sent"


async def test_no_redirect_leads_this_server_elsewhere(database, receiver):
    other = Receiver()
    try:
        receiver.status, receiver.elsewhere = 307, other.url
        await told()
        await outbox().work_once()
        assert len(receiver.got) == 1
        assert not other.got
    finally:
        other.close()


async def test_an_address_that_was_taken_out_is_not_called_any_more(
    database, receiver, monkeypatch
):
    await told()
    monkeypatch.setenv("LAIFANG_WEBHOOKS", "https://elsewhere.example/hook")
    await outbox().work_once()
    assert not receiver.got
    assert (await Notice.objects().get(Notice.channel == "webhook")).attempts == 1


async def test_without_a_webhook_nothing_is_queued_for_one(database, monkeypatch):
    monkeypatch.setenv("LAIFANG_WEBHOOKS", "")
    await told()
    assert await Notice.count().where(Notice.channel == "webhook") == 0


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "gopher://a/b", "http://", "https://user:pw@a.example/", "x"]
)
def test_an_address_that_is_not_plain_http_stops_the_start(address, monkeypatch):
    monkeypatch.setenv("LAIFANG_WEBHOOKS", f"https://good.example/a, {address}")
    with pytest.raises(ValueError, match="LAIFANG_WEBHOOKS"):
        load()


def test_nothing_is_sent_unsigned(monkeypatch):
    monkeypatch.setenv("LAIFANG_WEBHOOK_SECRET", "")
    with pytest.raises(ValueError, match="LAIFANG_WEBHOOK_SECRET"):
        webhook.channel(load())
