"""Who holds a record, since when, and how it came there. Value types only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

TAKE, PASS_ON, RETURN = "take", "pass_on", "return"


@dataclass(frozen=True, slots=True)
class Holder:
    """A unit that can answer for a record: `kind` and `id` tell it, `label` is how it was called then."""

    kind: str
    id: str
    label: str

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells this unit from others, whatever it is called."""
        return self.kind, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The time in which one unit held a record; `until` is None while it lasts.

    `how` is take, pass_on or return. `given_by` is the position of the span it would be returned
    to. `loop`: it was passed on to a unit that had held it before.
    """

    position: int
    holder: Holder
    since: datetime
    until: datetime | None = None
    how: str = TAKE
    given_by: int | None = None
    loop: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How a record stands now. `returns` and `loops` count the whole of its history."""

    record: str
    holder: Holder
    since: datetime
    person: UUID | None
    person_name: str
    position: int
    returns: int
    loops: int
    taken_at: datetime
    ended_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """The first handler, kept for ever: the unit that took it, and the person named first.

    `person_label` is the unit in which that person was named; all three are empty until somebody is.
    """

    holder: Holder
    since: datetime
    person: UUID | None
    person_name: str
    person_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanLine:
    """One span as shown. `days` is how many midnights of the site's calendar lie in it."""

    holder: Holder
    since: datetime
    until: datetime | None
    how: str
    loop: bool
    days: int
    person_name: str
    reason: str
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A record's whole history; the spans' days add up to `age`, the days since it was taken."""

    spans: tuple[SpanLine, ...]
    age: int
    returns: int
    loops: int
    first: First
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderDays:
    """How many days one unit held a record in all, and how many times it came to it."""

    holder: Holder
    days: int
    times: int
