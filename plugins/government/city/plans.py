"""What is made up of one petition item before anything is written: who, what, every act with its time."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from core.i18n import Message
from core.permissions import Actor
from plugins.government.city.places import BUREAU, GOVERNMENT, ROOM
from plugins.government.matters import states
from plugins.government.people.facts import Person


@dataclass(slots=True)
class DemoPerson:
    """Somebody who petitions."""

    id: UUID
    person: Person
    since: datetime


@dataclass(frozen=True, slots=True)
class Act:
    """One act of an item's course: `unit` is a unit's code where it names one."""

    name: str
    at: datetime
    stage: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry of the time line that moved the item nowhere: who, what, told to whom."""

    at: datetime
    act: str
    actor: Actor
    text: Message
    told: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """One time they came, wrote or called about it."""

    at: datetime
    channel: str
    heads: int
    frequency: str


@dataclass(slots=True, kw_only=True)
class Plan:
    """One item with its whole course up to now. Units stand by their codes."""

    at: datetime
    channel: str
    purpose: str
    subject: tuple[str, ...]
    place: str
    title: str
    demand: str
    facts: str
    place_text: str
    person: DemoPerson | None
    party: list[DemoPerson] = field(default_factory=list)
    heads: int = 1
    frequency: str = "first"
    source: str = "own"
    source_number: str = ""
    urgency: int = 0
    secret: bool = False
    accused: str = ""
    skip_level: bool = False
    earlier: "Plan | None" = None
    competent: str = ""
    acts: list[Act] = field(default_factory=list)
    came: list[Came] = field(default_factory=list)
    id: UUID = field(default_factory=uuid4)
    number: str = ""
    # Filled in by the rooms that hang on an item: act -> delivery of its opinion; when a unit's
    # result was due: begun, in how many days, ended; why it was closed; whether its result passed.
    deliveries: dict[str, datetime] = field(default_factory=dict)
    reports: list[tuple[datetime, int, datetime | None]] = field(default_factory=list)
    close_reason: str = ""
    checked: bool = False
    # What the time line says beside the acts, and of an act in other words than happened.py.
    notes: list[Noted] = field(default_factory=list)
    said: dict[Act, tuple[Message, str, str]] = field(default_factory=dict)

    @property
    def stage(self) -> str:
        """Where it stands after its last act."""
        return self.acts[-1].stage if self.acts else states.REGISTERED

    def when(self, *names: str) -> datetime | None:
        """Return when one of these acts last happened."""
        return next((act.at for act in reversed(self.acts) if act.name in names), None)

    @property
    def holders(self) -> list[tuple[str, datetime]]:
        """Who answered for it in turn, each since when: the room, then whoever it was handed to."""
        found = [(ROOM, self.at)]
        for act in self.acts:
            holder = {
                "forward": act.unit,
                "take_back": ROOM,
                "ask_review": GOVERNMENT,
                "ask_rereview": BUREAU,
            }.get(act.name)
            if holder and holder != found[-1][0]:
                found.append((holder, act.at))
        return found

    def holder_at(self, moment: datetime) -> str:
        """Return who answered for it at a moment."""
        return next((code for code, since in reversed(self.holders) if since <= moment), ROOM)

    @property
    def closed_at(self) -> datetime | None:
        """When it was no longer open; None while it is."""
        closed = None
        for act in self.acts:
            if act.stage in states.OPEN:
                closed = None
            elif closed is None:
                closed = act.at
        return closed
