"""What a deadline is made of. Value types only; a day here is a date of the site's calendar."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from core.i18n import Message

CALENDAR, WORKING = "calendar", "working"
UNITS = (CALENDAR, WORKING)
NEXT_DAY, SAME_DAY, NEXT_WORKING_DAY = "next_day", "same_day", "next_working_day"
STARTS = (NEXT_DAY, SAME_DAY, NEXT_WORKING_DAY)
NO_ROLL, FORWARD = "none", "forward"
STATUTORY, INTERNAL = "statutory", "internal"
LONGEST = 3660


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRule:
    """How a due date is reached.

    `start`: the day of the event does not count (next_day), counts as the first (same_day), or
    counting begins with the first working day after it. `roll` forward moves a due date that is no
    working day to the next one. `basis` is the source, `version` the rulebook version. `amber` and
    `red` are days before the due date, in `warn_unit`.
    """

    name: str
    length: int
    unit: str = CALENDAR
    start: str = NEXT_DAY
    roll: str = NO_ROLL
    basis: str = ""
    version: str = ""
    amber: int = 5
    red: int = 2
    warn_unit: str = CALENDAR

    def __post_init__(self) -> None:
        if not (
            1 <= self.length <= LONGEST
            and self.unit in UNITS
            and self.warn_unit in UNITS
            and self.start in STARTS
            and self.roll in (NO_ROLL, FORWARD)
        ):
            raise ValueError(f"{self} cannot be counted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Days that do not count, from `first` to the day before `until`; None while it lasts."""

    first: date
    until: date | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """Days granted on top, counted on from where the former ones end."""

    length: int
    unit: str
    granted_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofStep:
    """One step of a proof: the days from `first` to `last`, how many they are, and why.

    `kind`: start, before, count, makeup, rest, holiday, pause, extend, due, roll (of a day off), wait
    (of a day in a pause), stopped, unconfirmed, moved. `days` of start and extend is how many are to be
    counted, in `unit`. `moved` counts nothing: the date was `first` until the table of holidays
    changed, on the day `last`.
    """

    kind: str
    first: date
    last: date
    days: int = 0
    unit: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """A due date with its proof. `due` is None while a pause lasts.

    `counted_to` is the last day counted, before rolling. `provisional`: some day lies in a year
    whose holidays are not announced.
    """

    due: date | None
    counted_to: date | None
    provisional: bool
    proof: tuple[ProofStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One rung of the escalation ladder: who is told so many working hours after the due date."""

    after_hours: int
    roles: tuple[str, ...] = ()
    users: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """When an office works on a working day."""

    periods: tuple[tuple[time, time], ...] = (
        (time(9), time(12)),
        (time(14), time(18)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Agendum:
    """Something to be done at a moment: amber, red, overdue, rung0, rung1, ..."""

    name: str
    moment: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDeadline:
    """A clock to be started on a record.

    Two clocks of one matter differ in `track` (statutory, internal). `label` and `event` are read
    by whoever is told, so they name no particulars. `owner` and the holders of `roles` are warned.
    """

    record_kind: str
    record: str
    name: str
    label: Message
    rule: DeadlineRule
    started_on: date
    track: str = STATUTORY
    event: Message = field(default_factory=lambda: Message(""))
    site_id: UUID | None = None
    owner: UUID | None = None
    roles: tuple[str, ...] = ()
    ladder: tuple[Rung, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A deadline whose due date changed when the table of holidays did."""

    id: UUID
    record_kind: str
    record: str
    label: Message
    before: date | None
    after: date | None


Days = Mapping[date, "CalendarDay"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """A day that differs from its weekday: `kind` off (a holiday) or work (a make-up day)."""

    day: date
    kind: str
    note: str = ""
    source: str = ""
    provisional: bool = False
