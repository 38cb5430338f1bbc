"""A page asks the same question of the database once, and anew when something was written."""

import pytest

from core import db

pytestmark = pytest.mark.anyio
NUMBER = "SELECT count(*) AS n FROM migration WHERE app_name = {}"


async def number(name="later"):
    return (await db.fetch(NUMBER, name))[0]["n"]


async def test_the_same_question_is_asked_once_and_its_rows_are_everybodys_own(database, asked):
    with db.asking_once():
        [row] = await db.fetch(NUMBER, "later")
        row["n"] = "spoilt"
        assert await number() == 0
        assert await number("another") == 0
    assert len(asked.plain()) == 2
    await number()
    await number()
    assert len(asked.plain()) == 4, "outside every question is asked"


async def test_what_is_written_inside_is_seen_in_the_transaction_and_after_it(database):
    with db.asking_once():
        assert await number() == 0
        async with db.writing():
            await db.execute("INSERT INTO migration (name, app_name) VALUES ('x', 'later')")
            assert await number() == 1
            await db.execute("INSERT INTO migration (name, app_name) VALUES ('y', 'later')")
            assert await number() == 2
        assert await number() == 2


async def test_what_was_found_is_kept_for_a_page_and_forgotten_by_a_write(database):
    times = []

    async def find():
        times.append(1)
        return len(times)

    with db.asking_once():
        assert [await db.found_once("key", find) for _ in range(3)] == [1, 1, 1]
        async with db.writing():
            assert await db.found_once("key", find) == 2
        assert await db.found_once("key", find) == 3
    assert await db.found_once("key", find) == 4
