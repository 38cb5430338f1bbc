"""Commands for developers: freeze an app's tables as its first or next migration, show what differs."""

import argparse
import asyncio
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from piccolo.conf.apps import AppConfig

from core import db, settings
from core.db.backend import Dialect
from core.privacy import keys
from core.schema import app_config, create_statements, describe, difference, migrate
from core.schema.describe import Description
from core.schema.frozen import frozen_path
from core.schema.growing import write_next
from core.schema.runner import ordered, steps

_TEMPLATE = '''"""The first tables of {app}, as the SQL files that `core.schema freeze` wrote beside this."""

from core.schema import run_frozen, undo_frozen

ID = "{name}"
VERSION = ""
DESCRIPTION = "The first tables."
RELEASED = False  # once True, the files never change again: write another migration


async def forwards() -> None:
    await run_frozen(__file__)


async def backwards() -> None:
    await undo_frozen(__file__)
'''
_DIALECTS: tuple[Dialect, ...] = ("sqlite", "postgres")


def find_app(name: str) -> str:
    """Return the `piccolo_app` module that a short name means."""
    for module in (f"{name}.piccolo_app", f"plugins.{name}.piccolo_app"):
        try:
            if find_spec(module) is not None:
                return module
        except ModuleNotFoundError:
            continue
    raise SystemExit(f"There is no app named {name}.")


def freeze(app: AppConfig) -> list[Path]:
    """Write the app's first migration from its tables and return the files written."""
    existing = steps(app)
    if len(existing) > 1 or any(getattr(step.module, "RELEASED", False) for step in existing):
        return []
    folder = Path(app.resolved_migrations_folder_path)
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").touch()
    name = existing[0].name if existing else f"{app.app_name}_0001_initial"
    migration = folder / f"{name}.py"
    written = []
    if not migration.exists():
        migration.write_text(_TEMPLATE.format(app=app.app_name, name=name), encoding="utf-8")
        written.append(migration)
    for dialect in _DIALECTS:
        path = frozen_path(migration, dialect)
        text = "".join(f"{statement};\n\n" for statement in create_statements(app, dialect))
        path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        written.append(path)
    return written


async def differing(module: str) -> list[str]:
    """Return how an app's migrations differ from its tables, on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        await db.open(f"sqlite:///{folder}/migrated.sqlite")
        try:
            await migrate([module])
            migrated: Description = await describe()
        finally:
            await db.close()
        await db.open(f"sqlite:///{folder}/derived.sqlite")
        try:
            for config in ordered([module]):
                async with db.writing():
                    for statement in create_statements(config, "sqlite"):
                        await db.run_script(statement)
            derived = await describe()
        finally:
            await db.close()
    return difference(migrated, derived)


async def run_pending(wait: float) -> list[str]:
    """Open the settings' database, run what is pending, close it."""
    await db.open(wait=wait)
    try:
        if (path := settings.load().keyring_path).exists():
            keys.open(path)
        return await migrate()
    finally:
        await db.close()


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 1 when something differs."""
    parser = argparse.ArgumentParser(prog="python -m core.schema")
    parser.add_argument("command", choices=("freeze", "next", "diff", "migrate"))
    parser.add_argument("app", nargs="?", default="core")
    parser.add_argument("--wait", type=float, default=60.0, help="seconds for the SQLite file")
    chosen = parser.parse_args(arguments)
    if chosen.command == "migrate":
        for name in asyncio.run(run_pending(chosen.wait)):
            sys.stdout.write(f"{name}\n")
        return 0
    module = find_app(chosen.app)
    if chosen.command == "freeze":
        written = freeze(app_config(module))
        for path in written:
            sys.stdout.write(f"{path}\n")
        if written:
            return 0
    if chosen.command == "next":
        for path in asyncio.run(write_next(module)):
            sys.stdout.write(f"{path}\n")
    lines = asyncio.run(differing(module))
    for line in lines:
        sys.stdout.write(f"{line}\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
