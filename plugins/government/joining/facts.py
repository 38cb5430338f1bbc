"""Records of petitioners that may be one person's, and what joining them moves. Value types only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.i18n import N_, Message
from plugins.government.matters.facts import MatterLine
from plugins.government.people.facts import Person

RECORD = "government_joining"
SAME_DOCUMENT, SAME_PHONE, SAME_VISITOR = "document", "phone", "visitor"
SIGNS: dict[str, Message] = {
    SAME_DOCUMENT: N_("Same document number"),
    SAME_PHONE: N_("Same name and phone"),
    SAME_VISITOR: N_("Same visitor at the gate"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record of a petitioner with the items that the reader may see; numbers are masked."""

    id: UUID
    person: Person
    phone: str
    document: str
    entered_at: datetime
    matters: tuple[MatterLine, ...]
    contacts: int
    whole: bool  # some item of it is open to the whole office, or it has none


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two records that may be one person's."""

    sign: str
    one: Entry
    other: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """An item that was registered as a first one and repeats an earlier one of the other record."""

    later: MatterLine
    earlier: MatterLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A place in the party of an item; `kept_role` is the one that the kept record had there."""

    matter: str
    role: str
    kept_role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """An item and its contacts that are counted as repeated from now on, and what it repeated before."""

    matter: str
    same_as: str = ""
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a joining changed, by ids; `filled` are the particulars that the kept record got.

    `earlier` are records that had been joined to the one that was joined now.
    """

    matters: tuple[str, ...] = ()
    party: tuple[Party, ...] = ()
    contacts: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    repeats: tuple[Counted, ...] = ()
    filled: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()

    @property
    def items(self) -> frozenset[UUID]:
        """Every item that something of this hangs on."""
        return frozenset(UUID(one) for one in (*self.matters, *(p.matter for p in self.party)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A joining as the page of the kept record shows it."""

    id: UUID
    at: datetime
    by: str
    reason: str
    items: Sequence[MatterLine]
    may_part: bool
