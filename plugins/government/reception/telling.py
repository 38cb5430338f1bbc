"""Who is told of a reception day: who receives, the heads of units added; changes, the day before."""

from datetime import datetime, timedelta
from uuid import UUID

from core import db
from core.deadlines import holidays
from core.i18n import N_, Message
from core.notices.services import IN_APP, notify
from core.registrations.judging import site_time
from plugins.government.reception import queries
from plugins.government.reception.facts import PLANNED, DayLine
from plugins.government.units import queries as units

_LOOK_AHEAD = timedelta(days=10)  # no run of holidays is longer
_DAY = timedelta(days=1)


async def tell(users: list[UUID], key: str, text: Message, *, at: datetime, url: str = "") -> None:
    """Leave a notice for users, once for each key; joins the caller's transaction."""
    for user in users:
        await notify(
            key=f"government.reception/{key}/{user}",
            channel=IN_APP,
            subject=N_("Reception of petitioners"),
            body=text,
            at=at,
            user=user,
            url=url,
        )


async def tell_all(day: DayLine, key: str, text: Message, *, at: datetime) -> None:
    """Tell who receives on a day and the heads of the units added."""
    receiver = day.delegate_id or day.leader_id
    if receiver is not None:
        url = f"/government/reception/{day.id}"
        await tell([receiver], f"{key}/{day.id}", text, at=at, url=url)
    # Heads of units do not open the office's page: they read all in the notice.
    await tell(await heads(day.id), f"{key}/{day.id}", text, at=at)


async def heads(day_id: UUID) -> list[UUID]:
    """Return the heads of the units added to a day."""
    found: list[UUID] = []
    for unit_id, _, _ in await queries.sections(day_id):
        found += [user for user, _, _ in await units.staff(unit_id, head=True)]
    return list(dict.fromkeys(found))


async def remind(at: datetime) -> None:
    """Remind of a reception day on the working day before it; costs one read when there is none."""
    today = site_time(at).date()
    rows = await db.fetch(
        "SELECT id FROM government_reception_day WHERE day > {} AND day <= {} AND state = {}",
        today,
        today + _LOOK_AHEAD,
        PLANNED,
    )
    if not rows:
        return
    _, calendar = await holidays.calendar()
    for row in rows:
        day = await queries.public_day(row["id"])
        if calendar.working_until(day.day - _DAY) == today:
            await _remind(day, at)


async def _remind(day: DayLine, at: datetime) -> None:
    text = N_(
        "On {day} from {begins} {leader} receives petitioners; places booked: {number}. {place}",
        day=day.day.isoformat(),
        begins=day.begins,
        leader=day.receiver,
        number=day.booked,
        place=day.place,
    )
    async with db.writing():
        await tell_all(day, f"eve/{day.day}", text, at=at)
