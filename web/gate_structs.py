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
    """The device's secret, given once."""

    device: UUID
    secret: str
    name: str
    gate: str


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
