"""How long records are kept, what is judged before erasing, and what is stored about a person."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.i18n import Message
from core.permissions import Actor
from core.registrations.facts import Detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """One record whose keeping time is over, or will be. `ended_at`: when its time began to run.

    `holds` are further records, by kind and id, whose legal hold also keeps this one.
    """

    record: str
    ended_at: datetime
    title: str = ""
    path: str = ""
    holds: Sequence[tuple[str, UUID]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasing:
    """One run of erasing: for whom it acts, and how a person is erased with all that belongs to them."""

    actor: Actor
    at: datetime
    visitor: Callable[[UUID], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """One kind of record and how many days its personal data is kept after it ended.

    `setting` names a rulebook's field that says the days instead (`retention.visitor_days`). `find`
    is given a moment, a limit and an offset, and returns what ended before, the longest ago first.
    `erase` is given up to `batch` ids that `find` returned, in a transaction of its own; afterwards
    `find` does not return them any more. A rule without both only tells how long its owner keeps things.
    """

    kind: str
    label: Message
    days: int
    basis: str = ""
    setting: str = ""
    find: Callable[[datetime, int, int], Awaitable[Sequence[Expired]]] | None = None
    erase: Callable[[Sequence[str], Erasing], Awaitable[None]] | None = None
    batch: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureFacts:
    """A person about to be erased, with the records merged into theirs, themselves first.

    `on_request` tells the person's own wish from a keeping time that is over.
    """

    visitor_ids: tuple[UUID, ...]
    asked_at: datetime
    on_request: bool
    on_hold: bool
    has_open_visit: bool
    is_watched: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """One part of what is stored about a person: where it lies and its values.

    `kind` and `record` name the record it is of, where that may be hidden from whoever gives it.
    """

    title: Message
    details: Sequence[Detail]
    kind: str = ""
    record: str = ""
