"""What the lodge takes in for pupils, and when it hands it out (SCH-10, SCH-11). Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.decisions import Allow, Decision, Deny, Hold
from core.i18n import N_, Message
from plugins.school_gate.facts import SchoolRules

CLOTHES, BOOKS, MEAL, DAILY, OTHER = "clothes", "books", "meal", "daily", "other"
KINDS: dict[str, Message] = {
    CLOTHES: N_("Clothes, bedding"),
    BOOKS: N_("Books, school things"),
    MEAL: N_("Meal"),
    DAILY: N_("Things of daily use"),
    OTHER: N_("Other things"),
}
KEPT, COLLECTED, RETURNED, DISPOSED = "kept", "collected", "returned", "disposed"
STATES: dict[str, Message] = {
    KEPT: N_("At the lodge"),
    COLLECTED: N_("Collected"),
    RETURNED: N_("Given back"),
    DISPOSED: N_("Disposed of"),
}
_HOURS = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–—~～至到]\s*(\d{1,2}):(\d{2})\s*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositFacts:
    """A thing about to be taken in; `active` says whether the pupil is still at the school."""

    kind: str
    what: str
    remark: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOut:
    """A thing about to be handed out. `at` is the site's time; `reason` why it is at another time."""

    kind: str
    state: str
    at: datetime
    signed: bool
    reason: str


def hours_of(lines: Sequence[str]) -> list[tuple[time, time]]:
    """Return the times in lines such as `12:00-13:30`; a line that is none is left out."""
    found: list[tuple[time, time]] = []
    for line in lines:
        match = _HOURS.fullmatch(line)
        if match is None:
            continue
        numbers = [int(part) for part in match.groups()]
        if numbers[0] < 24 and numbers[1] < 60 and numbers[2] < 24 and numbers[3] < 60:
            found.append((time(numbers[0], numbers[1]), time(numbers[2], numbers[3])))
    return found


def said_hours(rules: SchoolRules) -> str:
    """Return the set times as they are told: `11:50-13:00, 18:20-19:00`."""
    return ", ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in hours_of(rules.deposit_hours))


def may_take_in(deposit: DepositFacts, rules: SchoolRules, version: str) -> Decision:
    """Decide whether the lodge keeps a thing for a pupil."""
    if not deposit.active:
        return Deny(
            "pupil_left",
            N_("This pupil has left the school. Give the thing back."),
            "SCH-10",
            version,
        )
    said = f"{deposit.what} {deposit.remark}"
    word = next((word for word in rules.deposit_refused_words if word and word in said), None)
    if word is not None:
        return Deny(
            "not_taken_in",
            N_(
                "The lodge does not keep this ({word}). Medicine goes to the school doctor, "
                "dangerous things go back.",
                word=word,
            ),
            "SCH-10",
            version,
        )
    return Allow()


def may_hand_out(out: HandOut, rules: SchoolRules, version: str) -> Decision:
    """Decide whether a thing is handed to its pupil now. A meal is handed out at any time."""
    if out.state != KEPT:
        return Deny("not_kept", N_("This is not at the lodge any more."), "SCH-10", version)
    if not out.signed:
        return Deny(
            "not_signed",
            N_("The pupil signs for it: on the screen, or on the paper slip."),
            "SCH-10",
            version,
        )
    if out.kind == MEAL or out.reason or is_collection_time(out.at, rules):
        return Allow()
    return Hold(
        "not_now",
        N_(
            "Things are collected at {hours}. At another time say why, or let the pupil come back.",
            hours=said_hours(rules),
        ),
        "SCH-10",
        version,
    )


def is_collection_time(at: datetime, rules: SchoolRules) -> bool:
    """Say whether pupils collect now; without set times they collect always."""
    hours = hours_of(rules.deposit_hours)
    return not hours or any(start <= at.time() < end for start, end in hours)


def is_overdue(kept_at: datetime, at: datetime, kind: str, rules: SchoolRules) -> bool:
    """Say whether nobody collected a thing for too long; a meal is overdue on the same day."""
    if kind == MEAL:
        return at - kept_at >= timedelta(hours=rules.meal_hours)
    return at - kept_at >= timedelta(days=rules.deposit_days)
