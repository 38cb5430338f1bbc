"""When a scan really was: the device's clocks as it was, and as they are when it is sent. Pure.

A device tells its wall clock and its monotonic one with each scan, and both again as it delivers. Within
one life of its page, what passed between the two is the longer of the differences: a monotonic clock
stops while a device sleeps, a wall clock is set back by people. The moment is counted back from the
server's own clock. Of an earlier life only the wall clock is left, and what the device then knew to be
missing from it.
"""

from dataclasses import dataclass

TOLERANCE_MS = 5 * 60 * 1000


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """The clocks of a device at one moment, in milliseconds; 0 and empty where it does not tell.

    `offset` is what the device itself then knew to be missing from its wall clock.
    """

    wall: int = 0
    mono: int = 0
    boot: str = ""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A moment by the server's clock, and what has to be added to the device's wall clock.

    `wrong`: the device's clock was out by more than five minutes. `unknown`: it told no time at all.
    """

    at: int
    offset: int
    wrong: bool = False
    unknown: bool = False


def placed(then: DeviceClock, sent: DeviceClock, received: int) -> Placed:
    """Return when a scan was; it is never later than its delivery."""
    if then.boot and then.boot == sent.boot and (sent.mono or sent.wall):
        differences = [0]
        if sent.mono:
            differences.append(sent.mono - then.mono)
        if then.wall and sent.wall:
            differences.append(sent.wall - then.wall)
        at = received - max(differences)
        offset = at - then.wall if then.wall else 0
        return Placed(at, offset, wrong=not then.wall or abs(offset) > TOLERANCE_MS)
    if not then.wall:
        return Placed(received, 0, wrong=True, unknown=True)
    told = then.wall + then.offset
    at = min(told, received)
    offset = at - then.wall
    return Placed(at, offset, wrong=max(abs(offset), told - received) > TOLERANCE_MS)
