"""Reading what a gate device delivers: the whole is as agreed or refused, an act alone is never lost."""

from typing import Any

import msgspec
from litestar import Request

from core.errors import DomainError
from core.gate.facts import IN, OUT
from core.gate.offline_events import (
    MOST_AT_ONCE,
    NUMBER_OF,
    OfflineEvent,
    Unreadable,
    Upload,
)
from core.gate.placing import DeviceClock
from core.i18n import N_, Message
from core.text import TextError, clean_block
from web.gate_structs import NumberedIn, OfflineEventIn, UploadIn

MOST_BYTES = 4_000_000
_DIRECTIONS = {"in": IN, "out": OUT}
_LONGEST = 1000


class BadDeliveryError(DomainError):
    """A delivery that cannot be read; nothing of it is stored, and the device keeps all."""

    code = "bad_delivery"

    def __init__(self, message: Message) -> None:
        super().__init__(message)


async def read_upload(request: Request[Any, Any, Any]) -> Upload:
    """Return a delivery, or raise BadDeliveryError."""
    try:
        data = msgspec.json.decode(await request.body(), type=UploadIn)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise BadDeliveryError(
            N_("What the device sent cannot be read. It keeps its scans; load the gate page anew.")
        ) from error
    if len(data.events) > MOST_AT_ONCE:
        raise BadDeliveryError(
            N_("A device delivers at most {most} scans at once.", most=MOST_AT_ONCE)
        )
    events: list[OfflineEvent] = []
    unreadable: list[Unreadable] = []
    for raw in data.events:
        one = _event(bytes(raw))
        if isinstance(one, OfflineEvent):
            events.append(one)
        else:
            unreadable.append(one)
    sent = data.sent
    return Upload(
        events=events,
        unreadable=unreadable,
        waiting=data.waiting,
        sent=DeviceClock(sent.wall, sent.mono, sent.boot),
    )


def _event(raw: bytes) -> OfflineEvent | Unreadable:
    """Return an act, or all of it as text where only its number can be understood."""
    try:
        return _as_event(msgspec.json.decode(raw, type=OfflineEventIn))
    except (msgspec.MsgspecError, UnicodeDecodeError, TextError):
        pass
    try:
        seq = msgspec.json.decode(raw, type=NumberedIn).seq
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadDeliveryError(
            N_("A scan without a number cannot be taken. Load the gate page anew.")
        ) from error
    return Unreadable(seq=seq, content=raw.decode("utf-8", "replace"))


def _as_event(data: OfflineEventIn) -> OfflineEvent:
    return OfflineEvent(
        act=data.act,
        seq=data.seq,
        boot=data.boot,
        wall=data.wall,
        mono=data.mono,
        offset=data.offset,
        token=data.token,
        raw_hash=data.raw_hash,
        direction=_DIRECTIONS[data.direction],
        source=data.source,
        verdict=NUMBER_OF[data.verdict],
        code=data.code,
        reason=clean_block(data.reason, _LONGEST),
        rule=clean_block(data.rule, 20),
        version=clean_block(data.version, 60),
        bundle=data.bundle,
        operator=data.operator,
        corrects=data.corrects,
        note=clean_block(data.note, _LONGEST),
    )
