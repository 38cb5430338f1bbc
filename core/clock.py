"""The only place that reads the time (CORE-27); everything else is given it.

`LAIFANG_CLOCK` starts the clock elsewhere, so that a day or a year can be played through:
`2026-11-23T07:10:00+08:00` runs on from there, with a trailing `!` it stands still.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


class Clock:
    """A clock that runs with the machine's, shifted, or stands still."""

    def __init__(self, start: str = "") -> None:
        self._shift = timedelta(0)
        self._stopped_at: datetime | None = None
        self._began: tuple[timedelta, datetime | None]
        self.begin(start)

    def begin(self, start: str) -> None:
        """Start at a moment as `LAIFANG_CLOCK` says it, or at the machine's time; `reset` returns there."""
        self._shift, self._stopped_at = timedelta(0), None
        if start:
            moment = datetime.fromisoformat(start.rstrip("!"))
            self.travel(moment, running=not start.endswith("!"))
        self._began = self._shift, self._stopped_at

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return self._stopped_at or datetime.now(UTC) + self._shift

    def travel(self, to: datetime, *, running: bool = True) -> None:
        """Go to another moment; `running` says whether time passes from there."""
        if to.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        self._shift = to - datetime.now(UTC)
        self._stopped_at = None if running else to.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move on by so much."""
        if self._stopped_at is not None:
            self._stopped_at += by
        else:
            self._shift += by

    def reset(self) -> None:
        """Return to the time the clock began with, as far as that has run since."""
        self._shift, self._stopped_at = self._began


CLOCK = Clock(os.environ.get("LAIFANG_CLOCK", ""))


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return CLOCK.now()


def now_ms() -> int:
    """Return the present moment in epoch milliseconds."""
    return to_ms(CLOCK.now())


def to_ms(moment: datetime) -> int:
    """Return a moment as epoch milliseconds."""
    return round(moment.timestamp() * 1000)


def from_ms(milliseconds: int) -> datetime:
    """Return epoch milliseconds as an aware moment in UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment as the site's wall clock shows it."""
    return moment.astimezone(zone)


def monotonic() -> float:
    """Return seconds of a clock that never jumps; only differences mean anything."""
    return time.monotonic()
