"""Live boards: a poke to every open page when something happened; each then fetches by own rights.

While boards are open, one poller in each process looks at the end of the log, so an act is heard of
whichever process did it, on either engine. What is sent says only that there is news.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import structlog
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.response import ServerSentEvent, ServerSentEventMessage

from core import clock, db
from core.accounts import sessions
from web.current import Current
from web.metrics import STREAMS

logger = structlog.get_logger(__name__)

POLL_SECONDS = 0.25
SETTLED_SECONDS = 10.0
HEARTBEAT_SECONDS = 15.0
LEAST_PAUSE_SECONDS = 0.5
RETRY_MS = 2000
# Signing in and looking are no news for a board.
_NO_NEWS = ("session.%", "account.%", "api_token.%", "visitor.unmask%")
_NEWS = " AND ".join(f"act NOT LIKE '{pattern}'" for pattern in _NO_NEWS)


class LogTail:
    """Sees new entries of the log, also those that are committed after entries with higher ids."""

    def __init__(self, last: int) -> None:
        # Entries up to `floor` count no more; those above are counted again each time, because on
        # PostgreSQL a long transaction's entries appear behind others.
        self.floor = self._candidate = last
        self._known = 0
        self._moved_at = clock.monotonic()

    @classmethod
    async def begin(cls) -> "LogTail":
        """Start at the end of the log."""
        rows = await db.fetch("SELECT coalesce(max(id), 0) AS last FROM log_entry")
        return cls(rows[0]["last"])

    async def has_news(self) -> bool:
        """Say whether an entry appeared since the last question."""
        rows = await db.fetch(
            "SELECT count(*) AS number, coalesce(max(id), 0) AS last,"  # noqa: S608 - constants
            " coalesce(sum(CASE WHEN id <= {} THEN 1 ELSE 0 END), 0) AS settled"
            f" FROM log_entry WHERE id > {{}} AND {_NEWS}",
            self._candidate,
            self.floor,
        )
        number, last, settled = (int(rows[0][name]) for name in ("number", "last", "settled"))
        news, self._known = number > self._known, number
        if clock.monotonic() - self._moved_at > SETTLED_SECONDS:
            self.floor, self._known = self._candidate, number - settled
            self._candidate, self._moved_at = max(last, self._candidate), clock.monotonic()
        return news


class Broadcaster:
    """The open boards of one process."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()
        self._poller: asyncio.Task[None] | None = None
        self.closed = False

    def close(self) -> None:
        """End every stream, because the server stops."""
        self.closed = True
        self._poke()

    def _poke(self) -> None:
        for news in self._waiting:
            news.set()

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[asyncio.Event]:
        """Give an event that is set whenever there is news."""
        news = asyncio.Event()
        if not self._waiting and not self.closed:
            self._poller = asyncio.create_task(self._poll(), name="live")
        self._waiting.add(news)
        STREAMS.inc()
        try:
            yield news
        finally:
            STREAMS.dec()
            self._waiting.discard(news)
            if not self._waiting and self._poller is not None:
                self._poller.cancel()
                self._poller = None

    async def _poll(self) -> None:
        tail: LogTail | None = None
        while True:
            try:
                if tail is None:
                    tail = await LogTail.begin()
                elif await tail.has_news():
                    self._poke()
            except Exception as error:
                # The database is away: when it is back, everybody looks again.
                logger.warning("live_poll_failed", exc_info=error)
                tail = None
                await asyncio.sleep(1)
                self._poke()
            await asyncio.sleep(POLL_SECONDS)


async def pokes(
    broadcaster: Broadcaster, current: Current
) -> AsyncIterator[ServerSentEventMessage]:
    """Yield one poke at once, then one for each news, until the server or the session ends."""
    number, checked = 1, clock.monotonic()
    async with broadcaster.listening() as news:
        yield _poke(number)
        while not broadcaster.closed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), HEARTBEAT_SECONDS)
            if broadcaster.closed:
                return
            if clock.monotonic() - checked >= HEARTBEAT_SECONDS:
                if not await _still_signed_in(current):
                    return
                checked = clock.monotonic()
            if news.is_set():
                news.clear()
                number += 1
                yield _poke(number)
                await asyncio.sleep(LEAST_PAUSE_SECONDS)
            else:
                yield ServerSentEventMessage(comment="open")


def _poke(number: int) -> ServerSentEventMessage:
    return ServerSentEventMessage(event="board", data=str(number), id=str(number), retry=RETRY_MS)


async def _still_signed_in(current: Current) -> bool:
    return current.session_id is not None and await sessions.holds(
        current.session_id, at=clock.now()
    )


@get("/live/board", requires=("core:registration:read", "core:gate:scan"))
async def board(
    current: NamedDependency[Current], broadcaster: NamedDependency[Broadcaster]
) -> ServerSentEvent:
    """Poke the open page (event `board`) whenever the log has news."""
    return ServerSentEvent(pokes(broadcaster, current), headers={"x-accel-buffering": "no"})


router = Router(path="", route_handlers=[board])
