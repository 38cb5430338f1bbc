"""The states of a request for approval and the acts that lead from one to another."""

OPEN = "open"
SENT_BACK = "sent_back"
APPROVED = "approved"
REJECTED = "rejected"
WITHDRAWN = "withdrawn"

STATES = (OPEN, SENT_BACK, APPROVED, REJECTED, WITHDRAWN)
DECIDED = frozenset({APPROVED, REJECTED, WITHDRAWN})

# Act -> state before -> states it may lead to. The empty state is before anything was written.
ACTS: dict[str, dict[str, frozenset[str]]] = {
    "open": {"": frozenset({OPEN})},
    "vote": {OPEN: frozenset({OPEN, SENT_BACK, APPROVED, REJECTED})},
    "resubmit": {SENT_BACK: frozenset({OPEN})},
    "withdraw": {OPEN: frozenset({WITHDRAWN}), SENT_BACK: frozenset({WITHDRAWN})},
    "reseat": {OPEN: frozenset({OPEN})},
}


def may(act: str, state: str) -> bool:
    """Say whether an act is possible in a state."""
    return state in ACTS[act]


def leads(act: str, before: str, after: str) -> bool:
    """Say whether an act may lead from one state to another."""
    return after in ACTS[act].get(before, frozenset())
