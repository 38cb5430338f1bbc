"""The pytest plugin: which plugin is tried, and databases to try it on."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg  # type: ignore[import-untyped]
import pytest

from core import db
from core.plugins import GROUP, Plugins, installed
from core.privacy import keys
from core.privacy.crypto import Keyring
from core.schema import installed_apps, migrate


@dataclass(frozen=True, slots=True)
class Tried:
    """The plugin under test: its name, its hooks' module and its folder."""

    name: str
    module: ModuleType
    package: str
    folder: Path


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the caller name the plugins to try."""
    parser.addoption(
        "--laifang-plugin",
        action="append",
        default=[],
        metavar="NAME",
        help="an installed plugin to run the conformance suite against (default: all)",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of the suite once for each plugin and engine."""
    if "tried" in metafunc.fixturenames:
        names = metafunc.config.getoption("--laifang-plugin") or [
            point.name for point in entry_points(group=GROUP)
        ]
        metafunc.parametrize("tried", sorted(names), indirect=True)
    if "opened" in metafunc.fixturenames:
        engines = ["sqlite", *(["postgresql"] if os.environ.get("TEST_DATABASE_URL") else [])]
        metafunc.parametrize("opened", engines, indirect=True)


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Tried:
    """Return the plugin under test."""
    module = installed([request.param])[request.param]
    return Tried(
        request.param, module, module.__name__.rpartition(".")[0], Path(str(module.__file__)).parent
    )


@pytest.fixture
def anyio_backend() -> str:
    """Run on asyncio, the loop of the application."""
    return "asyncio"


@pytest.fixture
def with_plugin(tried: Tried) -> Plugins:
    """Return the application's plugins with only the one under test."""
    return Plugins({tried.name: tried.module})


@pytest.fixture
async def opened(
    request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str
) -> AsyncIterator[str]:
    """Open an empty, migrated database and a fresh keyring; return the engine's name."""
    keys.hold(Keyring.generate())
    if request.param == "sqlite":
        await db.open(f"sqlite:///{tmp_path / 'conformance.sqlite'}")
    else:
        await _open_postgresql(os.environ["TEST_DATABASE_URL"])
    try:
        await migrate(installed_apps())
        yield str(request.param)
    finally:
        url = db.DB.url
        await db.close()
        if request.param == "postgresql":
            await _on_server(
                os.environ["TEST_DATABASE_URL"], f'DROP DATABASE "{urlsplit(url).path[1:]}"'
            )


async def _on_server(url: str, sql: str) -> None:
    connection: Any = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def _open_postgresql(url: str) -> None:
    name = f"conformance_{uuid4().hex[:12]}"
    await _on_server(url, f'CREATE DATABASE "{name}"')
    await asyncio.sleep(0)
    await db.open(urlunsplit(urlsplit(url)._replace(path=f"/{name}")))
