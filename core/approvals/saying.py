"""What signers say, encrypted where it is kept: it may tell of people (CORE-14).

Of a confidential request it lies under the keys of the part that asks.
"""

from uuid import UUID

from core.approvals.tables import ApprovalRequest
from core.privacy import keys
from core.privacy.crypto import Keyring, is_encrypted

_PLACE = ("approval_seat", "opinion")


def keyring_of(kind: str, *, confidential: bool) -> Keyring:
    """Return the keys under which lies what is said about requests of a kind."""
    return keys.keyring().domain(kind.partition(".")[0]) if confidential else keys.keyring()


def _keyring(row: ApprovalRequest) -> Keyring:
    return keyring_of(row.kind, confidential=row.confidential)


def sealed(row: ApprovalRequest, seat_id: UUID, opinion: str) -> str:
    """Return an opinion as its seat keeps it; nothing stays nothing."""
    return locked(_keyring(row), seat_id, opinion)


def opened(row: ApprovalRequest, seat_id: UUID, stored: str) -> str:
    """Return what `sealed` took."""
    return unlocked(_keyring(row), seat_id, stored)


def locked(keyring: Keyring, seat_id: UUID, opinion: str) -> str:
    """Do what `sealed` does, where the keys are known."""
    return keyring.encrypt(opinion, *_PLACE, seat_id) if opinion else ""


def unlocked(keyring: Keyring, seat_id: UUID, stored: str) -> str:
    """Return what `locked` took; a migration has sealed what was plain, and a test may find some."""
    if not is_encrypted(stored):
        return stored
    return keyring.decrypt(stored, *_PLACE, seat_id)
