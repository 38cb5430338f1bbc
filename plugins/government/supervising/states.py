"""Where a supervision stands, and which act leads from where to where."""

from core.i18n import N_, Message

OPEN, ANSWERED, ASKED, HANDED, CLOSED = "open", "answered", "asked", "handed", "closed"
STATES: dict[str, Message] = {
    OPEN: N_("Waits for the unit's answer"),
    ANSWERED: N_("Answer to be looked at"),
    ASKED: N_("Handing over waits for the director"),
    HANDED: N_("With the supervision office"),
    CLOSED: N_("Supervision ended"),
}
ACTIVE = (OPEN, ANSWERED, ASKED, HANDED)

# Act -> state before -> state after.
MOVES: dict[str, dict[str, str]] = {
    "step": {one: one for one in ACTIVE},
    "answer": {OPEN: ANSWERED, HANDED: HANDED},
    "insist": {ANSWERED: OPEN},
    "ask_over": {OPEN: ASKED, ANSWERED: ASKED},
    "hand_over": {ASKED: HANDED},
    "keep": {ASKED: OPEN},
    "close": {OPEN: CLOSED, ANSWERED: CLOSED, HANDED: CLOSED},
}


def may(act: str, state: str) -> bool:
    """Say whether an act is possible in a state."""
    return state in MOVES[act]
