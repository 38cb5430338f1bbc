"""Phone and document number of a visitor: how they are stored, found again, opened and masked.

Stored: AES-256-GCM texts bound to their row, and keyed indexes for exact look-up. Everywhere but in
`services.unmask` only masks leave this module's callers. Kept as long as the visitor's own row
(core/privacy decides how long); erasure empties all six columns.
"""

import re
import unicodedata
from uuid import UUID

from core.privacy.keys import keyring
from core.text import mask_phone
from core.visitors import identity_documents
from core.visitors.identity_documents import DocumentKind
from core.visitors.tables import Visitor

_TABLE = "visitor"
_CITIZEN_NUMBER = re.compile(r"\d{17}[\dX]", re.ASCII)
# Their 18 digits are one person's citizen number, whichever of these papers shows it.
_CITIZEN_PAPERS = frozenset(
    {
        DocumentKind.RESIDENT_ID,
        DocumentKind.TEMPORARY_ID,
        DocumentKind.RESIDENCE_PERMIT_HMT,
        DocumentKind.FOREIGN_PERMANENT_RESIDENT,
        DocumentKind.DRIVING_LICENCE,
        DocumentKind.HOUSEHOLD_REGISTER,
    }
)
# Their numbers repeat from one issuer, or one household, to the next.
_NOT_UNIQUE = frozenset(
    {
        DocumentKind.WORK_CARD,
        DocumentKind.STUDENT_CARD,
        DocumentKind.HOUSEHOLD_REGISTER,
        DocumentKind.OTHER,
    }
)


def phone_index(phone: str) -> str | None:
    """Return the look-up index of a normalised phone, None for none."""
    return keyring().blind_index("phone", phone) if phone else None


def document_index(kind: str, number: str) -> str | None:
    """Return the look-up index of a normalised document number, None for none.

    An identity card and a driving licence bear the same citizen number and have the same index.
    """
    if not number:
        return None
    space = "citizen" if _is_citizen_number(kind, number) else kind
    return keyring().blind_index("document", f"{space}:{number}")


def _is_citizen_number(kind: str, number: str) -> bool:
    return kind in _CITIZEN_PAPERS and _CITIZEN_NUMBER.fullmatch(number) is not None


def identifies_alone(kind: str, number: str) -> bool:
    """Say whether such a number belongs to one person, so that it needs no name beside it."""
    return _is_citizen_number(kind, number) or (bool(number) and kind not in _NOT_UNIQUE)


def sealed_phone(visitor_id: UUID, phone: str) -> str | None:
    """Return the phone encrypted for its row, None for none."""
    return keyring().encrypt(phone, _TABLE, "phone_cipher", visitor_id) if phone else None


def sealed_document(visitor_id: UUID, number: str) -> str | None:
    """Return the document number encrypted for its row, None for none."""
    return keyring().encrypt(number, _TABLE, "document_cipher", visitor_id) if number else None


def clear_phone(visitor: Visitor) -> str:
    """Return the phone in the clear, empty for none. For dialling and masking, never for a log."""
    cipher = visitor.phone_cipher
    return keyring().decrypt(cipher, _TABLE, "phone_cipher", visitor.id) if cipher else ""


def clear_document(visitor: Visitor) -> str:
    """Return the document number in the clear, empty for none. For masking, never for a log."""
    cipher = visitor.document_cipher
    return keyring().decrypt(cipher, _TABLE, "document_cipher", visitor.id) if cipher else ""


def masked_phone(visitor: Visitor) -> str:
    """Return the phone as everybody may see it."""
    phone = clear_phone(visitor)
    return mask_phone(phone) if phone else ""


def masked_document(visitor: Visitor) -> str:
    """Return the document number as everybody may see it."""
    number = clear_document(visitor)
    return identity_documents.mask(number) if number else ""


_NAME_FILLING = re.compile(r"[\s·•・.\-']+")


def folded_name(name: str) -> str:
    """Return a name for comparing: no spaces, points or case."""
    return _NAME_FILLING.sub("", unicodedata.normalize("NFKC", name)).casefold()
