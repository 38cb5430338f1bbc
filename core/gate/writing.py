"""Storing a batch of scans in one durable transaction, on either engine.

A record is stored whole or not at all: the event, the change of its pass, its row of the log, its
count. It is left out when the pass changed since it was read (its version tells) or when the device
sent this number before; the pipeline then decides it anew. Floors and figures: bench/scan.py.
"""

import os
import sqlite3
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import msgspec

from core import db, settings
from core.gate.reading import load
from core.gate.scans import EventRow, Loaded, Record

UNGUARDED = "LAIFANG_TEST_UNGUARDED_GATE"
TEST_MARK = ".laifang-test-data"

_EVENT_FIELDS = EventRow._fields
_SITE = _EVENT_FIELDS.index("site")
_IDS = tuple(_EVENT_FIELDS.index(name) for name in ("device", "gate", "site", "operator"))
_LOG_FIELDS = (
    "at", "actor_kind", "actor_id", "actor_name", "place", "act", "record_kind", "record_id",
    "before", "after", "proof",
)  # fmt: skip


class UnguardedError(RuntimeError):
    """The test switch was set where real data may lie."""


def is_guarded() -> bool:
    """Say whether passes are compared before they are changed: always, but in one test.

    The switch shows that the test of kills would notice a missing guard. Outside a data directory
    that bears the mark of a test it stops the process.
    """
    if not os.environ.get(UNGUARDED):
        return True
    if not (settings.load().data_dir / TEST_MARK).exists():
        raise UnguardedError(f"{UNGUARDED} is for tests only.")
    return False


# -- SQLite: one hop to the writer thread

_INSERT_EVENT = (
    f"INSERT INTO scan_event ({', '.join(_EVENT_FIELDS)})"  # noqa: S608
    f" VALUES ({', '.join('?' * len(_EVENT_FIELDS))}) ON CONFLICT (device, seq) DO NOTHING"
)
_INSERT_EVENT_IF = (
    f"INSERT INTO scan_event ({', '.join(_EVENT_FIELDS)})"  # noqa: S608
    f" SELECT {', '.join('?' * len(_EVENT_FIELDS))}"
    " WHERE EXISTS (SELECT 1 FROM pass WHERE id = ? AND version = ?)"
    " ON CONFLICT (device, seq) DO NOTHING"
)
_SET_PRESENCE = (
    "UPDATE pass SET inside = ?, entries = ?, last_at = ?, last_direction = ?, last_event = ?,"
    " version = version + 1 WHERE id = ?"
)
_INSERT_LOG = (
    f"INSERT INTO log_entry ({', '.join(_LOG_FIELDS)})"  # noqa: S608
    f" VALUES ({', '.join('?' * len(_LOG_FIELDS))})"
)
_COUNT = (
    "INSERT INTO scan_counter (id, day, gate, kind, direction, verdict, code, total)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET total = total + excluded.total"
)
_INSERT_CONFLICT = (
    "INSERT INTO scan_conflict (id, kind, key, pass_id, first_event, second_event, site, opened_at,"
    " note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '') ON CONFLICT (key) DO NOTHING"
)


@lru_cache(maxsize=4096)
def _text(key: UUID | None) -> str | None:
    """Return an id as SQLite keeps it; devices, gates and operators come again and again."""
    return None if key is None else str(key)


def _event_values(event: EventRow) -> tuple[Any, ...]:
    values: list[Any] = list(event)
    for place in _IDS:
        values[place] = _text(values[place])
    return tuple(values)


def store_all(
    connection: sqlite3.Connection, records: Sequence[Record], *, guarded: bool
) -> dict[int, int]:
    """Store records inside the transaction that is open; see scans.Store."""
    stored: dict[int, int] = {}
    log: list[tuple[Any, ...]] = []
    counts: dict[str, tuple[Record, int]] = {}
    execute = connection.execute
    for place, record in enumerate(records):
        event, move = record.event, record.move
        values = _event_values(event)
        if move is None or not guarded:
            cursor = execute(_INSERT_EVENT, values)
        else:
            cursor = execute(_INSERT_EVENT_IF, (*values, event.pass_id, move.version))
        if cursor.rowcount < 1:
            continue
        event_id = cursor.lastrowid
        assert event_id is not None  # noqa: S101 - a row was inserted
        stored[place] = event_id
        if move is not None:
            execute(
                _SET_PRESENCE,
                (move.inside, move.entries, event.at, move.direction, event_id, event.pass_id),
            )
            if move.conflict:
                execute(
                    _INSERT_CONFLICT,
                    (
                        str(uuid4()),
                        move.conflict,
                        move.conflict_key,
                        event.pass_id,
                        move.first_event,
                        event_id,
                        values[_SITE],
                        event.received_at,
                    ),
                )
        log.append((*record.log[:2], _text(record.log[2]), *record.log[3:], record.proof))
        counter = record.counter
        _, count = counts.get(counter.id, (record, 0))
        counts[counter.id] = (record, count + 1)
    connection.executemany(_INSERT_LOG, log)
    connection.executemany(
        _COUNT,
        [
            (
                key,
                record.counter.day,
                _text(record.event.gate),
                record.counter.kind,
                record.event.direction,
                record.event.verdict,
                record.event.code,
                count,
            )
            for key, (record, count) in counts.items()
        ],
    )
    return stored


class _Reading:
    """Reads the same way on both engines."""

    async def load(self, pass_ids: Sequence[str], known: Sequence[tuple[UUID, int]]) -> Loaded:
        """Read what a batch needs; see scans.Store."""
        return await load(pass_ids, known)


class SQLiteStore(_Reading):
    """Scans in SQLite: a batch is one job of the writer thread."""

    def __init__(self) -> None:
        self._guarded = is_guarded()
        self.pumps = 1

    async def apply(self, records: Sequence[Record]) -> Mapping[int, int]:
        """Store records; see scans.Store."""
        return await db.write_on_thread(
            lambda connection: store_all(connection, records, guarded=self._guarded)
        )


# -- PostgreSQL: one statement, one round trip

_TYPES = {
    "device": "uuid", "boot": "text", "seq": "bigint", "at": "bigint", "mono": "bigint",
    "clock_offset": "bigint", "received_at": "bigint", "gate": "uuid", "site": "uuid",
    "pass_id": "text", "raw_hash": "text", "direction": "smallint", "verdict": "smallint",
    "code": "text", "reason": "text", "rule": "text", "rule_version": "text", "mode": "smallint",
    "source": "text", "bundle": "bigint", "operator": "uuid", "corrects": "bigint",
}  # fmt: skip
_MOVE_TYPES = {
    "version": "int", "inside": "smallint", "entries": "int", "moved_to": "smallint",
    "conflict": "text", "conflict_key": "text", "first_event": "bigint",
}  # fmt: skip
_LOG_TYPES = {
    "log_at": "bigint", "actor_kind": "text", "actor_id": "uuid", "actor_name": "text",
    "place": "text", "act": "text", "record_kind": "text", "record_id": "text", "before": "text",
    "after": "text", "proof": "text",
}  # fmt: skip
_COUNTER_TYPES = {"counter": "text", "day": "text", "kind": "text"}
_COLUMNS = {"n": "int", **_TYPES, **_MOVE_TYPES, **_LOG_TYPES, **_COUNTER_TYPES}


def apply_statement(*, guarded: bool) -> str:
    """Return the one statement; locks are taken in the order of the ids, so that none deadlock."""
    events = ", ".join(_EVENT_FIELDS)
    guard = "i.version IS NULL OR l.version = i.version" if guarded else "true"
    return f"""
WITH i AS MATERIALIZED (
  SELECT * FROM json_to_recordset({{}}::json)
    AS i({", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())})),
l AS MATERIALIZED (
  SELECT id, version FROM pass
  WHERE id IN (SELECT pass_id FROM i WHERE version IS NOT NULL) ORDER BY id FOR UPDATE),
fit AS MATERIALIZED (
  SELECT i.* FROM i LEFT JOIN l ON l.id = i.pass_id WHERE {guard}),
stored AS (
  INSERT INTO scan_event ({events}) SELECT {events} FROM fit ORDER BY device, seq
  ON CONFLICT (device, seq) DO NOTHING RETURNING id, device, seq),
done AS MATERIALIZED (
  SELECT s.id AS event, f.* FROM stored s JOIN fit f USING (device, seq)),
moved AS (
  UPDATE pass SET inside = d.inside, entries = d.entries, last_at = d.at,
    last_direction = d.moved_to, last_event = d.event, version = pass.version + 1
  FROM done d WHERE d.version IS NOT NULL AND pass.id = d.pass_id),
clashed AS (
  INSERT INTO scan_conflict (id, kind, key, pass_id, first_event, second_event, site, opened_at,
    note)
  SELECT gen_random_uuid(), conflict, conflict_key, pass_id, first_event, event, site, received_at,
    '' FROM done WHERE conflict <> '' ON CONFLICT (key) DO NOTHING),
logged AS (
  INSERT INTO log_entry ({", ".join(_LOG_FIELDS)})
  SELECT {", ".join(_LOG_TYPES)} FROM done ORDER BY n),
counted AS (
  INSERT INTO scan_counter (id, day, gate, kind, direction, verdict, code, total)
  SELECT counter, min(day), min(gate::text)::uuid, min(kind), min(direction), min(verdict),
    min(code), count(*) FROM done GROUP BY counter ORDER BY counter
  ON CONFLICT (id) DO UPDATE SET total = scan_counter.total + excluded.total)
SELECT n, event FROM done"""  # noqa: S608 - names written in this module


_NO_MOVE = (None, None, None, None, "", "", None)


def rows_of(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Return records as the statement reads them."""
    return [
        dict(
            zip(
                _COLUMNS,
                (
                    place,
                    *record.event,
                    *(_NO_MOVE if record.move is None else record.move),
                    *record.log,
                    record.proof,
                    *record.counter,
                ),
                strict=True,
            )
        )
        for place, record in enumerate(records)
    ]


class PostgresStore(_Reading):
    """Scans in PostgreSQL: a batch is one statement, so one round trip and one transaction."""

    def __init__(self) -> None:
        self.pumps = 2
        self._statement = apply_statement(guarded=is_guarded())

    async def apply(self, records: Sequence[Record]) -> Mapping[int, int]:
        """Store records; see scans.Store."""
        # One text costs the driver a fifth of what as many arrays as columns do.
        found = await db.fetch(self._statement, msgspec.json.encode(rows_of(records)).decode())
        return {row["n"]: row["event"] for row in found}


def store() -> SQLiteStore | PostgresStore:
    """Return the store for the open database."""
    return SQLiteStore() if db.is_sqlite() else PostgresStore()
