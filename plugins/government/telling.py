"""Telling staff by role that an item needs them: the number alone, no name, no matter."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.i18n import Message
from core.notices.services import IN_APP, notify
from plugins.government.matters import access
from plugins.government.secrecy import guarding


async def holders(
    roles: Sequence[str], site_id: UUID, matter_id: UUID | None, at: datetime
) -> list[UUID]:
    """Return who holds one of these roles at a site and is not kept from the item."""
    rows = await db.fetch(
        'SELECT DISTINCT r."user" FROM account_role r JOIN account a ON a.id = r."user"'
        f" WHERE a.active AND r.role IN ({access.places(roles)})"
        " AND (r.site IS NULL OR r.site = {})",
        *roles,
        site_id,
    )
    ids = [row["user"] for row in rows]
    if matter_id is None or not ids:
        return ids
    kept_out = (await guarding.barred_from([matter_id], at)).get(matter_id, frozenset())
    return [one for one in ids if one not in kept_out]


async def tell_roles(
    roles: Sequence[str],
    *,
    key: str,
    subject: Message,
    body: Message,
    site_id: UUID,
    at: datetime,
    url: str = "",
    matter_id: UUID | None = None,
) -> None:
    """Leave a notice for everybody with one of these roles, once for each `key`; joins the act."""
    for user_id in await holders(roles, site_id, matter_id, at):
        await notify(
            key=f"{key}/{user_id}",
            channel=IN_APP,
            subject=subject,
            body=body,
            at=at,
            user=user_id,
            url=url,
        )
