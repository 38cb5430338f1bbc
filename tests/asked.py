"""What is asked of the database, noted as it goes by: how often, in which words, with which values."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import pytest

from core import db

WAYS = ("fetch", "execute", "run_querystring")


class Asked(NamedTuple):
    """One statement: `how` is the method of the database that was called."""

    how: str
    sql: Any
    args: tuple[Any, ...]


class Statements(list[Asked]):
    """All that was asked since the last `clear()`, in its order."""

    def plain(self) -> list[str]:
        """Return the texts of what was fetched by hand-written statements."""
        return [one.sql for one in self if one.how == "fetch"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Statements:
    """Note each statement, and let it through as it is."""
    found = Statements()
    for how in WAYS:
        monkeypatch.setattr(db.Database, how, _noting(how, getattr(db.Database, how), found))
    return found


def _noting(how: str, method: Callable[..., Awaitable[Any]], found: Statements) -> Any:
    async def noted(self: db.Database, sql: Any, *args: Any, **given: Any) -> Any:
        found.append(Asked(how, sql, tuple(args[0]) if args and how != "run_querystring" else ()))
        return await method(self, sql, *args, **given)

    return noted
