"""Notices are queued with the act that causes them, sent to a real mail server, retried, listed."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core import clock, db, hookimpl
from core.i18n import N_
from core.notices import services, smtp
from core.notices.outbox import PAUSES, Outbox
from core.notices.tables import Notice, OutboxEvent
from core.permissions import SYSTEM
from core.plugins import Plugins
from core.privacy import keys
from core.privacy.crypto import Keyring
from core.settings import load

pytestmark = pytest.mark.anyio
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ADDRESS = "reader-canary@example.org"


@pytest.fixture(autouse=True)
def _monday():
    keys.hold(Keyring.generate())
    clock.CLOCK.travel(MONDAY, running=False)
    yield
    clock.CLOCK.reset()


@pytest.fixture
def outbox(mailbox, monkeypatch):
    monkeypatch.setenv("LAIFANG_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("LAIFANG_ORGANISATION", "临川市人民来访接待室")
    monkeypatch.setenv("LAIFANG_SMTP_PORT", str(mailbox.port))
    channels = {"email": smtp.channel(load())}
    return Outbox(Plugins({}), channels, base_url="https://gate.example", locale="zh_Hans")


async def queue(key="k1", **given):
    async with db.writing():
        return await services.notify(
            key=key, channel="email", address=ADDRESS, at=clock.now(), url="/news/1",
            subject=N_("Sign in"), body=N_("Name"), **given,
        )  # fmt: skip


@pytest.mark.rule("CORE-11")
async def test_a_queued_letter_reaches_the_mail_server_once_in_the_readers_language(
    database, outbox, mailbox
):
    assert await queue()
    assert not await queue(), "the same key is queued once"
    assert await outbox.work_once() == 1
    assert await outbox.work_once() == 0
    [(to, letter)] = mailbox.letters
    assert to == [ADDRESS]
    assert letter["Subject"] == N_("Sign in").translate("zh_Hans")
    text = letter.get_content().replace("\r\n", "\n")
    assert text.startswith("您好！")
    assert (
        f"{N_('Name').translate('zh_Hans')}\n\nhttps://gate.example/news/1\n\n临川市人民来访接待室"
        in text
    )
    assert str(letter["From"]) == "临川市人民来访接待室 <laifang@localhost>"
    assert (await Notice.objects().first()).state == "sent"


async def test_a_notice_of_an_act_that_failed_is_never_sent(database, outbox, mailbox):
    async def act():
        async with db.writing():
            await services.notify(
                key="k2", channel="email", address=ADDRESS, at=clock.now(),
                subject=N_("Sign in"), body=N_("Name"),
            )  # fmt: skip
            raise RuntimeError("the act failed")

    with pytest.raises(RuntimeError):
        await act()
    assert await outbox.work_once() == 0
    assert not mailbox.letters


async def test_a_refused_letter_is_tried_again_with_growing_pauses(database, outbox, mailbox):
    await queue()
    mailbox.refuse = 2
    assert await outbox.work_once() == 1
    assert await outbox.work_once() == 0, "not at once"
    clock.CLOCK.advance(PAUSES[0])
    assert await outbox.work_once() == 1
    clock.CLOCK.advance(PAUSES[0])
    assert await outbox.work_once() == 0, "the second pause is longer"
    clock.CLOCK.advance(PAUSES[1])
    assert await outbox.work_once() == 1
    assert len(mailbox.letters) == 1


async def test_a_letter_that_never_goes_is_listed_dead_and_can_be_revived(
    database, outbox, mailbox
):
    await queue()
    mailbox.refuse = 100
    for pause in (*PAUSES, timedelta(0)):
        assert await outbox.work_once() == 1
        clock.CLOCK.advance(pause)
    notice = await Notice.objects().first()
    assert (notice.state, notice.attempts) == ("dead", len(PAUSES) + 1)
    assert ADDRESS not in notice.last_error
    clock.CLOCK.advance(timedelta(days=30))
    assert await outbox.work_once() == 0
    mailbox.refuse = 0
    await services.revive(notice.id, actor=SYSTEM, at=clock.now())
    assert await outbox.work_once() == 1
    assert len(mailbox.letters) == 1


async def test_two_workers_send_each_letter_once(database, outbox, mailbox):
    for number in range(20):
        await queue(f"k{number}")
    await asyncio.gather(outbox.work_once(), outbox.work_once())
    assert len(mailbox.letters) == 20


async def test_the_address_is_stored_only_encrypted(database, outbox):
    await queue()
    assert ADDRESS not in str(await db.fetch("SELECT * FROM notice"))


class Listener:
    """A plugin that hears of events, and fails when told to."""

    def __init__(self):
        self.heard, self.fail = [], 0

    @hookimpl
    async def on_event(self, event):
        if self.fail:
            self.fail -= 1
            raise ConnectionError("away")
        self.heard.append((event.name, event.record, dict(event.payload)))


async def test_on_event_is_told_to_each_plugin_after_the_commit_and_again_when_it_fails(database):
    calm, shaky = Listener(), Listener()
    shaky.fail = 1
    plugins = Plugins({"calm": calm, "shaky": shaky})
    outbox = Outbox(plugins, {}, base_url="", locale="en")
    async with db.writing():
        await services.tell(
            plugins, "registration.entered", UUID(int=5), at=clock.now(), payload={"gate": "A"}
        )
    assert not calm.heard
    await outbox.work_once()
    said = ("registration.entered", str(UUID(int=5)), {"gate": "A"})
    assert (calm.heard, shaky.heard) == ([said], [])
    clock.CLOCK.advance(PAUSES[0])
    await outbox.work_once()
    assert (calm.heard, shaky.heard) == ([said], [said])
    assert {row.state for row in await OutboxEvent.objects()} == {"sent"}


WORKER = """
import asyncio, sys
from core import db
from core.notices import smtp
from core.notices.outbox import Outbox
from core.plugins import Plugins
from core.privacy import keys
from core.settings import load
async def main():
    await db.open(sys.argv[1], wait=10)
    settings = load()
    keys.open(settings.keyring_path)
    outbox = Outbox(Plugins({}), {"email": smtp.channel(settings)}, base_url="", locale="en")
    print("ready", flush=True)
    await outbox.run(asyncio.Event(), every=0.05)
asyncio.run(main())
"""


@pytest.mark.faults
async def test_a_worker_killed_again_and_again_loses_no_letter(
    database, mailbox, tmp_path, monkeypatch
):
    clock.CLOCK.reset()
    monkeypatch.setattr("core.notices.outbox.LEASE", timedelta(seconds=1))
    url = db.DB.url
    keys.open(tmp_path / "keys" / "keyring.json")
    for number in range(60):
        await queue(f"k{number}")
    await db.close()
    environment = {
        **os.environ, "LAIFANG_DATA": str(tmp_path), "LAIFANG_SMTP_HOST": "127.0.0.1",
        "LAIFANG_SMTP_PORT": str(mailbox.port),
    }  # fmt: skip
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    worker = WORKER.replace(
        "async def main", "import core.notices.outbox as o, datetime\n"
        "o.LEASE = datetime.timedelta(seconds=1)\nasync def main"
    )  # fmt: skip
    for _ in range(12):
        process = subprocess.Popen(
            [sys.executable, "-c", worker, url], env=environment, stdout=subprocess.PIPE
        )
        await asyncio.to_thread(process.stdout.readline)
        await asyncio.sleep(0.25)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if len({letter["Message-ID"] for _, letter in mailbox.letters}) >= 60:
            break
        await asyncio.sleep(0.8)
    await db.open(url, wait=10)
    clock.CLOCK.advance(timedelta(seconds=5))
    monkeypatch.setenv("LAIFANG_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("LAIFANG_SMTP_PORT", str(mailbox.port))
    outbox = Outbox(Plugins({}), {"email": smtp.channel(load())}, base_url="", locale="en")
    while await outbox.work_once():
        pass
    ids = {letter["Message-ID"] for _, letter in mailbox.letters}
    assert len(ids) == 60, "each letter arrived at least once"
    assert await Notice.count().where(Notice.state == "sent") == 60
