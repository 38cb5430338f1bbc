"""Token buckets in the database: bounded, refilled by time, true under many at once."""

import asyncio
from datetime import timedelta

import pytest

from core import clock, db
from core.accounts.limits import (
    Limit,
    TooOftenError,
    forget_full,
    give_back,
    key_of,
    refill,
    take,
    take_or_refuse,
)

LIMIT = Limit(tries=3, every_seconds=10)


async def test_so_many_tries_then_a_wait(database):
    at = clock.now()
    assert [await take("k", LIMIT, at=at) for _ in range(5)] == [0, 0, 0, 10, 10]
    assert await take("other", LIMIT, at=at) == 0


async def test_time_gives_tries_back_one_by_one_and_never_more_than_all(database):
    at = clock.now()
    for _ in range(4):
        await take("k", LIMIT, at=at)
    at += timedelta(seconds=4)
    assert await take("k", LIMIT, at=at) == 6
    at += timedelta(seconds=6)
    assert await take("k", LIMIT, at=at) == 0
    assert await take("k", LIMIT, at=at) == 10
    at += timedelta(days=300)
    assert [await take("k", LIMIT, at=at) for _ in range(4)] == [0, 0, 0, 10]


async def test_a_clock_that_goes_back_gives_nothing(database):
    at = clock.now()
    for _ in range(3):
        await take("k", LIMIT, at=at)
    assert await take("k", LIMIT, at=at - timedelta(days=1)) > 0


async def test_of_many_at_once_only_so_many_get_through(database):
    at = clock.now()
    waits = await asyncio.gather(*(take("k", LIMIT, at=at) for _ in range(30)))
    assert sorted(waits)[:4] == [0, 0, 0, 10]


async def test_a_good_try_is_given_back(database):
    at = clock.now()
    for _ in range(50):
        assert await take("k", LIMIT, at=at) == 0
        await give_back("k", LIMIT)


async def test_a_refusal_says_how_long_to_wait_and_a_refill_ends_it(database):
    at = clock.now()
    for _ in range(3):
        await take_or_refuse("k", LIMIT, at=at)
    with pytest.raises(TooOftenError) as refused:
        await take_or_refuse("k", LIMIT, at=at)
    assert refused.value.retry_after == 10
    await refill("k")
    await take_or_refuse("k", LIMIT, at=at)


async def test_keys_hold_no_name_and_buckets_not_used_are_forgotten(database):
    at = clock.now()
    key = key_of("sign-in", "王小明", "10.1.2.3")
    assert "王" not in key
    assert "10.1" not in key
    assert key != key_of("sign-in", "王小明1", "0.1.2.3")
    await take(key, LIMIT, at=at)
    assert await forget_full(before=at + timedelta(days=1)) == 1
    assert await db.fetch("SELECT key FROM rate_limit") == []
