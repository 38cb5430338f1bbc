"""What a device did without the server, as it tells it later; value types, and what makes two the same."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any
from uuid import UUID, uuid5

from core.gate.fold import ALLOW, DENY, HOLD, OVERRIDE, UNDO
from core.gate.placing import DeviceClock

SCAN = "scan"
ACTS = (SCAN, UNDO, OVERRIDE)
NUMBER_OF = {"allow": ALLOW, "hold": HOLD, "deny": DENY}
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineEvent:
    """One act at a gate without network. `corrects` is the number of the device's own earlier act.

    `direction` 0 in, 1 out; `verdict` as stored. `wall` and `mono` are the device's clocks in ms,
    `offset` what it knew to be missing from the wall clock. `raw_hash` stands for a text that was no
    pass and was not kept.
    """

    act: str
    seq: int
    boot: str
    wall: int
    mono: int
    offset: int
    token: str
    raw_hash: str
    direction: int
    source: str
    verdict: int
    code: str
    reason: str
    rule: str
    version: str
    bundle: int
    operator: UUID | None
    corrects: int | None
    note: str

    @property
    def clock(self) -> DeviceClock:
        """The device's clocks as it scanned."""
        return DeviceClock(self.wall, self.mono, self.boot, self.offset)

    @property
    def stored_code(self) -> str:
        """The code under which it is stored: what takes back or releases says so, whatever it sent."""
        if self.act != SCAN:
            return self.act
        return "" if self.code in (UNDO, OVERRIDE) else self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An act that is numbered but not as agreed; it is kept for a person as it came."""

    seq: int
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What a device delivers at once. `waiting` is how many acts it held when it sent these."""

    events: Sequence[OfflineEvent]
    unreadable: Sequence[Unreadable] = ()
    waiting: int = 0
    sent: DeviceClock = field(default_factory=DeviceClock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What became of each: `acked` are stored, `quarantined` are kept for a person, by number and code."""

    acked: Sequence[int]
    quarantined: Sequence[tuple[int, str]]
    last_seq: int


def content_of(event: OfflineEvent, token: str) -> str:
    """Return an act whole, as JSON; `token` stands for its pass, which is not kept itself."""
    said: dict[str, Any] = asdict(event) | {"token": token}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)


def event_of_content(content: str) -> tuple[OfflineEvent, str]:
    """Return the act that `content_of` wrote, and what stands for its pass; ValueError for any other."""
    said = json.loads(content)
    if not isinstance(said, dict) or set(said) != {one.name for one in fields(OfflineEvent)}:
        raise ValueError("this is no act of a gate without network")
    operator = said["operator"]
    mark = said["token"]
    return OfflineEvent(**{**said, "operator": UUID(operator) if operator else None}), mark


def digest_of(event: OfflineEvent, token: str) -> str:
    """Return by what two acts under one number are known to be the same, in hex."""
    return hashlib.sha256(content_of(event, token).encode("utf-8", "surrogatepass")).hexdigest()


def shadow_of(device: UUID, digest: str) -> UUID:
    """Return under which device an act is stored whose number another one has already taken.

    Always the same for the same act, so that it is stored once however often it is sent.
    """
    return uuid5(device, digest)
