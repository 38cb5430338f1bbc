"""Hashing passwords and PINs with Argon2id, in a small pool of its own.

In the shared pool, fifty people signing in would hold up every other job (docs/threat-model.md).
"""

import asyncio
import hmac
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import DomainError
from core.i18n import N_
from core.settings import Settings

MOST_WAITING = 32
WORKERS = 2

T = TypeVar("T")


class BusyError(DomainError):
    """More people sign in at this moment than the server checks passwords for."""

    code = "busy"

    def __init__(self) -> None:
        super().__init__(N_("Many people are signing in just now. Try again in a few seconds."))


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a secret was right, and whether it should be hashed anew at today's cost."""

    right: bool
    outdated: bool = False


class _Pool:
    def __init__(self) -> None:
        self.hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
        self.executor = ThreadPoolExecutor(WORKERS, thread_name_prefix="argon2")
        self.waiting = 0
        self.decoy = ""


_POOL = _Pool()


def configure(settings: Settings) -> None:
    """Set the cost that the settings ask for; called once, at start."""
    _POOL.hasher = PasswordHasher(
        time_cost=settings.password_rounds,
        memory_cost=settings.password_memory_kib,
        parallelism=1,
    )
    _POOL.decoy = ""


async def hash_secret(secret: str) -> str:
    """Return the hash to store for a password or PIN."""
    return await _run(partial(_POOL.hasher.hash, _normal(secret)))


async def check_secret(secret: str, stored: str) -> Checked:
    """Compare a typed secret with its hash; with an empty hash it takes as long and is wrong."""
    if not stored:
        stored = await _decoy()
        await _run(partial(_is_right, secret, stored))
        return Checked(False)
    right = await _run(partial(_is_right, secret, stored))
    return Checked(right, right and _POOL.hasher.check_needs_rehash(stored))


async def _decoy() -> str:
    if not _POOL.decoy:
        _POOL.decoy = await hash_secret(secrets.token_urlsafe(16))
    return _POOL.decoy


def _is_right(secret: str, stored: str) -> bool:
    try:
        return _POOL.hasher.verify(stored, _normal(secret))
    except (VerificationError, InvalidHashError):
        return False


def _normal(secret: str) -> bytes:
    # The same password typed on another system may come decomposed.
    return unicodedata.normalize("NFKC", secret).encode()


async def _run(job: "partial[T]") -> T:
    if _POOL.waiting >= MOST_WAITING:
        raise BusyError
    _POOL.waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_POOL.executor, job)
    finally:
        _POOL.waiting -= 1


def same(one: str, other: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
