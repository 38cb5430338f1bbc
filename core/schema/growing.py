"""An app's next migration: the tables, columns and indexes that its migrations do not make yet.

Only what is added can be written down by itself; what changes or goes is written by hand.
"""

import re
import tempfile
from pathlib import Path

from piccolo.conf.apps import AppConfig

from core import db
from core.db.backend import Dialect
from core.schema.derive import create_statements
from core.schema.frozen import frozen_path
from core.schema.runner import app_config, migrate, steps

_TEMPLATE = '''"""What {app} has more than before; `core.schema next` wrote the SQL files beside this."""

from core.schema import run_frozen, undo_frozen

ID = "{name}"
VERSION = ""
DESCRIPTION = "More tables, columns and indexes."
RELEASED = False  # once True, the files never change again: write another migration


async def forwards() -> None:
    await run_frozen(__file__)


async def backwards() -> None:
    await undo_frozen(__file__)
'''
_DIALECTS: tuple[Dialect, ...] = ("sqlite", "postgres")
_TABLE = re.compile(r'CREATE TABLE "(\w+)" \(\n(.*)\n\)', re.DOTALL)
_COLUMN = re.compile(r'\s*"(\w+)"')


async def write_next(module: str) -> list[Path]:
    """Write the migration after the last one; nothing when nothing was added."""
    app = app_config(module)
    made = await _made(module)
    added: dict[Dialect, list[str]] = {one: _added(app, one, made) for one in _DIALECTS}
    if not any(added.values()):
        return []
    name = f"{app.app_name}_{len(steps(app)) + 1:04}_more"
    migration = Path(app.resolved_migrations_folder_path) / f"{name}.py"
    migration.write_text(_TEMPLATE.format(app=app.app_name, name=name), encoding="utf-8")
    written = [migration]
    for dialect, statements in added.items():
        path = frozen_path(migration, dialect)
        path.write_text(";\n\n".join(statements) + ";\n", encoding="utf-8")
        written.append(path)
    return written


async def _made(module: str) -> dict[str, set[str]]:
    """Return the columns of every table as the migrations make them."""
    with tempfile.TemporaryDirectory() as folder:
        await db.open(f"sqlite:///{folder}/migrated.sqlite")
        try:
            await migrate([module])
            found: dict[str, set[str]] = {}
            for row in await db.fetch("SELECT name FROM sqlite_master WHERE type = 'table'"):
                columns = await db.fetch("SELECT name FROM pragma_table_info({})", row["name"])
                found[row["name"]] = {column["name"] for column in columns}
            return found
        finally:
            await db.close()


def _added(app: AppConfig, dialect: Dialect, made: dict[str, set[str]]) -> list[str]:
    statements: list[str] = []
    written = _written(app, dialect)
    for statement in create_statements(app, dialect):
        table = _TABLE.match(statement)
        if table is None:
            if statement not in written:
                statements.append(statement)
        elif table[1] not in made:
            statements.append(statement)
        else:
            for line in table[2].split(",\n"):
                column = _COLUMN.match(line)
                if column and column[1] not in made[table[1]]:
                    statements.append(f'ALTER TABLE "{table[1]}" ADD COLUMN {line.strip()}')
    return statements


def _written(app: AppConfig, dialect: Dialect) -> str:
    """Return the statements of the migrations there are, as one text."""
    folder = Path(app.resolved_migrations_folder_path)
    paths = [frozen_path(folder / f"{step.name}.py", dialect) for step in steps(app)]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths if path.exists())
