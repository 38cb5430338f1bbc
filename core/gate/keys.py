"""The keys that this process reads passes with, read anew each second without making scans wait."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core import clock
from core.passes.keys import verifying_keys

logger = structlog.get_logger(__name__)

EVERY_SECONDS = 0.5
AT_MOST_EVERY_SECONDS = 0.2

Keys = Mapping[int, Sequence[Ed25519PublicKey]]


class KnownKeys:
    """The published keys, at most a second old."""

    def __init__(self) -> None:
        self._keys: Keys = {}
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def current(self) -> Keys:
        """Return the keys as known; waits only when they are older than a second."""
        age = clock.monotonic() - self._read_at
        if age >= EVERY_SECONDS:
            await self._read(wait=age >= 2 * EVERY_SECONDS)
        return self._keys

    async def newest(self) -> Keys:
        """Return keys read after this call: a pass bears one that was not known a moment ago.

        Forged numbers of keys make their own scans wait a little, and the database no busier.
        """
        asked = clock.monotonic()
        await asyncio.sleep(max(0.0, self._read_at + AT_MOST_EVERY_SECONDS - asked))
        while self._read_at < asked:
            await self._read(wait=True)
        return self._keys

    async def _read(self, *, wait: bool) -> None:
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._fetch())
            self._reading.add_done_callback(_note)
        if wait:
            await asyncio.shield(self._reading)

    async def _fetch(self) -> None:
        started = clock.monotonic()
        self._keys = await verifying_keys()
        self._read_at = started


def _note(reading: asyncio.Task[None]) -> None:
    if not reading.cancelled() and (error := reading.exception()) is not None:
        logger.error("pass_keys_not_read", error=repr(error))
