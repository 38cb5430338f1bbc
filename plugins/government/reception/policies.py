"""The rota of reception days and when a booking stands (GOV-46). Pure."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from core.decisions import Allow, Decision, Deny
from core.i18n import N_
from plugins.government.reception.facts import DIRECTOR, LEADER, BookingFacts, Turn

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_SATURDAY = 5


def first_monday(day: date) -> date:
    """Return the first Monday on or after a day."""
    return day + _DAY * (-day.weekday() % 7)


def is_directors(monday: date) -> bool:
    """Say whether a Monday is that of the last week of its month."""
    return (monday + _WEEK).month != monday.month


def turns(since: date, weeks: int, is_working: Callable[[date], bool]) -> list[Turn]:
    """Return the reception days of so many weeks, every Monday; a day off gives way to the next.

    Where no day of that week is worked there is none.
    """
    found = []
    monday = first_monday(since)
    for _ in range(weeks):
        day = monday
        while not is_working(day) and day.weekday() < _SATURDAY:
            day += _DAY
        if is_working(day):
            kind = DIRECTOR if is_directors(monday) else LEADER
            found.append(Turn(monday=monday, day=day, kind=kind))
        monday += _WEEK
    return found


def next_in_turn(order: Sequence[object], last: object | None) -> object | None:
    """Return who comes after whoever had the last turn; the first where that is not known."""
    if not order:
        return None
    if last not in order:
        return order[0]
    return order[(list(order).index(last) + 1) % len(order)]


def may_book(facts: BookingFacts) -> Decision:
    """Judge a booking: in time, a place left, one for each day, not too many in a month.

    On the day itself the desk alone enters who comes; how often in a month binds whoever books
    from outside.
    """
    if facts.cancelled:
        return Deny("cancelled", N_("This reception day does not take place."), "GOV-46")
    if facts.day < facts.today:
        return Deny("over", N_("This reception day is over."), "GOV-46")
    if facts.day == facts.today and not facts.at_desk:
        return Deny("today", N_("Bookings end on the day before. Come to the desk."), "GOV-46")
    if facts.same_day:
        return Deny("twice", N_("You have a booking for this day already."), "GOV-46")
    if facts.this_month >= facts.per_month and not facts.at_desk:
        return Deny(
            "too_many",
            N_("At most {number} bookings in a month.", number=facts.per_month),
            "GOV-46",
        )
    if facts.left <= 0:
        return Deny("full", N_("All places of this day are taken. Choose another."), "GOV-46")
    return Allow()
