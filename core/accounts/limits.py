"""How often something may be tried: token buckets in the database, shared by all processes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from core import clock, db
from core.errors import DomainError
from core.i18n import N_


class TooOftenError(DomainError):
    """Tried too often; `retry_after` is in seconds."""

    code = "too_many_requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__(N_("Too many attempts. Wait {seconds} seconds.", seconds=retry_after))
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Limit:
    """A bucket of so many tries that refills by one every so many seconds."""

    tries: int
    every_seconds: float


_WHOLE = 1000  # tokens are stored in thousandths


def key_of(what: str, *parts: str) -> str:
    """Return a bucket's key; names and addresses go in only as a hash."""
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]
    return f"{what}:{digest}"


async def wait_for(key: str, limit: Limit, *, at: datetime) -> int:
    """Return how many seconds to wait before the next try; 0 when one is left. Takes none."""
    rows = await db.fetch("SELECT tokens, refilled_at FROM rate_limit WHERE key = {}", key)
    if not rows:
        return 0
    return _seconds(_tokens(rows[0]["tokens"], rows[0]["refilled_at"], limit, at), limit)


async def take(key: str, limit: Limit, *, at: datetime) -> int:
    """Take a try from a bucket; returns 0, or how many seconds to wait when it was empty."""
    now = clock.to_ms(at)
    async with db.writing():
        await db.execute(
            "INSERT INTO rate_limit (key, tokens, refilled_at) VALUES ({}, {}, {})"
            " ON CONFLICT (key) DO NOTHING",
            key,
            limit.tries * _WHOLE,
            now,
        )
        rows = await db.fetch(
            "SELECT tokens, refilled_at FROM rate_limit WHERE key = {} FOR UPDATE", key
        )
        tokens = _tokens(rows[0]["tokens"], rows[0]["refilled_at"], limit, at)
        wait = _seconds(tokens, limit)
        if not wait:
            tokens -= _WHOLE
        await db.execute(
            "UPDATE rate_limit SET tokens = {}, refilled_at = {} WHERE key = {}", tokens, now, key
        )
    return wait


async def take_or_refuse(key: str, limit: Limit, *, at: datetime) -> None:
    """Take a try from a bucket, or raise TooOftenError."""
    if wait := await take(key, limit, at=at):
        raise TooOftenError(wait)


async def refill(key: str) -> None:
    """Give a bucket all its tries again."""
    await db.execute("DELETE FROM rate_limit WHERE key = {}", key)


async def forget_full(*, before: datetime) -> int:
    """Delete buckets that were not used since a moment."""
    return await db.execute("DELETE FROM rate_limit WHERE refilled_at < {}", clock.to_ms(before))


def _tokens(tokens: int, refilled_at: int, limit: Limit, at: datetime) -> int:
    passed = max(0, clock.to_ms(at) - refilled_at) / 1000
    return min(limit.tries * _WHOLE, tokens + int(passed / limit.every_seconds * _WHOLE))


def _seconds(tokens: int, limit: Limit) -> int:
    return 0 if tokens >= _WHOLE else ceil((_WHOLE - tokens) / _WHOLE * limit.every_seconds)


async def give_back(key: str, limit: Limit) -> None:
    """Return a try to a bucket: it turned out to be a good one."""
    async with db.writing():
        await db.execute(
            "UPDATE rate_limit SET tokens = CASE WHEN tokens + {} > {} THEN {} ELSE tokens + {} END"
            " WHERE key = {}",
            _WHOLE,
            limit.tries * _WHOLE,
            limit.tries * _WHOLE,
            _WHOLE,
            key,
        )
