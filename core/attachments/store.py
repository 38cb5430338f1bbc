"""Where the bytes of attachments lie: by content hash, on disk. No rows, no rights, no media types.

A store that keeps its bytes elsewhere (S3) gives the same six methods. All of them block.
"""

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from core.errors import DomainError
from core.i18n import N_

_SHA256 = re.compile("[0-9a-f]{64}")
_UNFINISHED = ".part-"


class MissingContentError(DomainError):
    """The store has nothing under this hash."""

    code = "content_missing"

    def __init__(self, sha256: str) -> None:
        super().__init__(
            N_("The file's content is missing from the store. Restore it from a backup.")
        )
        self.sha256 = sha256


class CorruptContentError(DomainError):
    """What lies under this hash has another: the disk or a hand changed it."""

    code = "content_corrupt"

    def __init__(self, sha256: str) -> None:
        super().__init__(
            N_("The file's content was changed on the disk and is not shown. Restore it.")
        )
        self.sha256 = sha256


class Store(Protocol):
    """Keeps bytes under their SHA-256, in hex."""

    def put(self, data: bytes) -> str:
        """Keep the bytes for good before returning their hash; twice is once."""
        ...

    def get(self, sha256: str) -> bytes:
        """Return the bytes, proven by their hash; MissingContentError, CorruptContentError."""
        ...

    def exists(self, sha256: str) -> bool:
        """Say whether something lies under the hash."""
        ...

    def delete(self, sha256: str) -> None:
        """Remove what lies under the hash, if anything does."""
        ...

    def iterate(self) -> Iterator[str]:
        """Yield every hash that is kept."""
        ...

    def clear_unfinished(self, before: datetime) -> int:
        """Remove what crashes left half-written before a moment; return how many there were."""
        ...


class DiskStore:
    """Files named `<root>/ab/cd/<sha256>`, each written whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Return where the bytes of a hash lie; ValueError for what is no hash."""
        if _SHA256.fullmatch(sha256) is None:
            raise ValueError("not a SHA-256 in hex")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def put(self, data: bytes) -> str:
        """Write beside the place, sync, rename, sync the folders: a power cut leaves all or none.

        What lies there already is read again, and replaced when it is not what its name says.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        if path.exists() and path.read_bytes() == data:
            _sync_folder(path.parent)  # another may have renamed it and not come this far yet
            return sha256
        self._make_folder(path.parent)
        unfinished = path.parent / f"{_UNFINISHED}{secrets.token_hex(8)}"
        try:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes, proven by their hash; MissingContentError, CorruptContentError."""
        try:
            data = self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise MissingContentError(sha256) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise CorruptContentError(sha256)
        return data

    def exists(self, sha256: str) -> bool:
        """Say whether something lies under the hash."""
        return self.path(sha256).exists()

    def delete(self, sha256: str) -> None:
        """Remove what lies under the hash, for good before returning."""
        path = self.path(sha256)
        try:
            path.unlink()
        except FileNotFoundError:
            return
        _sync_folder(path.parent)

    def iterate(self) -> Iterator[str]:
        """Yield every hash that is kept, in order."""
        for path in sorted(self.root.glob("??/??/*")):
            if _SHA256.fullmatch(path.name):
                yield path.name

    def clear_unfinished(self, before: datetime) -> int:
        """Remove what crashes left half-written before a moment; return how many files went."""
        removed = 0
        for path in self.root.glob(f"??/??/{_UNFINISHED}*"):
            with contextlib.suppress(FileNotFoundError):  # another process finished or removed it
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    removed += 1
        return removed

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows cannot open a folder, and needs not
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
