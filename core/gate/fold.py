"""The fold: a pass's events, in their order, to its presence and the conflicts among them. Pure.

The same events give the same presence in whatever order they arrived, so a late delivery from a gate
that was cut off is folded in at its place. Held and refused scans change nothing. A correction
(`corrects`) takes the event it names out of the reckoning; `undo` leaves it at that, any other
correction counts in its own right. A stub that came back after its visitor is no second exit.

For every pass: inside = entries - exits - double entries + exits without entry. A visit is let in and
out by the desk as well, so its events alone show no such conflicts.
"""

from collections.abc import Iterable
from uuid import UUID

from core.gate.facts import IN, Conflict, PassEvent, Presence

ALLOW, HOLD, DENY = 0, 1, 2
UNDO, OVERRIDE, STUB = "undo", "override", "stub_returned"
_NOT_COUNTING = frozenset({UNDO, STUB})
DOUBLE_ENTRY = "double_entry"
EXIT_WITHOUT_ENTRY = "exit_without_entry"
ENTRY_AFTER_REVOCATION = "entry_after_revocation"
SECOND_SINGLE_ENTRY = "second_single_entry"


def conflict_key(kind: str, pass_id: str, device: UUID, seq: int) -> str:
    """Return the key under which a conflict is stored once."""
    return f"{kind}/{pass_id}/{device}:{seq}"


def step(before: Presence, direction: int, at: int, event_id: int) -> tuple[Presence, str]:
    """Return the presence after one event that counts, and the kind of conflict or nothing."""
    entering = direction == IN
    conflict = ""
    if entering and before.inside:
        conflict = DOUBLE_ENTRY
    elif not entering and not before.inside:
        conflict = EXIT_WITHOUT_ENTRY
    after = Presence(
        inside=entering,
        entries=before.entries + entering,
        last_at=at,
        last_direction=direction,
        last_event=event_id,
    )
    return after, conflict


def order(event: PassEvent) -> tuple[int, int, int, int]:
    """Return by what events are sorted; `refolding` asks the database for the same order."""
    return event.at, event.seq, event.direction, event.device.int


def effective(events: Iterable[PassEvent]) -> list[PassEvent]:
    """Return the events that count, in their order.

    By time, then number, direction, device: of two acts under one number, as of a cloned device, it
    does not matter which of them took the device's own name.
    """
    events = list(events)
    corrected = {event.corrects for event in events if event.corrects is not None}
    counting = [
        event
        for event in events
        if event.verdict == ALLOW and event.code not in _NOT_COUNTING and event.id not in corrected
    ]
    return sorted(counting, key=order)


def fold(
    pass_id: str,
    events: Iterable[PassEvent],
    *,
    single_entry: bool = False,
    revoked_at: int | None = None,
    is_visit: bool = False,
    start: Presence | None = None,
) -> tuple[Presence, list[Conflict]]:
    """Return where the pass stands and what a person must explain.

    `start` is where it stood before these events, when they are only its latest.
    """
    presence = start or Presence()
    conflicts: list[Conflict] = []

    def found(kind: str, event: PassEvent) -> None:
        conflicts.append(
            Conflict(
                kind=kind,
                key=conflict_key(kind, pass_id, event.device, event.seq),
                first_event=presence.last_event or None,
                second_event=event.id,
                at=event.at,
            )
        )

    for event in effective(events):
        after, conflict = step(presence, event.direction, event.at, event.id)
        if conflict and not is_visit:
            found(conflict, event)
        if event.direction == IN:
            if single_entry and after.entries > 1:
                found(SECOND_SINGLE_ENTRY, event)
            if revoked_at is not None and event.at >= revoked_at:
                found(ENTRY_AFTER_REVOCATION, event)
        presence = after
    return presence, conflicts
