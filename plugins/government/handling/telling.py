"""Notices about an item to units and to the reception room: its number alone, to nobody barred."""

from datetime import datetime
from uuid import UUID

from core import db
from core.accounts.holders import holders
from core.i18n import N_, Message
from core.notices.services import IN_APP, notify
from plugins.government.matters.tables import Matter
from plugins.government.rights import CLERK, HEAD
from plugins.government.units import queries as units

_BODY = N_("Sign in to read it.")


async def barred(matter_id: UUID, at: datetime) -> set[UUID]:
    """Return the users for whom an item does not exist, by name."""
    rows = await db.fetch(
        'SELECT b."user" FROM government_barred b WHERE b.matter = {} AND b."user" IS NOT NULL'
        " AND (b.until IS NULL OR b.until > {})",
        matter_id,
        at,
    )
    return {row["user"] for row in rows}


async def unit(row: Matter, unit_id: UUID, key: str, *, at: datetime) -> None:
    """Tell a unit's staff that there is something new; joins the caller's transaction."""
    subject = N_("Item {number}: something new for your unit", number=row.number)
    people = [user_id for user_id, _, _ in await units.staff(unit_id)]
    await _tell(row, people, subject, key, at)


async def office(row: Matter, key: str, *, at: datetime) -> None:
    """Tell the reception room of news from a unit; of a confidential item its head alone."""
    subject = N_("Item {number}: news from the unit", number=row.number)
    roles = (HEAD,) if row.secret else (CLERK, HEAD)
    people = [one.id for one in await holders(roles, row.site)]
    await _tell(row, people, subject, key, at)


async def people(
    row: Matter, ids: list[UUID], subject: Message, key: str, *, at: datetime, url: str = ""
) -> None:
    """Tell named users; joins the caller's transaction."""
    await _tell(row, ids, subject, key, at, url)


async def _tell(
    row: Matter, people: list[UUID], subject: Message, key: str, at: datetime, url: str = ""
) -> None:
    kept_out = await barred(row.id, at)
    for user_id in people:
        if user_id not in kept_out:
            await notify(
                key=f"government:{key}:{user_id}",
                channel=IN_APP,
                subject=subject,
                body=_BODY,
                at=at,
                user=user_id,
                url=url or f"/government/matters/{row.id}",
            )
