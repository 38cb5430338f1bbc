"""Where an item stands, and which act leads from where to where (GOV-55 is one chain)."""

from core.i18n import N_, Message

REGISTERED, GUIDED, ANSWERED = "registered", "guided", "answered"
REFUSED, ENDED, FILED = "refused", "ended", "filed"
ACCEPTED, FORWARDED, HANDLING, REPORTED = "accepted", "forwarded", "handling", "reported"
OPINION, REVIEW, REVIEWED, REREVIEW, FINAL = "opinion", "review", "reviewed", "rereview", "final"
CLOSED, ARCHIVED, DESTROYED = "closed", "archived", "destroyed"

STAGES: dict[str, Message] = {
    REGISTERED: N_("Registered"),
    GUIDED: N_("Directed to the competent body"),
    ANSWERED: N_("Answered on the spot"),
    REFUSED: N_("Not accepted"),
    ENDED: N_("No longer accepted"),
    FILED: N_("Kept on file"),
    ACCEPTED: N_("Accepted"),
    FORWARDED: N_("Forwarded to a unit"),
    HANDLING: N_("Being handled"),
    REPORTED: N_("Result returned"),
    OPINION: N_("Opinion given"),
    REVIEW: N_("Under review"),
    REVIEWED: N_("Review opinion given"),
    REREVIEW: N_("Under re-review"),
    FINAL: N_("Concluded by re-review"),
    CLOSED: N_("Item closed"),
    ARCHIVED: N_("Archived"),
    DESTROYED: N_("Destroyed"),
}
OPEN = (REGISTERED, ACCEPTED, FORWARDED, HANDLING, REPORTED, OPINION, REVIEW, REVIEWED, REREVIEW)

# Act -> stage before -> stage after.
MOVES: dict[str, dict[str, str]] = {
    "answer": {REGISTERED: ANSWERED, ACCEPTED: ANSWERED},
    "guide": {REGISTERED: GUIDED},
    "refuse": {REGISTERED: REFUSED},
    "end": {REGISTERED: ENDED},
    "file": {REGISTERED: FILED},
    "accept": {REGISTERED: ACCEPTED},
    "forward": {
        REGISTERED: FORWARDED,
        ACCEPTED: FORWARDED,
        FORWARDED: FORWARDED,
        HANDLING: FORWARDED,
        REPORTED: FORWARDED,
    },
    "take_up": {FORWARDED: HANDLING, ACCEPTED: HANDLING},
    "take_back": {FORWARDED: ACCEPTED, HANDLING: ACCEPTED},
    "report": {HANDLING: REPORTED},
    "send_back": {REPORTED: HANDLING, OPINION: HANDLING},
    "decide": {HANDLING: OPINION, REPORTED: OPINION},
    "void_opinion": {OPINION: HANDLING, REVIEWED: REVIEW, FINAL: REREVIEW},
    "ask_review": {OPINION: REVIEW},
    "decide_review": {REVIEW: REVIEWED},
    "redo": {REVIEW: HANDLING, REREVIEW: HANDLING},
    "ask_rereview": {REVIEWED: REREVIEW},
    "conclude": {REREVIEW: FINAL},
    "close": {
        REGISTERED: CLOSED,
        ACCEPTED: CLOSED,
        ANSWERED: CLOSED,
        HANDLING: CLOSED,
        REPORTED: CLOSED,
        OPINION: CLOSED,
        REVIEW: CLOSED,
        REVIEWED: CLOSED,
        REREVIEW: CLOSED,
        FINAL: CLOSED,
    },
    "reopen": {CLOSED: HANDLING, ANSWERED: REGISTERED},
    "archive": {
        CLOSED: ARCHIVED,
        ANSWERED: ARCHIVED,
        GUIDED: ARCHIVED,
        REFUSED: ARCHIVED,
        ENDED: ARCHIVED,
        FILED: ARCHIVED,
    },
    "destroy": {ARCHIVED: DESTROYED, FILED: DESTROYED},
}


def may(act: str, stage: str) -> bool:
    """Say whether an act is possible at a stage."""
    return stage in MOVES[act]


def after(act: str, stage: str) -> str:
    """Return the stage an act leads to; KeyError when it is not possible."""
    return MOVES[act][stage]
