"""How many requests one caller may make of the JSON API: buckets in this process's memory.

Guessing of secrets is bounded in the database (core/accounts/limits.py); this only keeps one busy
program from taking the server's time from everybody else, so each process may count for itself.
"""

from collections import OrderedDict

from core import clock
from core.accounts.limits import Limit, TooOftenError
from web.current import Current

CALLER = Limit(tries=300, every_seconds=0.1)
ANONYMOUS = Limit(tries=60, every_seconds=1)
WRONG_TOKENS = Limit(tries=20, every_seconds=3)
_MOST_BUCKETS = 10_000


class Buckets:
    """Token buckets by key; the one not used for longest goes when there are too many."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, limit: Limit) -> None:
        """Take a try, or raise TooOftenError."""
        now = clock.monotonic()
        tries, since = self._buckets.pop(key, (float(limit.tries), now))
        tries = min(float(limit.tries), tries + (now - since) / limit.every_seconds)
        if tries < 1:
            self._buckets[key] = (tries, now)
            raise TooOftenError(max(1, round((1 - tries) * limit.every_seconds)))
        self._buckets[key] = (tries - 1, now)
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)


BUCKETS = Buckets()


def count_call(now: Current) -> None:
    """Count a call of the API for whoever makes it, or raise TooOftenError."""
    caller = now.token_id or now.session_id
    if caller is None:
        BUCKETS.take(f"address:{now.address}", ANONYMOUS)
    else:
        BUCKETS.take(f"caller:{caller}", CALLER)


def count_wrong_token(now: Current) -> None:
    """Count a token that does not hold, or raise TooOftenError."""
    BUCKETS.take(f"wrong-token:{now.address}", WRONG_TOKENS)
