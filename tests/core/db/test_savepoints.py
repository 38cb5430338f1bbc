# ruff: noqa: PT012 - an act is a block of several statements
"""Savepoints inside an act: what fails in one fails alone."""

import asyncio
import re
from contextlib import suppress

import pytest

from core import db
from core.db import TransactionLostError
from tests.core.db.conftest import add, names

pytestmark = pytest.mark.anyio
UNIQUE = re.compile("unique", re.IGNORECASE)


async def test_a_savepoint_fails_alone(things: None) -> None:
    told: list[str] = []
    async with db.writing():
        await add("a")
        db.after_commit(lambda: told.append("a"))
        with pytest.raises(RuntimeError):
            async with db.savepoint():
                await add("b")
                db.after_commit(lambda: told.append("b"))
                raise RuntimeError
        await add("c")
    assert await names() == ["a", "c"]
    assert told == ["a"]


async def test_a_failed_statement_in_a_savepoint_leaves_the_act_sound(things: None) -> None:
    async with db.writing():
        await add("a")
        with pytest.raises(Exception, match=UNIQUE):
            async with db.savepoint():
                await add("a")
        await add("b")
    assert await names() == ["a", "b"]


async def test_a_failed_statement_swallowed_in_a_savepoint_leaves_the_act_sound(
    things: None,
) -> None:
    async with db.writing():
        await add("a")
        with pytest.raises(TransactionLostError):
            async with db.savepoint():
                await add("b")
                with suppress(Exception):
                    await add("a")
        await add("c")
    assert await names() == ["a", "c"]


async def test_a_check_that_runs_out_of_time_in_a_savepoint_leaves_the_act_sound(
    things: None,
) -> None:
    async def slow_check() -> None:
        async with db.savepoint():
            await add("b")
            await asyncio.sleep(5)

    async with db.writing():
        await add("a")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(slow_check(), 0.02)
        await add("c")
    assert await names() == ["a", "c"]


async def test_a_query_that_is_cut_off_in_a_savepoint_leaves_the_act_sound(things: None) -> None:
    long = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000)"
        " SELECT count(*) AS c FROM n"
    )

    async def slow_check() -> None:
        async with db.savepoint():
            await db.fetch(long)

    async with db.writing():
        await add("a")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(slow_check(), 0.02)
        await add("c")
    assert await names() == ["a", "c"]


async def test_a_failed_inner_act_in_a_savepoint_leaves_the_act_sound(things: None) -> None:
    async with db.writing():
        await add("a")
        with pytest.raises(RuntimeError):
            async with db.savepoint(), db.writing():
                await add("b")
                raise RuntimeError
    assert await names() == ["a"]


async def test_savepoints_nest(things: None) -> None:
    async with db.writing():
        with pytest.raises(RuntimeError):
            async with db.savepoint():
                await add("a")
                async with db.savepoint():
                    await add("b")
                raise RuntimeError
        async with db.savepoint():
            await add("c")
            with pytest.raises(RuntimeError):
                async with db.savepoint():
                    await add("d")
                    raise RuntimeError
    assert await names() == ["c"]


async def test_a_savepoint_needs_an_act_around_it(things: None) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        async with db.savepoint():
            pass
