"""What policies may know of a class event and of a parent on its list. Value types only."""

from dataclasses import dataclass
from datetime import datetime

from core.i18n import N_

DRAFT, APPLIED, SENT_BACK, APPROVED = "draft", "asked", "sent_back", "approved"
REFUSED, WITHDRAWN, CANCELLED = "refused", "withdrawn", "cancelled"
STATES = {
    DRAFT: (N_("Draft"), "neutral", "edit"),
    APPLIED: (N_("Waits for approval"), "wait", "clock"),
    SENT_BACK: (N_("Sent back"), "wait", "undo"),
    APPROVED: (N_("Approved by both offices"), "good", "check"),
    REFUSED: (N_("Not approved"), "bad", "deny"),
    WITHDRAWN: (N_("Withdrawn"), "neutral", "void"),
    CANCELLED: (N_("Called off"), "neutral", "void"),
}
CHANGEABLE = frozenset({DRAFT, SENT_BACK})
SCAN, LIST, DESK = "scan", "list", "desk"
CAME_BY = {SCAN: N_("by code"), LIST: N_("ticked on the list"), DESK: N_("at the desk")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """A parent who comes to an event. `gate_fits`: this gate is the event's, or it has none.

    `came_at` is when this parent was registered before, None for the first time.
    """

    state: str
    admits_from: datetime
    ends: datetime
    listed: bool
    gate_fits: bool
    gate_name: str
    came_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """An event as it is applied for, to be judged before it is written."""

    admits_from: datetime
    starts: datetime
    ends: datetime
    at: datetime
