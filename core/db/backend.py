"""What a database engine offers the rest of core/db: both backends look alike to it."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from functools import lru_cache
from string import Formatter
from typing import Any, Literal, Protocol

Dialect = Literal["sqlite", "postgres"]
Row = dict[str, Any]

_WRITES = re.compile(r"\b(insert|update|delete|replace)\b", re.IGNORECASE)
_ROW_LOCK = re.compile(r"\s+FOR UPDATE( OF \w+)?( SKIP LOCKED| NOWAIT)?\s*$", re.IGNORECASE)


class Statements(Protocol):
    """Runs statements, on a connection of its own choice or on a transaction's."""

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        """Run one statement and return its rows."""
        ...

    async def execute(self, sql: str, args: Sequence[Any]) -> int:
        """Run one statement and return how many rows it changed."""
        ...

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement once for each row of arguments."""
        ...

    async def run_script(self, sql: str) -> None:
        """Run several statements without arguments."""
        ...


class Reading(Protocol):
    """Reads one result of a snapshot in pieces of `size` rows; one at a time."""

    def __call__(
        self, sql: str, args: Sequence[Any] = (), size: int = 1000
    ) -> AsyncIterator[list[Row]]:
        """Run one statement in the engine's own places and yield its rows."""
        ...


class Session(Statements, Protocol):
    """A transaction's connection, from BEGIN until `end`."""

    async def end(self, *, commit: bool) -> asyncio.CancelledError | None:
        """Commit or roll back and give the connection back, whatever happens.

        A cancellation that arrives meanwhile is returned, not raised: the outcome is known by then.
        A failed COMMIT raises, with nothing written.
        """
        ...


class Backend(Statements, Protocol):
    """One open database."""

    dialect: Dialect

    async def begin(self) -> Session:
        """Open a write transaction; cancelled or failed, it leaves nothing behind."""
        ...

    def snapshot(self) -> AbstractAsyncContextManager["Reading"]:
        """Read several long results in pieces, all from one snapshot of what is committed."""
        ...

    async def close(self) -> None:
        """Give back connections, threads and locks."""
        ...


async def outlast(work: "asyncio.Future[Any]") -> asyncio.CancelledError | None:
    """Wait until the work is done even when cancelled, and return the cancellation, if any.

    What the work raises is raised, unless the caller is being cancelled anyway.
    """
    cancelled = None
    while not work.done():
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError as error:
            cancelled = error
        except BaseException:  # noqa: S110 - raised below
            pass
    failure = work.exception()
    if failure is not None:
        raise cancelled or failure
    return cancelled


@lru_cache(maxsize=2048)
def compile_sql(template: str, dialect: Dialect) -> str:
    """Turn `{}` places into the engine's own (`?`, `$1`); `{{` and `}}` stand for braces.

    A closing FOR UPDATE is left out on SQLite, where one writer at a time needs no row locks.
    """
    parts: list[str] = []
    count = 0
    for literal, field, _, _ in Formatter().parse(template):
        parts.append(literal)
        if field is None:
            continue
        if field:
            raise ValueError(f"only empty places are allowed, not {{{field}}}")
        count += 1
        parts.append("?" if dialect == "sqlite" else f"${count}")
    sql = "".join(parts)
    return _ROW_LOCK.sub("", sql) if dialect == "sqlite" else sql


def is_read(sql: str) -> bool:
    """Say whether a statement only reads."""
    start = sql.lstrip()[:8].upper()
    if start.startswith(("SELECT", "EXPLAIN", "VALUES")):
        return True
    return start.startswith("WITH") and not _WRITES.search(sql)
