"""Several processes that migrate the same database at the same time."""

import asyncio
from collections.abc import Callable

import pytest

from core import db, schema
from tests.databases import run_python

pytestmark = [pytest.mark.anyio, pytest.mark.faults]

MIGRATE = """
import asyncio, sys
from core import db, schema
async def main():
    print("ready", flush=True)
    sys.stdin.readline()
    await db.open(wait=30)
    ran = await schema.migrate()
    left = await schema.pending()
    await db.close()
    print("ran", len(ran), "left", len(left))
asyncio.run(main())
"""


async def test_of_three_processes_that_migrate_at_once_one_does_it(
    empty_urls: Callable[[], str],
) -> None:
    url = empty_urls()
    processes = [run_python(MIGRATE, url=url) for _ in range(3)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    said = []
    for process in processes:
        out, err = await asyncio.to_thread(process.communicate, timeout=60)
        assert process.returncode == 0, err
        said.append(out.strip())
    await db.open(url)
    try:
        done = await db.fetch("SELECT app_name, name FROM migration")
        assert await schema.pending() == []
    finally:
        await db.close()
    assert done
    assert sorted(said) == ["ran 0 left 0", "ran 0 left 0", f"ran {len(done)} left 0"]
    assert len({(row["app_name"], row["name"]) for row in done}) == len(done)
