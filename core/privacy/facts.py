"""How long records are kept, and what is stored about a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.i18n import Message
from core.registrations.facts import Detail


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """One kind of record and how many days its personal data is kept after it ended."""

    kind: str
    label: Message
    days: int
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """One part of what is stored about a person: where it lies and its values."""

    title: Message
    details: Sequence[Detail]
