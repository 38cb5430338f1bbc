"""SQLite: one file, one process, one writer thread and reader threads beside it.

A statement costs one hop to a thread that keeps its connection for good. Writers queue on an
asyncio lock, so a transaction never meets SQLITE_BUSY from its own process.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from core.db import sqlite_jobs as jobs
from core.db.backend import Dialect, Reading, Row, is_read, outlast
from core.db.errors import (
    DatabaseReadOnlyError,
    DatabaseUnusableError,
    TransactionLostError,
)
from core.db.filelock import FileLock
from core.db.worker import Worker
from core.i18n import N_

T = TypeVar("T")

READERS = 2
BUSY_MILLISECONDS = 10_000
MAPPED_BYTES = 1 << 40  # as much of the file as SQLite was built to map: 2 GiB as a rule

_PRAGMAS = {
    "synchronous": ("FULL", 2),
    "foreign_keys": ("ON", 1),
    "busy_timeout": (str(BUSY_MILLISECONDS), BUSY_MILLISECONDS),
    "temp_store": ("MEMORY", 2),
    # KiB, taken as pages are read: the index by which 17,000 items of a month are found among a million fits
    "cache_size": ("-131072", -131072),
    "secure_delete": ("ON", 1),  # what is erased does not linger in free pages
    "journal_size_limit": (str(1 << 26), 1 << 26),
}


class SQLiteBackend:
    """One SQLite file, open."""

    dialect: Dialect = "sqlite"

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self.path = path.resolve()
        self.read_only = read_only
        self._turn = asyncio.Lock()
        self._lock: FileLock | None = None
        self._readers: list[Worker] = []
        self._writer: Worker | None = None

    @classmethod
    async def open(cls, path: Path, *, read_only: bool, wait: float) -> "SQLiteBackend":
        """Open the file, made if need be; `wait` seconds for another process to let it go."""
        backend = cls(path, read_only=read_only)
        try:
            await backend._start(wait)
        except sqlite3.Error as error:
            await backend.close()
            raise DatabaseUnusableError(str(path), str(error)) from error
        except BaseException:
            await backend.close()
            raise
        return backend

    async def _start(self, wait: float) -> None:
        if sqlite3.sqlite_version_info < (3, 35):
            raise DatabaseUnusableError(
                str(self.path),
                N_(
                    "SQLite 3.35 or newer is needed, this is {version}.",
                    version=sqlite3.sqlite_version,
                ),
            )
        if self.read_only:
            if not self.path.exists():
                raise DatabaseUnusableError(str(self.path), N_("there is no such file."))
        else:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = await FileLock.acquire(self.path, wait)
            self.path.touch(mode=0o600)
            self._writer = Worker("sqlite-writer", lambda: self._connect(reader=False))
            await self._writer.submit(jobs.nothing)
        for number in range(READERS):
            self._readers.append(
                Worker(
                    f"sqlite-reader-{number}",
                    lambda: self._connect(reader=True),
                    interruptible=True,
                )
            )
        for reader in self._readers:
            await reader.submit(jobs.nothing)

    def _connect(self, *, reader: bool) -> sqlite3.Connection:
        """Open a connection and make sure that every guarantee is in force."""
        mode = "ro" if self.read_only else "rw"
        connection = sqlite3.connect(
            f"file:{quote(str(self.path))}?mode={mode}",
            uri=True,
            detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        try:
            if not reader:
                connection.execute("PRAGMA journal_mode=WAL")
            expected: dict[str, object] = {"journal_mode": "wal"}
            for name, (setting, value) in _PRAGMAS.items():
                connection.execute(f"PRAGMA {name}={setting}")
                expected[name] = value
            if reader:
                # Read through a mapping: a month of a million items from a cold disk in half the time.
                connection.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")
                connection.execute("PRAGMA query_only=ON")
                expected["query_only"] = 1
            if self.read_only:
                del expected["journal_mode"]
            for name, wanted in expected.items():
                found = connection.execute(f"PRAGMA {name}").fetchone()[0]
                if found != wanted:
                    raise DatabaseUnusableError(
                        str(self.path),
                        N_(
                            "{pragma} is {found} where {wanted} is needed.",
                            pragma=name,
                            found=str(found),
                            wanted=str(wanted),
                        ),
                    )
        except BaseException:
            connection.close()
            raise
        return connection

    async def close(self) -> None:
        """Stop the threads, fold the write-ahead log into the file, release the file."""
        for reader in self._readers:
            await reader.close()
        self._readers.clear()
        if self._writer is not None:
            await self._writer.close(last=jobs.tidy)
            self._writer = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def writer(self) -> Worker:
        """Return the writer thread."""
        if self._writer is None:
            raise DatabaseReadOnlyError
        return self._writer

    async def _run(self, sql: str, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run a statement outside any transaction, where it belongs."""
        if is_read(sql):
            reader = min(self._readers, key=lambda worker: worker.waiting)
            return await reader.submit(job)
        return await self._write_alone(job)

    async def _write_alone(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run a job in the writers' queue; once started it is seen to its end."""
        writer = self.writer()
        async with self._turn:
            work = writer.submit(job)
            cancelled = await outlast(work)
        if cancelled is not None:
            raise cancelled
        return work.result()

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        """Run one statement and return its rows."""
        return await self._run(sql, lambda connection: jobs.rows(connection.execute(sql, args)))

    async def execute(self, sql: str, args: Sequence[Any]) -> int:
        """Run one statement and return how many rows it changed."""
        return await self._run(sql, lambda connection: jobs.changed(connection.execute(sql, args)))

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement once for each row of arguments, in one transaction."""
        await self.write_on_thread(lambda connection: jobs.many(connection, sql, rows))

    async def run_script(self, sql: str) -> None:
        """Run several statements without arguments, in one transaction."""
        await self.write_on_thread(lambda connection: jobs.script(connection, sql))

    async def write_on_thread(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run `job` as one transaction on the writer thread, in one hop."""
        return await self._write_alone(lambda connection: jobs.transact(connection, job))

    async def begin(self) -> "SQLiteSession":
        """Wait for the turn to write and open a transaction that may write at once."""
        writer = self.writer()
        await self._turn.acquire()
        try:
            await writer.submit(jobs.begin)
        except BaseException:
            writer.post(jobs.rollback)
            self._turn.release()
            raise
        return SQLiteSession(writer, self._turn)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Reading]:
        """Read several long results in pieces, all from one snapshot, on a thread of its own."""
        worker = Worker("sqlite-snapshot", lambda: self._connect(reader=True), interruptible=True)

        async def read(
            sql: str, args: Sequence[Any] = (), size: int = 1000
        ) -> AsyncIterator[list[Row]]:
            cursor = await worker.submit(lambda connection: connection.execute(sql, args))
            async for rows in _pieces(worker, cursor, size):
                yield rows

        try:
            await worker.submit(lambda connection: connection.execute("BEGIN"))
            yield read
        finally:
            await worker.close()


class SQLiteSession:
    """The write transaction: its statements run on the writer thread, in order."""

    def __init__(self, writer: Worker, turn: asyncio.Lock) -> None:
        self._writer = writer
        self._turn = turn

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run a job inside the transaction.

        A full disk makes SQLite roll back by itself; what followed would then be written alone.
        """

        def inside(connection: sqlite3.Connection) -> T:
            if not connection.in_transaction:
                raise TransactionLostError
            return job(connection)

        return await self._writer.submit(inside)

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        """Run one statement and return its rows."""
        return await self.run(lambda connection: jobs.rows(connection.execute(sql, args)))

    async def execute(self, sql: str, args: Sequence[Any]) -> int:
        """Run one statement and return how many rows it changed."""
        return await self.run(lambda connection: jobs.changed(connection.execute(sql, args)))

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement once for each row of arguments."""
        await self.run(lambda connection: jobs.many(connection, sql, rows))

    async def run_script(self, sql: str) -> None:
        """Run several statements without arguments."""
        await self.run(lambda connection: jobs.script(connection, sql))

    async def end(self, *, commit: bool) -> asyncio.CancelledError | None:
        """Commit or roll back, then let the next writer in."""
        try:
            return await outlast(self._writer.submit(jobs.commit if commit else jobs.rollback))
        finally:
            self._turn.release()


async def _pieces(worker: Worker, cursor: sqlite3.Cursor, size: int) -> AsyncIterator[list[Row]]:
    names = [column[0] for column in cursor.description]
    while rows := await worker.submit(lambda _: cursor.fetchmany(size)):
        yield [dict(zip(names, row, strict=True)) for row in rows]
