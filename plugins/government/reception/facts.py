"""Days on which leaders receive petitioners, bookings, the rota. Value types and words only."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.i18n import N_, Message

LEADER, DIRECTOR = "leader", "director"
KINDS: dict[str, Message] = {
    LEADER: N_("Reception by a leader"),
    DIRECTOR: N_("Director's reception day"),
}
PLANNED, CANCELLED = "planned", "cancelled"
BOOKED, CAME, MISSED, CALLED_OFF = "booked", "came", "missed", "called_off"
BOOKING_STATES: dict[str, Message] = {
    BOOKED: N_("Booked for reception"),
    CAME: N_("Was received"),
    MISSED: N_("Did not come"),
    CALLED_OFF: N_("Booking called off"),
}
PUBLIC, AT_DESK = "public", "desk"
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A day that the rota says: which day it falls on, whose it is, and the Monday it stands for."""

    monday: date
    day: date
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """A reception day as lists show it; `receiver` is whoever receives, the delegate if there is one."""

    id: UUID
    site_id: UUID
    day: date
    begins: str
    ends: str
    place: str
    kind: str
    state: str
    leader_id: UUID | None
    leader: str
    post: str
    delegate_id: UUID | None
    delegate: str
    delegate_post: str
    moved_from: date | None
    slots: int
    booked: int
    note: str = ""

    @property
    def receiver(self) -> str:
        """The name of whoever receives."""
        return self.delegate or self.leader

    @property
    def left(self) -> int:
        """How many places are left."""
        return max(0, self.slots - self.booked)

    @property
    def weekday(self) -> Message:
        """The day of the week in words."""
        return WEEKDAYS[self.day.weekday()]

    @property
    def kind_label(self) -> Message:
        """The kind in words."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFacts:
    """What a booking is judged by; `at_desk`: somebody of the office enters it."""

    day: date
    today: date
    at_desk: bool
    cancelled: bool
    left: int
    same_day: bool
    this_month: int
    per_month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingLine:
    """One booking, opened for the office."""

    id: UUID
    day_id: UUID
    position: int
    name: str
    phone: str
    topic: str
    heads: int
    means: str
    state: str
    matter_id: UUID | None
    matter_number: str
