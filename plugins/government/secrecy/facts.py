"""Whom an item accuses, who stepped back, who looked in: as pages and policies see it. Value types only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.i18n import N_, Message

PERSON, UNIT = "person", "unit"
KINDS: dict[str, Message] = {PERSON: N_("Person accused"), UNIT: N_("Unit accused")}
DECLARED, NAMED = "declared", "named"
RECUSAL, ACCUSED = "recusal", "accused"
ASKED, GRANTED, REFUSED = "asked", "granted", "refused"
GLASS_STATES: dict[str, Message] = {
    ASKED: N_("Waits for a second person"),
    GRANTED: N_("May look at it"),
    REFUSED: N_("May not look at it"),
}
GLASS = timedelta(minutes=60)
# So long a wish waits. Who is refused hears of it only then, as for an item that is not there.
WAIT = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccusedLine:
    """Somebody an item accuses; `account` is the name of their account, if they have one here."""

    id: UUID
    kind: str
    name: str
    unit: str
    account: str
    since: datetime
    by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    reason: str

    @property
    def kind_label(self) -> Message:
        """A person or a unit, in words."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalLine:
    """Somebody who has nothing to do with an item any more."""

    id: UUID
    user_id: UUID
    name: str
    how: str
    reason: str
    since: datetime
    by: str
    lifted_at: datetime | None
    lifted_by: str
    lift_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassLine:
    """Somebody's wish to look at one confidential item; `matter_id` only for who may decide it."""

    id: UUID
    matter_id: UUID | None
    number: str
    asker: str
    reason: str
    asked_at: datetime
    state: str
    decided_at: datetime | None
    decided_by: str
    until: datetime | None

    @property
    def state_label(self) -> Message:
        """The state in words."""
        return GLASS_STATES[self.state]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """A unit that an item would be handed to: itself with all bodies above it, and whom it accuses.

    `accused_units` are units accused, and those that accused persons work for.
    """

    unit_line: frozenset[UUID]
    accused_units: frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letting:
    """Somebody asks to look at an item and another decides."""

    asker: UUID
    decider: UUID
    asker_is_barred: bool
    decider_sees: bool
