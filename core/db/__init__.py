"""The database: opening, transactions, statements. The only place that opens a transaction."""

import os
import sqlite3
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, TypeVar

os.environ.setdefault("PICCOLO_CONF", "core.piccolo_conf")

from core.db import once
from core.db.backend import Reading, Row
from core.db.engine import DB, Database, dialect_of, writing
from core.db.errors import (
    DatabaseBusyError,
    DatabaseClashError,
    DatabaseError,
    DatabaseInUseError,
    DatabaseNotOpenError,
    DatabaseOpenError,
    DatabaseReadOnlyError,
    DatabaseUnusableError,
    OutcomeUnknownError,
    TransactionLostError,
)
from core.db.postgres import PostgresBackend
from core.db.transactions import Savepoint

__all__ = [
    "DB",
    "MOST_COUNTED",
    "Database",
    "DatabaseBusyError",
    "DatabaseClashError",
    "DatabaseError",
    "DatabaseInUseError",
    "DatabaseNotOpenError",
    "DatabaseOpenError",
    "DatabaseReadOnlyError",
    "DatabaseUnusableError",
    "OutcomeUnknownError",
    "Reading",
    "Row",
    "TransactionLostError",
    "abandon",
    "after_commit",
    "as_stored",
    "asking_once",
    "close",
    "count",
    "dialect_of",
    "execute",
    "execute_many",
    "fetch",
    "found_once",
    "has_table",
    "in_transaction",
    "is_open",
    "is_sqlite",
    "open",
    "pool",
    "run_script",
    "savepoint",
    "snapshot",
    "write_on_thread",
    "writing",
]

T = TypeVar("T")

MOST_COUNTED = 1_000  # more is not told apart: nobody turns so many pages


async def open(url: str | None = None, *, read_only: bool = False, wait: float = 0.0) -> None:
    """Open the database at `url` (default: the settings') for every table of this process.

    `read_only` takes no lock and refuses writes; `wait` is how many seconds another process that
    holds the SQLite file is given to let it go.
    """
    await DB.open(url, read_only=read_only, wait=wait)


async def close() -> None:
    """Close the database; nothing happens when none is open."""
    await DB.close()


def is_open() -> bool:
    """Say whether a database is open."""
    return DB.is_open


def as_stored(*columns: str) -> str:
    """Return columns to select without a call of Python for each value: SQLite gives texts for ids.

    For thousands of rows at once; PostgreSQL's driver converts quickly enough by itself.
    """
    return ", ".join(f"+{name} AS {name}" if is_sqlite() else name for name in columns)


def is_sqlite() -> bool:
    """Say whether SQLite is spoken; otherwise it is PostgreSQL."""
    return DB.dialect == "sqlite"


async def has_table(name: str) -> bool:
    """Say whether the open database has a table of this name."""
    if is_sqlite():
        return bool(await fetch("SELECT 1 FROM sqlite_master WHERE name = {}", name))
    return (await fetch("SELECT to_regclass({})::text AS found", name))[0]["found"] is not None


def in_transaction() -> bool:
    """Say whether this task is in a transaction."""
    return DB.transaction_exists()


async def abandon() -> None:
    """Roll back a transaction that foreign code opened in this task and left open."""
    transaction = DB.current()
    if transaction is not None:
        await transaction.abandon()


def savepoint() -> Savepoint:
    """Return a context in which a failure undoes only what was written inside it.

    The error still leaves the block; catch it outside. Needs a transaction around it.
    """
    return DB.savepoint()


def asking_once() -> AbstractContextManager[None]:
    """Ask the same statement with the same arguments only once inside: `with db.asking_once():`.

    For putting together a page that only reads; what others write meanwhile is not seen by it.
    """
    return once.keeping()


async def found_once(key: Hashable, find: Callable[[], Awaitable[T]]) -> T:
    """Return what `find` returns, within `asking_once()` found once for a key; nobody may change it."""
    if DB.transaction_exists():
        return await find()
    return await once.found(key, find)


def after_commit(callback: Callable[[], None]) -> None:
    """Call back once the outermost transaction is committed, never if it is rolled back.

    Outside a transaction the call comes at once. What the callback raises is logged.
    """
    transaction = DB.current()
    if transaction is None:
        callback()
    else:
        transaction.callbacks.append(callback)


async def fetch(sql: str, *args: Any) -> list[Row]:
    """Run one statement with `{}` places and return its rows as dicts.

    End it with FOR UPDATE (SKIP LOCKED) to lock rows; SQLite needs that not and leaves it out.
    SQLite types only plain columns: alias others, `max(at) AS "at [TIMESTAMPTZ]"`.
    """
    if DB.transaction_exists():
        return await DB.fetch(sql, args)
    return await once.answer(DB.fetch, sql, args)


async def count(rows: str, *args: Any, what: str = "1") -> int:
    """Return how many rows `FROM … WHERE …` finds, at most MOST_COUNTED: beyond it, nobody reads them.

    `what`: "DISTINCT x" counts the different values.
    """
    found = await fetch(
        f"SELECT count(*) AS n FROM (SELECT {what} AS one {rows} LIMIT {MOST_COUNTED}) AS counted",  # noqa: S608
        *args,
    )
    number: int = found[0]["n"]
    return number


async def execute(sql: str, *args: Any) -> int:
    """Run one statement with `{}` places and return how many rows it changed."""
    return await DB.execute(sql, args)


async def execute_many(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run one statement with `{}` places once for each row of arguments, all or none."""
    await DB.execute_many(sql, rows)


async def run_script(sql: str) -> None:
    """Run several statements in the engine's own SQL, all or none."""
    await DB.run_script(sql)


def snapshot() -> AbstractAsyncContextManager[Reading]:
    """Read several long results in pieces, all from one snapshot of what is committed.

    `async with db.snapshot() as read: async for rows in read(sql, args, size): ...`
    """
    return DB.snapshot()


async def write_on_thread(job: Callable[[sqlite3.Connection], T]) -> T:
    """Run `job` as one transaction on SQLite's writer thread, in one hop; rows come as tuples.

    BEGIN and COMMIT are done for it; inside `writing()` it joins that transaction.
    """
    result: T = await DB.write_on_thread(job)
    return result


def pool() -> Any:
    """Return PostgreSQL's asyncpg pool."""
    backend = DB.backend
    if not isinstance(backend, PostgresBackend):
        raise TypeError("only PostgreSQL has a pool")
    return backend.connections
