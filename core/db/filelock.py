"""The lock that keeps a second process from the same SQLite file."""

import asyncio
import os
import sys
from pathlib import Path

from core.clock import monotonic
from core.db.errors import DatabaseInUseError

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        os.lseek(descriptor, 1024, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_RETRY_SECONDS = 0.05


def _read(descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, 64).decode(errors="replace").strip() or "?"


class FileLock:
    """Held from `acquire` to `release`; the system lets go of it when the process dies."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    async def acquire(cls, path: Path, wait: float) -> "FileLock":
        """Take the lock beside the file, waiting so many seconds for the process that holds it."""
        until = monotonic() + wait
        descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            while True:
                try:
                    _try_lock(descriptor)
                except OSError:
                    if monotonic() >= until:
                        holder = _read(descriptor)
                        raise DatabaseInUseError(str(path), holder) from None
                    await asyncio.sleep(_RETRY_SECONDS)
                else:
                    break
            os.ftruncate(descriptor, 0)
            os.write(descriptor, str(os.getpid()).encode())
        except BaseException:
            os.close(descriptor)
            raise
        return cls(descriptor)

    def release(self) -> None:
        """Let the next process in."""
        os.close(self._descriptor)
