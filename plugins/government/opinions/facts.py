"""Opinions, requests for review, more time and closing as policies and pages see them. Value types only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from core.documents.facts import Delivery
from core.i18n import N_, Message

HANDLING, REVIEW, REREVIEW = "handling", "review", "rereview"
LEVELS: dict[str, Message] = {
    HANDLING: N_("Handling opinion"),
    REVIEW: N_("Review opinion"),
    REREVIEW: N_("Re-review opinion"),
}
NEXT_LEVEL = {HANDLING: REVIEW, REVIEW: REREVIEW}

# Article 32 of the regulation; P-57 for the bodies above.
SUPPORT, EXPLAIN, NOT_SUPPORTED = "support", "explain", "not_supported"
UPHOLD, CHANGE, REVOKE = "uphold", "change", "revoke"
HANDLING_OUTCOMES: dict[str, Message] = {
    SUPPORT: N_("The demand is supported"),
    EXPLAIN: N_("Reasonable but without basis: explained"),
    NOT_SUPPORTED: N_("The demand is not supported"),
}
REVIEW_OUTCOMES: dict[str, Message] = {
    UPHOLD: N_("The opinion is upheld"),
    CHANGE: N_("The opinion is changed"),
    REVOKE: N_("The opinion is revoked and handled anew"),
}
OUTCOMES: dict[str, Mapping[str, Message]] = {
    HANDLING: HANDLING_OUTCOMES,
    REVIEW: REVIEW_OUTCOMES,
    REREVIEW: REVIEW_OUTCOMES,
}

DRAFT, WAITING, ISSUED, VOID = "draft", "waiting", "issued", "void"
STATES: dict[str, Message] = {
    DRAFT: N_("Opinion drafted"),
    WAITING: N_("Waits for signature"),
    ISSUED: N_("Opinion issued"),
    VOID: N_("Opinion voided"),
}

# How what came of an item is told without a paper (GOV-32); no time to ask for review begins by it.
TOLD_BY: dict[str, Message] = {
    "desk": N_("At the window, face to face"),
    "phone": N_("By phone"),
    "visit": N_("On a visit to the petitioner"),
}

CONTENT, UNHAPPY, SILENT = "content", "unhappy", "silent"
TAKEN: dict[str, Message] = {
    CONTENT: N_("Accepts the opinion"),
    UNHAPPY: N_("Is not content"),
    SILENT: N_("Gave no answer"),
}
HEARD, REHANDLED, TO_REVIEW = "heard", "rehandled", "to_review"
LED_TO: dict[str, Message] = {
    HEARD: N_("Heard again"),
    REHANDLED: N_("Handled again"),
    TO_REVIEW: N_("Told how to ask for review"),
}

# Why more time is needed; the words that others read are these, never free text.
EXTENSION_REASONS: dict[str, Message] = {
    "complex": N_("The matter is complex"),
    "evidence": N_("Facts must still be found out on the spot"),
    "expert": N_("An expert opinion or hearing is needed"),
    "several_units": N_("Several units must agree"),
    "other_case": N_("The result of another case must be awaited"),
}
DELAY_REASONS: dict[str, Message] = {
    **EXTENSION_REASONS,
    "petitioner": N_("The petitioner could not be reached"),
    "measures": N_("What was decided is still being carried out"),
}

ACCEPTED, MEDIATED, RECONCILED = "accepted", "mediated", "reconciled"
REVIEW_LAPSED, REREVIEW_LAPSED, CONCLUDED = "review_lapsed", "rereview_lapsed", "concluded"
WITHDRAWN, DIED, ANSWERED = "withdrawn", "died", "answered"
CLOSE_REASONS: dict[str, Message] = {
    ACCEPTED: N_("The petitioner accepts the opinion"),
    MEDIATED: N_("Mediation agreement reached"),
    RECONCILED: N_("Settlement agreement reached"),
    REVIEW_LAPSED: N_("Review was not asked for in time"),
    REREVIEW_LAPSED: N_("Re-review was not asked for in time"),
    CONCLUDED: N_("The re-review opinion was delivered"),
    WITHDRAWN: N_("The petitioner withdrew the petition"),
    DIED: N_("The petitioner died and nobody carries on"),
    ANSWERED: N_("Studied and answered; no opinion is due"),
}

# What a complete file of a final item holds (GOV-34); those of OWN are known from the records.
FILING: dict[str, Message] = {
    "opinions": N_("Opinions of all three levels"),
    "delivered": N_("Receipts for all three opinions"),
    "contents": N_("Main contents of all three opinions entered"),
    "petitioner_signature": N_("The petitioner's signature on each receipt, or the witness's"),
    "leader_signature": N_("Signature of the leader in charge on each opinion"),
    "seals": N_("Seal of each body on its opinion"),
}
OWN_CHECKS = ("opinions", "delivered", "contents")


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What an opinion says: the demands, facts and reasons, the legal basis, the opinion itself."""

    claims: str = ""
    facts: str = ""
    basis: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How an opinion's paper came into the petitioner's hands, by the note that counts."""

    id: UUID
    on: date
    delivery: Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionView:
    """One opinion, opened for a reader who may see its item.

    `came_on_paper`: another body made it; `document` is our sheet about it, not the opinion itself.
    """

    id: UUID
    matter_id: UUID
    level: str
    round: int
    state: str
    outcome: str
    texts: Texts
    unit_id: UUID | None
    unit: str
    label: str
    signed_by: str
    drafted_by: UUID | None
    approval: UUID | None
    issued_on: date | None
    delivered: Delivered | None
    document: UUID | None
    came_on_paper: bool = False
    told_on: date | None = None
    told_means: str = ""
    taken: str = ""
    taken_note: str = ""
    led_to: str = ""
    publish_consent: bool = False
    published_on: date | None = None
    circle: str = ""

    @property
    def level_label(self) -> Message:
        """The level in words."""
        return LEVELS[self.level]

    @property
    def outcome_label(self) -> Message:
        """The outcome in words."""
        return OUTCOMES[self.level].get(self.outcome, Message(""))


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFacts:
    """A request for review as it comes in. `window_ends` None: the opinion was not delivered yet."""

    level: str
    in_writing: bool
    reasons: str
    asked_on: date
    issued_on: date
    today: date
    window_ends: date | None
    good_reason: str = ""

    @property
    def late(self) -> bool:
        """Whether the window was over when it was asked for."""
        return self.window_ends is not None and self.asked_on > self.window_ends


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendFacts:
    """What an extension is judged by. `granted` counts those the item has already."""

    days: int
    most: int
    granted: int
    asked: bool
    reason: str
    due: date | None
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseFacts:
    """What a closing is judged by. `window_ends` is the petitioner's running window, if any."""

    stage: str
    reason: str
    purpose: str
    today: date
    window_ends: date | None
    delivered: bool
    filing_missing: tuple[Message, ...] = ()
    papers_open: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    """A request for review or re-review as the chain shows it."""

    id: UUID
    level: str
    asked_on: date
    state: str
    late: bool
    reasons: str
    evidence: str
    good_reason: str
    body_id: UUID | None
    body: str
    decided_at: datetime | None
    hearing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a reader may do on an item now, for the panel: each names a form."""

    draft: str = ""
    deliver: UUID | None = None
    taken: UUID | None = None
    ask: str = ""
    hearing: bool = False
    extend: bool = False
    delay: bool = False
    close: Mapping[str, Message] = field(default_factory=dict)
