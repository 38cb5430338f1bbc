# ruff: noqa: PT012 - an act is a block of several statements
"""What can befall the SQLite file: a full disk, a second process, a power cut of the process."""

import asyncio
import os
import re
import signal
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

from core import db
from core.db import DB, DatabaseInUseError, DatabaseUnusableError, TransactionLostError
from core.db.sqlite import SQLiteBackend
from tests.databases import run_python

pytestmark = [pytest.mark.anyio, pytest.mark.faults]

ADD = "INSERT INTO made (body, half) VALUES ({}, {})"


@pytest.fixture
async def made(sqlite_database: str) -> None:
    await db.run_script("CREATE TABLE made (id INTEGER PRIMARY KEY, body TEXT, half INTEGER)")


async def act(size: int = 2000) -> None:
    async with db.writing():
        await db.execute(ADD, "x" * size, 1)
        await db.execute(ADD, "x" * size, 2)


async def halves() -> list[int]:
    rows = await db.fetch("SELECT half, count(*) AS n FROM made GROUP BY half ORDER BY half")
    return [row["n"] for row in rows]


async def limit_pages(more: int | None) -> None:
    def job(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {1 << 30 if more is None else pages + more}")

    backend = DB.backend
    assert isinstance(backend, SQLiteBackend)
    await backend.writer().submit(job)


async def test_a_full_database_refuses_whole_acts_and_goes_on_when_there_is_room(
    made: None,
) -> None:
    await act()
    await limit_pages(7)
    written = 1
    with pytest.raises(sqlite3.OperationalError, match="full"):
        while True:
            await act()
            written += 1
    assert written < 10
    assert await halves() == [written, written]
    assert not db.in_transaction()
    await limit_pages(None)
    await act()
    assert await halves() == [written + 1, written + 1]


async def test_after_the_disk_was_full_nothing_more_of_the_act_is_written(made: None) -> None:
    # SQLite may roll back by itself then; what follows would be committed statement by statement.
    await limit_pages(3)
    with pytest.raises(TransactionLostError):
        async with db.writing():
            await db.execute(ADD, "first", 1)
            with pytest.raises(sqlite3.OperationalError, match="full"):
                await db.execute(ADD, "x" * 100_000, 1)
            await db.execute(ADD, "last", 1)
    assert await halves() == []


async def test_an_act_with_a_full_disk_in_a_savepoint_is_whole_or_absent(made: None) -> None:
    await limit_pages(3)
    committed = False
    with suppress(TransactionLostError):
        async with db.writing():
            await db.execute(ADD, "first", 1)
            with pytest.raises(sqlite3.OperationalError, match="full"):
                async with db.savepoint():
                    await db.execute(ADD, "x" * 100_000, 1)
            await db.execute(ADD, "last", 2)
        committed = True
    assert await halves() == ([1, 1] if committed else [])
    assert not db.in_transaction()


async def test_a_job_on_the_writer_thread_is_one_act(made: None) -> None:
    def job(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO made (body, half) VALUES ('a', 1)")
        return connection.execute("INSERT INTO made (body, half) VALUES ('b', 2)").rowcount

    def broken(connection: sqlite3.Connection) -> None:
        job(connection)
        raise RuntimeError

    assert await db.write_on_thread(job) == 1
    with pytest.raises(RuntimeError):
        await db.write_on_thread(broken)
    assert await halves() == [1, 1]

    async def with_the_rest() -> None:
        async with db.writing():
            await db.write_on_thread(job)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await with_the_rest()
    assert await halves() == [1, 1]


async def test_a_cancelled_job_on_the_writer_thread_keeps_its_turn_until_done(made: None) -> None:
    def job(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO made (body, half) VALUES ('a', 1)")
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000)"
            " SELECT count(*) FROM n"
        ).fetchall()
        connection.execute("INSERT INTO made (body, half) VALUES ('b', 2)")

    task = asyncio.create_task(db.write_on_thread(job))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await halves() == [1, 1]
    await act()
    assert await halves() == [2, 2]


async def test_every_guarantee_is_in_force_on_every_connection(made: None) -> None:
    backend = DB.backend
    assert isinstance(backend, SQLiteBackend)

    def look(connection: sqlite3.Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "query_only")
        return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    same = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert await backend.writer().submit(look) == {**same, "query_only": 0}
    for reader in backend._readers:
        assert await reader.submit(look) == {**same, "query_only": 1}
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            await reader.submit(lambda connection: connection.execute("DELETE FROM made"))


async def test_the_file_is_for_its_owner_only(sqlite_database: str) -> None:
    path = Path(sqlite_database.removeprefix("sqlite:///"))
    await db.close()
    fresh = path.parent / "var" / "fresh.sqlite"
    await db.open(f"sqlite:///{fresh}")
    await db.execute("CREATE TABLE t (a)")
    files = sorted(fresh.parent.iterdir())
    assert [file.name for file in files] == [
        "fresh.sqlite",
        "fresh.sqlite-shm",
        "fresh.sqlite-wal",
        "fresh.sqlite.lock",
    ]
    assert {file.stat().st_mode & 0o077 for file in (*files, fresh.parent)} == {0}


async def test_what_is_deleted_is_gone_from_the_file(made: None, sqlite_url: str) -> None:
    canary = "金丝雀" * 400
    await db.execute(ADD, canary, 1)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    files = (path, path.with_name(f"{path.name}-wal"))
    assert any(canary.encode() in file.read_bytes() for file in files)
    await db.execute("DELETE FROM made")
    await db.close()
    assert [file.name for file in files if file.exists()] == [path.name]
    assert "金丝雀".encode() not in path.read_bytes()


async def test_what_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "letter.sqlite"
    path.write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(DatabaseUnusableError, match=r"letter\.sqlite.*not a database"):
        await db.open(f"sqlite:///{path}")
    assert not db.is_open()
    assert path.read_text().startswith("Dear Sir")


async def test_a_second_opening_in_the_same_process_is_refused_too(sqlite_database: str) -> None:
    path = Path(sqlite_database.removeprefix("sqlite:///"))
    link = path.parent / "link.sqlite"
    link.symlink_to(path)
    with pytest.raises(DatabaseInUseError):
        await SQLiteBackend.open(link, read_only=False, wait=0)
    assert (await db.fetch("SELECT count(*) AS n FROM site"))[0]["n"] == 0


async def test_a_reader_may_look_while_the_owner_writes(made: None, sqlite_url: str) -> None:
    await act()
    process = run_python(
        "import asyncio\n"
        "from core import db\n"
        "async def main():\n"
        "    await db.open(read_only=True)\n"
        "    print((await db.fetch('SELECT count(*) AS n FROM made'))[0]['n'])\n"
        "    for write in (db.execute('DELETE FROM made'), db.writing().__aenter__()):\n"
        "        try: await write\n"
        "        except db.DatabaseReadOnlyError as error: print(error.code)\n"
        "    await db.close()\n"
        "asyncio.run(main())\n",
        url=sqlite_url,
    )
    out, err = process.communicate(timeout=20)
    assert out.split() == ["2", "database_read_only", "database_read_only"], err
    await act()
    assert await halves() == [2, 2]


async def test_a_file_at_rest_can_be_read_without_a_lock(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    await db.open(sqlite_url, read_only=True)
    assert await db.fetch("SELECT count(*) AS n FROM site") == [{"n": 0}]
    await db.close()
    assert not path.with_name(f"{path.name}.lock").exists()
    with pytest.raises(DatabaseUnusableError, match="no such file"):
        await db.open(f"sqlite:///{path.parent}/nothing.sqlite", read_only=True)


HOLD = """
import asyncio, sys
from core import db
async def main():
    await db.open(wait=float(sys.argv[1]))
    print("open", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await db.close()
    print("closed", flush=True)
asyncio.run(main())
"""


async def test_a_second_process_is_refused_in_plain_words(sqlite_url: str) -> None:
    holder = run_python(HOLD, "0", url=sqlite_url)
    assert holder.stdout.readline() == "open\n"
    with pytest.raises(DatabaseInUseError) as caught:
        await db.open(sqlite_url)
    path = sqlite_url.removeprefix("sqlite:///")
    assert str(caught.value) == (
        f"The database file {path} is in use by another process ({holder.pid})."
        " Stop that one first, or use PostgreSQL to run several."
    )
    assert not db.is_open()
    second = run_python(HOLD, "0", url=sqlite_url)
    _, err = second.communicate(timeout=20)
    assert second.returncode == 1
    assert "is in use by another process" in err
    holder.communicate("\n", timeout=20)
    await db.open(sqlite_url)
    await db.close()


async def test_a_process_may_wait_for_the_file(sqlite_url: str) -> None:
    await db.open(sqlite_url)
    waiting = run_python(HOLD, "20", url=sqlite_url)
    await asyncio.sleep(0.3)
    assert waiting.poll() is None
    await db.close()
    out, err = await asyncio.to_thread(waiting.communicate, "\n", 20)
    assert out == "open\nclosed\n", err


WRITE = """
import asyncio
from core import db
async def main():
    await db.open()
    await db.run_script("CREATE TABLE IF NOT EXISTS made (id INTEGER PRIMARY KEY, body TEXT, half INTEGER)")
    number = 0
    while True:
        number += 1
        async with db.writing():
            await db.execute("INSERT INTO made (id, half) VALUES ({}, 1)", 2 * number)
            await db.execute("INSERT INTO made (id, half) VALUES ({}, 2)", 2 * number + 1)
        print(number, flush=True)
asyncio.run(main())
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
async def test_a_killed_process_loses_no_act_it_had_acknowledged(sqlite_url: str) -> None:
    acknowledged = 0
    for _ in range(3):
        process = run_python(
            WRITE.replace("number = 0", f"number = {acknowledged + 1}"), url=sqlite_url
        )
        acknowledged = int(process.stdout.readline())
        for _ in range(40):
            acknowledged = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate(timeout=10)
        if numbers := re.findall(r"^(\d+)\n", rest, re.MULTILINE):
            acknowledged = int(numbers[-1])
        await db.open(sqlite_url)
        rows = {row["id"] for row in await db.fetch("SELECT id FROM made")}
        assert {2 * acknowledged, 2 * acknowledged + 1} <= rows
        first, second = await halves()
        assert first == second
        assert await db.fetch("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        await db.close()


FILL = """
import asyncio, resource, signal, sys
from core import db
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def limit(size): resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
async def act(number):
    async with db.writing():
        for half in (1, 2):
            await db.execute("INSERT INTO made (body, half) VALUES ({}, {})", f"{number:08}" * 300, half)
async def main():
    await db.open()
    await db.run_script("CREATE TABLE made (id INTEGER PRIMARY KEY, body TEXT, half INTEGER)")
    limit(int(sys.argv[1]))
    written = failed = 0
    for number in range(400):
        try: await act(number)
        except Exception as error: failed += 1; print(type(error).__name__, error, file=sys.stderr)
        else: written += 1
    limit(resource.RLIM_INFINITY)
    for number in range(20): await act(number)
    await db.close()
    print(written, failed)
asyncio.run(main())
"""


@pytest.mark.skipif(os.name == "nt", reason="resource limits")
@pytest.mark.parametrize("room", [700_000, 1_000_000, 1_100_003])
async def test_writes_that_the_system_refuses_cost_only_their_own_act(
    sqlite_url: str, room: int
) -> None:
    process = run_python(FILL, str(room), url=sqlite_url)
    out, err = await asyncio.to_thread(process.communicate, timeout=60)
    assert process.returncode == 0, err
    written, failed = map(int, out.split())
    assert written > 0
    assert failed > 0
    await db.open(sqlite_url)
    try:
        assert await halves() == [written + 20, written + 20]
        assert await db.fetch("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    finally:
        await db.close()
