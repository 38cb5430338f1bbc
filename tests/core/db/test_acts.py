# ruff: noqa: PT012 - an act is a block of several statements
"""Acts: whole or not at all, joined, lost, side by side; what follows the commit."""

import asyncio
import contextvars
import re
from contextlib import suppress

import pytest

from core import db
from core.db import DB, TransactionLostError
from tests.core.db.conftest import Thing, add, names

pytestmark = pytest.mark.anyio


UNIQUE = re.compile("unique", re.IGNORECASE)


async def test_an_act_is_written_whole_or_not_at_all(things: None) -> None:
    with pytest.raises(RuntimeError, match="no"):
        async with db.writing():
            await add("a")
            assert db.in_transaction()
            raise RuntimeError("no")
    assert await names() == []
    assert not db.in_transaction()
    async with db.writing():
        await add("b")
        await add("c")
    assert await names() == ["b", "c"]


async def test_an_inner_act_joins_the_outer_one(things: None) -> None:
    with pytest.raises(RuntimeError):
        async with db.writing():
            async with db.writing():
                await add("a")
            assert db.in_transaction()
            raise RuntimeError
    assert await names() == []


async def test_an_inner_act_that_failed_takes_the_outer_one_with_it(things: None) -> None:
    async def outer() -> None:
        async with db.writing():
            await add("a")
            with suppress(RuntimeError):
                async with db.writing():
                    await add("b")
                    raise RuntimeError

    with pytest.raises(TransactionLostError):
        await outer()
    assert await names() == []


async def test_after_a_failed_inner_act_nothing_more_is_run(things: None) -> None:
    with pytest.raises(TransactionLostError):
        async with db.writing():
            with suppress(RuntimeError):
                async with db.writing():
                    raise RuntimeError
            await add("a")
    assert await names() == []


async def test_an_act_is_lost_when_the_error_of_a_statement_is_swallowed(things: None) -> None:
    await add("a")
    with pytest.raises(TransactionLostError):
        async with db.writing():
            await add("b")
            with suppress(Exception):
                await add("a")
    assert await names() == ["a"]
    with pytest.raises(TransactionLostError):
        async with db.writing():
            with suppress(Exception):
                await add("a")
            await add("b")
    assert await names() == ["a"]


async def test_an_act_that_was_ended_by_a_statement_writes_nothing_more(things: None) -> None:
    for statement in ("ROLLBACK", "rollback;"):
        with pytest.raises(TransactionLostError):
            async with db.writing():
                await add("a")
                await db.execute(statement)
                await add("b")
        with pytest.raises(TransactionLostError):
            async with db.writing():
                await add("a")
                await db.execute(statement)
    assert await names() == []
    await add("c")
    assert await names() == ["c"]


async def test_callbacks_come_after_the_commit_and_only_then(things: None) -> None:
    seen: list[object] = []
    async with db.writing():
        async with db.writing():
            await add("a")
            db.after_commit(lambda: seen.append(db.in_transaction()))
        assert seen == []
    assert seen == [False]
    with pytest.raises(RuntimeError):
        async with db.writing():
            db.after_commit(lambda: seen.append("never"))
            raise RuntimeError
    assert seen == [False]
    db.after_commit(lambda: seen.append("at once"))
    assert seen == [False, "at once"]


async def test_a_callback_that_fails_leaves_the_others_and_the_act(
    things: None, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[int] = []
    async with db.writing():
        await add("a")
        db.after_commit(lambda: seen.append(1 // 0))
        db.after_commit(lambda: seen.append(2))
    assert seen == [2]
    assert await names() == ["a"]
    assert "commit" in caplog.text


async def test_eight_writers_lose_no_update(things: None) -> None:
    await Thing.insert(Thing(name="n", count=0))

    async def increment() -> None:
        for _ in range(10):
            async with db.writing():
                query = "SELECT count FROM thing WHERE name = {} FOR UPDATE"
                found = (await db.fetch(query, "n"))[0]["count"]
                await asyncio.sleep(0)
                await Thing.update({Thing.count: found + 1}).where(Thing.name == "n")

    await asyncio.gather(*(increment() for _ in range(8)))
    assert (await Thing.select(Thing.count))[0]["count"] == 80


async def test_readers_do_not_see_an_act_before_its_commit(things: None) -> None:
    async def other() -> list[str]:
        return await names()

    async with db.writing():
        await add("a")
        assert await names() == ["a"]
        # A context without the transaction, as another request has it.
        alone = contextvars.Context()
        assert await asyncio.get_running_loop().create_task(other(), context=alone) == []
    assert await names() == ["a"]


async def test_a_task_started_inside_an_act_writes_for_itself_once_that_is_over(
    things: None,
) -> None:
    go = asyncio.Event()

    async def later() -> None:
        await go.wait()
        async with db.writing():
            await add("later")

    async with db.writing():
        task = asyncio.create_task(later())
        await add("a")
    go.set()
    await task
    assert await names() == ["a", "later"]


async def test_statements_sent_side_by_side_inside_an_act_run_one_after_another(
    things: None,
) -> None:
    async with db.writing():
        await asyncio.gather(*(add(f"n{number}") for number in range(8)))
    assert len(await names()) == 8


async def test_piccolos_own_ways_to_a_transaction_lead_to_the_same_one(things: None) -> None:
    made = await Thing.objects().get_or_create(Thing.name == "a", defaults={Thing.count: 3})
    assert made.count == 3
    atomic = DB.atomic()
    atomic.add(Thing.insert(Thing(name="b")), Thing.insert(Thing(name="a")))
    with pytest.raises(Exception, match=UNIQUE):
        await atomic.run()
    assert await names() == ["a"]
