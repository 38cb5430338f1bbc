"""Why a sealed paper or its delivery is void: encrypted like the paper, for it may tell of people."""

from uuid import UUID

from core.documents.tables import IssuedDocument
from core.privacy import keys
from core.privacy.crypto import Keyring

_SEALED = "e1."  # how an encrypted text begins; older reasons are plain


def _keyring(document: IssuedDocument) -> Keyring:
    return keys.keyring().domain(document.kind.partition(".")[0])


def kept(document: IssuedDocument, reason: str, table: str, row_id: UUID) -> str:
    """Return a reason as its row keeps it."""
    if not document.sealed:
        return reason
    return _keyring(document).encrypt(reason, table, "void_reason", row_id)


def opened(document: IssuedDocument, stored: str, table: str, row_id: UUID) -> str:
    """Return what `kept` took."""
    if not document.sealed or not stored.startswith(_SEALED):
        return stored
    return _keyring(document).decrypt(stored, table, "void_reason", row_id)


def logged(document: IssuedDocument, reason: str) -> dict[str, str]:
    """Return what the log says of a reason: nothing of a sealed paper's."""
    return {} if document.sealed else {"reason": reason}
