"""Leaders' reception days: hours, bookings, how far ahead they are planned."""

from dataclasses import dataclass

from core.i18n import N_
from core.rulebooks.facts import setting
from plugins.government.rulebook.sources import LOCAL_9_10, LOCAL_10, PRACTICE


@dataclass(frozen=True, kw_only=True)
class LeadersDays:
    """Leaders' reception days."""

    reception_begins: str = setting(
        "09:00",
        label=N_("Leaders receive from"),
        kind="time",
        basis=LOCAL_10,
    )
    reception_ends: str = setting(
        "12:00",
        label=N_("Leaders receive until"),
        kind="time",
        basis=LOCAL_10,
    )
    reception_slots: int = setting(
        8,
        label=N_("Bookings for one reception day"),
        minimum=1,
        maximum=100,
        basis=PRACTICE,
    )
    reception_weeks: int = setting(
        8,
        label=N_("Reception days planned ahead"),
        unit=N_("weeks"),
        minimum=1,
        maximum=52,
        basis=LOCAL_9_10,
    )
    bookings_per_month: int = setting(
        2,
        label=N_("Bookings of one person in a month"),
        minimum=1,
        maximum=20,
        basis=PRACTICE,
    )
