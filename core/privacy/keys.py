"""The keyring of this process; opened once at start."""

from pathlib import Path

from core.privacy.crypto import Keyring


class _Held:
    keyring: Keyring | None = None


def open(path: Path) -> Keyring:
    """Open the key file, making it on the first start, and hold it for this process."""
    _Held.keyring = Keyring.load_or_create(path)
    return _Held.keyring


def hold(keyring: Keyring) -> None:
    """Hold a keyring that was made elsewhere."""
    _Held.keyring = keyring


def keyring() -> Keyring:
    """Return the open keyring; RuntimeError before it was opened."""
    if _Held.keyring is None:
        raise RuntimeError("the keyring is not open: call core.privacy.keys.open at start")
    return _Held.keyring
