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
    """One round of signatures on an item as pages show it."""

    id: UUID
    matter_id: UUID
    phase: str
    state: str
    text: str
    approval: UUID | None
    asked_at: datetime
    asked_by: str
    decided_at: datetime | None
    opinions: tuple[Opinion, ...] = ()


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
