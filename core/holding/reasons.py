"""Why a record came to a unit: encrypted, under the keys of the part that owns it where it says so."""

from uuid import UUID

from core.privacy import keys
from core.privacy.crypto import Keyring

_PLACE = ("holding_span", "reason_cipher")


def keyring_of(domain: str) -> Keyring:
    """Return the keys under which the reasons of a holding lie; the core's for no domain."""
    return keys.keyring().domain(domain) if domain else keys.keyring()


def sealed(domain: str, span_id: UUID, reason: str) -> str | None:
    """Return a reason as its span keeps it; None for none."""
    return keyring_of(domain).encrypt(reason, *_PLACE, span_id) if reason else None


def opened(domain: str, span_id: UUID, stored: str | None) -> str:
    """Return what `sealed` took."""
    return keyring_of(domain).decrypt(stored, *_PLACE, span_id) if stored else ""
