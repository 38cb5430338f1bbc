"""Values as they come back, statements, many rows, opening and closing, on both engines."""

import re
import sqlite3
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from core import db
from core.db import DB
from core.db.worker import Worker
from tests.core.db.conftest import Thing, add, names
from tests.databases import ENGINES

pytestmark = pytest.mark.anyio
UNIQUE = re.compile("unique", re.IGNORECASE)


async def test_values_come_back_as_they_were_written(things: None) -> None:
    eight = timezone(timedelta(hours=8))
    thing = Thing(
        name="来访",
        text="{}",
        count=2**53 + 1,
        good=True,
        data=b"\x00\xff",
        at=datetime(2026, 11, 23, 7, 10, 0, 1, tzinfo=eight),
    )
    await Thing.insert(thing)
    row = (await Thing.select())[0]
    assert row == {
        "id": thing.id,
        "name": "来访",
        "text": "{}",
        "count": 2**53 + 1,
        "good": True,
        "data": b"\x00\xff",
        "at": datetime(2026, 11, 22, 23, 10, 0, 1, tzinfo=UTC),
    }
    assert row["at"].utcoffset() == timedelta(0)
    assert isinstance(row["good"], bool)
    raw = await db.fetch("SELECT * FROM thing WHERE id = {} AND at = {}", thing.id, thing.at)
    assert raw == [row]


async def test_moments_sort_and_compare_by_time_whatever_their_fraction(things: None) -> None:
    start = datetime(2026, 11, 23, tzinfo=UTC)
    moments = [start + timedelta(microseconds=step) for step in (0, 1, 999_999, 1_000_000)]
    for number, moment in enumerate(moments):
        await Thing.insert(Thing(name=str(number), at=moment))
    rows = await Thing.select(Thing.at).where(Thing.at > start).order_by(Thing.at)
    assert [row["at"] for row in rows] == moments[1:]


async def test_sqlite_refuses_a_moment_without_zone(sqlite_database: str) -> None:
    await Thing.create_table()
    with pytest.raises(Exception, match=r"time zone|binding"):
        await db.execute("UPDATE thing SET at = {}", datetime(2026, 11, 23))  # noqa: DTZ001


async def test_execute_counts_the_rows_it_changed(things: None) -> None:
    await db.execute_many(
        "INSERT INTO thing (id, name) VALUES ({}, {})",
        [(uuid.uuid4(), f"n{number}") for number in range(3)],
    )
    assert await db.execute("UPDATE thing SET count = count + 1 WHERE name <> {}", "n0") == 2
    assert await db.execute("UPDATE thing SET count = 5 WHERE name = {} AND count = 7", "n0") == 0
    assert await db.execute("DELETE FROM thing") == 3


async def test_many_rows_are_inserted_all_or_none(things: None) -> None:
    rows = [(uuid.uuid4(), name) for name in ("a", "b", "a")]
    with pytest.raises(Exception, match=UNIQUE):
        await db.execute_many("INSERT INTO thing (id, name) VALUES ({}, {})", rows)
    assert await names() == []


async def test_braces_in_sql_are_doubled_and_in_values_harmless(things: None) -> None:
    await db.execute(
        "INSERT INTO thing (id, name, text) VALUES ({}, {}, '{{}}')", uuid.uuid4(), "{}"
    )
    assert await db.fetch("SELECT name, text FROM thing") == [{"name": "{}", "text": "{}"}]
    with pytest.raises(ValueError, match="empty places"):
        await db.fetch("SELECT {name}", 1)


async def test_a_snapshot_reads_results_in_pieces_as_they_were_at_its_start(things: None) -> None:
    rows = [(uuid.uuid4(), f"n{number:03}") for number in range(250)]
    await db.execute_many("INSERT INTO thing (id, name) VALUES ({}, {})", rows)
    sizes: list[int] = []
    async with db.snapshot() as read:
        async for piece in read("SELECT name FROM thing WHERE name >= {}", ("n",), 100):
            sizes.append(len(piece))
            if len(sizes) == 1:
                await add("n999")
        async for piece in read("SELECT name FROM thing"):
            sizes.append(len(piece))
    assert sizes == [100, 100, 50, 250]


async def test_one_process_can_change_from_one_engine_to_the_other(
    sqlite_url: str, postgres_url: str
) -> None:
    for url, dialect in (
        (sqlite_url, "sqlite"),
        (postgres_url, "postgres"),
        (sqlite_url, "sqlite"),
    ):
        await db.open(url)
        try:
            assert DB.engine_type == dialect
            assert Thing.select().engine_type == dialect
            await Thing.create_table(if_not_exists=True)
            await Thing.insert(Thing(name=uuid.uuid4().hex[:8]))
        finally:
            await db.close()
    await db.open(sqlite_url)
    assert len(await names()) == 2
    await db.close()


async def test_each_test_is_given_databases_of_its_own(database_urls: Callable[[], str]) -> None:
    for _ in range(3):
        await db.open(database_urls())
        try:
            await Thing.create_table()
            await add("a")
            assert await names() == ["a"]
        finally:
            await db.close()


async def test_a_closed_database_says_so() -> None:
    with pytest.raises(db.DatabaseNotOpenError):
        await Thing.select()
    with pytest.raises(db.DatabaseNotOpenError):
        async with db.writing():
            pass


async def test_a_second_database_is_not_opened_beside_the_first(sqlite_database: str) -> None:
    with pytest.raises(db.DatabaseOpenError):
        await db.open(sqlite_database)
    assert await db.fetch("SELECT 1 AS one") == [{"one": 1}]


@pytest.mark.parametrize("url", ["mysql://localhost/x", "laifang.sqlite", "sqlite://x"])
async def test_an_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(db.DatabaseUnusableError, match="sqlite:///"):
        await db.open(url)
    assert not db.is_open()


def test_both_engines_are_tested() -> None:
    assert ENGINES == ("sqlite", "postgresql")


async def test_many_rows_batch_after_batch_are_all_written(things: None) -> None:
    # Each batch reuses the statement of the one before, whose cursor must be gone by then.
    async with db.writing():
        for batch in range(60):
            rows = [(uuid.uuid4(), f"{batch}-{number}") for number in range(400)]
            await db.execute_many("INSERT INTO thing (id, name) VALUES ({}, {})", rows)
    rows_written = await db.fetch("SELECT count(*) AS n FROM thing")
    assert rows_written[0]["n"] == 60 * 400


async def test_whoever_asks_a_closed_worker_is_told_at_once(tmp_path) -> None:
    worker = Worker("late", lambda: sqlite3.connect(tmp_path / "late.sqlite"))
    await worker.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        await worker.submit(lambda connection: connection.execute("SELECT 1"))
