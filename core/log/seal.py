"""The sealer: about a second after the acts, their entries are chained, and the chain is signed.

Each seal covers the entries that can no longer change: on SQLite all of them, on PostgreSQL those of
transactions below the oldest one in flight. Its signature is appended to a file outside the
database too, once a minute, so that cutting off the end of the log is found as well.
"""

import asyncio
import contextlib
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core import clock, db
from core.log import proof
from core.log.tables import LogSeal
from core.privacy.crypto import Purpose
from core.privacy.keys import keyring

logger = structlog.get_logger(__name__)

EVERY_SECONDS = 1.0
CHECKPOINT_SECONDS = 60.0
MOST = 20_000
WAIT_SECONDS = (
    10.0  # for the transactions in flight, where an act is answered only once it is sealed
)
_PAUSE_SECONDS = 0.02
GENESIS = bytes(32)
COLUMNS = (
    "id, at, actor_kind, actor_id, actor_name, place, act, record_kind, record_id, before, after,"
    " proof"
)
_LOCK = 0x6C6F67  # the advisory lock of the sealer on PostgreSQL


def signing_key(version: int) -> Ed25519PrivateKey:
    """Return the key that signs the chain, derived from that version of the keyring."""
    return Ed25519PrivateKey.from_private_bytes(
        hashlib.sha256(b"laifang/log-seal\0" + keyring().key(Purpose.LOG, version)).digest()
    )


def signed_text(number: int, at: int, horizon: int, chain: bytes) -> bytes:
    """Return the bytes that a seal's signature covers."""
    return b"laifang/log-seal\0" + json.dumps([number, at, horizon, chain.hex()]).encode()


def values_of(row: db.Row) -> proof.Content:
    """Return an entry's values in the order of its proof."""
    return (
        row["at"],
        row["actor_kind"],
        row["actor_id"],
        row["actor_name"],
        row["place"],
        row["act"],
        row["record_kind"],
        row["record_id"],
        row["before"],
        row["after"],
    )


@dataclass(slots=True)
class Head:
    """The end of the chain: the last seal's number, link and horizon."""

    number: int = 0
    chain: bytes = GENESIS
    horizon: int = 0


async def head() -> Head:
    """Return where the chain ends."""
    rows = await db.fetch(
        "SELECT number, chain, horizon FROM log_seal ORDER BY number DESC LIMIT 1"
    )
    if not rows:
        return Head()
    return Head(rows[0]["number"], bytes(rows[0]["chain"]), rows[0]["horizon"])


async def seal_once() -> int:
    """Seal what can be sealed now; return how many entries."""
    async with db.writing():
        if db.is_sqlite():
            end = await head()
            rows = await db.fetch(
                f"SELECT {COLUMNS} FROM log_entry WHERE id > {{}} ORDER BY id LIMIT {MOST}",  # noqa: S608
                end.horizon,
            )
            horizon = rows[-1]["id"] if rows else 0
        else:
            locked = await db.fetch(f"SELECT pg_try_advisory_xact_lock({_LOCK}) AS got")
            if not locked[0]["got"]:
                return 0
            end = await head()
            horizon = await _oldest_in_flight()
            rows = await db.fetch(
                f"SELECT {COLUMNS} FROM log_entry WHERE xid >= {{}}::text::xid8"  # noqa: S608
                " AND xid < {}::text::xid8 ORDER BY xid, id",
                str(end.horizon),
                str(horizon),
            )
        if not rows:
            return 0
        await _write(end, rows, horizon)
    return len(rows)


async def seal_all(*, within: float = WAIT_SECONDS) -> bool:
    """Seal every entry committed before this call; say whether it was done in so many seconds.

    On PostgreSQL that waits for the transactions in flight, in whichever database of the server.
    """
    until = clock.monotonic() + within
    last = await _last_committed()
    while await _is_unsealed(last):
        if not await seal_once():
            if clock.monotonic() > until:
                return False
            await asyncio.sleep(_PAUSE_SECONDS)
    return True


async def _last_committed() -> int:
    """Return the last entry's id on SQLite; on PostgreSQL the newest transaction with an entry."""
    rows = await db.fetch(
        "SELECT id AS last FROM log_entry ORDER BY id DESC LIMIT 1"
        if db.is_sqlite()
        else "SELECT xid::text::bigint AS last FROM log_entry ORDER BY xid DESC LIMIT 1"
    )
    return int(rows[0]["last"]) if rows else 0


async def _is_unsealed(last: int) -> bool:
    end = await head()
    if db.is_sqlite():
        return end.horizon < last
    rows = await db.fetch(
        "SELECT 1 FROM log_entry WHERE xid >= {}::text::xid8 AND xid <= {}::text::xid8 LIMIT 1",
        str(end.horizon),
        str(last),
    )
    return bool(rows)


async def _oldest_in_flight() -> int:
    rows = await db.fetch("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin")
    return int(rows[0]["xmin"])


async def resume() -> None:
    """Go on with the chain after a restore: seal what no seal covers, from this database's horizon.

    The horizons of the seals restored belong to another database. Nobody else writes to this one
    meanwhile: whoever will has a transaction younger than every entry.
    """
    sealed: set[int] = set()
    for row in await db.fetch("SELECT entries FROM log_seal"):
        ids = bytes(row["entries"])
        sealed.update(int.from_bytes(ids[i : i + 8], "big") for i in range(0, len(ids), 8))
    async with db.writing():
        rows: list[db.Row] = []
        last = -1
        while piece := await db.fetch(
            f"SELECT {COLUMNS} FROM log_entry WHERE id > {{}} ORDER BY id LIMIT {MOST}",  # noqa: S608
            last,
        ):
            last = piece[-1]["id"]
            rows += [row for row in piece if row["id"] not in sealed]
        await _write(await head(), rows, last if db.is_sqlite() else await _last_committed() + 1)


async def _write(end: Head, rows: list[db.Row], horizon: int) -> None:
    leaves = b"".join(proof.leaf(row["id"], row["proof"], values_of(row)) for row in rows)
    entries = b"".join(int(row["id"]).to_bytes(8, "big") for row in rows)
    number, at = end.number + 1, clock.now_ms()
    chain = proof.link(end.chain, number, entries, leaves)
    version = keyring().current
    await LogSeal.insert(
        LogSeal(
            number=number,
            at=at,
            entry_count=len(rows),
            horizon=horizon,
            entries=entries,
            leaves=leaves,
            chain=chain,
            key_version=version,
            signature=signing_key(version).sign(signed_text(number, at, horizon, chain)),
        )
    )


async def checkpoint(path: Path) -> bool:
    """Append the end of the chain to the file outside the database; say whether it was new."""
    rows = await db.fetch(
        "SELECT number, at, horizon, chain, key_version, signature FROM log_seal"
        " ORDER BY number DESC LIMIT 1"
    )
    if not rows:
        return False
    row = rows[0]
    line = json.dumps(
        {
            "number": row["number"],
            "at": row["at"],
            "horizon": row["horizon"],
            "chain": bytes(row["chain"]).hex(),
            "key_version": row["key_version"],
            "signature": bytes(row["signature"]).hex(),
        }
    )

    def append() -> bool:
        path.parent.mkdir(parents=True, exist_ok=True)
        last = path.read_text().splitlines()[-1:] if path.exists() else []
        if last == [line]:
            return False
        with path.open("a") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
        return True

    return await asyncio.to_thread(append)


async def run(stop: asyncio.Event, checkpoints: Path, *, every: float = EVERY_SECONDS) -> None:
    """Seal once a second and note a checkpoint once a minute, until stopped; then once more."""
    noted = clock.monotonic()
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every)
        try:
            while await seal_once() >= MOST:
                pass
            if stop.is_set() or clock.monotonic() - noted > CHECKPOINT_SECONDS:
                await checkpoint(checkpoints)
                noted = clock.monotonic()
        except Exception as error:
            logger.error("log_seal_failed", error=repr(error))
