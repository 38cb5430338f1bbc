"""How the server and the process that makes papers talk: messages over a pipe.

A message is a JSON head and any number of byte strings. On the wire: the head's length (u32,
big-endian), the head, then the byte strings, whose lengths stand in the head's `blobs`.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from typing import IO, Any

_LENGTH = struct.Struct(">I")


def send(to: IO[bytes], head: Mapping[str, Any], blobs: Sequence[bytes] = ()) -> None:
    """Write one message."""
    packed = json.dumps({**head, "blobs": [len(blob) for blob in blobs]}).encode()
    to.write(_LENGTH.pack(len(packed)) + packed)
    for blob in blobs:
        to.write(blob)
    to.flush()


def receive(source: IO[bytes]) -> tuple[dict[str, Any], list[bytes]] | None:
    """Read one message; None where the other side has gone, also in the middle of one."""
    start = source.read(_LENGTH.size)
    if len(start) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(start)
    packed = source.read(length)
    if len(packed) < length:
        return None
    head: dict[str, Any] = json.loads(packed)
    blobs = []
    for size in head.pop("blobs"):
        blobs.append(source.read(size))
        if len(blobs[-1]) < size:
            return None
    return head, blobs
