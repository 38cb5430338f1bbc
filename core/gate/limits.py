"""How often one device may scan: a bucket in memory, so that the hot path makes no query.

With several processes the bound holds for each of them. What is tried with codes and PINs is bounded
in the database instead (core/accounts/limits.py).
"""

from math import ceil
from uuid import UUID

from core import clock
from core.accounts.limits import TooOftenError

SCANS_PER_SECOND = 25.0
BURST = 50.0
_MOST_DEVICES = 10_000


class ScanLimits:
    """The buckets of one process."""

    def __init__(self, per_second: float = SCANS_PER_SECOND, burst: float = BURST) -> None:
        self._per_second = per_second
        self._burst = burst
        self._buckets: dict[UUID, tuple[float, float]] = {}

    def take(self, device: UUID) -> None:
        """Take one scan from a device's bucket, or raise TooOftenError."""
        now = clock.monotonic()
        tokens, since = self._buckets.get(device, (self._burst, now))
        tokens = min(self._burst, tokens + (now - since) * self._per_second)
        if tokens < 1.0:
            self._buckets[device] = (tokens, now)
            raise TooOftenError(ceil((1.0 - tokens) / self._per_second))
        if len(self._buckets) >= _MOST_DEVICES:
            self._buckets.clear()
        self._buckets[device] = (tokens - 1.0, now)
