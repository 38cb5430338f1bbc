"""PostgreSQL: a pool of connections; a transaction always gives its connection back."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]

from core.db.backend import Dialect, Reading, Row, is_read, outlast
from core.db.errors import (
    DatabaseBusyError,
    DatabaseClashError,
    DatabaseReadOnlyError,
    DatabaseUnusableError,
    OutcomeUnknownError,
    TransactionLostError,
)
from core.i18n import N_

log = logging.getLogger(__name__)

ACQUIRE_SECONDS = 30.0
CONNECT_SECONDS = 10.0
FINISH_SECONDS = 30.0


class PostgresBackend:
    """One PostgreSQL database, reached through a pool."""

    dialect: Dialect = "postgres"

    def __init__(self, pool: "asyncpg.Pool", *, read_only: bool) -> None:
        self.connections = pool
        self.read_only = read_only

    @classmethod
    async def open(cls, url: str, *, read_only: bool, size: int) -> "PostgresBackend":
        """Connect to the server and make sure that it keeps any script."""
        settings = {
            "application_name": "laifang",
            "timezone": "UTC",
            "idle_in_transaction_session_timeout": "60s",
        }
        if read_only:
            settings["default_transaction_read_only"] = "on"
        try:
            pool = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=size,
                timeout=CONNECT_SECONDS,
                reset=_keep,
                server_settings=settings,
            )
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise DatabaseUnusableError(place(url), str(error) or type(error).__name__) from error
        encoding = await pool.fetchval("SHOW server_encoding")
        if encoding != "UTF8":
            await pool.close()
            raise DatabaseUnusableError(
                place(url),
                N_("its encoding is {found} where UTF8 is needed.", found=str(encoding)),
            )
        return cls(pool, read_only=read_only)

    async def close(self) -> None:
        """Close every connection; one that does not answer is cut."""
        try:
            await asyncio.wait_for(self.connections.close(), FINISH_SECONDS)
        except TimeoutError:
            self.connections.terminate()

    async def _acquire(self) -> Any:
        try:
            return await self.connections.acquire(timeout=ACQUIRE_SECONDS)
        except TimeoutError as error:
            raise DatabaseBusyError from error

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        connection = await self._acquire()
        try:
            with _told():
                yield connection
        finally:
            await asyncio.shield(self.connections.release(connection))

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        """Run one statement and return its rows; a read is repeated if its connection had died."""
        attempts = self.connections.get_max_size() + 1
        while True:
            attempts -= 1
            async with self._connection() as connection:
                try:
                    return [dict(row) for row in await connection.fetch(sql, *args)]
                except Exception as error:
                    if not (attempts and is_read(sql) and _is_dead(connection, error)):
                        raise

    async def execute(self, sql: str, args: Sequence[Any]) -> int:
        """Run one statement and return how many rows it changed."""
        async with self._connection() as connection:
            return _changed(await connection.execute(sql, *args))

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement once for each row of arguments, in one transaction."""
        async with self._connection() as connection:
            await connection.executemany(sql, rows)

    async def run_script(self, sql: str) -> None:
        """Run several statements without arguments, in one transaction."""
        async with self._connection() as connection:
            await connection.execute(sql)

    async def begin(self) -> "PostgresSession":
        """Open a transaction; connections that died in the pool are replaced."""
        if self.read_only:
            raise DatabaseReadOnlyError
        attempts = self.connections.get_max_size() + 1
        while True:
            attempts -= 1
            connection = await self._acquire()
            session = PostgresSession(self.connections, connection)
            try:
                await connection.execute("BEGIN")
            except Exception as error:
                if not attempts or not _is_dead(connection, error):
                    await session.end(commit=False)
                    raise
                await self.connections.release(connection)
            except BaseException:
                await session.end(commit=False)
                raise
            else:
                return session

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Reading]:
        """Read several long results in pieces through cursors, all from one snapshot."""
        async with (
            self._connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):

            async def read(
                sql: str, args: Sequence[Any] = (), size: int = 1000
            ) -> AsyncIterator[list[Row]]:
                cursor = await connection.cursor(sql, *args)
                async for rows in _pieces(cursor, size):
                    yield rows

            yield read


class PostgresSession:
    """The write transaction: its statements run on one connection, in order."""

    def __init__(self, pool: "asyncpg.Pool", connection: Any) -> None:
        self._pool = pool
        self._connection = connection
        self._turn = asyncio.Lock()

    def _begun(self) -> Any:
        """Return the connection, unless somebody ended the transaction by a statement."""
        if not _is_gone(self._connection) and not self._connection.is_in_transaction():
            raise TransactionLostError
        return self._connection

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        """Run one statement and return its rows."""
        async with self._turn:
            with _told():
                return [dict(row) for row in await self._begun().fetch(sql, *args)]

    async def execute(self, sql: str, args: Sequence[Any]) -> int:
        """Run one statement and return how many rows it changed."""
        async with self._turn:
            with _told():
                return _changed(await self._begun().execute(sql, *args))

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement once for each row of arguments."""
        async with self._turn:
            with _told():
                await self._begun().executemany(sql, rows)

    async def run_script(self, sql: str) -> None:
        """Run several statements without arguments."""
        async with self._turn:
            with _told():
                await self._begun().execute(sql)

    async def end(self, *, commit: bool) -> asyncio.CancelledError | None:
        """Commit or roll back and give the connection back to the pool."""
        return await outlast(asyncio.ensure_future(self._end(commit=commit)))

    async def _end(self, *, commit: bool) -> None:
        try:
            if commit:
                await self._commit()
            elif not _is_gone(self._connection) and self._connection.is_in_transaction():
                await self._connection.execute("ROLLBACK", timeout=FINISH_SECONDS)
        except Exception as error:
            _cut(self._connection)
            if commit:
                raise
            log.warning("a transaction could not be rolled back, its connection was cut: %s", error)
        finally:
            await self._pool.release(self._connection)

    async def _commit(self) -> None:
        try:
            with _told():
                tag = await self._begun().execute("COMMIT", timeout=FINISH_SECONDS)
        except (asyncpg.InterfaceError, asyncpg.InternalClientError) as error:  # never sent
            raise TransactionLostError from error
        except (asyncpg.PostgresConnectionError, OSError) as error:
            raise OutcomeUnknownError from error
        if tag != "COMMIT":  # the server rolled back, without calling it an error
            raise TransactionLostError


@contextmanager
def _told() -> Iterator[None]:
    """Tell of two acts that stood in each other's way as of something to be repeated."""
    try:
        yield
    except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError) as error:
        raise DatabaseClashError from error


def _cut(connection: Any) -> None:
    """Close a connection on which a transaction may still be open."""
    if not _is_gone(connection) and connection.is_in_transaction():
        connection.terminate()


def _is_gone(connection: Any) -> bool:
    """Say whether a pooled connection is closed; the pool may have taken it back already."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


def _is_dead(connection: Any, error: Exception) -> bool:
    """Say whether a statement failed because the connection had died; if so it is cut for good.

    asyncpg reports an internal error when the server's farewell has come, but not yet the end.
    """
    if isinstance(error, asyncpg.InternalClientError) and not _is_gone(connection):
        connection.terminate()
    return _is_gone(connection)


async def _keep(_connection: Any) -> None:
    """Spare the round trip that resets a session: asyncpg has rolled back what was left open."""


async def _pieces(cursor: Any, size: int) -> AsyncIterator[list[Row]]:
    while rows := await cursor.fetch(size):
        yield [dict(row) for row in rows]


def _changed(tag: str) -> int:
    """Return the count at the end of a command tag such as `UPDATE 3`."""
    count = tag.rpartition(" ")[2]
    return int(count) if count.isdigit() else 0


def place(url: str) -> str:
    """Return host and name of a database, without user and password."""
    parts = urlsplit(url)
    return (
        f"{parts.hostname or 'localhost'}{':' + str(parts.port) if parts.port else ''}{parts.path}"
    )
