"""The whole scan at 10,000 and at 5,000,000 stored events: what has grown must not slow the gate.

Two databases of each engine, alike but for their past: events, as many log entries, made in bulk.
The floor is the small one, measured in the same rounds. Background work is off on both: the sealer
would first have to seal five million made-up entries. Aim: at most 1.15 x.
"""

import asyncio
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from bench.scan import DEVICES, ENGINES, PASSES, ROUNDS, SECONDS, load, middle, say, spread
from core.gate.tables import INDEXES as GATE_INDEXES
from core.log.tables import INDEXES as LOG_INDEXES
from tests.stand.data import DATABASE_FILE, prepare
from tests.stand.processes import a_postgres, a_server
from tests.stand.server import WITHOUT_BACKGROUND, WITHOUT_PASSBACK

FEW, MANY = 10_000, int(os.environ.get("BENCH_EVENTS", "5000000"))
CLIENTS = 32
START = 1_700_000_000_000  # epoch ms of the first made-up event, one each 700 ms from there
# Of what is rebuilt after filling: everything that is no key of its own.
_INDEXES = [
    one
    for one in (*GATE_INDEXES, *LOG_INDEXES)
    if " ON scan_event" in one or " ON log_entry" in one
]
_NAMES = [one.split(" INDEX ")[1].split(" ")[0] for one in _INDEXES]
_EVENT = (
    "INSERT INTO scan_event (device, boot, seq, at, received_at, gate, site, pass_id, direction,"
    " verdict, code, reason, rule, rule_version, source)"
)
_LOG = (
    "INSERT INTO log_entry (at, actor_kind, actor_name, place, act, record_kind, record_id, before,"
    " after, proof)"
)
_AFTER = (
    '{"device":"00000000-0000-0000-0000-000000000000","seq":1,"direction":"in","verdict":"allow"}'
)
_PROOF = "1." + "0" * 48


def fill_sqlite(path: Path, count: int) -> None:
    """Put so many events and log entries into a closed SQLite file."""
    connection = sqlite3.connect(path, isolation_level=None)
    run = connection.execute
    for pragma in ("synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
        run(f"PRAGMA {pragma}")
    for name in _NAMES:
        run(f"DROP INDEX {name}")
    devices = [row[0] for row in run("SELECT id FROM gate_device")]
    passes = [row[0] for row in run("SELECT id FROM pass")]
    gate, site = run("SELECT id, site FROM gate LIMIT 1").fetchone()

    def events() -> object:
        for n in range(count):
            yield (
                devices[n % len(devices)],
                n + 1,
                START + 700 * n,
                passes[n * 7919 % len(passes)],
                n % 2,
            )

    run("BEGIN")
    connection.executemany(
        f"{_EVENT} SELECT ?1, 'past', ?2, ?3, ?3, '{gate}', '{site}', ?4, ?5, 0, '', '', '', '', 'camera'",
        events(),
    )
    connection.executemany(
        f"{_LOG} SELECT ?3, 'user', 'Guard', 'Gate 1', 'scan.allow', 'pass', ?4, '', '{_AFTER}',"
        f" '{_PROOF}' WHERE ?1 <> '' AND ?2 > 0 AND ?5 >= 0",
        events(),
    )
    run("COMMIT")
    for index in _INDEXES:
        run(index)
    run("ANALYZE")
    run("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


async def fill_postgres(url: str, count: int) -> None:
    """Put so many events and log entries into a PostgreSQL database."""
    connection = await asyncpg.connect(url)
    try:
        for name in _NAMES:
            await connection.execute(f"DROP INDEX {name}")
        made = (
            f" FROM generate_series(0, {count - 1}) AS n,"
            " (SELECT array_agg(id) AS ids FROM gate_device) AS d,"
            " (SELECT array_agg(id) AS ids FROM pass) AS p,"
            " (SELECT id, site FROM gate LIMIT 1) AS g"
        )
        at = f"{START} + n::bigint * 700"
        one = "p.ids[1 + (n::bigint * 7919 % cardinality(p.ids))::int]"
        await connection.execute(
            f"{_EVENT} SELECT d.ids[1 + n % cardinality(d.ids)], 'past', n + 1, {at}, {at}, g.id,"
            f" g.site, {one}, n % 2, 0, '', '', '', '', 'camera'{made}",
            timeout=3600,
        )
        await connection.execute(
            f"{_LOG} SELECT {at}, 'user', 'Guard', 'Gate 1', 'scan.allow', 'pass', {one}, '',"
            f" '{_AFTER}', '{_PROOF}'{made}",
            timeout=3600,
        )
        for index in _INDEXES:
            await connection.execute(index, timeout=3600)
        await connection.execute("VACUUM ANALYZE", timeout=3600)
        await connection.execute("CHECKPOINT", timeout=3600)
    finally:
        await connection.close()


async def two_databases(url: str) -> tuple[str, str]:
    """Copy the prepared PostgreSQL database and return both addresses."""
    parts = urlsplit(url)
    connection = await asyncpg.connect(urlunsplit(parts._replace(path="/template1")))
    try:
        await connection.execute("CREATE DATABASE grown TEMPLATE postgres")
    finally:
        await connection.close()
    return url, urlunsplit(parts._replace(path="/grown"))


def run(engine: str) -> None:
    """Measure one engine."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="laifang-bench-")))
        small, large = folder, folder / "grown"
        urls = (f"sqlite:///{small / DATABASE_FILE}", f"sqlite:///{large / DATABASE_FILE}")
        if engine != "sqlite":
            urls = (stack.enter_context(a_postgres()), "")
        stand = asyncio.run(prepare(small, urls[0], passes_=PASSES, single=0, devices=DEVICES))
        stand.save(small / "stand.json")
        shutil.copytree(small / "keys", large / "keys")
        began = time.perf_counter()
        if engine == "sqlite":
            shutil.copyfile(small / DATABASE_FILE, large / DATABASE_FILE)
            fill_sqlite(small / DATABASE_FILE, FEW)
            fill_sqlite(large / DATABASE_FILE, MANY)
        else:
            urls = asyncio.run(two_databases(urls[0]))
            asyncio.run(fill_postgres(urls[0], FEW))
            asyncio.run(fill_postgres(urls[1], MANY))
        filled = time.perf_counter() - began
        more = {WITHOUT_PASSBACK: "1", WITHOUT_BACKGROUND: "1"}
        few = stack.enter_context(a_server(small, urls[0], **more))
        many = stack.enter_context(a_server(large, urls[1], **more))
        measure(engine, small, few, many, filled)


def measure(engine: str, folder: Path, few: int, many: int, filled: float) -> None:
    """Load both servers in turn and say how they differ."""
    for port in (few, many):
        load(folder, port, CLIENTS, 2 * SECONDS, 0)
    rates: dict[str, list[float]] = {"few": [], "many": [], "ratio": []}
    for number in range(ROUNDS):
        order = (few, many) if number % 2 else (many, few)
        found = {port: load(folder, port, CLIENTS, SECONDS, 997 * number) for port in order}
        rates["few"].append(found[few]["per_second"])
        rates["many"].append(found[many]["per_second"])
        rates["ratio"].append(found[few]["per_second"] / found[many]["per_second"])
    ratio = middle(rates["ratio"])
    say(
        bench="scan_growth",
        engine=engine,
        clients=CLIENTS,
        events=MANY,
        per_second=round(middle(rates["many"])),
        spread=spread(rates["many"]),
        floor={
            "what": "the same with a short past",
            "events": FEW,
            "per_second": round(middle(rates["few"])),
            "spread": spread(rates["few"]),
        },
        ratio=round(ratio, 2),
        filled_in_seconds=round(filled),
        aim={"ratio": 1.15, "met": ratio <= 1.15},
    )


def main() -> None:
    """Print lines of JSON, for the engines named or both."""
    for engine in sys.argv[1:] or ENGINES:
        run(engine)


if __name__ == "__main__":
    main()
