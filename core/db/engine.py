"""The engine that all Piccolo tables share; it leads to whichever database is open."""

import contextvars
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, cast

from piccolo.engine.base import BaseBatch, Engine
from piccolo.engine.postgres import Atomic
from piccolo.query.base import Query
from piccolo.querystring import QueryString

from core import settings
from core.db import sqlite_types
from core.db.backend import Backend, Dialect, Reading, Row, Statements, compile_sql
from core.db.errors import DatabaseNotOpenError, DatabaseOpenError, DatabaseUnusableError
from core.db.postgres import PostgresBackend
from core.db.sqlite import SQLiteBackend
from core.db.transactions import Savepoint, Transaction
from core.i18n import N_

sqlite_types.register()

_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgres://")


def dialect_of(url: str) -> Dialect:
    """Return which engine a database URL means."""
    if url.startswith(_SQLITE):
        return "sqlite"
    if url.startswith(_POSTGRES):
        return "postgres"
    raise DatabaseUnusableError(
        url.partition("://")[0] or "?",
        N_("an address starts with sqlite:/// or postgresql://"),
    )


class Database(Engine[Transaction]):
    """Piccolo's engine: SQLite or PostgreSQL, chosen when it is opened, and again when reopened."""

    def __init__(self) -> None:
        # Engine.__init__ would connect to the server while modules are being imported.
        self.log_queries = False
        self.log_responses = False
        self.min_version_number = 0
        self.query_id = 0
        self.current_transaction = contextvars.ContextVar("transaction", default=None)
        self.url = ""
        self._backend: Backend | None = None
        self._speaking: contextvars.ContextVar[Dialect | None] = contextvars.ContextVar(
            "dialect", default=None
        )

    # -- opening

    async def open(
        self, url: str | None = None, *, read_only: bool = False, wait: float = 0.0
    ) -> None:
        """Open the database at `url`, or at the one the settings name."""
        if self._backend is not None:
            raise DatabaseOpenError
        url = url or settings.load().database_url
        backend: Backend
        if dialect_of(url) == "sqlite":
            path = Path(url.removeprefix(_SQLITE))
            backend = await SQLiteBackend.open(path, read_only=read_only, wait=wait)
        else:
            size = int(os.environ.get("LAIFANG_DATABASE_CONNECTIONS", "10"))
            backend = await PostgresBackend.open(url, read_only=read_only, size=size)
        self._backend, self.url = backend, url

    async def close(self) -> None:
        """Close the database; nothing happens when none is open."""
        backend, self._backend, self.url = self._backend, None, ""
        if backend is not None:
            await backend.close()

    @property
    def is_open(self) -> bool:
        """Whether a database is open."""
        return self._backend is not None

    @property
    def backend(self) -> Backend:
        """The open database."""
        if self._backend is None:
            raise DatabaseNotOpenError
        return self._backend

    @property
    def dialect(self) -> Dialect:
        """Which SQL is spoken: the open database's, or else the one the settings name."""
        if (speaking := self._speaking.get()) is not None:
            return speaking
        if self._backend is not None:
            return self._backend.dialect
        return dialect_of(settings.load().database_url)

    @contextmanager
    def speaking(self, dialect: Dialect) -> Iterator[None]:
        """Have Piccolo write SQL for that engine, whichever is open; for deriving DDL."""
        token = self._speaking.set(dialect)
        try:
            yield
        finally:
            self._speaking.reset(token)

    # -- transactions

    def current(self) -> Transaction | None:
        """Return the transaction that this task is in."""
        transaction = self.current_transaction.get()
        return None if transaction is None or transaction.finished else transaction

    def transaction_exists(self) -> bool:
        """Say whether this task is in a transaction."""
        return self.current() is not None

    def transaction(self, *_args: Any, **_kwargs: Any) -> Transaction:
        """Return a transaction to enter; inside another one it joins that."""
        return Transaction(self)

    def savepoint(self) -> Savepoint:
        """Return a part of the transaction that can fail alone."""
        return Savepoint(self)

    def atomic(self) -> Atomic:
        """Return Piccolo's list of queries to run in one transaction."""
        return Atomic(engine=cast("Any", self))

    # -- statements

    def _statements(self) -> Statements:
        transaction = self.current()
        return self.backend if transaction is None else transaction

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        """Run one statement with `{}` places and return its rows."""
        return await self._statements().fetch(compile_sql(sql, self.dialect), args)

    async def execute(self, sql: str, args: Sequence[Any]) -> int:
        """Run one statement with `{}` places and return how many rows it changed."""
        return await self._statements().execute(compile_sql(sql, self.dialect), args)

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement with `{}` places once for each row of arguments."""
        await self._statements().execute_many(compile_sql(sql, self.dialect), rows)

    async def run_script(self, sql: str) -> None:
        """Run several statements in the engine's own SQL, without arguments."""
        await self._statements().run_script(sql)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Reading]:
        """Read several long results in pieces from one snapshot, on a connection of its own."""
        async with self.backend.snapshot() as reading:

            def read(
                sql: str, args: Sequence[Any] = (), size: int = 1000
            ) -> AsyncIterator[list[Row]]:
                return reading(compile_sql(sql, self.dialect), args, size)

            yield read

    async def write_on_thread(self, job: Callable[[sqlite3.Connection], Any]) -> Any:
        """Run `job` as one transaction on SQLite's writer thread, or inside the one begun."""
        backend = self.backend
        if not isinstance(backend, SQLiteBackend):
            raise TypeError("only SQLite has a writer thread")
        transaction = self.current()
        if transaction is not None:
            return await transaction.run_on_thread(job)
        return await backend.write_on_thread(job)

    # -- what Piccolo calls

    @property
    def engine_type(self) -> str:  # type: ignore[override]
        """Piccolo's name for the dialect."""
        return self.dialect

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        """Run one of Piccolo's queries."""
        sql, args = querystring.compile_string(engine_type=self.dialect)
        return await self._statements().fetch(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        """Run one statement that changes the schema."""
        return await self._statements().fetch(ddl, ())

    async def batch(
        self, query: Query[Any, Any], batch_size: int = 100, node: str | None = None
    ) -> BaseBatch:
        """Refuse Piccolo's own batches: `db.snapshot` does this on both engines."""
        raise NotImplementedError("use core.db.snapshot")

    async def get_version(self) -> float:
        """Return a version that has every feature Piccolo asks for; `open` checks the real one."""
        return self.get_version_sync()

    def get_version_sync(self) -> float:
        """Return a version that has every feature Piccolo asks for; `open` checks the real one."""
        return 3.99 if self.dialect == "sqlite" else 99.0

    async def prep_database(self) -> None:
        """Need no extension."""


DB = Database()


@asynccontextmanager
async def writing() -> AsyncIterator[None]:
    """Hold one write transaction open; the only way to one.

    Inside another it joins that one: an error that leaves the inner block dooms the outer, even if
    caught there, unless a savepoint lies between.
    """
    async with DB.transaction():
        yield
