# ruff: noqa: PT012 - an act is a block of several statements
"""Acts that are cut off or cannot be committed, on both engines."""

import asyncio
import contextvars
import gc

import anyio
import pytest

from core import db
from core.db import DB

pytestmark = [pytest.mark.anyio, pytest.mark.faults]


@pytest.fixture
async def pairs(monkeypatch: pytest.MonkeyPatch, database_url: str):
    """Two tables that must agree, and a pool so small that one leaked connection would be felt."""
    monkeypatch.setenv("LAIFANG_DATABASE_CONNECTIONS", "2")
    await db.open(database_url)
    await db.run_script(
        """
        CREATE TABLE made_left (id INTEGER PRIMARY KEY);
        CREATE TABLE made_right (
            id INTEGER PRIMARY KEY REFERENCES made_left (id) DEFERRABLE INITIALLY DEFERRED
        );
        """
    )
    yield
    await db.close()


async def add(number: int) -> None:
    await db.execute("INSERT INTO made_left (id) VALUES ({})", number)
    await asyncio.sleep(0)
    await db.execute("INSERT INTO made_right (id) VALUES ({})", number)


async def ids(table: str) -> set[int]:
    return {row["id"] for row in await db.fetch(f"SELECT id FROM {table}")}


def connections_at_rest() -> bool:
    if db.is_sqlite():
        return True
    pool = db.pool()
    return pool.get_idle_size() == pool.get_size()


async def test_a_commit_that_fails_writes_nothing_and_harms_nobody_after(pairs: None) -> None:
    told: list[str] = []
    for number in range(6):
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            async with db.writing():
                await db.execute("INSERT INTO made_right (id) VALUES ({})", 99)
                db.after_commit(lambda: told.append("never"))
        assert not db.in_transaction()
        async with db.writing():
            await add(number)
    assert await ids("made_left") == await ids("made_right") == set(range(6))
    assert told == []
    assert connections_at_rest()


async def test_an_act_cancelled_at_any_moment_is_whole_or_absent(pairs: None) -> None:
    told: set[int] = set()
    finished: set[int] = set()

    async def act(number: int) -> None:
        async with db.writing():
            await add(number)
            db.after_commit(lambda: told.add(number))
        finished.add(number)

    for number in range(120):
        task = asyncio.create_task(act(number))
        for _ in range(number % 40):
            await asyncio.sleep(0)
        if number >= 80:
            await asyncio.sleep((number - 80) / 20_000)
        task.cancel()
        await asyncio.wait([task], timeout=10)
        assert task.done()
    async with asyncio.timeout(10), db.writing():
        await add(1000)
    left, right = await ids("made_left"), await ids("made_right")
    assert left == right
    assert told == left - {1000}, "who is told, is told the truth"
    assert finished <= left
    assert 0 < len(left) < 121, "some were cut off, some were not"
    assert connections_at_rest()


async def test_an_act_in_a_cancel_scope_that_runs_out_is_whole_or_absent(pairs: None) -> None:
    for number in range(40):
        with anyio.move_on_after(number / 10_000):
            async with db.writing():
                await add(number)
                await asyncio.sleep(0.0005)
    async with asyncio.timeout(5), db.writing():
        await add(1000)
    left = await ids("made_left")
    assert left == await ids("made_right")
    assert 1 < len(left) < 41
    assert connections_at_rest()


async def test_a_cancellation_during_a_roll_back_is_not_lost(pairs: None) -> None:
    cancelled = 0

    async def act(number: int) -> None:
        async with db.writing():
            await add(number)
            asyncio.current_task().get_loop().call_soon(asyncio.current_task().cancel)
            raise RuntimeError

    for number in range(20):
        task = asyncio.create_task(act(number))
        await asyncio.wait([task])
        cancelled += task.cancelled()
        assert task.cancelled() or isinstance(task.exception(), RuntimeError)
    assert cancelled == 20
    assert await ids("made_left") == set()
    assert connections_at_rest()


async def test_waiting_for_the_turn_to_write_can_be_cancelled(pairs: None) -> None:
    go = asyncio.Event()

    async def hold() -> None:
        async with db.writing():
            await db.execute("INSERT INTO made_left (id) VALUES (1)")
            await go.wait()

    async def wait_and_add(number: int) -> None:
        async with db.writing():
            await add(number)

    holder = asyncio.create_task(hold())
    await asyncio.sleep(0.05)
    waiting = [asyncio.create_task(wait_and_add(10 + n)) for n in range(5)]
    await asyncio.sleep(0.05)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    go.set()
    await holder
    async with asyncio.timeout(5), db.writing():
        await add(20)
    left = await ids("made_left")
    assert {1, 20} <= left
    assert left - {1} == await ids("made_right")
    assert connections_at_rest()


async def test_a_cancelled_statement_leaves_the_connection_usable(pairs: None) -> None:
    long = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000)"
        " SELECT count(*) AS c FROM n"
    )
    for _ in range(4):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(db.fetch(long), 0.05)
    async with asyncio.timeout(2):
        assert await db.fetch("SELECT 1 AS one") == [{"one": 1}]
    await asyncio.sleep(0.1)
    assert connections_at_rest()


async def test_a_generator_left_open_does_not_keep_the_turn_to_write(pairs: None) -> None:
    async def rows():
        async with db.writing():
            await add(1)
            yield 1
            await add(2)

    async for _ in rows():
        break
    gc.collect()
    await asyncio.sleep(0.1)
    assert connections_at_rest()
    async with asyncio.timeout(5):
        await asyncio.get_running_loop().create_task(
            self_contained(3), context=contextvars.Context()
        )
    assert 3 in await ids("made_left")
    assert await ids("made_left") == await ids("made_right")


async def self_contained(number: int) -> None:
    async with db.writing():
        await add(number)


async def test_many_acts_and_reads_at_once_all_come_through(pairs: None) -> None:
    async def act(number: int) -> None:
        async with db.writing():
            await add(number)
        assert number in await ids("made_right")

    async with asyncio.timeout(30):
        await asyncio.gather(*(act(number) for number in range(100)))
    assert len(await ids("made_left")) == 100
    assert connections_at_rest()
    assert DB.current() is None
