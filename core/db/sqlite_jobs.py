"""What runs on a SQLite connection's own thread, in one hop each; `core/db/sqlite.py` sends it."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from core.db.backend import Row
from core.db.errors import TransactionLostError

T = TypeVar("T")


def nothing(_: sqlite3.Connection) -> None:
    """Only have the connection opened."""


def rows(cursor: sqlite3.Cursor) -> list[Row]:
    """Fetch all rows as dicts."""
    if cursor.description is None:
        return []
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def changed(cursor: sqlite3.Cursor) -> int:
    """Return how many rows a statement changed."""
    if cursor.description is not None:
        cursor.fetchall()  # RETURNING changes rows only as they are fetched
    return max(cursor.rowcount, 0)


def many(connection: sqlite3.Connection, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run one statement for each row. The cursor must end here, on the connection's own thread.

    Let go of elsewhere it would reset the statement while the next job binds it (SQLITE_MISUSE).
    """
    connection.executemany(sql, rows).close()


def begin(connection: sqlite3.Connection) -> None:
    """Open a transaction that may write at once."""
    connection.execute("BEGIN IMMEDIATE")


def rollback(connection: sqlite3.Connection) -> None:
    """Roll back what is open; a connection that cannot even do that is closed, for another."""
    if connection.in_transaction:
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error:
            connection.close()
            raise


def commit(connection: sqlite3.Connection) -> None:
    """Commit, in one hop with what heals a COMMIT that fails."""
    if not connection.in_transaction:
        raise TransactionLostError
    try:
        connection.execute("COMMIT")
    except BaseException:
        rollback(connection)
        raise


def transact(connection: sqlite3.Connection, job: Callable[[sqlite3.Connection], T]) -> T:
    """Run a job as one transaction."""
    begin(connection)
    try:
        result = job(connection)
    except BaseException:
        rollback(connection)
        raise
    commit(connection)
    return result


def script(connection: sqlite3.Connection, sql: str) -> None:
    """Run several statements."""
    for statement in split_script(sql):
        connection.execute(statement)


def split_script(sql: str) -> Iterator[str]:
    """Split a script into statements; triggers, with semicolons inside, stay whole."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if statement.strip():
        yield statement.strip()


def tidy(connection: sqlite3.Connection) -> None:
    """Fold the write-ahead log into the file before it is closed."""
    connection.execute("PRAGMA optimize")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
