# ruff: noqa: PT012 - an act is a block of several statements
import asyncio
import contextvars
import re
import sqlite3
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz, Varchar
from piccolo.table import Table

from core import db
from core.db import DB, TransactionLostError
from core.db.worker import Worker
from tests.databases import ENGINES

pytestmark = pytest.mark.anyio


UNIQUE = re.compile("unique", re.IGNORECASE)


class Thing(Table, tablename="thing"):
    id = UUID(primary_key=True, default=uuid.uuid4)
    name = Varchar(length=10, unique=True)
    text = Text(default="")
    count = BigInt(default=0)
    good = Boolean(default=False)
    data = Bytea(default=b"")
    at = Timestamptz(null=True, default=None)


@pytest.fixture
async def things(database: str) -> None:
    await Thing.create_table()


async def names() -> list[str]:
    return [row["name"] for row in await Thing.select(Thing.name).order_by(Thing.name)]


async def add(name: str) -> None:
    await Thing.insert(Thing(name=name))


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


async def test_piccolos_own_ways_to_a_transaction_lead_to_the_same_one(things: None) -> None:
    made = await Thing.objects().get_or_create(Thing.name == "a", defaults={Thing.count: 3})
    assert made.count == 3
    atomic = DB.atomic()
    atomic.add(Thing.insert(Thing(name="b")), Thing.insert(Thing(name="a")))
    with pytest.raises(Exception, match=UNIQUE):
        await atomic.run()
    assert await names() == ["a"]


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
