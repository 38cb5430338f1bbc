"""Words and value types of coordination and joint reception."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core.i18n import N_, Message

WHYS: dict[str, Message] = {
    "complex": N_("Complex"),
    "hard": N_("Hard to solve"),
    "many": N_("Many persons, or they will not leave"),
    "several": N_("Several counties or departments are concerned"),
    "disputed": N_("Units dispute who is competent"),
}

PLANNED, REFUSED, APPROVED, AGREED = "planned", "refused", "approved", "agreed"
UNDECIDED, DECIDED, DONE, OFF = "undecided", "decided", "done", "off"
COORDINATIONS: dict[str, Message] = {
    PLANNED: N_("Plan waits for signatures"),
    REFUSED: N_("Plan not signed"),
    APPROVED: N_("Plan signed: hold the meeting"),
    AGREED: N_("Agreed: follow it up"),
    UNDECIDED: N_("No agreement: a leader decides"),
    DECIDED: N_("Decided by a leader: follow it up"),
    DONE: N_("All carried out"),
    OFF: N_("Coordination called off"),
}
# Act -> stage before -> stage after.
MOVES: dict[str, dict[str, str]] = {
    "sign": {PLANNED: APPROVED},
    "refuse": {PLANNED: REFUSED},
    "agree": {APPROVED: AGREED},
    "disagree": {APPROVED: UNDECIDED},
    "decide": {UNDECIDED: DECIDED},
    "finish": {AGREED: DONE, DECIDED: DONE},
    "call_off": {APPROVED: OFF, UNDECIDED: OFF},
}

JOINT_WHYS: dict[str, Message] = {
    "large_group": N_("Large group"),
    "special": N_("Special case"),
    "meeting": N_("Group during an important meeting"),
    "several": N_("Matter of several departments"),
    "one_stop": N_("Several units meet for one visit"),
}
TRANSFERRED, ASSIGNED, PERSUADED, BROUGHT_BACK = (
    "transferred",
    "assigned",
    "persuaded",
    "brought_back",
)
OUTCOMES: dict[str, Message] = {
    TRANSFERRED: N_("Transferred on the spot"),
    ASSIGNED: N_("Assigned on the spot"),
    PERSUADED: N_("Persuaded to go home"),
    BROUGHT_BACK: N_("Brought back by the unit"),
    "answered": N_("Answered by the units present"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """Something agreed that a unit carries out by a day."""

    id: UUID
    unit_id: UUID
    unit: str
    text: str
    due_on: date
    done_at: datetime | None
    done: str
    done_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinating:
    """A coordination as pages show it, its texts opened."""

    id: UUID
    matter_id: UUID
    number: str
    state: str
    why: str
    plan: str
    place: str
    meets_at: datetime | None
    held_at: datetime | None
    minutes: str
    decision: str
    decided_by: str
    asked_by: str
    units: tuple[tuple[UUID, str, bool | None], ...]
    follow_ups: tuple[Follow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A unit asked to a joint reception: the calls to it and its arrival."""

    id: UUID
    unit_id: UUID
    unit: str
    calls: tuple[tuple[datetime, str, str, str], ...]
    arrived_at: datetime | None
    people: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """A joint reception as pages show it."""

    id: UUID
    matter_id: UUID
    number: str
    why: str
    place: str
    arrive_by: datetime
    asked_by: str
    units: tuple[Called, ...]
    outcome: str
    note: str
    ended_at: datetime | None
