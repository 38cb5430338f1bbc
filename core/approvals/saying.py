"""What signers say, encrypted where it is kept: it may tell of people (CORE-14).

Of a confidential request it lies under the keys of the part that asks.
"""

from uuid import UUID

from core.approvals.tables import ApprovalRequest
from core.privacy import keys
from core.privacy.crypto import Keyring

_SEALED = "e1."  # how an encrypted text begins; older opinions are plain


def _keyring(row: ApprovalRequest) -> Keyring:
    part = row.kind.partition(".")[0]
    return keys.keyring().domain(part) if row.confidential else keys.keyring()


def sealed(row: ApprovalRequest, seat_id: UUID, opinion: str) -> str:
    """Return an opinion as its seat keeps it; nothing stays nothing."""
    return _keyring(row).encrypt(opinion, "approval_seat", "opinion", seat_id) if opinion else ""


def opened(row: ApprovalRequest, seat_id: UUID, stored: str) -> str:
    """Return what `sealed` took."""
    if not stored.startswith(_SEALED):
        return stored
    return _keyring(row).decrypt(stored, "approval_seat", "opinion", seat_id)
