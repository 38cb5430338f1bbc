"""Phases in which an item is signed, and who signs: words and value types."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core.i18n import N_, Message
from plugins.government.facts import CITY, OWN, PROVINCE

# BEFORE: a unit gets the item. AFTER: the opinion on its report goes out or up (GOV-30).
BEFORE, AFTER, PLAN, MAJOR = "before", "after", "plan", "major"
PHASES: dict[str, Message] = {
    BEFORE: N_("Before a unit gets the item"),
    AFTER: N_("Preliminary opinion on the result"),
    PLAN: N_("Plan of a coordination"),
    MAJOR: N_("Suggestion on a major or urgent item"),
}
SOURCES = (PROVINCE, CITY, OWN)

OPEN, SIGNED, REFUSED, WITHDRAWN = "open", "signed", "refused", "withdrawn"
SIGNINGS: dict[str, Message] = {
    OPEN: N_("Waits for signatures"),
    SIGNED: N_("Signed by all"),
    REFUSED: N_("Not signed"),
    WITHDRAWN: N_("Taken back"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a signer said, its text opened."""

    name: str
    choice: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One round of signatures on an item as pages show it; `request_state` is its request's own."""

    id: UUID
    matter_id: UUID
    phase: str
    state: str
    text: str
    approval: UUID | None
    asked_at: datetime
    asked_by: str
    decided_at: datetime | None
    request_state: str = ""
    opinions: tuple[Opinion, ...] = ()

    @property
    def returned(self) -> bool:
        """The signers sent it back: whoever asked puts it right."""
        return self.state == OPEN and self.request_state == "sent_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructed:
    """A leader's instruction as pages show it; `done_at` is when it was carried out."""

    id: UUID
    leader: str
    text: str
    given_on: date
    recorded_by: str
    done_at: datetime | None
    done: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRead:
    """What somebody reads before they sign: `rows` of a few words, `texts` with their headings.

    `returns`: whoever asked can put right what is sent back. `by_unit`: the body's own matter, so
    that its staff read what the signer says.
    """

    matter_id: UUID
    heading: Message
    rows: tuple[tuple[Message, Message | str | date | datetime | None], ...] = ()
    texts: tuple[tuple[Message, str], ...] = ()
    returns: bool = False
    by_unit: bool = False
