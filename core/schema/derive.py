"""The statements that create an app's tables, derived from its Piccolo classes.

Beside the classes a `tables.py` may hold `INDEXES` (both engines), `SQLITE_DDL` and
`POSTGRESQL_DDL`: tuples of statements, run in that order after all tables.
"""

import re
import sys
from collections.abc import Iterable

from piccolo.columns import Column, Varchar
from piccolo.conf.apps import AppConfig
from piccolo.table import Table

from core.db import DB
from core.db.backend import Dialect

# Defaults that would hide a forgotten value, differ between the engines, or read the time.
_EMPTY_DEFAULT = re.compile(r" DEFAULT (null|None|gen_random_uuid\(\)|current_timestamp)$")


def create_statements(app: AppConfig, dialect: Dialect) -> list[str]:
    """Return what creates the app's tables, indexes and the rest, each without a semicolon."""
    tables = in_order(app.table_classes)
    modules = [sys.modules[name] for name in dict.fromkeys(table.__module__ for table in tables)]
    extra = "SQLITE_DDL" if dialect == "sqlite" else "POSTGRESQL_DDL"
    with DB.speaking(dialect):
        statements = [statement for table in tables for statement in _table(table, dialect)]
    for constant in ("INDEXES", extra):
        for module in modules:
            statements += getattr(module, constant, ())
    return [statement.strip().rstrip(";") for statement in statements]


def in_order(tables: Iterable[type[Table]]) -> list[type[Table]]:
    """Return the tables so that each comes after those it refers to, else in the order given."""
    waiting = list(tables)
    placed: list[type[Table]] = []
    while waiting:
        for table in waiting:
            needed = {
                column._foreign_key_meta.resolved_references
                for column in table._meta.foreign_key_columns
            }
            if not (needed & set(waiting)) - {table}:
                break
        else:
            names = ", ".join(table._meta.tablename for table in waiting)
            raise ValueError(f"these tables refer to each other in a circle: {names}")
        waiting.remove(table)
        placed.append(table)
    return placed


def _table(table: type[Table], dialect: Dialect) -> list[str]:
    columns = ",\n".join(f"    {_column(column, dialect)}" for column in table._meta.columns)
    statements = [f'CREATE TABLE "{table._meta.tablename}" (\n{columns}\n)']
    statements += [
        str(ddl)
        for column in table._meta.columns
        if column._meta.index
        for ddl in table.create_index([column], method=column._meta.index_method).ddl
    ]
    return statements


def _column(column: Column, dialect: Dialect) -> str:
    ddl = _EMPTY_DEFAULT.sub("", column.ddl)
    if dialect == "sqlite":
        if " BLOB" in ddl:
            ddl = ddl.removesuffix(" DEFAULT ''")  # a text, not bytes
        if isinstance(column, Varchar) and column.length:
            # PostgreSQL refuses a longer text, SQLite would take it.
            ddl += f' CHECK (length("{column._meta.db_column_name}") <= {column.length})'
    return ddl
