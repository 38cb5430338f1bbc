"""Whether somebody may see every item on a list of the archive: else the list does not exist for them."""

from datetime import datetime
from uuid import UUID

from core import db
from core.permissions import Actor
from plugins.government.matters import access
from plugins.government.rights import READ

DESTRUCTION = "government_destruction"
HAND_OVER = "government_hand_over"


async def whole_destruction(list_id: UUID, actor: Actor, at: datetime) -> bool:
    """Say whether somebody may see a destruction list: every file and every letter on it."""
    seen, args = await access.seen_by(actor, at)
    sites, more = access.within(actor, READ, "c.site")
    rows = await db.fetch(
        "SELECT count(*) AS n, coalesce(sum(CASE WHEN"
        f" (m.id IS NOT NULL AND {seen}) OR (m.id IS NULL AND {sites})"
        " THEN 1 ELSE 0 END), 0) AS seen FROM government_destruction_entry e"
        " LEFT JOIN government_after_visit_letter l ON l.id = e.letter"
        " LEFT JOIN government_contact c ON c.id = l.contact"
        " LEFT JOIN government_matter m ON m.id = coalesce(e.matter, c.matter)"
        " WHERE e.destruction = {}",
        *args,
        *more,
        list_id,
    )
    return bool(rows[0]["n"] and rows[0]["n"] == rows[0]["seen"])


async def whole_hand_over(list_id: UUID, actor: Actor, at: datetime) -> bool:
    """Say whether somebody may see a hand-over list: every file on it."""
    seen, args = await access.seen_by(actor, at)
    rows = await db.fetch(
        f"SELECT count(*) AS n, coalesce(sum(CASE WHEN {seen} THEN 1 ELSE 0 END), 0) AS seen"
        " FROM government_case_file f JOIN government_matter m ON m.id = f.matter"
        " WHERE f.hand_over = {}",
        *args,
        list_id,
    )
    return bool(rows[0]["n"] and rows[0]["n"] == rows[0]["seen"])
