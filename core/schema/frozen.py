"""Migrations whose statements lie in SQL files beside them, one for each engine."""

import re
from pathlib import Path

from core import db
from core.db.backend import Dialect

_SUFFIX: dict[Dialect, str] = {"sqlite": ".sqlite.sql", "postgres": ".postgresql.sql"}
_CREATED = re.compile(
    r'^CREATE (?:OR REPLACE )?(?:VIRTUAL )?(TABLE|VIEW|SEQUENCE|FUNCTION)\s+"?(\w+)"?',
    re.IGNORECASE | re.MULTILINE,
)
_INDEXED = re.compile(r'^CREATE (?:UNIQUE )?INDEX "?(\w+)"? ON "?(\w+)"?', re.MULTILINE)
_ADDED = re.compile(r'^ALTER TABLE "(\w+)" ADD COLUMN "(\w+)"', re.MULTILINE)


def frozen_path(migration: Path, dialect: Dialect) -> Path:
    """Return the SQL file of a migration's Python file."""
    return migration.with_suffix(_SUFFIX[dialect])


def _read(migration: str) -> str:
    dialect: Dialect = "sqlite" if db.is_sqlite() else "postgres"
    return frozen_path(Path(migration), dialect).read_text(encoding="utf-8")


async def run_frozen(migration: str) -> None:
    """Run the SQL file beside a migration; call it with `__file__`."""
    await db.run_script(_read(migration))


async def undo_frozen(migration: str) -> None:
    """Drop, last first, what the SQL file beside a migration created."""
    sql = _read(migration)
    created = _CREATED.findall(sql)
    tables = {name for _, name in created}
    for index, table in reversed(_INDEXED.findall(sql)):
        if table not in tables:
            await db.run_script(f'DROP INDEX "{index}"')
    for table, column in reversed(_ADDED.findall(sql)):
        await db.run_script(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')
    for kind, name in reversed(created):
        await db.run_script(f'DROP {kind} "{name}"')
