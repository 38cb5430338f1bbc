"""Transactions and savepoints, alike on both engines."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from piccolo.engine.base import BaseTransaction

from core.db.backend import Session, Statements
from core.db.errors import TransactionLostError
from core.db.sqlite import SQLiteSession

if TYPE_CHECKING:
    from core.db.engine import Database

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

    async def __aenter__(self) -> "Transaction":
        self._outer = self._database.current()
        if self._outer is not None:
            return self._outer
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

    async def _finish(self, *, wanted: bool) -> None:
        session = self._session
        assert session is not None  # noqa: S101 - set by __aenter__
        self.finished = True
        self._database.current_transaction.set(None)
        commit = wanted and not self.doomed
        cancelled = await session.end(commit=commit)
        if commit:
            self._tell()
        if wanted and cancelled is not None:
            raise cancelled
        if wanted and not commit:
            raise TransactionLostError

    def _tell(self) -> None:
        for callback in self.callbacks:
            try:
                callback()
            except Exception:
                log.exception("what should follow a commit failed")

    def statements(self) -> Statements:
        """Return what runs this transaction's statements."""
        if self.doomed:
            raise TransactionLostError
        assert self._session is not None  # noqa: S101 - current() gives entered ones only
        return self._session

    async def run_on_thread(self, job: Callable[[sqlite3.Connection], Any]) -> Any:
        """Run a job with SQLite's own connection, inside this transaction."""
        session = self.statements()
        assert isinstance(session, SQLiteSession)  # noqa: S101 - the caller asked for SQLite
        return await session.run(job)


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
        await transaction.statements().execute(f"SAVEPOINT {self._name}", ())

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        transaction = self._transaction()
        if error is None and not transaction.doomed:
            try:
                await transaction.statements().execute(f"RELEASE SAVEPOINT {self._name}", ())
            except Exception as failed:
                # PostgreSQL: a statement had failed inside and its error was swallowed there.
                await self._undo(transaction)
                raise TransactionLostError from failed
            return False
        await self._undo(transaction)
        if error is None:
            raise TransactionLostError
        return False

    async def _undo(self, transaction: Transaction) -> None:
        del transaction.callbacks[self._kept :]
        transaction.doomed = False
        statements = transaction.statements()
        try:
            await statements.execute(f"ROLLBACK TO SAVEPOINT {self._name}", ())
            await statements.execute(f"RELEASE SAVEPOINT {self._name}", ())
        except BaseException as failed:
            transaction.doomed = True
            if isinstance(failed, asyncio.CancelledError):
                raise
            log.warning("a savepoint could not be undone, its transaction is lost: %s", failed)
