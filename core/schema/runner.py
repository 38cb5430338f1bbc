"""Runs pending migrations: each in a transaction, all under one lock, apps in order of need."""

import importlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import asyncpg  # type: ignore[import-untyped]
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import AppConfig

from core import db
from core.db import DB, DatabaseUnusableError
from core.i18n import N_

CORE = "core.piccolo_app"
_ADVISORY_LOCK = 0x4C61_6966  # "Laif"


@dataclass(frozen=True)
class Step:
    """One migration of one app."""

    app: str
    name: str
    module: ModuleType

    def __str__(self) -> str:
        return f"{self.app}:{self.name}"


def installed_apps() -> list[str]:
    """Return the core's and every installed plugin's Piccolo app, as module names."""
    apps = [CORE]
    for point in sorted(entry_points(group="laifang.plugins"), key=lambda point: point.name):
        app = f"{point.module.rpartition('.')[0]}.piccolo_app"
        if find_spec(app) is not None:
            apps.append(app)
    return apps


def app_config(module: str) -> AppConfig:
    """Return the app that a `piccolo_app` module declares."""
    config = importlib.import_module(module).APP_CONFIG
    if not isinstance(config, AppConfig):
        raise TypeError(f"{module}.APP_CONFIG is no AppConfig")
    return config


def ordered(apps: Sequence[str]) -> list[AppConfig]:
    """Return the apps and those they need, each after what it needs."""
    placed: dict[str, AppConfig] = {}

    def place(module: str, above: tuple[str, ...]) -> None:
        if module in above:
            raise ValueError(f"migrations need each other in a circle: {', '.join(above)}")
        if module not in placed:
            config = app_config(module)
            for needed in config.migration_dependencies:
                place(needed, (*above, module))
            placed[module] = config

    for module in apps:
        place(module, ())
    return list(placed.values())


def steps(app: AppConfig) -> list[Step]:
    """Return the app's migrations, first to last."""
    folder = Path(app.resolved_migrations_folder_path)
    found: list[Step] = []
    for path in sorted(folder.glob("*.py")):
        if path.name == "__init__.py":
            continue
        # Not imported by its bare name, as Piccolo does: two apps may use the same one.
        spec = spec_from_file_location(f"_migration_{app.app_name}_{path.stem}", path)
        assert spec is not None  # noqa: S101 - it is a .py file
        assert spec.loader is not None  # noqa: S101 - the same
        module = module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        if name := getattr(module, "ID", None):
            found.append(Step(app.app_name, name, module))
    return sorted(found, key=lambda step: step.name)


async def _done(app: str) -> list[str]:
    if not await Migration.table_exists():
        return []
    rows = await db.fetch("SELECT name FROM migration WHERE app_name = {} ORDER BY id", app)
    return [row["name"] for row in rows]


async def _pending(app: AppConfig) -> list[Step]:
    known = steps(app)
    done = await _done(app.app_name)
    if unknown := sorted(set(done) - {step.name for step in known}):
        raise DatabaseUnusableError(
            app.app_name,
            N_(
                "a newer version has changed it ({migrations}). Install that version.",
                migrations=", ".join(unknown),
            ),
        )
    return [step for step in known if step.name not in done]


async def pending(apps: Sequence[str] | None = None) -> list[str]:
    """Return the migrations not yet run, as `app:name`, in the order they would run."""
    chosen = ordered(installed_apps() if apps is None else apps)
    return [str(step) for app in chosen for step in await _pending(app)]


async def migrate(
    apps: Sequence[str] | None = None, *, only: Collection[str] | None = None
) -> list[str]:
    """Run all pending migrations of the apps (default: all installed); return them as `app:name`.

    `only` those named so, where given. On PostgreSQL other processes that migrate wait here, then
    find nothing left to do; on SQLite the open file keeps them out already.
    """
    chosen = ordered(installed_apps() if apps is None else apps)
    ran: list[str] = []
    async with _alone():
        await Migration.create_table(if_not_exists=True)
        for app in chosen:
            for step in await _pending(app):
                if only is not None and str(step) not in only:
                    continue
                async with db.writing():
                    await _run(step.module.forwards)
                    await db.execute(
                        "INSERT INTO migration (name, app_name) VALUES ({}, {})",
                        step.name,
                        step.app,
                    )
                ran.append(str(step))
    return ran


async def make_as_it_was(done: Collection[str]) -> list[str]:
    """Give an empty database the tables of another version; return its migrations not known here.

    `done` are the migrations that version had, as `app:name`. Those of apps that are not installed
    are passed over.
    """
    apps = ordered(installed_apps())
    names = {app.app_name for app in apps}
    known = {str(step) for app in apps for step in steps(app)}
    unknown = [one for one in done if one.partition(":")[0] in names and one not in known]
    if not unknown:
        async with _alone():
            for app in reversed(apps):
                await _undo(app, keep=done)
        await migrate(only=done)
    return sorted(unknown)


async def unmigrate(app: str) -> list[str]:
    """Undo all migrations of one app, last first, with its data; return them as `app:name`."""
    async with _alone():
        return await _undo(app_config(app))


async def _undo(app: AppConfig, keep: Collection[str] = ()) -> list[str]:
    known = {step.name: step for step in steps(app)}
    undone: list[str] = []
    for name in reversed(await _done(app.app_name)):
        step = known[name]
        if str(step) in keep:
            continue
        async with db.writing():
            await _run(step.module.backwards)
            await db.execute(
                "DELETE FROM migration WHERE name = {} AND app_name = {}", step.name, step.app
            )
        undone.append(str(step))
    return undone


async def _run(change: Callable[[], Awaitable[MigrationManager | None]]) -> None:
    manager = await change()
    if manager is not None:
        await manager.run()


@asynccontextmanager
async def _alone() -> AsyncIterator[None]:
    """Keep other processes from migrating meanwhile."""
    if db.is_sqlite():
        yield
        return
    connection = await asyncpg.connect(DB.url)
    try:
        await connection.fetchval("SELECT pg_advisory_lock($1)", _ADVISORY_LOCK)
        yield
    finally:
        await connection.close()
