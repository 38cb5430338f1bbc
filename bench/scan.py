"""The whole scan over HTTP: token, device sign-in, plugin policies, durable transaction, answer.

One server process, 1 to 32 clients, SQLite (synchronous=FULL) and PostgreSQL (fsync, synchronous
commit). Two floors in the same run: the same endpoint with its store and its holders in memory, and
the same statements by the bare driver. Rounds alternate between what is compared; a ratio is the
median of the rounds' ratios, so that what else runs on the machine strikes both sides. Every scan is
allowed; anything else stops the bench.
"""

import asyncio
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import asyncpg
import msgspec
import uvloop

from core import clock, db
from core.gate import reading, writing
from core.gate.records import Counters, record_of
from core.gate.scans import EventRow, Move, Record
from core.permissions import Actor
from core.privacy import keys
from core.settings import load as load_settings
from tests.stand.data import DATABASE_FILE, prepare
from tests.stand.processes import ROOT, a_postgres, a_server
from tests.stand.server import WITHOUT_DATABASE, WITHOUT_PASSBACK

CLIENTS = (1, 4, 16, 32)
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "1.5"))
PASSES, DEVICES = 8000, 512
BATCH = 32
BATCHES = 40
ENGINES = ("sqlite", "postgresql")


def load(folder: Path, port: int, clients: int, seconds: float, offset: int) -> dict[str, float]:
    """Run clients in a process of their own; every verdict must be an allow."""
    command = [sys.executable, "-m", "tests.stand.load", str(folder / "stand.json")]
    command += [str(port), str(clients), str(seconds), str(offset % PASSES)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found = json.loads(done.stdout)
    if set(found["verdicts"]) != {"allow"}:
        raise RuntimeError(f"not every scan was allowed: {found['verdicts']}")
    return found


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def spread(values: Sequence[float]) -> list[float]:
    """Return the least and the most, as a sign of noise."""
    return [round(min(values), 1), round(max(values), 1)]


def at_http(engine: str, folder: Path, url: str, twin: tuple[Path, str]) -> dict[int, dict]:
    """Measure the endpoint with and without its database, round by round; return both rates."""
    found: dict[int, dict[str, list[float]]] = {
        n: {"with": [], "without": [], "ratio": [], "p50": [], "p99": []} for n in CLIENTS
    }
    with ExitStack() as stack:
        more = {WITHOUT_PASSBACK: "1"}
        served = stack.enter_context(a_server(folder, url, **more))
        floor = stack.enter_context(a_server(*twin, **more, **{WITHOUT_DATABASE: "1"}))
        for port in (served, floor):
            load(folder, port, 32, 2 * SECONDS, 0)
        offset = 0
        for _ in range(ROUNDS):
            for clients in CLIENTS:
                offset += 997
                without = load(folder, floor, clients, SECONDS, offset)
                whole = load(folder, served, clients, SECONDS, offset)
                kept = found[clients]
                kept["with"].append(whole["per_second"])
                kept["without"].append(without["per_second"])
                kept["ratio"].append(whole["per_second"] / without["per_second"])
                kept["p50"].append(whole["p50_ms"])
                kept["p99"].append(whole["p99_ms"])
    for clients, kept in found.items():
        p50, p99 = middle(kept["p50"]), middle(kept["p99"])
        ratio = middle(kept["ratio"])
        say(
            bench="scan",
            engine=engine,
            clients=clients,
            per_second=round(middle(kept["with"])),
            spread=spread(kept["with"]),
            floor={
                "what": "the same endpoint without a database",
                "per_second": round(middle(kept["without"])),
                "spread": spread(kept["without"]),
            },
            ratio=round(ratio, 2),
            p50_ms=round(p50, 2),
            p99_ms=round(p99, 2),
            p99_to_p50=round(p99 / p50, 1),
            aim={"ratio": 0.6, "p99_to_p50": 8, "met": ratio >= 0.6 and p99 <= 8 * p50}
            if clients == 32
            else None,
        )
    return found


def say(**line: object) -> None:
    """Print one line of JSON, without what is None."""
    print(json.dumps({k: v for k, v in line.items() if v is not None}), flush=True)


# -- at the database


class Scans:
    """Makes the records of scans that are all allowed, as the pipeline would."""

    def __init__(self, passes: Sequence[str]) -> None:
        self.passes = passes
        self.device, self.gate, self.site = uuid4(), uuid4(), uuid4()
        self.actor = Actor(kind="user", id=uuid4(), name="Guard", place="Gate 1")
        self.counters = Counters(load_settings().zone, 0)
        self.made = 0

    def batch(self, size: int, versions: dict[str, int]) -> list[Record]:
        """Return records for the next passes; `versions` are those stored, and are counted on."""
        return [self._record(versions) for _ in range(size)]

    def _record(self, versions: dict[str, int]) -> Record:
        self.made += 1
        pass_id = self.passes[self.made % len(self.passes)]
        version = versions.get(pass_id, 0)
        versions[pass_id] = version + 1
        now = clock.now_ms()
        event = EventRow(
            device=self.device, boot="bench", seq=self.made, at=now, mono=0, clock_offset=0,
            received_at=now, gate=self.gate, site=self.site, pass_id=pass_id, raw_hash="",
            direction=version % 2, verdict=0, code="", reason="", rule="", rule_version="", mode=0,
            source="camera", bundle=0, operator=self.actor.id, corrects=None,
        )  # fmt: skip
        move = Move(version, 1 - version % 2, version // 2 + 1, version % 2)
        return record_of(
            event, move, actor=self.actor, kind="lodge.badge", counters=self.counters, generation=0
        )


async def timed(
    apply: Callable[[list[Record]], object], scans: Scans, versions: dict[str, int], size: int,
    count: int, at_once: int = 1,
) -> float:  # fmt: skip
    """Return scans a second of so many batches, made beforehand; each must be stored whole."""
    batches = [scans.batch(size, versions) for _ in range(count)]
    waiting = iter(batches)

    async def pump() -> None:
        for batch in waiting:
            stored = await apply(batch)  # type: ignore[misc]
            assert len(stored) == size

    began = time.perf_counter()
    await asyncio.gather(*(pump() for _ in range(at_once)))
    return size * count / (time.perf_counter() - began)


async def bare_sqlite(path: Path) -> Callable[[list[Record]], object]:
    """Return what stores a batch by sqlite3 alone: one connection, one thread, no loop."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32768"):
        connection.execute(f"PRAGMA {pragma}")
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)

    async def apply(batch: list[Record]) -> object:
        ids = [record.event.pass_id for record in batch]
        places = ", ".join("?" * len(ids))
        sql = reading.PASSES_SQLITE.format(places=places)
        assert len(connection.execute(sql, ids).fetchall()) == len(ids)
        connection.execute("BEGIN IMMEDIATE")
        stored = writing.store_all(connection, batch, guarded=True)
        connection.execute("COMMIT")
        return stored

    return apply


async def bare_postgres(url: str) -> Callable[[list[Record]], object]:
    """Return what stores a batch by asyncpg alone, on one connection."""
    connection = await asyncpg.connect(url)
    read = reading.PASSES_POSTGRES.replace("{}", "$1")
    write = writing.apply_statement(guarded=True).replace("{}", "$1")

    async def apply(batch: list[Record]) -> object:
        ids = [record.event.pass_id for record in batch]
        assert len(await connection.fetch(read, ids)) == len(ids)
        rows = writing.rows_of(batch)
        return await connection.fetch(write, msgspec.json.encode(rows).decode())

    return apply


async def at_database(engine: str, folder: Path, url: str, twin: Path) -> dict[str, float]:
    """Measure the stores behind core.db against the bare driver, in batches and one by one."""
    keys.open(folder / "keys" / "keyring.json")
    await db.open(url)
    bare_known: dict[str, int]
    rates: dict[str, list[float]] = {k: [] for k in ("bare", "ours", "ratio", "bare_one", "one")}
    try:
        passes = [row["id"] for row in await db.fetch("SELECT id FROM pass ORDER BY id")]
        known = {
            row["id"]: row["version"] for row in await db.fetch("SELECT id, version FROM pass")
        }
        store = writing.store()

        async def ours(batch: list[Record]) -> object:
            ids = [record.event.pass_id for record in batch if record.event.pass_id]
            assert len((await store.load(ids, [])).passes) == len(ids)
            return await store.apply(batch)

        scans = Scans(passes)
        if engine == "sqlite":
            bare, other, bare_known = await bare_sqlite(twin), Scans(passes), {}
        else:
            bare, other, bare_known = await bare_postgres(url), scans, known
        for _ in range(ROUNDS):
            floor = await timed(bare, other, bare_known, BATCH, BATCHES)
            rate = await timed(ours, scans, known, BATCH, BATCHES, at_once=store.pumps)
            rates["bare"].append(floor)
            rates["ours"].append(rate)
            rates["ratio"].append(rate / floor)
            rates["bare_one"].append(await timed(bare, other, bare_known, 1, 200))
            rates["one"].append(await timed(ours, scans, known, 1, 200))
    finally:
        await db.close()
    found = {name: middle(values) for name, values in rates.items()}
    say(
        bench="scan_database",
        engine=engine,
        batch=BATCH,
        per_second=round(found["ours"]),
        spread=spread(rates["ours"]),
        floor={
            "what": "the same statements in the same batches by the bare driver",
            "per_second": round(found["bare"]),
            "spread": spread(rates["bare"]),
        },
        ratio=round(found["ratio"], 2),
        aim={"ratio": 0.6, "met": found["ratio"] >= 0.6},
    )
    return found


def at_one_client(engine: str, http: dict[int, dict], base: dict[str, float]) -> None:
    """Say what one scan of one client takes, and on what."""
    whole = 1e6 / middle(http[1]["with"])
    without = 1e6 / middle(http[1]["without"])
    bare, ours = 1e6 / base["bare_one"], 1e6 / base["one"]
    say(
        bench="scan_one_client",
        engine=engine,
        microseconds=round(whole),
        floor={"what": "one durable scan by the bare driver", "microseconds": round(bare)},
        ratio=round(bare / whole, 2),
        spent_on={
            "bare durable scan": round(bare),
            "core.db: threads, pool, values to facts": round(ours - bare),
            "HTTP, sign-in, Ed25519, policies, answer, client": round(without),
            "holders, queue, waiting between the two": round(whole - without - ours),
        },
    )


def run(engine: str) -> None:
    """Measure one engine."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="laifang-bench-")))
        path = folder / DATABASE_FILE
        url = f"sqlite:///{path}"
        if engine != "sqlite":
            url = stack.enter_context(a_postgres())
        stand = asyncio.run(prepare(folder, url, passes_=PASSES, single=0, devices=DEVICES))
        stand.save(folder / "stand.json")
        twin = folder / "twin"
        shutil.copytree(folder / "keys", twin / "keys")
        twin_url, bare_path = url, folder / "bare.sqlite"
        if engine == "sqlite":
            shutil.copyfile(path, twin / DATABASE_FILE)
            shutil.copyfile(path, bare_path)
            twin_url = f"sqlite:///{twin / DATABASE_FILE}"
        http = at_http(engine, folder, url, (twin, twin_url))
        base = uvloop.run(at_database(engine, folder, url, bare_path))
        at_one_client(engine, http, base)


def main() -> None:
    """Print lines of JSON, for the engines named or both."""
    for engine in sys.argv[1:] or ENGINES:
        run(engine)


if __name__ == "__main__":
    main()
