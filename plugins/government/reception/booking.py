"""Places on a reception day: booked by the public or at the desk, called off, settled on the day."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from core import db
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_, Message
from core.links import services as links
from core.log.services import record
from core.permissions import Actor
from core.registrations.judging import site_time
from core.text import TextError, normalise_phone
from plugins.government import clocks, sealing
from plugins.government.matters import access
from plugins.government.reception import policies, queries
from plugins.government.reception.facts import (
    AT_DESK,
    BOOKED,
    CALLED_OFF,
    CAME,
    CANCELLED,
    MISSED,
    PUBLIC,
    BookingFacts,
    BookingLine,
    DayLine,
)
from plugins.government.reception.tables import Booking
from plugins.government.rights import HANDLE

PURPOSE = "government.booking"
_PUBLIC = Actor(kind="link", name="petitioner")


async def book(
    day_id: UUID,
    *,
    name: str,
    phone: str,
    topic: str,
    heads: int,
    at: datetime,
    actor: Actor | None = None,
    matter_id: UUID | None = None,
) -> tuple[UUID, str]:
    """Take a place on a day; return the booking and the secret of its link.

    At the desk `actor` is the clerk, and an item may be named that they may see.
    """
    problems: dict[str, Message] = {}
    if not name.strip():
        problems["name"] = N_("Please fill this in.")
    try:
        phone = normalise_phone(phone)
    except TextError as error:
        problems["phone"] = error.message
    if not 1 <= heads <= 5:
        problems["heads"] = N_("At most five may come; a group sends representatives.")
    if problems:
        raise InvalidInputError(problems)
    who = actor or _PUBLIC
    async with db.writing():
        await db.fetch("SELECT id FROM government_reception_day WHERE id = {} FOR UPDATE", day_id)
        day = await queries.public_day(day_id)
        if actor is not None and not actor.may_at(HANDLE, day.site_id):
            raise NotFoundError
        if matter_id is not None:
            await access.require_act(matter_id, who, at)
        mark = queries.phone_mark(phone)
        decision = policies.may_book(await _facts(day, mark, at, at_desk=actor is not None))
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        found = uuid4()
        positions = await db.fetch(
            "SELECT count(*) AS n FROM government_booking WHERE day = {}", day_id
        )
        await Booking.insert(
            Booking(
                id=found,
                day=day_id,
                matter=matter_id,
                position=positions[0]["n"] + 1,
                name_cipher=sealing.seal(name.strip(), queries.TABLE, "name_cipher", found),
                phone_cipher=sealing.seal(phone.strip(), queries.TABLE, "phone_cipher", found),
                phone_index=mark,
                topic_cipher=sealing.seal(topic.strip(), queries.TABLE, "topic_cipher", found),
                heads=heads,
                means=PUBLIC if actor is None else AT_DESK,
                state=BOOKED,
                booked_at=at,
                booked_by_name="" if actor is None else actor.name,
            )
        )
        shown = {"day": day.day, "means": PUBLIC if actor is None else AT_DESK}
        await record(who, "government.reception_book", queries.TABLE, found, at=at, after=shown)
        secret = await links.create(PURPOSE, found, expires=_until(day.day, at), at=at)
    return found, secret


def _until(day: date, at: datetime) -> datetime:
    """Return until when the link of a booking opens: the end of the day after."""
    return at + timedelta(days=(day - site_time(at).date()).days + 2)


async def prolong(day_id: UUID, day: date, *, at: datetime) -> None:
    """Let the links of a day's bookings open as long as its new date asks for."""
    for row in await Booking.select(Booking.id).where(Booking.day == day_id):
        await links.prolong(row["id"], PURPOSE, expires=_until(day, at))


async def closed(day: DayLine, *, at: datetime) -> Message | None:
    """Return why nobody can book on a day from outside; None when there is a place."""
    decision = policies.may_book(await _facts(day, None, at, at_desk=False))
    return decision.reason if isinstance(decision, Deny) else None


async def _facts(day: DayLine, mark: str | None, at: datetime, *, at_desk: bool) -> BookingFacts:
    first = day.day.replace(day=1)
    rows = await db.fetch(
        "SELECT d.day FROM government_booking b JOIN government_reception_day d ON d.id = b.day"
        " WHERE b.phone_index = {} AND b.state IN ('booked', 'came', 'missed') AND d.day >= {}"
        " AND d.day < {}",
        mark,
        first,
        _next_month(first),
    )
    rules = (await clocks.in_force(at)).values
    return BookingFacts(
        day=day.day,
        today=site_time(at).date(),
        at_desk=at_desk,
        cancelled=day.state == CANCELLED,
        left=day.left,
        same_day=any(row["day"] == day.day for row in rows),
        this_month=len(rows),
        per_month=rules.bookings_per_month,
    )


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


async def behind(secret: str, *, at: datetime) -> tuple[BookingLine, DayLine]:
    """Return the booking that a link shows; NotFoundError when it is over or made up."""
    row = await Booking.objects().get(Booking.id == await links.open(secret, PURPOSE, at=at))
    if row is None:
        raise NotFoundError
    return queries.opened(row.to_dict()), await queries.public_day(row.day)


async def call_off(secret: str, *, at: datetime) -> None:
    """Give a place back by its link."""
    async with db.writing():
        booking, day = await behind(secret, at=at)
        if day.day < site_time(at).date():
            raise WrongStateError(N_("This reception day is over."))
        await _settle(booking.id, CALLED_OFF, _PUBLIC, at)


async def settle(booking_id: UUID, state: str, *, actor: Actor, at: datetime) -> UUID:
    """Note at the desk that somebody came, did not come, or called off; return the day."""
    if state not in (CAME, MISSED, CALLED_OFF):
        raise InvalidInputError({"state": N_("Please choose one of the options.")})
    async with db.writing():
        row = await Booking.objects().get(Booking.id == booking_id)
        if row is None:
            raise NotFoundError
        day = await queries.public_day(row.day)
        if not actor.may_at(HANDLE, day.site_id):
            raise NotFoundError
        if row.matter is not None:
            await access.require_act(row.matter, actor, at)
        if state != CALLED_OFF and day.day > site_time(at).date():
            raise WrongStateError(N_("The reception day is still to come."))
        await _settle(booking_id, state, actor, at)
    return day.id


async def _settle(booking_id: UUID, state: str, actor: Actor, at: datetime) -> None:
    await db.fetch("SELECT id FROM government_booking WHERE id = {} FOR UPDATE", booking_id)
    row = await Booking.objects().get(Booking.id == booking_id)
    if row is None or row.state != BOOKED:
        raise WrongStateError(N_("This booking is settled already."))
    row.state, row.settled_at, row.settled_by_name = state, at, actor.name
    await row.save()
    shown = {"state": state}
    await record(
        actor, "government.reception_settle", queries.TABLE, booking_id, at=at, after=shown
    )
