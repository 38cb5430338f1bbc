"""Words and value types of transfer, assignment, the unit's work and the check of its result."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core.i18n import N_, Message

TRANSFER, ASSIGNMENT = "transfer", "assignment"
KINDS: dict[str, Message] = {TRANSFER: N_("Transfer"), ASSIGNMENT: N_("Assignment")}

LEADERS, SHOULD_BE_SOLVED, MAY_ESCALATE = "leaders", "should_be_solved", "may_escalate"
IMPROPER, NEEDS_RESULT = "improper", "needs_result"
GROUNDS: dict[str, Message] = {
    LEADERS: N_("Instructed by a leader"),
    SHOULD_BE_SOLVED: N_("Law and policy say it should have been solved"),
    MAY_ESCALATE: N_("May lead to a mass or abnormal incident"),
    IMPROPER: N_("The unit's opinion is clearly improper"),
    NEEDS_RESULT: N_("Another matter that needs a result"),
}

# How a forwarding stands. SIGNING: waits for signatures, the unit knows nothing yet.
SIGNING, REFUSED, SENT, TAKEN, RETURNED = "signing", "refused", "sent", "taken", "returned"
CHECKED, TAKEN_BACK, ENDED = "checked", "taken_back", "ended"
FORWARDINGS: dict[str, Message] = {
    SIGNING: N_("Waits for signatures"),
    REFUSED: N_("Not signed"),
    SENT: N_("To be acknowledged"),
    TAKEN: N_("The unit works on it"),
    RETURNED: N_("Result to be checked"),
    CHECKED: N_("Result accepted"),
    TAKEN_BACK: N_("Item taken back"),
    ENDED: N_("Ended with the item"),
}
WITH_UNIT = (SENT, TAKEN, RETURNED)

OWED, POSTED = "owed", "posted"
LETTERS: dict[str, Message] = {OWED: N_("Letter owed"), POSTED: N_("Letter sent")}

# The seven points of a result's check (GOV-24), in the order of the form.
POINTS: dict[str, Message] = {
    "matches": N_("It answers what was assigned"),
    "unit": N_("It comes from the unit it was assigned to"),
    "in_time": N_("It came in time"),
    "facts": N_("The facts are right"),
    "law": N_("Law and policy are rightly applied"),
    "measures": N_("There are measures to carry it out"),
    "formalities": N_("Seal, leader's signature and the petitioner's signed opinion are there"),
}

SATISFIED, PARTLY, UNHAPPY, UNSIGNED, UNREACHED = (
    "satisfied",
    "partly",
    "unhappy",
    "unsigned",
    "unreached",
)
TAKINGS: dict[str, Message] = {
    SATISFIED: N_("Agrees with the result"),
    PARTLY: N_("Agrees in part"),
    UNHAPPY: N_("Does not agree"),
    UNSIGNED: N_("Does not want to sign"),
    UNREACHED: N_("Could not be reached"),
}
MEANS: dict[str, Message] = {
    "phone": N_("By phone"),
    "visit": N_("Met in person"),
    "letter": N_("By letter"),
    "online": N_("By message"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandFacts:
    """What is known when an item is to be handed to a unit.

    `by_office`: whoever acts may forward for the reception room. `accused`: the unit, a body above
    it, or somebody who works there is accused in this item. `active`: the unit is in use.
    """

    unit: str
    by_office: bool
    active: bool
    accused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectFacts:
    """What is known when a unit objects. `last_day` is None while the time has not begun."""

    today: date
    last_day: date | None
    asked_already: bool
    result_returned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """What is known when somebody works on an item for a unit."""

    holds: bool
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What speaks for an item's urgency (GOV-53): people, acts announced, days until a date that matters."""

    heads: int
    announced: bool
    days_left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A unit with the body above it, as far as choosing who gets a copy needs it."""

    id: UUID
    kind: str
    parent_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A transfer or assignment as pages show it, its texts opened."""

    id: UUID
    matter_id: UUID
    number: str
    kind: str
    state: str
    unit_id: UUID
    unit: str
    copy: str
    ground: str
    content: str
    requirement: str
    due_on: date | None
    first_due_on: date | None
    urgent: bool
    letter: str
    letter_on: date | None
    meeting_on: date | None
    ordered_by: str
    sent_at: datetime | None
    taken_at: datetime | None
    taken_by: str
    person: str
    plan: str
    contacted_at: datetime | None
    approval: UUID | None

    @property
    def open(self) -> bool:
        """The unit has it, or will have it."""
        return self.state in (SIGNING, *WITH_UNIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objecting:
    """A unit's objection as pages show it."""

    id: UUID
    unit_id: UUID
    unit: str
    reason: str
    proposed: str
    raised_at: datetime
    raised_by: str
    granted: bool | None
    answer: str
    decided_at: datetime | None
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A unit's result form and its check as pages show them. `passed` is None before the check."""

    id: UUID
    forwarding_id: UUID
    unit_id: UUID
    unit: str
    round: int
    course: str
    result: str
    basis: str
    measures: str
    taken: str
    words: str
    sealed: bool
    signed_by: str
    petitioner_signed: bool
    returned_at: datetime
    returned_by: str
    late: bool
    passed: bool | None
    failed: tuple[str, ...]
    findings: str
    checked_at: datetime | None
    checked_by: str
    due_before: date | None
    due_after: date | None
