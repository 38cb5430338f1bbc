"""What policies may know of a slip: kinds, means of contact, a slip as it stands. Value types only."""

from dataclasses import dataclass
from datetime import datetime

from core.i18n import N_

LEAVE, BOARDER, ENTRY = "leave", "boarder", "entry"
KINDS = {
    LEAVE: N_("Leave in school time"),
    BOARDER: N_("Boarder going out after school"),
    ENTRY: N_("Coming in outside school time"),
}

MEANS = {
    "phone": N_("By phone"),
    "in_person": N_("In person"),
    "message": N_("By message, answered"),
    "link": N_("By the link sent to them"),
}

ASKED, TO_STAMP, REFUSED, READY, COMING = "asked", "to_stamp", "refused", "ready", "coming"
OUT, OVERDUE, CLOSED, EXPIRED, VOID = "out", "overdue", "closed", "expired", "void"
STANDINGS = {
    ASKED: (N_("Asked, not issued"), "wait", "clock"),
    TO_STAMP: (N_("Waits for the grade office"), "wait", "clock"),
    REFUSED: (N_("Refused by the grade office"), "bad", "deny"),
    COMING: (N_("Valid later"), "busy", "calendar"),
    READY: (N_("Valid now"), "good", "check"),
    OUT: (N_("Out, will come back"), "busy", "leave"),
    OVERDUE: (N_("Not back in time"), "bad", "overdue"),
    CLOSED: (N_("Done"), "neutral", "tick"),
    EXPIRED: (N_("Expired, not used"), "neutral", "clock"),
    VOID: (N_("Void"), "neutral", "void"),
}
OPEN = frozenset({ASKED, TO_STAMP, READY, COMING, OUT, OVERDUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A slip as it stands. `used`: the one exit was made. `back_by`: None when nobody comes back that day.

    `collector` is who was recorded at the gate as collecting the pupil, empty before that.
    """

    kind: str
    starts: datetime
    ends: datetime
    back_by: datetime | None
    issued: bool
    contacted: bool
    stamped: bool
    refused: bool
    void: bool
    used: bool
    returned: bool
    released: bool
    alone: bool
    reason: str
    collector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A slip that somebody asks for, to be judged before it is written."""

    kind: str
    starts: datetime
    ends: datetime
    back_by: datetime | None
    alone: bool
    boards: bool
    active: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What the guard recorded of an exit. `collector_approved`: the adult is on the roster and may collect.

    `document`: the kind of document looked at. `signed_pupil`, `signed_collector`: by hand on the screen;
    `paper`: the number of the paper that bears both signatures.
    """

    going_alone: bool
    collector_named: bool
    collector_approved: bool
    document: str
    signed_pupil: bool
    signed_collector: bool
    paper: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Passed:
    """A scan that let a pupil through. `at` in epoch milliseconds, `out` False for coming in."""

    event: int
    at: int
    out: bool
