"""What gates deliver after hours without network: verified, stored, folded, logged, counted, durably.

Deliveries of 500 acts, every pass at two gates in turn, in one process on one core. The floor in the same
run is the bare driver inserting the same rows of events and of the log, in the same batches, as durably.
Rounds alternate; a ratio is the median of the rounds' ratios.
"""

import asyncio
import json
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import uvloop

from core import clock, db
from core.gate import delivered_rows
from core.gate.delivering import DeliveringDevice, delivering_device
from core.gate.ingest import Ingest
from core.gate.offline_events import MOST_AT_ONCE, OfflineEvent, Upload
from core.log.proof import prove
from core.log.services import entry
from core.permissions import SYSTEM
from core.plugins import Plugins
from core.privacy import keys
from core.settings import load as load_settings
from tests.core.gate.scene import a_lodge
from tests.stand.data import DATABASE_FILE, Stand, prepare
from tests.stand.processes import a_postgres

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
BATCHES = 4
PASSES, DEVICES = 8000, 8
AIM_PER_MINUTE = 100_000
ENGINES = ("sqlite", "postgresql")
_LOG = (
    "at", "actor_kind", "actor_id", "actor_name", "place", "act", "record_kind", "record_id",
    "before", "after", "proof",
)  # fmt: skip


class Deliveries:
    """Makes deliveries: each pass goes in, then out, a minute later, at whichever device is next."""

    def __init__(self, stand: Stand, devices: Sequence[DeliveringDevice]) -> None:
        self._tokens = stand.tokens
        self._devices = devices
        self._made = count()
        self._numbers = {device.device_id: count(1) for device in devices}
        self._began = clock.now_ms() - 3_600_000

    def next(self, at: int) -> tuple[DeliveringDevice, Upload]:
        """Return the next delivery of a device."""
        device = self._devices[at % len(self._devices)]
        events = [self._event(device.device_id) for _ in range(MOST_AT_ONCE)]
        return device, Upload(events=events, waiting=MOST_AT_ONCE)

    def _event(self, device: UUID) -> OfflineEvent:
        number = next(self._made)
        return OfflineEvent(
            act="scan", seq=next(self._numbers[device]), boot="bench", wall=self._began + number,
            mono=number, offset=0, token=self._tokens[number % len(self._tokens)], raw_hash="",
            direction=number // len(self._tokens) % 2, source="camera", verdict=0, code="",
            reason="", rule="", version="", bundle=self._began, operator=None, corrects=None,
            note="",
        )  # fmt: skip


Apply = Callable[[Sequence[tuple[Any, ...]], Sequence[tuple[Any, ...]]], Awaitable[None]]


def rows_of(device: DeliveringDevice, upload: Upload) -> tuple[list[Any], list[Any]]:
    """Return the rows of a delivery as the floor inserts them, made beforehand."""
    now = clock.now_ms()
    events, log = [], []
    for event in upload.events:
        events.append(
            (
                device.device_id, event.boot, event.seq, event.wall, event.mono, 0, now,
                device.gate_id, device.site_id, None, event.token[:64], event.direction, 0, "", "",
                "", "", 1, "camera", event.bundle, None, None, None,
            )
        )  # fmt: skip
        values = entry(SYSTEM, "scan.allow", "pass", event.seq, now, "", '{"mode":"offline"}' * 6)
        log.append((*values, prove(values)))
    return events, log


def bare_sqlite(path: Path) -> Apply:
    """Return what inserts by sqlite3 alone."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32768"):
        connection.execute(f"PRAGMA {pragma}")
    names = delivered_rows.COLUMNS
    event_sql = (
        f"INSERT INTO scan_event ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    )
    log_sql = f"INSERT INTO log_entry ({', '.join(_LOG)}) VALUES ({', '.join('?' * len(_LOG))})"

    async def apply(events: Sequence[tuple[Any, ...]], log: Sequence[tuple[Any, ...]]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(event_sql, [_plain(row) for row in events])
        connection.executemany(log_sql, [_plain(row) for row in log])
        connection.execute("COMMIT")

    return apply


def _plain(row: Sequence[Any]) -> list[Any]:
    return [str(value) if isinstance(value, UUID) else value for value in row]


async def bare_postgres(url: str) -> Apply:
    """Return what inserts by asyncpg alone, on one connection."""
    connection = await asyncpg.connect(url)
    names = delivered_rows.COLUMNS
    event_sql = f"INSERT INTO scan_event ({', '.join(names)}) VALUES ({_dollars(len(names))})"
    log_sql = f"INSERT INTO log_entry ({', '.join(_LOG)}) VALUES ({_dollars(len(_LOG))})"

    async def apply(events: Sequence[tuple[Any, ...]], log: Sequence[tuple[Any, ...]]) -> None:
        async with connection.transaction():
            await connection.executemany(event_sql, events)
            await connection.executemany(log_sql, log)

    return apply


def _dollars(number: int) -> str:
    return ", ".join(f"${n}" for n in range(1, number + 1))


async def measure(engine: str, folder: Path, url: str, twin: str, stand: Stand) -> None:
    """Measure and print one engine."""
    keys.open(folder / "keys" / "keyring.json")
    await db.open(url)
    try:
        rates: dict[str, list[float]] = {"ours": [], "bare": [], "ratio": [], "core": []}
        ids = [UUID(device.id) for device in stand.devices]
        devices = [await delivering_device(one) for one in ids]
        ours, theirs = Deliveries(stand, devices), Deliveries(stand, devices)
        ingest = Ingest(Plugins({"lodge": a_lodge()}), zone=load_settings().zone)
        bare = bare_sqlite(Path(twin)) if engine == "sqlite" else await bare_postgres(twin)
        for turn in range(ROUNDS):
            made = [rows_of(*theirs.next(turn * BATCHES + n)) for n in range(BATCHES)]
            began = time.perf_counter()
            for events, log in made:
                await bare(events, log)
            floor = BATCHES * MOST_AT_ONCE / (time.perf_counter() - began)
            uploads = [ours.next(turn * BATCHES + n) for n in range(BATCHES)]
            began, worked = time.perf_counter(), time.process_time()
            for device, upload in uploads:
                done = await ingest.take(upload, device, at=clock.now())
                assert len(done.acked) == MOST_AT_ONCE
            rate = BATCHES * MOST_AT_ONCE / (time.perf_counter() - began)
            rates["core"].append(BATCHES * MOST_AT_ONCE / (time.process_time() - worked))
            rates["bare"].append(floor)
            rates["ours"].append(rate)
            rates["ratio"].append(rate / floor)
    finally:
        await db.close()
    middle = {name: statistics.median(values) for name, values in rates.items()}
    line = {
        "bench": "ingest",
        "engine": engine,
        "batch": MOST_AT_ONCE,
        "per_minute": round(middle["ours"] * 60),
        "per_minute_of_one_core": round(middle["core"] * 60),
        "spread_per_second": [round(min(rates["ours"])), round(max(rates["ours"]))],
        "floor": {
            "what": "the bare driver inserting the same events and rows of the log",
            "per_minute": round(middle["bare"] * 60),
        },
        "ratio": round(middle["ratio"], 3),
        "aim": {
            "per_minute_of_one_core": AIM_PER_MINUTE,
            "met": middle["core"] * 60 >= AIM_PER_MINUTE,
        },
    }
    print(json.dumps(line), flush=True)


def run(engine: str) -> None:
    """Measure one engine on a fresh database."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="laifang-bench-")))
        url = twin = f"sqlite:///{folder / DATABASE_FILE}"
        if engine != "sqlite":
            url = stack.enter_context(a_postgres())
            twin = stack.enter_context(a_postgres())
            asyncio.run(prepare(folder, twin, passes_=1, single=0, devices=1))
        stand = asyncio.run(prepare(folder, url, passes_=PASSES, single=0, devices=DEVICES))
        if engine == "sqlite":
            twin = str(folder / "bare.sqlite")
            shutil.copyfile(folder / DATABASE_FILE, twin)
        uvloop.run(measure(engine, folder, url, twin, stand))


def main() -> None:
    """Print a line of JSON for each engine named, or both."""
    for engine in sys.argv[1:] or ENGINES:
        run(engine)


if __name__ == "__main__":
    main()
