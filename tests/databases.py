"""Databases for tests: real SQLite files and a real PostgreSQL, migrated once and copied for each test."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from core import db
from core.attachments import services as attachments
from core.schema import migrate
from tests import hours
from tests.once import made_once
from tests.postgres import (
    Databases,
    fresh_database,
    make_template,
    read_template,
    run_alone,
    server_from_pip,
)  # fmt: skip

ENGINES = ("sqlite", "postgresql")
_numbers = count(1)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on asyncio, the loop of the application."""
    return "asyncio"


async def _migrate(url: str) -> None:
    await db.open(url)
    try:
        await migrate()
    finally:
        await db.close()


# -- SQLite


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    """A migrated, closed SQLite file to copy."""

    def make(folder: Path) -> None:
        run_alone(_migrate(f"sqlite:///{folder}/template.sqlite"))

    return made_once("sqlite", make) / "template.sqlite"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh migrated SQLite file, not opened here."""
    path = tmp_path / "laifang.sqlite"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


# -- PostgreSQL


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a PostgreSQL server where databases may be made; or TEST_DATABASE_URL."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given
    folder = made_once("server", server_from_pip)
    return json.loads((folder / "running.json").read_text())["url"]


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: str) -> Iterator[Databases]:
    """The migrated PostgreSQL databases of this session."""
    folder = made_once("migrated", lambda made: make_template(made, postgres_server, _migrate))
    databases = Databases(postgres_server, read_template(folder))
    yield databases
    databases.close()


@pytest.fixture
def postgres_url(postgres_databases: Databases) -> Iterator[str]:
    """The address of a fresh migrated PostgreSQL database, not opened here."""
    url = postgres_databases.take()
    yield url
    postgres_databases.give_back(url)


# -- either


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh migrated database, on each engine in turn, not opened here."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture(params=ENGINES)
def database_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes fresh migrated databases, on each engine in turn; gives their addresses."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")

        def copy() -> str:
            path = tmp_path / f"laifang-{next(_numbers)}.sqlite"
            shutil.copyfile(template, path)
            return f"sqlite:///{path}"

        yield copy
        return
    databases = request.getfixturevalue("postgres_databases")
    taken: list[str] = []

    def take() -> str:
        taken.append(databases.take())
        return taken[-1]

    yield take
    for url in taken:
        databases.give_back(url)


@pytest.fixture(params=ENGINES)
def empty_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes databases without any table, on each engine in turn; gives their addresses."""
    if request.param == "sqlite":
        yield lambda: f"sqlite:///{tmp_path}/empty-{next(_numbers)}.sqlite"
        return
    server = request.getfixturevalue("postgres_server")
    with ExitStack() as stack:
        yield lambda: stack.enter_context(fresh_database(server))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """A fresh migrated database, open in this process, on each engine in turn."""
    await db.open(database_url)
    yield database_url
    await attachments.settled()
    await db.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[str]:
    """A fresh migrated SQLite database, open in this process."""
    await db.open(sqlite_url)
    yield sqlite_url
    await attachments.settled()
    await db.close()


@pytest.fixture
async def postgres_database(postgres_url: str) -> AsyncIterator[str]:
    """A fresh migrated PostgreSQL database, open in this process."""
    await db.open(postgres_url)
    yield postgres_url
    await db.close()


def run_python(code: str, *arguments: str, url: str, **kwargs) -> subprocess.Popen[str]:
    """Start another Python process on a database; standard streams are pipes of text."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env={**hours.environment(), "LAIFANG_DATABASE_URL": url},
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **kwargs,
    )
