"""What policies may know of a scan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.decisions import Decision
from core.i18n import Message

IN, OUT = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PassFacts:
    """A pass as stored, read once for a whole batch of scans. Times are epoch milliseconds.

    `version` is what the pipeline compares before it sets. `last_direction` is -1 before any scan.
    """

    pass_id: str
    kind: str
    holder_id: UUID
    site_id: UUID
    registration_id: UUID | None
    generation: int
    not_before: int
    expires: int
    zones: int
    single_entry: bool
    revoked_at: int | None
    inside: bool
    entries: int
    last_at: int
    last_direction: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderCard:
    """What a verdict shows of a pass's holder. `photo` is a path of the web or empty.

    `details` are for the plugin's own policies (`{"boarder": "yes"}`); they are not shown.
    `group` is the plugin's word for holders whom its offline rules treat alike (`boarder`).
    """

    name: str
    lines: Sequence[str] = ()
    photo: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanFacts:
    """One scan to be judged. `at` is the site's local time; `direction` is IN or OUT.

    `holder` is what the pass kind's owner knows of its holder, None when it knows nothing.
    `token_generation` is the print's, to be compared with the pass's own.
    """

    scanned: PassFacts
    direction: int
    at: datetime
    at_ms: int
    gate_id: UUID
    gate_zone: int
    site_id: UUID
    token_generation: int
    holder: HolderCard | None
    online: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """What a plugin says of a gate itself on the gate's page: how it stands, until when, what is due.

    `tone` is allow, hold, deny or info. `path` is a page of the plugin where a guard may act on it,
    `action` what that is called.
    """

    text: Message
    tone: str = "info"
    changes_at: datetime | None = None
    path: str = ""
    action: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassKind:
    """A kind of pass and what it is called; `plugin` owns it and knows its holders."""

    name: str
    label: Message
    plugin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRules:
    """What the core itself holds at a gate. `passback_seconds`: the anti-passback window (SCH-19)."""

    passback_seconds: int = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineAsked:
    """What a plugin is asked before a gate may be cut off: `since` to `until` are epoch milliseconds.

    `passes` and `cards` (by pass id) are those that the gate will know.
    """

    gate_id: UUID
    site_id: UUID
    since: int
    until: int
    passes: Sequence[PassFacts]
    cards: Mapping[str, HolderCard]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineRule:
    """What holds for some passes in one direction from `starts` until just before `ends` (epoch ms).

    `groups` None: all of these kinds; `pass_id`: this one pass alone. Of the rules that fit a scan,
    the first decides. One with `again_seconds` decides nothing: it makes the time longer within which
    a pass that goes the same way twice is held.
    """

    kinds: tuple[str, ...]
    direction: int
    starts: int
    ends: int
    decision: Decision
    groups: tuple[str, ...] | None = None
    pass_id: str | None = None
    again_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PassEvent:
    """One stored scan of a pass, as the fold sees it; see tables.ScanEvent for the fields."""

    id: int
    device: UUID
    seq: int
    at: int
    direction: int
    verdict: int
    code: str
    corrects: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Where a pass stands after its events. `last_*` tell of the latest event that counted."""

    inside: bool = False
    entries: int = 0
    last_at: int = 0
    last_direction: int = -1
    last_event: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two events, or one, that cannot both be right; `key` is the same whenever it is found again."""

    kind: str
    key: str
    first_event: int | None
    second_event: int
    at: int
