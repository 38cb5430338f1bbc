"""Live boards: a poke when something happened, none otherwise, and no board keeps a server from stopping."""

import asyncio
import time
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from core import clock, db
from core.accounts import sessions
from core.accounts.tables import Session
from core.log.services import record
from core.permissions import SYSTEM
from core.privacy import keys
from core.privacy.crypto import Keyring
from tests.app import PASSWORD, csrf_of
from web.current import Current
from web.live import Broadcaster, LogTail, pokes


@pytest.fixture(autouse=True)
def a_keyring():
    keys.hold(Keyring.generate())


async def an_act(act="registration.enter"):
    async with db.writing():
        await record(SYSTEM, act, "registration", uuid4(), at=clock.now())


async def test_the_tail_of_the_log_sees_each_act_once(database):
    await an_act()
    tail = await LogTail.begin()
    assert not await tail.has_news()
    await an_act()
    assert await tail.has_news()
    assert not await tail.has_news()


async def test_signing_in_and_unmasking_are_no_news(database):
    tail = await LogTail.begin()
    for act in ("session.begin", "account.create", "api_token.create", "visitor.unmask"):
        await an_act(act)
    assert not await tail.has_news()


async def test_an_act_committed_behind_a_later_one_is_seen(postgres_database):
    tail = await LogTail.begin()
    written, go_on = asyncio.Event(), asyncio.Event()

    async def slow():
        async with db.writing():
            await record(SYSTEM, "registration.enter", "registration", uuid4(), at=clock.now())
            written.set()
            await go_on.wait()

    task = asyncio.create_task(slow())
    await written.wait()
    await an_act()
    assert await tail.has_news()
    go_on.set()
    await task
    assert await tail.has_news()
    assert not await tail.has_news()


async def test_the_tail_moves_on_and_still_sees_what_comes(database, monkeypatch):
    monkeypatch.setattr("web.live.SETTLED_SECONDS", 0)
    tail = await LogTail.begin()
    for _ in range(5):
        await an_act()
        assert await tail.has_news()
        assert not await tail.has_news()
    assert tail.floor > 0


def a_request():
    return Current(request_id="x", now=clock.now())


async def test_every_open_board_is_poked_and_only_while_it_is_open(database):
    broadcaster = Broadcaster()
    boards = [pokes(broadcaster, a_request()) for _ in range(20)]
    for board in boards:
        assert (await anext(board)).event == "board"
    following = [asyncio.create_task(anext(board)) for board in boards]
    await asyncio.sleep(0.4)
    await an_act()
    for message in await asyncio.wait_for(asyncio.gather(*following), 3):
        assert message.data == "2"
    for board in boards:
        await board.aclose()
    assert broadcaster._poller is None


async def test_closing_ends_every_board(database):
    broadcaster = Broadcaster()
    board = pokes(broadcaster, a_request())
    await anext(board)
    waiting = asyncio.create_task(anext(board, "ended"))
    await asyncio.sleep(0.1)
    broadcaster.close()
    assert await asyncio.wait_for(waiting, 2) == "ended"


async def test_a_board_ends_when_its_session_is_revoked(client_as, monkeypatch):
    monkeypatch.setattr("web.live.HEARTBEAT_SECONDS", 0.1)
    gatekeeper = await client_as("gatekeeper")
    found = await sessions.find(
        gatekeeper.cookies["__Host-laifang"],
        at=clock.now(),
        idle=timedelta(hours=1),
        roles={},
    )
    request = Current(request_id="x", now=clock.now(), session_id=found.session_id)
    board = pokes(Broadcaster(), request)
    await anext(board)
    assert (await anext(board)).comment == "open"
    async with db.writing():
        await sessions.end_all(gatekeeper.user_id, at=clock.now())
    assert await asyncio.wait_for(anext(board, "ended"), 3) == "ended"


class OpenBoard:
    """A board held open by a real connection; counts the pokes that come."""

    def __init__(self, server, cookies):
        self.pokes = 0
        self.ended = False
        self._server, self._cookies = server, cookies

    async def follow(self):
        async with httpx.AsyncClient(
            base_url=self._server.url, cookies=self._cookies, timeout=20
        ) as client:
            try:
                async with client.stream("GET", "/live/board") as answer:
                    assert answer.status_code == 200
                    assert answer.headers["content-type"].startswith("text/event-stream")
                    async for line in answer.aiter_lines():
                        self.pokes += line.startswith("data:")
            except httpx.HTTPError:
                pass
            self.ended = True


async def signed_in(server):
    client = httpx.AsyncClient(base_url=server.url)
    page = await client.get("/sign-in")
    form = {"login": "administrator", "password": PASSWORD, "_csrf_token": csrf_of(page.text)}
    assert (await client.post("/sign-in", data=form)).status_code == 303
    page = await client.get("/")
    client.headers["x-csrftoken"] = csrf_of(page.text)
    return client


async def until(condition, seconds=5):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.05)


@pytest.mark.faults
async def test_a_server_with_open_boards_stops_within_three_seconds(server_on_each):
    client = await signed_in(server_on_each)
    boards = [OpenBoard(server_on_each, dict(client.cookies)) for _ in range(8)]
    following = [asyncio.create_task(board.follow()) for board in boards]
    await until(lambda: all(board.pokes for board in boards))
    await client.aclose()
    started = time.monotonic()
    code = await asyncio.to_thread(server_on_each.stop)
    assert time.monotonic() - started < 3
    assert code in (0, -15)
    await asyncio.gather(*following)


@pytest.mark.faults
async def test_an_act_of_one_process_reaches_boards_of_another(start_server, postgres_url):
    server = start_server(postgres_url, workers=2)
    client = await signed_in(server)
    boards = [OpenBoard(server, dict(client.cookies)) for _ in range(12)]
    following = [asyncio.create_task(board.follow()) for board in boards]
    await until(lambda: all(board.pokes == 1 for board in boards))
    await asyncio.to_thread(run_act, postgres_url, server.data_dir)
    await until(lambda: all(board.pokes >= 2 for board in boards))
    await client.aclose()
    started = time.monotonic()
    await asyncio.to_thread(server.stop)
    assert time.monotonic() - started < 4
    await asyncio.gather(*following)


def run_act(url, data_dir):
    """Write an act from a third process."""
    from tests.databases import run_python

    code = (
        "import asyncio, pathlib, sys, uuid\n"
        "from core import clock, db\n"
        "from core.log.services import record\n"
        "from core.permissions import SYSTEM\n"
        "from core.privacy import keys\n"
        "async def main():\n"
        "    keys.open(pathlib.Path(sys.argv[1]))\n"
        "    await db.open()\n"
        "    async with db.writing():\n"
        "        await record(SYSTEM, 'registration.enter', 'registration', uuid.uuid4(), at=clock.now())\n"
        "    await db.close()\n"
        "asyncio.run(main())\n"
    )
    process = run_python(code, str(data_dir / "keys" / "keyring.json"), url=url)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors


async def test_a_busy_board_ends_too_when_its_session_is_revoked(client_as, monkeypatch):
    monkeypatch.setattr("web.live.HEARTBEAT_SECONDS", 0.3)
    monkeypatch.setattr("web.live.LEAST_PAUSE_SECONDS", 0)
    gatekeeper = await client_as("gatekeeper")
    [row] = await Session.select(Session.id).where(Session.user == gatekeeper.user_id)
    board = pokes(Broadcaster(), Current(request_id="x", now=clock.now(), session_id=row["id"]))
    await anext(board)
    async with db.writing():
        await sessions.end_all(gatekeeper.user_id, at=clock.now())

    async def keep_busy():
        while True:
            await an_act()
            await asyncio.sleep(0.05)

    busy = asyncio.create_task(keep_busy())

    async def follow():
        async for _ in board:
            pass

    await asyncio.wait_for(follow(), 5)
    busy.cancel()
