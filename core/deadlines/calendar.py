"""Which days are working days, and moments within working hours. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.deadlines.facts import WORKING, CalendarDay, OfficeHours

OFF, WORK = "off", "work"
DAY = timedelta(days=1)
_SATURDAY = 5
# However many holidays a table claims in a row, the search for a working day ends.
_MOST_OFF = 400


class Calendar:
    """Weekdays, corrected by a table of holidays and make-up days.

    A year is confirmed when the table has it and marks none of its days provisional.
    """

    def __init__(self, days: Iterable[CalendarDay]) -> None:
        self.days = {one.day: one for one in days}
        doubtful = {one.day.year for one in self.days.values() if one.provisional}
        self.confirmed = {day.year for day in self.days} - doubtful

    def is_working(self, day: date) -> bool:
        """Say whether people work on a day."""
        known = self.days.get(day)
        return day.weekday() < _SATURDAY if known is None else known.kind == WORK

    def note(self, day: date) -> str:
        """Return what the table says of a day."""
        known = self.days.get(day)
        return "" if known is None else known.note

    def is_makeup(self, day: date) -> bool:
        """Say whether a day of a weekend is worked."""
        return day.weekday() >= _SATURDAY and self.is_working(day)

    def is_holiday(self, day: date) -> bool:
        """Say whether the table makes a day free."""
        known = self.days.get(day)
        return known is not None and known.kind == OFF

    def working_from(self, day: date) -> date:
        """Return the first working day on or after a day."""
        return self._seek(day, DAY)

    def working_until(self, day: date) -> date:
        """Return the last working day on or before a day."""
        return self._seek(day, -DAY)

    def _seek(self, day: date, step: timedelta) -> date:
        for _ in range(_MOST_OFF):
            if self.is_working(day):
                return day
            day += step
        raise ValueError("the table of holidays leaves no working day")

    def days_left(self, today: date, due: date, unit: str) -> int:
        """Return how many days are left after today; negative when it is over."""
        if unit != WORKING:
            return (due - today).days
        first, last, sign = (today, due, 1) if due >= today else (due, today, -1)
        span = (last - first).days
        return sign * sum(self.is_working(first + DAY * n) for n in range(1, span + 1))

    def back(self, due: date, days: int, unit: str) -> date:
        """Return the day so many days before another."""
        if unit != WORKING:
            return due - DAY * days
        day = due
        while days > 0:
            day -= DAY
            days -= self.is_working(day)
        return day

    def opening(self, day: date, hours: OfficeHours, zone: ZoneInfo) -> datetime:
        """Return the first working moment on or after a day."""
        return datetime.combine(self.working_from(day), hours.periods[0][0], zone)

    def later(self, moment: datetime, by: timedelta, hours: OfficeHours) -> datetime:
        """Return the moment so much working time later; `moment` is in the site's zone.

        A moment outside working hours counts as the next opening.
        """
        day, left = moment.date(), by
        for _ in range(_MOST_OFF):
            if self.is_working(day):
                for opens, closes in hours.periods:
                    begin = max(moment, datetime.combine(day, opens, moment.tzinfo))
                    end = datetime.combine(day, closes, moment.tzinfo)
                    if begin >= end:
                        continue
                    if begin + left < end or (left == end - begin and left):
                        return begin + left
                    left -= end - begin
            day += DAY
        raise ValueError("this span of working hours is too long")
