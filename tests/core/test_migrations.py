import ast
import inspect
import shutil
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core import db, schema
from core.schema.__main__ import find_app, freeze
from core.schema.runner import ordered

pytestmark = pytest.mark.anyio

EmptyUrls = Callable[[], str]


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[None]:
    await db.open(url)
    try:
        yield
    finally:
        await db.close()


async def derive(apps: list[str]) -> None:
    dialect = "sqlite" if db.is_sqlite() else "postgres"
    for app in ordered(apps):
        for statement in schema.create_statements(app, dialect):
            await db.run_script(statement)


@pytest.mark.parametrize("app", schema.installed_apps())
async def test_migrations_make_the_schema_that_the_tables_describe(
    app: str, empty_urls: EmptyUrls
) -> None:
    async with opened(empty_urls()):
        await schema.migrate([app])
        migrated = await schema.describe()
    async with opened(empty_urls()):
        await derive([app])
        derived = await schema.describe()
    assert schema.difference(migrated, derived) == []
    assert migrated


@pytest.mark.parametrize("app", schema.installed_apps())
async def test_migrations_can_be_undone_and_run_again(app: str, empty_urls: EmptyUrls) -> None:
    async with opened(empty_urls()):
        needed = [config.app_name for config in ordered([app])][:-1]
        ran = await schema.migrate([app])
        before = await schema.describe()
        undone = await schema.unmigrate(app)
        left = await schema.describe()
        assert sorted([*undone, *(name for name in ran if name.split(":")[0] in needed)]) == sorted(
            ran
        )
        assert left == {} or needed
        assert await schema.migrate([app]) == undone[::-1]
        assert await schema.describe() == before


async def test_every_table_of_every_app_exists_and_can_be_read(database: str) -> None:
    for app in schema.installed_apps():
        for table in schema.app_config(app).table_classes:
            assert await table.count() == 0


async def test_migrating_twice_does_nothing_the_second_time(empty_urls: EmptyUrls) -> None:
    async with opened(empty_urls()):
        waiting = await schema.pending()
        assert waiting
        assert await schema.migrate() == waiting
        assert await schema.pending() == []
        assert await schema.migrate() == []


def test_every_foreign_key_says_what_becomes_of_it() -> None:
    tables = {
        table.__module__
        for app in schema.installed_apps()
        for table in schema.app_config(app).table_classes
    }
    seen = 0
    for module in tables:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ForeignKey":
                given = {keyword.arg for keyword in node.keywords}
                assert {"null", "on_delete"} <= given, f"{module}, line {node.lineno}"
                seen += 1
    assert seen


# -- an app made for the test


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Writes an app of one table into a folder and gives its module; later calls add to it."""
    monkeypatch.syspath_prepend(tmp_path)
    name = f"made_{tmp_path.name}"
    package = tmp_path / name

    def write(files: dict[str, str]) -> str:
        for file, text in files.items():
            path = package / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        return f"{name}.piccolo_app"

    write(
        {
            "__init__.py": "",
            "tables.py": """
                from piccolo.columns import *
                from piccolo.table import Table

                class Leaf(Table, tablename="made_leaf"):
                    tree = ForeignKey("Tree", null=False, on_delete=OnDelete.restrict)

                class Tree(Table, tablename="made_tree"):
                    id = UUID(primary_key=True)
                    name = Varchar(length=5)

                INDEXES = ("CREATE UNIQUE INDEX made_tree_name ON made_tree (name) WHERE name <> ''",)
            """,
            "piccolo_app.py": f"""
                from pathlib import Path
                from piccolo.conf.apps import AppConfig
                from {name}.tables import Leaf, Tree

                APP_CONFIG = AppConfig(
                    app_name="made",
                    migrations_folder_path=Path(__file__).parent / "piccolo_migrations",
                    table_classes=[Leaf, Tree],
                )
            """,
        }
    )
    yield write
    for module in [module for module in sys.modules if module.startswith(name)]:
        del sys.modules[module]
    shutil.rmtree(package)


ADD_HEIGHT = """
    from core import db
    ID = "made_0002_height"
    async def forwards():
        await db.run_script("ALTER TABLE made_tree ADD COLUMN height INTEGER NOT NULL DEFAULT 0")
    async def backwards():
        await db.run_script("ALTER TABLE made_tree DROP COLUMN height")
"""


async def test_a_frozen_app_migrates_to_what_its_tables_say(app, empty_urls: EmptyUrls) -> None:
    module = app({})
    written = freeze(schema.app_config(module))
    assert [path.name for path in written] == [
        "made_0001_initial.py",
        "made_0001_initial.sqlite.sql",
        "made_0001_initial.postgresql.sql",
    ]
    async with opened(empty_urls()):
        assert await schema.migrate([module]) == ["made:made_0001_initial"]
        assert {"made_leaf", "made_tree"} <= (await schema.describe()).keys()
        insert = "INSERT INTO made_tree (id, name) VALUES ({}, {})"
        with pytest.raises(Exception, match=r"CHECK|too long"):
            await db.execute(insert, "8a2f2b0e-0000-4000-8000-000000000001", "长" * 6)
        await db.execute(insert, "8a2f2b0e-0000-4000-8000-000000000001", "长" * 5)


async def test_a_later_migration_runs_on_a_database_with_rows(app, empty_urls: EmptyUrls) -> None:
    module = app({})
    freeze(schema.app_config(module))
    async with opened(empty_urls()):
        await schema.migrate([module])
        await db.execute(
            "INSERT INTO made_tree (id, name) VALUES ({}, 'oak')",
            "8a2f2b0e-0000-4000-8000-000000000001",
        )
        app({"piccolo_migrations/made_0002_height.py": ADD_HEIGHT})
        assert await schema.migrate([module]) == ["made:made_0002_height"]
        assert await db.fetch("SELECT name, height FROM made_tree") == [
            {"name": "oak", "height": 0}
        ]


async def test_a_frozen_app_with_later_migrations_is_not_frozen_again(app) -> None:
    module = app({})
    assert freeze(schema.app_config(module))
    assert freeze(schema.app_config(module)), "unreleased: may still change"
    app({"piccolo_migrations/made_0002_height.py": ADD_HEIGHT})
    assert freeze(schema.app_config(module)) == []


async def test_a_released_migration_is_not_written_again(app) -> None:
    module = app({})
    migration = freeze(schema.app_config(module))[0]
    text = migration.read_text(encoding="utf-8")
    migration.write_text(text.replace("RELEASED = False", "RELEASED = True"), encoding="utf-8")
    assert freeze(schema.app_config(module)) == []


async def test_what_the_migrations_lack_is_named(app, empty_urls: EmptyUrls) -> None:
    module = app({})
    freeze(schema.app_config(module))
    async with opened(empty_urls()):
        await schema.migrate([module])
        migrated = await schema.describe()
    app({"piccolo_migrations/made_0002_height.py": ADD_HEIGHT})
    async with opened(empty_urls()):
        await schema.migrate([module])
        grown = await schema.describe()
    lines = schema.difference(migrated, grown)
    assert len(lines) == 1
    assert lines[0].lower().startswith("+ made_tree: column height integer not null default")


async def test_a_migration_that_fails_leaves_nothing_behind(app, empty_urls: EmptyUrls) -> None:
    module = app({})
    freeze(schema.app_config(module))
    broken = ADD_HEIGHT.replace(
        "async def backwards",
        "    await db.run_script('CREATE TABLE made_tree (id INTEGER)')\n    async def backwards",
    )
    async with opened(empty_urls()):
        await schema.migrate([module])
        before = await schema.describe()
        app({"piccolo_migrations/made_0002_height.py": broken})
        with pytest.raises(Exception, match="exists"):
            await schema.migrate([module])
        assert await schema.describe() == before
        assert await schema.pending([module]) == ["made:made_0002_height"]
        app({"piccolo_migrations/made_0002_height.py": ADD_HEIGHT})
        assert await schema.migrate([module]) == ["made:made_0002_height"]


async def test_a_database_of_a_newer_version_is_refused(app, empty_urls: EmptyUrls) -> None:
    module = app({})
    freeze(schema.app_config(module))
    async with opened(empty_urls()):
        await schema.migrate([module])
        await db.execute("INSERT INTO migration (name, app_name) VALUES ('made_9999', 'made')")
        with pytest.raises(db.DatabaseUnusableError, match=r"newer version.*made_9999"):
            await schema.migrate([module])


async def test_apps_are_migrated_after_those_they_need(app, empty_urls: EmptyUrls) -> None:
    module = app({})
    config = schema.app_config(module)
    freeze(config)
    config.migration_dependencies.append("core.piccolo_app")
    async with opened(empty_urls()):
        ran = await schema.migrate([module])
    assert ran[0].startswith("core:")
    assert ran[-1] == "made:made_0001_initial"


def test_short_names_find_apps() -> None:
    assert find_app("core") == "core.piccolo_app"
    with pytest.raises(SystemExit, match="no app named nothing"):
        find_app("nothing")
