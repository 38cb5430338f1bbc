"""Transactions and savepoints, alike on both engines.

A statement that fails dooms its transaction: whoever swallows the error still cannot commit half
an act. A savepoint around it confines the damage.
"""

import logging
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from piccolo.engine.base import BaseTransaction

from core.db import once
from core.db.backend import Row, Session
from core.db.errors import TransactionLostError
from core.db.sqlite import SQLiteSession

if TYPE_CHECKING:
    from core.db.engine import Database

T = TypeVar("T")

log = logging.getLogger(__name__)


class Transaction(BaseTransaction):
    """A write transaction, or a part of the one it was entered in."""

    def __init__(self, database: "Database") -> None:
        self.finished = False
        self.doomed = False
        self.callbacks: list[Callable[[], None]] = []
        self.savepoints = 0
        self._database = database
        self._outer: Transaction | None = None
        self._session: Session | None = None

    async def __aenter__(self) -> Any:
        self._outer = self._database.current()
        if self._outer is not None:
            return self._outer
        once.forget()
        self._session = await self._database.backend.begin()
        self._database.current_transaction.set(self)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if self._outer is not None:
            if error is not None:
                self._outer.doomed = True
            return False
        await self._finish(wanted=error is None)
        return False

    async def abandon(self) -> None:
        """Roll back although nobody left the block; leaving it later does nothing but fail."""
        await self._finish(wanted=False)

    async def _finish(self, *, wanted: bool) -> None:
        if self.finished:  # abandoned: its connection is somebody else's by now
            if wanted:
                raise TransactionLostError
            return
        session = self._session
        assert session is not None  # noqa: S101 - set by __aenter__
        self.finished = True
        self._database.current_transaction.set(None)
        commit = wanted and not self.doomed
        cancelled = await session.end(commit=commit)
        if commit:
            self._tell()
        if cancelled is not None:
            raise cancelled
        if wanted and not commit:
            raise TransactionLostError

    def _tell(self) -> None:
        for callback in self.callbacks:
            try:
                callback()
            except Exception:
                log.exception("what should follow a commit failed")

    def _sound(self) -> Session:
        if self.doomed:
            raise TransactionLostError
        assert self._session is not None  # noqa: S101 - current() gives entered ones only
        return self._session

    async def _watch(self, work: Awaitable[T]) -> T:
        """Doom the transaction if a statement fails: PostgreSQL insists on it, SQLite follows."""
        try:
            return await work
        except BaseException:
            self.doomed = True
            raise

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        """Run one statement and return its rows."""
        return await self._watch(self._sound().fetch(sql, args))

    async def execute(self, sql: str, args: Sequence[Any]) -> int:
        """Run one statement and return how many rows it changed."""
        return await self._watch(self._sound().execute(sql, args))

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement once for each row of arguments."""
        await self._watch(self._sound().execute_many(sql, rows))

    async def run_script(self, sql: str) -> None:
        """Run several statements without arguments."""
        await self._watch(self._sound().run_script(sql))

    async def run_on_thread(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run a job with SQLite's own connection, inside this transaction."""
        session = self._sound()
        assert isinstance(session, SQLiteSession)  # noqa: S101 - the caller asked for SQLite
        return await self._watch(session.run(job))


class Savepoint:
    """A part of a transaction that fails alone: what it wrote is undone, the rest goes on."""

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._name = ""
        self._kept = 0

    def _transaction(self) -> Transaction:
        transaction = self._database.current()
        if transaction is None:
            raise RuntimeError("a savepoint needs a transaction around it")
        return transaction

    async def __aenter__(self) -> None:
        transaction = self._transaction()
        transaction.savepoints += 1
        self._name = f"s{transaction.savepoints}"
        self._kept = len(transaction.callbacks)
        await transaction.execute(f"SAVEPOINT {self._name}", ())

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        transaction = self._transaction()
        if error is None and not transaction.doomed:
            await transaction.execute(f"RELEASE SAVEPOINT {self._name}", ())
            return False
        await self._undo(transaction)
        if error is None:  # a failure inside was swallowed there, but what it wrote is gone
            raise TransactionLostError
        return False

    async def _undo(self, transaction: Transaction) -> None:
        del transaction.callbacks[self._kept :]
        transaction.doomed = False
        try:
            await transaction.execute(f"ROLLBACK TO SAVEPOINT {self._name}", ())
            await transaction.execute(f"RELEASE SAVEPOINT {self._name}", ())
        except Exception as failed:
            log.warning("a savepoint could not be undone, its transaction is lost: %s", failed)
