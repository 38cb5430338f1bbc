"""What goes into the scan pipeline, what is stored of it, and what comes out. Value types only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol
from uuid import UUID

from core.errors import DomainError
from core.gate.facts import HolderCard, PassFacts
from core.i18n import N_, Message
from core.log.proof import Content
from core.permissions import Actor

ONLINE, OFFLINE = 0, 1
VERDICTS = ("allow", "hold", "deny")


class GateBusyError(DomainError):
    """More scans wait than can be answered in time; the device tries again."""

    code = "gate_busy"

    def __init__(self) -> None:
        super().__init__(N_("Too many scans at once. Scan again in a moment."))


class NotStoredError(DomainError):
    """The scan could not be stored, so it has no verdict; the device tries again."""

    code = "not_stored"

    def __init__(self) -> None:
        super().__init__(
            N_("The scan could not be stored. Scan again; meanwhile decide yourself and note it.")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A device at a gate with the operator on it. `zone` is the bit that a pass must have.

    The actor is the operator, with the gate as place.
    """

    device_id: UUID
    gate_id: UUID
    gate_name: str
    site_id: UUID
    zone: int
    audience: int
    actor: Actor
    locale: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One scan as a device sends it. `direction` None: the other way than last time.

    `seq` is the device's own gapless number; `wall` (epoch ms) and `mono` (ms) are its clocks within
    `boot`, 0 where it has none.
    """

    station: Station
    text: str
    direction: int | None
    seq: int
    boot: str = ""
    wall: int = 0
    mono: int = 0
    source: str = "camera"
    bundle: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The visit that a pass stands for, as far as the gate shows and judges it."""

    registration_id: UUID
    state: str
    card: HolderCard


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEvent:
    """A scan that was stored before: the same one sent again gets the same verdict."""

    id: int
    pass_id: str | None
    at: int
    direction: int
    verdict: int
    code: str
    reason: str
    rule: str
    rule_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What one batch reads: passes by id, visits by registration, known events by device and seq.

    `last_events` are the latest events that counted, by pass.
    """

    passes: Mapping[str, PassFacts]
    last_events: Mapping[str, int] = field(default_factory=dict)
    visits: Mapping[UUID, Visit] = field(default_factory=dict)
    known: Mapping[tuple[UUID, int], KnownEvent] = field(default_factory=dict)


class EventRow(NamedTuple):
    """A row of scan_event, without its id; its fields are the columns, in this order."""

    device: UUID
    boot: str
    seq: int
    at: int
    mono: int
    clock_offset: int
    received_at: int
    gate: UUID
    site: UUID
    pass_id: str | None
    raw_hash: str
    direction: int
    verdict: int
    code: str
    reason: str
    rule: str
    rule_version: str
    mode: int
    source: str
    bundle: int
    operator: UUID | None
    corrects: int | None


class Move(NamedTuple):
    """The change of a pass by an event that counts, made only if its version is still `version`."""

    version: int
    inside: int
    entries: int
    direction: int
    conflict: str = ""
    conflict_key: str = ""
    first_event: int | None = None


class CounterKey(NamedTuple):
    """Which counter a scan is counted in; `id` names day, gate, kind, direction, verdict, code."""

    id: str
    day: str
    kind: str


class Record(NamedTuple):
    """All that one scan writes, together or not at all."""

    event: EventRow
    move: Move | None
    log: Content
    proof: str
    counter: CounterKey


class Store(Protocol):
    """Where scans are kept: one for each engine. `pumps` is how many batches may be under way."""

    pumps: int

    async def load(self, pass_ids: Sequence[str], known: Sequence[tuple[UUID, int]]) -> Loaded:
        """Read what a batch needs."""
        ...

    async def apply(self, records: Sequence[Record]) -> Mapping[int, int]:
        """Store records in one transaction; return the event ids of those stored, by position.

        Left out is one whose pass changed meanwhile, or whose device and seq are stored already.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer to a scan. `verdict` is allow, hold or deny; an allow's reason is a note.

    `inside` is the presence after it; `replayed`: the scan was known before. `registration_id` is
    the visit that the pass stands for.
    """

    event_id: int
    verdict: str
    code: str
    reason: Message | None
    rule: str
    version: str
    direction: int
    at: int
    pass_id: str | None
    kind: str
    holder: HolderCard | None
    inside: bool
    replayed: bool = False
    registration_id: UUID | None = None
