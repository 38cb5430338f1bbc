"""How long bookings are kept: who and what go, that there was one stays."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from uuid import UUID

from core import db
from core.i18n import N_
from core.log.services import record
from core.privacy.facts import Erasing, Expired, RetentionRule
from plugins.government.matters.access import places
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
    ids = [UUID(one) for one in records]
    await db.execute(
        "UPDATE government_booking SET name_cipher = '', phone_cipher = '', phone_index = NULL,"
        f" topic_cipher = '' WHERE id IN ({places(ids)})",
        *ids,
    )
    for one in ids:
        await record(erasing.actor, "government.let_go", TABLE, one, at=erasing.at)


RULES = (
    RetentionRule(
        kind="government.booking",
        label=N_("Bookings of leaders' reception days"),
        days=180,
        basis="Half a year after the day",
        find=bookings_due,
        erase=erase_bookings,
        batch=50,
    ),
)
