"""How long bookings are kept: who and what go, that there was one stays."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from uuid import UUID

from core import clock, db
from core.i18n import N_
from core.log.services import record
from core.permissions import SYSTEM, Actor
from core.privacy.facts import Erasing, Expired, PersonalData, RetentionRule
from core.registrations.facts import Detail
from core.visitors import protected
from core.visitors.tables import Visitor
from plugins.government import sealing
from plugins.government.matters.access import places
from plugins.government.reception import queries
from plugins.government.reception.facts import BOOKING_STATES
from plugins.government.reception.queries import TABLE


async def bookings_due(before: datetime, limit: int, offset: int) -> list[Expired]:
    """Return bookings of days before a moment that still name somebody."""
    rows = await db.fetch(
        "SELECT b.id, b.day AS day_id, d.day FROM government_booking b"
        " JOIN government_reception_day d ON d.id = b.day"
        " WHERE d.day < {} AND b.name_cipher <> '' ORDER BY d.day, b.id LIMIT {} OFFSET {}",
        before.date(),
        limit,
        offset,
    )
    return [
        Expired(
            record=str(row["id"]),
            ended_at=datetime.combine(row["day"], time(0), UTC),
            path=f"/government/reception/{row['day_id']}",
        )
        for row in rows
    ]


async def erase_bookings(records: Sequence[str], erasing: Erasing) -> None:
    """Blank who booked and why."""
    await _blank([UUID(one) for one in records], erasing.actor, erasing.at)


async def _blank(ids: Sequence[UUID], actor: Actor, at: datetime) -> None:
    await db.execute(
        "UPDATE government_booking SET name_cipher = '', phone_cipher = '', phone_index = NULL,"
        f" topic_cipher = '' WHERE id IN ({places(ids)})",
        *ids,
    )
    for one in ids:
        await record(actor, "government.let_go", TABLE, one, at=at)


async def _theirs(visitor_id: UUID) -> list[db.Row]:
    """Return the bookings made with a visitor's phone under their name."""
    visitor = await Visitor.objects().get(Visitor.id == visitor_id)
    phone = protected.clear_phone(visitor) if visitor is not None else ""
    if visitor is None or not phone:
        return []
    rows = await db.fetch(
        "SELECT b.id, b.name_cipher, b.topic_cipher, b.heads, b.state, d.day FROM government_booking b"
        " JOIN government_reception_day d ON d.id = b.day WHERE b.phone_index = {}"
        " ORDER BY d.day",
        queries.phone_mark(phone),
    )
    return [
        row
        for row in rows
        if sealing.unseal(row["name_cipher"], TABLE, "name_cipher", row["id"]) == visitor.name
    ]


async def erase(visitor_id: UUID) -> None:
    """Blank the bookings of a visitor; that there was one, and when, stays."""
    if found := await _theirs(visitor_id):
        await _blank([row["id"] for row in found], SYSTEM, clock.now())


async def personal_data(visitor_id: UUID) -> list[PersonalData]:
    """Return a visitor's places on reception days."""
    return [
        PersonalData(
            title=N_("Reception by a leader"),
            details=[
                Detail(label=N_("Day"), value=str(row["day"])),
                Detail(label=BOOKING_STATES[row["state"]], value=""),
                Detail(label=N_("How many come (at most five)"), value=str(row["heads"])),
                Detail(
                    label=N_("What it is about, in a few words"),
                    value=sealing.unseal(row["topic_cipher"], TABLE, "topic_cipher", row["id"]),
                ),
            ],
            kind=TABLE,
            record=str(row["id"]),
        )
        for row in await _theirs(visitor_id)
    ]


RULES = (
    RetentionRule(
        kind="government.booking",
        label=N_("Bookings of leaders' reception days"),
        days=180,
        basis=N_("Half a year after the day").msgid,
        find=bookings_due,
        erase=erase_bookings,
        batch=50,
    ),
)
