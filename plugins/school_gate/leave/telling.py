"""Whom a slip concerns, and telling them in the app: class teacher, grade office, those on duty."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from core import db
from core.accounts.holders import holders
from core.i18n import Message
from core.notices.services import IN_APP, notify
from plugins.school_gate.leave.queries import SlipLine

GRADE_OFFICE, DUTY = "grade_office", "duty_officer"


async def teachers(host_id: UUID | None) -> list[UUID]:
    """Return the accounts of a class teacher."""
    if host_id is None:
        return []
    rows = await db.fetch("SELECT id FROM account WHERE host = {} AND active", host_id)
    return [row["id"] for row in rows]


async def office(line: SlipLine) -> list[UUID]:
    """Return the accounts of the grade office that stamps a slip."""
    found = [one.id for one in await holders([GRADE_OFFICE], line.site_id)]
    if line.office_id is None:
        return found
    own = set(await teachers(line.office_id))
    return [one for one in found if one in own] or found


async def on_duty(site_id: UUID, roles: Collection[str] = (DUTY,)) -> list[UUID]:
    """Return the accounts of those on duty at a site."""
    return [one.id for one in await holders(roles, site_id)]


async def tell(
    users: Iterable[UUID], key: str, subject: Message, body: Message, url: str, *, at: datetime
) -> None:
    """Tell each of them once; call it inside the act's transaction."""
    for user in dict.fromkeys(users):
        await notify(
            key=f"school_gate.{key}/{user}",
            channel=IN_APP,
            subject=subject,
            body=body,
            at=at,
            user=user,
            url=url,
        )
