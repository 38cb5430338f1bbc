"""Encryption and indexes of this plugin: keys of its own, so that no other part opens what it stores."""

from uuid import UUID

from core.privacy.crypto import Keyring
from core.privacy.keys import keyring

DOMAIN = "government"


def keys() -> Keyring:
    """Return the plugin's own keyring."""
    return keyring().domain(DOMAIN)


def seal(text: str, table: str, column: str, row_id: UUID) -> str:
    """Return a text encrypted for one place; nothing stays nothing."""
    return keys().encrypt(text, table, column, row_id) if text else ""


def unseal(stored: str, table: str, column: str, row_id: UUID) -> str:
    """Return what `seal` took."""
    return keys().decrypt(stored, table, column, row_id) if stored else ""


def seal_file(data: bytes, table: str, row_id: UUID) -> bytes:
    """Return a file's bytes encrypted for one row."""
    return keys().encrypt_file(data, table, row_id)


def unseal_file(stored: bytes, table: str, row_id: UUID) -> bytes:
    """Return the bytes that `seal_file` took."""
    return keys().decrypt_file(stored, table, row_id)


def index_of(kind: str, value: str) -> str | None:
    """Return the keyed index by which a value is found again; None for nothing."""
    return keys().blind_index(f"government.{kind}", value) if value else None
