"""Reception days follow the table of holidays: one that became a day off gives way, as in planning (GOV-46)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from core import db, settings
from core.deadlines import holidays
from core.deadlines.calendar import Calendar
from core.errors import InvalidInputError
from core.i18n import N_
from core.permissions import SYSTEM
from core.registrations.judging import site_time
from plugins.government.reception import acts, policies, queries
from plugins.government.reception.facts import PLANNED

_SATURDAY = 5


async def follow(at: datetime) -> None:
    """Move the days ahead that are no working days any more, or call them off; everybody is told.

    One on a weekend is left: somebody chose it.
    """
    today = site_time(at).date()
    rows = await db.fetch(
        "SELECT id, day FROM government_reception_day WHERE day > {} AND state = {}",
        today,
        PLANNED,
    )
    if not rows:
        return
    _, calendar = await holidays.calendar()
    for row in rows:
        if row["day"].weekday() < _SATURDAY and not calendar.is_working(row["day"]):
            await _give_way(row["id"], row["day"], calendar, today, at)


async def _give_way(day_id: UUID, day: date, calendar: Calendar, today: date, at: datetime) -> None:
    monday = day - timedelta(days=day.weekday())
    turn = next(iter(policies.turns(monday, 1, calendar.is_working)), None)
    line = await queries.public_day(day_id)
    try:
        await acts.change(
            day_id,
            day=turn.day if turn is not None and turn.day > today else None,
            place=line.place,
            begins=line.begins,
            ends=line.ends,
            slots=max(line.slots, line.booked),
            actor=SYSTEM,
            at=at,
        )
    except InvalidInputError:  # no day of that week is worked, or somebody receives on it already
        said = N_("Day off: {name}", name=calendar.note(day)).translate(settings.load().locale)
        await acts.cancel(day_id, reason=said, actor=SYSTEM, at=at)
