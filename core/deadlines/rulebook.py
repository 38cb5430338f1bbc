"""The rulebook of office hours: when warnings and the rungs of the ladder reach people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise

from core.deadlines.facts import OfficeHours
from core.i18n import N_, Message
from core.rulebooks import queries
from core.rulebooks.facts import Rulebook, setting

_NAMES = ("morning_opens", "morning_closes", "afternoon_opens", "afternoon_closes")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeTimes:
    """The hours of a working day. What is due outside them waits for the next opening."""

    morning_opens: str = setting(
        "09:00", kind="time", label=N_("Morning: the office opens"), basis="CORE-10"
    )
    morning_closes: str = setting(
        "12:00", kind="time", label=N_("Morning: the office closes"), basis="CORE-10"
    )
    afternoon_opens: str = setting(
        "14:00", kind="time", label=N_("Afternoon: the office opens"), basis="CORE-10"
    )
    afternoon_closes: str = setting(
        "18:00", kind="time", label=N_("Afternoon: the office closes"), basis="CORE-10"
    )


def check(times: OfficeTimes) -> Mapping[str, Message]:
    """Return what does not fit together: each time comes after the one before it."""
    return {
        later: N_("This time must be after the one before it.")
        for earlier, later in pairwise(_NAMES)
        if getattr(times, later) <= getattr(times, earlier)
    }


RULEBOOK = Rulebook(plugin="office", title=N_("Office hours"), struct=OfficeTimes, check=check)


async def office_hours(at: datetime) -> OfficeHours:
    """Return when the office works, as is in force."""
    times: OfficeTimes = (await queries.in_force(RULEBOOK, at)).values
    first, second, third, last = (time.fromisoformat(getattr(times, name)) for name in _NAMES)
    return OfficeHours(periods=((first, second), (third, last)))
