"""Words and value types of urging (催办), supervision (督办) and the three recommendations."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core.i18n import N_, Message

# What the system finds by itself.
LATE, UNRETURNED, UNANSWERED = "late", "unreturned", "unanswered"
IDLE, BOUNCED = "idle", "bounced"
LISTS: dict[str, Message] = {
    LATE: N_("Over its time"),
    UNRETURNED: N_("Result not returned"),
    UNANSWERED: N_("Urging or supervision not answered"),
    IDLE: N_("No progress"),
    BOUNCED: N_("Passed around"),
}

# Why an item is supervised (GOV-28).
NOT_IN_TIME, NO_RESULT, PROCEDURE = "not_in_time", "no_result", "procedure"
PASSED_AROUND, NOT_CARRIED_OUT, OTHER = "passed_around", "not_carried_out", "other"
REASONS: dict[str, Message] = {
    NOT_IN_TIME: N_("Not finished in time without a proper reason"),
    NO_RESULT: N_("The result was not returned as required"),
    PROCEDURE: N_("The procedure was not followed"),
    PASSED_AROUND: N_("Passed around, delayed, done for show"),
    NOT_CARRIED_OUT: N_("The opinion is not carried out"),
    OTHER: N_("Another reason for supervision"),
}
REASON_OF = {
    LATE: NOT_IN_TIME,
    UNRETURNED: NO_RESULT,
    UNANSWERED: PASSED_AROUND,
    IDLE: PASSED_AROUND,
    BOUNCED: PASSED_AROUND,
}

BY_PHONE, BY_LETTER, BY_TALK, BY_VISIT = "phone", "letter", "talk", "visit"
URGE_MEANS: dict[str, Message] = {
    BY_PHONE: N_("Urged by phone"),
    BY_LETTER: N_("Urged by letter"),
}
MEANS: dict[str, Message] = {
    BY_PHONE: N_("Supervision by phone"),
    BY_LETTER: N_("Letter of supervision"),
    BY_TALK: N_("Talk with those in charge"),
    BY_VISIT: N_("Somebody sent to the spot"),
}
ASKED_OVER, ASKED_AGAIN = "asked_over", "asked_again"
STEPS: dict[str, Message] = MEANS | {
    ASKED_OVER: N_("Asked to hand it over"),
    ASKED_AGAIN: N_("The answer was not enough"),
}

# The three recommendations of the regulation, article 40.
IMPROVE, POLICY, ACCOUNTABILITY = "improve", "policy", "accountability"
RECOMMENDATIONS: dict[str, Message] = {
    IMPROVE: N_("Recommendation to improve the work"),
    POLICY: N_("Recommendation to improve a policy"),
    ACCOUNTABILITY: N_("Recommendation to hold accountable"),
}
ADOPTED, PARTLY, NOT_ADOPTED = "adopted", "partly", "not_adopted"
FEEDBACKS: dict[str, Message] = {
    ADOPTED: N_("Adopted"),
    PARTLY: N_("Adopted in part"),
    NOT_ADOPTED: N_("Not adopted, with reasons"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An item that the system found. `days`: how many it is late, idle, or old.

    `with_unit`: some unit has to do with it and can be urged; else the room itself is late.
    """

    matter_id: UUID
    site_id: UUID
    number: str
    stage: str
    holder_id: UUID | None
    holder: str
    why: Message
    since: date
    days: int
    urged: int = 0
    urged_at: datetime | None = None
    supervision_id: UUID | None = None
    supervision_number: str = ""
    with_unit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgingLine:
    """One urging as shown."""

    id: UUID
    unit_id: UUID
    unit: str
    means: str
    spoke_with: str
    text: str
    answer: str
    answer_by: date
    answered_at: datetime | None
    at: datetime
    by_name: str
    document: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionLine:
    """One supervision as lists and its page show it."""

    id: UUID
    number: str
    matter_id: UUID
    matter_number: str
    unit_id: UUID
    unit: str
    reason: str
    state: str
    requirement: str
    unurged: str
    due_on: date
    opened_at: datetime
    opened_by_name: str
    answer: str
    answered_at: datetime | None
    handed_at: datetime | None
    closed_at: datetime | None
    outcome: str
    approval: UUID | None
    document: UUID | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One thing done in a supervision."""

    at: datetime
    means: str
    with_whom: str
    text: str
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationLine:
    """One recommendation to a unit, and its written feedback."""

    id: UUID
    site_id: UUID
    number: str
    unit_id: UUID
    unit: str
    kind: str
    text: str
    due_on: date
    made_at: datetime
    made_by_name: str
    feedback: str
    feedback_text: str
    answered_at: datetime | None
    document: UUID | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedLine:
    """An item assigned to a unit, as the list of the month has it."""

    matter_id: UUID
    number: str
    unit: str
    stage: str
    sent_at: datetime
    due_on: date | None
