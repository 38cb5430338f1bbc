"""What gate devices send and are sent, as JSON."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

Seq = Annotated[int, msgspec.Meta(ge=1, le=2**53)]
Boot = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{0,24}\Z")]
Moment = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class ScanIn(msgspec.Struct):
    """One scan. `seq` is the device's own number, one higher each time; sent again, it is the same scan."""

    token: Annotated[str, msgspec.Meta(max_length=4096)]
    seq: Seq
    direction: Literal["in", "out", "auto"] = "auto"
    boot: Boot = ""
    wall: Moment = 0
    mono: Moment = 0
    source: Literal["camera", "wedge", "typed", "api"] = "camera"
    bundle: Moment = 0


class TurnstileScanIn(ScanIn, kw_only=True):
    """A scan of a turnstile: as a device's, with the gate at which it stands."""

    gate: UUID
    source: Literal["camera", "wedge", "typed", "api"] = "api"


class CorrectionIn(msgspec.Struct):
    """A scan taken back or released: `event` is the scan's, `seq` the device's next number."""

    event: Moment
    seq: Seq
    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""
    boot: Boot = ""
    wall: Moment = 0
    mono: Moment = 0


class EnrolIn(msgspec.Struct):
    """The code that an administrator gave."""

    code: Annotated[str, msgspec.Meta(max_length=40)]


class EnrolOut(msgspec.Struct):
    """The device's secret, given once, and the keys by which it knows bundles that are ours."""

    device: UUID
    secret: str
    name: str
    gate: str
    bundle_keys: dict[str, str]


class ShiftIn(msgspec.Struct):
    """Who takes over, and their PIN."""

    operator: UUID
    pin: Annotated[str, msgspec.Meta(max_length=20)]


class ShiftOut(msgspec.Struct):
    """The shift's secret, given once."""

    secret: str
    operator: str
    expires_at: int


class OperatorOut(msgspec.Struct):
    """Somebody who may take over the device."""

    id: UUID
    name: str


class HolderOut(msgspec.Struct):
    """Whose pass it is, as the screen shows it."""

    name: str
    lines: list[str]
    photo: str


class VerdictOut(msgspec.Struct):
    """The answer to a scan. `reason` is in the page's language; times are epoch milliseconds.

    `registration` is the visit that the pass stands for.
    """

    event: int
    seq: int
    verdict: str
    code: str
    reason: str
    rule: str
    version: str
    direction: str
    inside: bool
    at: int
    kind: str
    holder: HolderOut | None
    replayed: bool
    may_override: bool
    registration: UUID | None = None


class LineOut(msgspec.Struct):
    """One of the last scans."""

    event: int
    at: int
    direction: str
    verdict: str
    code: str
    reason: str
    name: str
    kind: str
    corrected: bool
    corrects: int | None


class CountsOut(msgspec.Struct):
    """Today at this gate."""

    entered: int = 0
    left: int = 0
    held: int = 0
    refused: int = 0


class GateLineOut(msgspec.Struct):
    """What a plugin says of the gate itself; `changes_at` is 0 where it does not change."""

    text: str
    tone: str
    changes_at: int
    path: str
    action: str


Clock = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Offset = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
Short = Annotated[str, msgspec.Meta(max_length=60)]
Said = Annotated[str, msgspec.Meta(max_length=1000)]


class OfflineEventIn(msgspec.Struct):
    """One act that the device decided alone. `corrects` is its own number of the act taken back.

    `offset`: what it knew to be missing from its wall clock. `raw_hash` stands for a text that was no
    pass and that it did not keep.
    """

    seq: Seq
    act: Literal["scan", "undo", "override"] = "scan"
    boot: Boot = ""
    wall: Clock = 0
    mono: Clock = 0
    offset: Offset = 0
    token: Annotated[str, msgspec.Meta(max_length=4096)] = ""
    raw_hash: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?\Z")] = ""
    direction: Literal["in", "out"] = "in"
    source: Literal["camera", "wedge", "typed", "api"] = "camera"
    verdict: Literal["allow", "hold", "deny"] = "hold"
    code: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]{0,60}\Z")] = ""
    reason: Said = ""
    rule: Annotated[str, msgspec.Meta(max_length=20)] = ""
    version: Short = ""
    bundle: Clock = 0
    operator: UUID | None = None
    corrects: Seq | None = None
    note: Said = ""


class SentIn(msgspec.Struct):
    """The device's clocks as it sends."""

    wall: Clock = 0
    mono: Clock = 0
    boot: Boot = ""


class UploadIn(msgspec.Struct):
    """A delivery as it arrives; each act is read by itself, so that none spoils the others."""

    events: list[msgspec.Raw]
    waiting: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)] = 0
    sent: SentIn = msgspec.field(default_factory=SentIn)


class NumberedIn(msgspec.Struct):
    """What even an act that is not as agreed must have."""

    seq: Seq


class QuarantinedOut(msgspec.Struct):
    """An act that a person looks at; the device need not keep it any more."""

    seq: int
    code: str


class UploadOut(msgspec.Struct):
    """What became of each act; `last_seq` is the highest number that is known of the device."""

    acked: list[int]
    quarantined: list[QuarantinedOut]
    last_seq: int
    now: int


class BundleOut(msgspec.Struct):
    """What the device must know to go on alone; `signatures` by every key that can sign.

    `still`: `bundle` is only the word that the one which the device holds still holds.
    """

    bundle: str
    key: str
    signature: str
    signatures: dict[str, str]
    still: bool = False


class FacesOut(msgspec.Struct):
    """Small photos by pass id, each sealed under its pass."""

    faces: dict[str, str]


class StateOut(msgspec.Struct):
    """What the gate's screen shows beside the scans. `missing`: plugins that could not say theirs."""

    gate: str
    device: str
    operator: str
    now: int
    last_seq: int
    may_override: bool
    today: CountsOut
    inside: dict[str, int]
    lines: list[GateLineOut]
    missing: list[str]
    recent: list[LineOut]
