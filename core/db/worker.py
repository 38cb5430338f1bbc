"""A thread that keeps one SQLite connection and runs jobs on it in order."""

import asyncio
import logging
import sqlite3
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)

# SQLite lets the interpreter go at each statement. Beside a busy event loop its thread would wait five
# milliseconds, Python's own interval, to have it back: with this a batch of 32 scans takes a third less.
SWITCH_SECONDS = 0.0005

Job = Callable[[sqlite3.Connection], Any]


class Worker:
    """Jobs in, results out by futures of the caller's loop; one connection, opened on demand.

    `interruptible` is for readers: a query whose caller has gone is broken off.
    """

    def __init__(
        self,
        name: str,
        connect: Callable[[], sqlite3.Connection],
        *,
        interruptible: bool = False,
    ) -> None:
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_SECONDS))
        self.waiting = 0
        self._closed = False
        self._interruptible = interruptible
        self._running: tuple[asyncio.Future[Any], sqlite3.Connection] | None = None
        self._running_lock = threading.Lock()
        self._connect = connect
        self._jobs: SimpleQueue[tuple[Job, asyncio.Future[Any] | None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[sqlite3.Connection], T]) -> "asyncio.Future[T]":
        """Queue a job; cancelled before its turn comes, it never runs. After `close` it fails at once."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        if self._closed:  # or whoever asks late would wait for ever
            future.set_exception(sqlite3.ProgrammingError("the database is closed"))
            return future
        self.waiting += 1
        if self._interruptible:
            future.add_done_callback(self._interrupt)
        self._jobs.put((job, future))
        return future

    def post(self, job: Job) -> None:
        """Queue a job whose outcome nobody waits for; a failure is logged."""
        self._jobs.put((job, None))

    async def close(self, last: Job | None = None) -> None:
        """Run what is queued and the last job, close the connection and end the thread."""
        if last is not None:
            self.post(last)
        self._closed = True
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _interrupt(self, future: "asyncio.Future[Any]") -> None:
        if future.cancelled():
            with self._running_lock:
                if self._running is not None and self._running[0] is future:
                    self._running[1].interrupt()

    def _run(
        self, job: Job, future: "asyncio.Future[Any] | None", connection: sqlite3.Connection
    ) -> Any:
        if future is None or not self._interruptible:
            return job(connection)
        with self._running_lock:
            self._running = (future, connection)
        try:
            return job(connection)
        finally:
            with self._running_lock:
                self._running = None

    def _settle(
        self, future: "asyncio.Future[Any]", result: Any, error: BaseException | None
    ) -> None:
        self.waiting -= 1
        if future.done():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def _work(self) -> None:
        connection: sqlite3.Connection | None = None
        while (entry := self._jobs.get()) is not None:
            job, future = entry
            result, error = None, None
            try:
                if future is None or not future.cancelled():
                    if connection is None:
                        connection = self._connect()
                    result = self._run(job, future, connection)
            except BaseException as caught:
                error = caught
                connection = _sound(connection)
            if future is not None:
                try:
                    future.get_loop().call_soon_threadsafe(self._settle, future, result, error)
                except RuntimeError:
                    log.debug("the loop that asked is gone")
            elif error is not None:
                log.error("a database job failed", exc_info=error)
            del entry, job, future, result, error
        if connection is not None:
            connection.close()


def _sound(connection: sqlite3.Connection | None) -> sqlite3.Connection | None:
    """Return the connection if it still answers, else close it so that the next job opens anew."""
    if connection is None:
        return None
    try:
        connection.execute("PRAGMA query_only").fetchone()
    except sqlite3.Error:
        connection.close()
        return None
    return connection
