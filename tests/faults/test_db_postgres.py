# ruff: noqa: PT012 - an act is a block of several statements
"""What can befall the connections to PostgreSQL: cut, stuck, used up, left dirty."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from core import db
from core.db import (
    DatabaseBusyError,
    DatabaseClashError,
    DatabaseReadOnlyError,
    DatabaseUnusableError,
    OutcomeUnknownError,
    TransactionLostError,
    postgres,
)
from tests.databases import run_python

pytestmark = [pytest.mark.anyio, pytest.mark.faults]


@pytest.fixture
async def administrator(postgres_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres_url)
    yield connection
    await connection.close()


@pytest.fixture
async def made(
    monkeypatch: pytest.MonkeyPatch, postgres_url: str, administrator: asyncpg.Connection
) -> AsyncIterator[None]:
    monkeypatch.setenv("LAIFANG_DATABASE_CONNECTIONS", "2")
    await administrator.execute("CREATE TABLE made (id INTEGER PRIMARY KEY, n INTEGER DEFAULT 0)")
    await db.open(postgres_url)
    yield
    await db.close()


async def add(number: int) -> None:
    await db.execute("INSERT INTO made (id) VALUES ({})", number)


async def ids() -> list[int]:
    return [row["id"] for row in await db.fetch("SELECT id FROM made ORDER BY id")]


def at_rest() -> bool:
    return db.pool().get_idle_size() == db.pool().get_size()


async def cut(administrator: asyncpg.Connection) -> None:
    await administrator.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@pytest.mark.parametrize("notice", [0.0, 0.1])
async def test_a_connection_cut_in_an_act_costs_that_act_and_no_other(
    made: None, administrator: asyncpg.Connection, notice: float
) -> None:
    for number in range(5):
        with pytest.raises((TransactionLostError, OutcomeUnknownError)):
            async with db.writing():
                await add(number)
                await cut(administrator)
                await asyncio.sleep(notice)
        assert not db.in_transaction()
        async with asyncio.timeout(5), db.writing():
            await add(100 + number)
    assert await ids() == [100, 101, 102, 103, 104]
    assert at_rest()


async def test_connections_cut_at_rest_are_replaced_without_a_word(
    made: None, administrator: asyncpg.Connection
) -> None:
    await asyncio.gather(ids(), ids())
    for number in range(3):
        await cut(administrator)
        async with asyncio.timeout(5), db.writing():
            await add(number)
        await cut(administrator)
        await asyncio.sleep(0.05)
        assert await ids() == list(range(number + 1))
    assert at_rest()


async def test_two_acts_that_wait_for_each_other_cost_one_of_them(made: None) -> None:
    await add(1)
    await add(2)
    both = asyncio.Barrier(2)

    async def act(first: int, second: int) -> None:
        async with db.writing():
            await db.execute("UPDATE made SET n = n + 1 WHERE id = {}", first)
            await both.wait()
            await db.execute("UPDATE made SET n = n + 1 WHERE id = {}", second)

    async with asyncio.timeout(10):
        results = await asyncio.gather(act(1, 2), act(2, 1), return_exceptions=True)
    failed = [result for result in results if result is not None]
    assert [type(error) for error in failed] == [DatabaseClashError]
    assert await db.fetch("SELECT n FROM made") == [{"n": 1}, {"n": 1}]
    assert at_rest()


async def test_an_act_that_finds_no_free_connection_is_told_to_come_again(
    made: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "ACQUIRE_SECONDS", 0.1)
    go = asyncio.Event()

    async def hold(number: int) -> None:
        async with db.writing():
            await add(number)
            await go.wait()

    holders = [asyncio.create_task(hold(number)) for number in range(2)]
    await asyncio.sleep(0.05)
    with pytest.raises(DatabaseBusyError):
        async with db.writing():
            await add(9)
    with pytest.raises(DatabaseBusyError):
        await ids()
    go.set()
    await asyncio.gather(*holders)
    assert await ids() == [0, 1]
    assert at_rest()


async def test_a_transaction_left_open_on_a_pooled_connection_ends_there(made: None) -> None:
    connections = [await db.pool().acquire() for _ in range(2)]
    for number, connection in enumerate(connections):
        await connection.execute("BEGIN")
        await connection.execute("INSERT INTO made (id) VALUES ($1)", number)
        await db.pool().release(connection)
    assert await ids() == []
    async with db.writing():
        await add(7)
    assert await ids() == [7]


async def test_a_statement_cancelled_by_the_server_costs_its_act(
    made: None, administrator: asyncpg.Connection
) -> None:
    async def act() -> None:
        async with db.writing():
            await add(1)
            await db.fetch("SELECT pg_sleep(20)")

    task = asyncio.create_task(act())
    await asyncio.sleep(0.2)
    await administrator.execute(
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%'"
        " AND pid <> pg_backend_pid()"
    )
    with pytest.raises(asyncpg.QueryCanceledError):
        await task
    assert await ids() == []
    assert at_rest()


async def test_a_database_opened_for_reading_refuses_writes(postgres_url: str) -> None:
    await db.open(postgres_url, read_only=True)
    try:
        assert await db.fetch("SELECT count(*) AS n FROM site") == [{"n": 0}]
        with pytest.raises(DatabaseReadOnlyError):
            async with db.writing():
                pass
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await db.execute("DELETE FROM site")
    finally:
        await db.close()


async def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnusableError) as caught:
        await db.open("postgresql://keeper:secret@127.0.0.1:9/laifang")
    assert "127.0.0.1:9/laifang" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert not db.is_open()


async def test_a_server_that_does_not_keep_every_script_is_refused(postgres_server: str) -> None:
    connection = await asyncpg.connect(postgres_server)
    await connection.execute(
        "CREATE DATABASE laifang_latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"
    )
    try:
        with pytest.raises(DatabaseUnusableError, match="LATIN1 where UTF8"):
            await db.open(postgres_server.rpartition("/")[0] + "/laifang_latin")
        assert not db.is_open()
    finally:
        await connection.execute("DROP DATABASE laifang_latin WITH (FORCE)")
        await connection.close()


TAKE = """
import asyncio, sys
from core import db
async def main():
    await db.open()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    taken = []
    while True:
        async with db.writing():
            rows = await db.fetch(
                "SELECT id FROM made WHERE n = 0 ORDER BY id LIMIT 5 FOR UPDATE SKIP LOCKED")
            for row in rows:
                await db.execute("UPDATE made SET n = n + 1 WHERE id = {}", row["id"])
        if not rows: break
        taken += [row["id"] for row in rows]
    print(*taken)
    await db.close()
asyncio.run(main())
"""


async def test_processes_that_claim_work_at_once_never_take_the_same(
    made: None, postgres_url: str
) -> None:
    await db.execute_many("INSERT INTO made (id) VALUES ({})", [(n,) for n in range(300)])
    processes = [run_python(TAKE, url=postgres_url) for _ in range(3)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    taken: list[int] = []
    for process in processes:
        out, err = await asyncio.to_thread(process.communicate, timeout=30)
        assert process.returncode == 0, err
        taken += map(int, out.split())
    assert sorted(taken) == list(range(300))
    assert await db.fetch("SELECT DISTINCT n FROM made") == [{"n": 1}]
