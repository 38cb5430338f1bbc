"""The file of the master keys: closed to others, never half written, made by one starter only."""

import contextlib
import os
import secrets
import stat
from pathlib import Path

from core.errors import DomainError
from core.i18n import N_, Message


class KeyringError(DomainError):
    """The key file cannot be used as it is."""

    code = "keyring"

    def __init__(self, message: Message) -> None:
        super().__init__(message)


def read(path: Path) -> str:
    """Return the file's text; KeyringError where it is missing or others may read it."""
    try:
        text = path.read_text("utf-8")
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise KeyringError(
            N_("There is no key file {path}. Restore it from its backup.", path=str(path))
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyringError(
            N_("The key file {path} cannot be read: {error}", path=str(path), error=str(error))
        ) from error
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyringError(
            N_("Others can read the key file {path}. Run: chmod 600 {path}", path=str(path))
        )
    return text


def write(path: Path, text: str, *, replace: bool) -> None:
    """Write beside, flush, then put in place: nobody ever reads half a key file.

    Without `replace` a file that is there already stays: another starter was first.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _write_new(beside, text)
        if replace:
            beside.replace(path)
        else:
            _place_once(beside, path, text)
    finally:
        beside.unlink(missing_ok=True)
    _flush_folder(path.parent)


def _write_new(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _place_once(source: Path, target: Path, text: str) -> None:
    try:
        target.hardlink_to(source)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        with contextlib.suppress(FileExistsError):
            _write_new(target, text)


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
