"""What is true of every plugin, whoever wrote it: names, files, hooks, migrations, privacy, faults."""

import asyncio
import inspect
import types
from collections.abc import Awaitable
from typing import Any, get_type_hints
from uuid import UUID, uuid4

import pytest

from core import clock, db, hookspecs
from core.asking import PLUGIN_ERROR
from core.db import DB
from core.decisions import Allow, gravest
from core.gate.facts import PassFacts, PassKind, ScanFacts
from core.i18n import LOCALES
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.facts import Purpose, RegistrationFacts
from core.schema import app_config, migrate, unmigrate
from core.testing.fixtures import Tried

MODULES = {
    "__init__", "plugin", "policies", "facts", "states", "tables", "queries", "services", "routes",
    "forms", "piccolo_app", "piccolo_migrations", "templates", "locale", "documents", "static",
    "README.md", "__pycache__",
}  # fmt: skip
CLERK = Actor(kind="user", id=UUID(int=7), name="clerk")


def facts_of(purpose: str, **given: Any) -> RegistrationFacts:
    """Return facts of a plain registration of this purpose."""
    plain: dict[str, Any] = {
        "registration_id": uuid4(), "number": "20261123-0001", "site_id": UUID(int=1),
        "gate_id": None, "visitor_id": UUID(int=2), "visitor_name": "李雷", "head_count": 1,
        "purpose": purpose, "reason": "meeting", "host_id": None, "host_name": "", "state": "waiting",
        "consent": "none", "document_kind": "", "document_shown": False, "document_by_eye": False,
        "plate": "", "asked_at": clock.now(),
    }  # fmt: skip
    return RegistrationFacts(**(plain | given))


def scan_of(kind: str) -> ScanFacts:
    """Return facts of a plain scan of a pass of this kind, whose holder nobody knows."""
    now = clock.now()
    scanned = PassFacts(
        pass_id="0" * 24, kind=kind, holder_id=UUID(int=3), site_id=UUID(int=1), registration_id=None,
        generation=0, not_before=0, expires=2**40, zones=0xFFFF, single_entry=False, revoked_at=None,
        inside=False, entries=0, last_at=0, last_direction=-1, version=0,
    )  # fmt: skip
    return ScanFacts(
        scanned=scanned, direction=0, at=now, at_ms=clock.to_ms(now), gate_id=UUID(int=4),
        gate_zone=0, site_id=UUID(int=1), token_generation=0, holder=None,
    )  # fmt: skip


def impls(tried: Tried) -> dict[str, Any]:
    """Return the plugin's hook implementations by name."""
    return {
        name: function
        for name, function in inspect.getmembers(tried.module, inspect.isfunction)
        if hasattr(function, "laifang_impl")
    }


def specs(plugins: Plugins) -> dict[str, Any]:
    """Return the core's hook specs by name."""
    return {
        name: function
        for module in hookspecs.ALL
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if hasattr(function, "laifang_spec")
    }


def test_its_files_are_those_of_every_plugin(tried: Tried) -> None:
    """A reader of one plugin finds the same things in every other.

    A subject may have a file, or as a package a room of its own.
    """
    names = {
        p.name.removesuffix(".py") for p in tried.folder.iterdir() if not p.name.startswith(".")
    }
    assert {"plugin", "README.md"} <= names
    subjects = {
        n
        for n in names - MODULES
        if not (tried.folder / f"{n}.py").exists()
        and not (tried.folder / n / "__init__.py").exists()
    }
    assert not subjects, f"folders that no plugin has: {sorted(subjects)}"
    assert not names & {"utils", "helpers", "common", "base", "manager"}
    if (tried.folder / "tables.py").exists():
        assert {"piccolo_app", "piccolo_migrations"} <= names


def test_its_names_bear_its_own(tried: Tried, with_plugin: Plugins) -> None:
    """Tables, permissions, purposes, pass kinds and form fields begin with the plugin's name."""
    own = [p.name for p in with_plugin.register_permissions() if not p.name.startswith(("core:",))]
    assert all(name.startswith(f"{tried.name}:") for name in own)
    others = ("core.", "core:")
    kinds: list[Purpose | PassKind] = [
        *with_plugin.register_purposes(),
        *with_plugin.register_pass_kinds(),
    ]
    for item in kinds:
        assert item.name.startswith((f"{tried.name}.", *others)) or item.plugin == "core"
    for purpose in with_plugin.register_purposes():
        for field in with_plugin.collect_form_fields(purpose.name):
            assert field.name.startswith(f"{tried.name}_"), field.name
    for app in with_plugin.register_apps():
        for table in app_config(app).table_classes:
            assert table._meta.tablename.startswith(f"{tried.name}_")


def test_its_hooks_have_the_types_of_their_specs(tried: Tried, with_plugin: Plugins) -> None:
    """Every hook of the core that it implements takes and gives what the spec says."""
    known = specs(with_plugin)
    for name, function in impls(tried).items():
        if name not in known:
            continue
        promised, given = get_type_hints(known[name]), get_type_hints(function)
        if inspect.iscoroutinefunction(function):
            answer = None if given["return"] is type(None) else given["return"]
            given["return"] = types.GenericAlias(Awaitable, (answer,))
        assert set(inspect.signature(function).parameters) <= set(given), f"{name} is not typed"
        assert given.items() <= promised.items(), name


def test_its_texts_are_translated(tried: Tried) -> None:
    """There is a catalog for each Chinese script, and none has an empty text."""
    from babel.messages.pofile import read_po

    for locale in LOCALES:
        if locale == "en":
            continue
        path = tried.folder / "locale" / f"{locale}.po"
        assert path.exists(), f"no catalog for {locale}"
        with path.open("rb") as file:
            empty = [entry.id for entry in read_po(file) if entry.id and not entry.string]
        assert not empty, f"{locale}: {empty}"


@pytest.mark.anyio
async def test_its_migrations_go_up_and_down(
    tried: Tried, with_plugin: Plugins, opened: str
) -> None:
    """Its tables can be taken away without touching the core's, and made again."""
    core_tables = await _tables()
    for app in with_plugin.register_apps():
        own = {t._meta.tablename for t in app_config(app).table_classes}
        assert own <= core_tables
        assert await unmigrate(app)
        assert not own & await _tables()
        assert core_tables - own <= await _tables()
        assert await migrate([app])
        assert own <= await _tables()


async def _tables() -> set[str]:
    sql = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if db.is_sqlite()
        else "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    )
    return {row["name"] for row in await db.fetch(sql)}


@pytest.mark.anyio
async def test_its_checks_answer_decisions_in_time(
    tried: Tried, with_plugin: Plugins, opened: str
) -> None:
    """Asked about anything, even what it knows nothing of, a check decides or stays silent."""
    for purpose in (*(p.name for p in with_plugin.register_purposes()), "nobody.knows"):
        for hook in ("check_registration", "check_admission", "check_departure"):
            async with db.writing():
                decision = await getattr(with_plugin, hook)(facts_of(purpose))
            assert decision is not PLUGIN_ERROR, f"{hook} failed for {purpose}"
    for kind in (*(k.name for k in with_plugin.register_pass_kinds()), "nobody.knows"):
        assert await with_plugin.check_scan(scan_of(kind)) is not PLUGIN_ERROR


async def misbehave(how: str, *_: Any, **__: Any) -> Any:
    """Raise, hang, answer the wrong thing, or leave a failed statement behind."""
    if how == "raises":
        raise RuntimeError("boom")
    if how == "hangs":
        await asyncio.sleep(30)
    if how == "breaks the transaction" and DB.transaction_exists():
        await db.execute("INSERT INTO no_such_table (x) VALUES (1)")
    return "not a decision"


@pytest.mark.anyio
@pytest.mark.parametrize("how", ["raises", "hangs", "answers nonsense", "breaks the transaction"])
async def test_a_fault_in_its_checks_holds_and_the_core_lives(
    tried: Tried, opened: str, how: str
) -> None:
    """When its checks misbehave a person decides, and the transaction around them still commits."""
    plugins = Plugins({tried.name: tried.module})
    for hook in ("check_registration", "check_admission", "check_departure", "check_scan"):
        for impl in getattr(plugins.manager.hook, hook).get_hookimpls():
            if impl.plugin_name == tried.name:

                async def broken(*args: Any) -> Any:
                    return await misbehave(how, *args)

                impl.function = broken
                if hook == "check_scan":
                    assert await plugins.check_scan(scan_of("core.x")) == PLUGIN_ERROR
                    continue
                async with db.writing():
                    decision = await getattr(plugins, hook)(facts_of("core.visit"))
                    await db.execute(
                        "INSERT INTO rate_limit (key, tokens, refilled_at) VALUES ({}, 1, 1)", hook
                    )
                async with db.writing():
                    without = await getattr(Plugins({}), hook)(facts_of("core.visit"))
                assert decision == gravest([without, PLUGIN_ERROR])
                assert await db.fetch("SELECT key FROM rate_limit WHERE key = {}", hook)
    assert await Plugins({}).check_scan(scan_of("core.x")) == Allow()


@pytest.mark.anyio
async def test_what_it_stores_of_a_person_can_be_given_and_erased(
    tried: Tried, with_plugin: Plugins, opened: str
) -> None:
    """Marks typed into every field of its forms are in its tables, in the export, then gone."""
    from core.testing.visits import erase_visitor, register_marked

    for purpose in with_plugin.register_purposes():
        if purpose.plugin != tried.name:
            continue
        marks, visitor_id = await register_marked(with_plugin, purpose, actor=CLERK)
        stored = await _dump(tried, with_plugin)
        kept = [mark for mark in marks if mark in stored]
        groups, failed = await with_plugin.collect_personal_data(visitor_id)
        assert not failed
        given = " ".join(d.value for group in groups for d in group.details)
        assert all(mark in given for mark in kept), f"{purpose.name}: stored but not given"
        await erase_visitor(visitor_id, plugins=with_plugin, actor=CLERK)
        left = [mark for mark in marks if mark in await _dump(tried, with_plugin)]
        assert not left, f"{purpose.name}: still there after erasure"


async def _dump(tried: Tried, plugins: Plugins) -> str:
    texts: list[str] = []
    for app in plugins.register_apps():
        for table in app_config(app).table_classes:
            name = table._meta.tablename
            texts += [str(row) for row in await db.fetch(f'SELECT * FROM "{name}"')]  # noqa: S608
    return "\n".join(texts)
