"""What an appointment may be: when, how long, and what clashes with it. Clashes only warn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.i18n import N_, Message

LATEST_START = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When somebody is expected."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Window") -> bool:
        """Say whether both last at some moment together; one that ends as the other begins does not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def problems_of(
    window: Window, *, now: datetime, days_ahead: int, longest_hours: int
) -> Mapping[str, Message]:
    """Return what is wrong with the time of an appointment, by field.

    One that began a little while ago can still be entered: the visitor may stand at the desk.
    """
    problems: dict[str, Message] = {}
    if window.starts_at < now - LATEST_START:
        problems["starts_at"] = N_("This time is over already.")
    elif window.starts_at > now + timedelta(days=days_ahead):
        problems["starts_at"] = N_(
            "Appointments can be made at most {days} days ahead.", days=days_ahead
        )
    if window.ends_at <= window.starts_at:
        problems["ends_at"] = N_("The end must come after the beginning.")
    elif window.ends_at - window.starts_at > timedelta(hours=longest_hours):
        problems["ends_at"] = N_("An appointment lasts {hours} hours at most.", hours=longest_hours)
    return problems
