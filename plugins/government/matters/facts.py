"""An item as policies and pages see it. Value types only."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.i18n import Message
from core.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMatter:
    """What is registered of an item; who and what are plain texts here and encrypted when stored."""

    site_id: UUID
    channel: str
    purpose: str
    title: str
    demand: str = ""
    facts: str = ""
    place_text: str = ""
    source: str = "own"
    source_number: str = ""
    subject_id: UUID | None = None
    place_id: UUID | None = None
    petitioner_id: UUID | None = None
    heads: int = 1
    frequency: str = "first"
    anonymous: bool = False
    joint_letter: bool = False
    skip_level: bool = False
    skip_reason: str = ""
    earlier_opinion: bool = False
    urgency: int = 0
    secret: bool = False
    same_as: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterLine:
    """An item as lists show it, opened for a reader who may see it."""

    id: UUID
    site_id: UUID
    number: str
    stage: str
    channel: str
    source: str
    purpose: str
    subject: str
    place: str
    title: str
    petitioner: str
    petitioner_id: UUID | None
    heads: int
    size: str
    frequency: str
    urgency: int
    secret: bool
    holder_id: UUID | None
    holder: str
    day: date
    registered_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterView:
    """An item as its page shows it: the line, its texts, and `row` with the table's other columns.

    `looking`: its reader was let in for an hour, or is of a unit that had it once: they do nothing with it.
    """

    line: MatterLine
    demand: str
    facts: str
    place_text: str
    row: Mapping[str, Any]
    looking: bool = False

    @property
    def id(self) -> UUID:
        """The item."""
        return self.line.id

    @property
    def stage(self) -> str:
        """Where it stands."""
        return self.line.stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One sentence of the time line; `href` leads to what it speaks of."""

    at: datetime
    act: str
    actor: str
    text: Message
    body: str
    shown_to: str
    href: str = ""


# What a panel needs, or None when it has nothing to show to this reader.
PanelContext = Callable[[MatterView, Actor, datetime], Awaitable[Mapping[str, Any] | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A part of the item's page that a room draws: its template gets `matter` and its own context.

    `urgent` names keys of the context that, when true, open the panel on top: something is due.
    """

    name: str
    title: Message
    template: str
    context: PanelContext
    order: int = 100
