"""The states of an appointment and the acts that lead from one to another; nothing else moves it."""

PROPOSED = "proposed"
CONFIRMED = "confirmed"
REFUSED = "refused"
CANCELLED = "cancelled"
ARRIVED = "arrived"
NO_SHOW = "no_show"

STATES = (PROPOSED, CONFIRMED, REFUSED, CANCELLED, ARRIVED, NO_SHOW)
OPEN = frozenset({PROPOSED, CONFIRMED})

_OPENED = frozenset({PROPOSED, CONFIRMED})
# Act -> state before -> states it may lead to. The empty state is before anything was written.
ACTS: dict[str, dict[str, frozenset[str]]] = {
    "propose": {"": _OPENED},
    "confirm": {PROPOSED: frozenset({CONFIRMED})},
    "refuse": {PROPOSED: frozenset({REFUSED}), CONFIRMED: frozenset({REFUSED})},
    "reschedule": {PROPOSED: _OPENED, CONFIRMED: _OPENED},
    "cancel": {PROPOSED: frozenset({CANCELLED}), CONFIRMED: frozenset({CANCELLED})},
    # Whoever comes after being noted as absent, or before anybody answered, is received all the same.
    "arrive": {state: frozenset({ARRIVED}) for state in (PROPOSED, CONFIRMED, NO_SHOW)},
    "no_show": {CONFIRMED: frozenset({NO_SHOW})},
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
