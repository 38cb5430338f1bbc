"""The states of a registration and the acts that lead from one to another; nothing else moves it."""

EXPECTED = "expected"
WAITING = "waiting"
HELD = "held"
INSIDE = "inside"
LEFT = "left"
CLOSED = "closed"
REFUSED = "refused"
CANCELLED = "cancelled"
VOIDED = "voided"

STATES = (EXPECTED, WAITING, HELD, INSIDE, LEFT, CLOSED, REFUSED, CANCELLED, VOIDED)
OPEN = frozenset({EXPECTED, WAITING, HELD, INSIDE, LEFT})
JUDGED_AGAIN = frozenset({WAITING, HELD, REFUSED})

_JUDGED = frozenset({WAITING, HELD, REFUSED})
# Act -> state before -> states it may lead to. The empty state is before anything was written.
ACTS: dict[str, dict[str, frozenset[str]]] = {
    "expect": {"": frozenset({EXPECTED})},
    "register": {"": _JUDGED},
    "arrive": {EXPECTED: _JUDGED},
    "judge": {WAITING: _JUDGED, HELD: _JUDGED, REFUSED: _JUDGED},
    "release": {HELD: frozenset({WAITING})},
    "refuse": {WAITING: frozenset({REFUSED}), HELD: frozenset({REFUSED})},
    "admit": {WAITING: frozenset({INSIDE, HELD})},
    "leave": {INSIDE: frozenset({LEFT, CLOSED})},
    "close": {LEFT: frozenset({CLOSED})},
    "step_back": {
        INSIDE: frozenset({WAITING}),
        LEFT: frozenset({INSIDE}),
        CLOSED: frozenset({INSIDE}),
    },
    "cancel": {state: frozenset({CANCELLED}) for state in (EXPECTED, WAITING, HELD)},
    "void": {state: frozenset({VOIDED}) for state in STATES if state != VOIDED},
}


def may(act: str, state: str) -> bool:
    """Say whether an act is possible in a state."""
    return state in ACTS[act]


def leads(act: str, before: str, after: str) -> bool:
    """Say whether an act may lead from one state to another."""
    return after in ACTS[act].get(before, frozenset())


def acts_in(state: str) -> tuple[str, ...]:
    """Return the acts that are possible in a state."""
    return tuple(act for act, moves in ACTS.items() if state in moves)
