"""Who may read an urging note that names several items: whoever may see every one of them."""

from datetime import datetime
from uuid import UUID

from core import db
from core.permissions import Actor
from plugins.government.matters import access

URGING = "government_urging"


async def whole_note(urging_id: UUID, actor: Actor, at: datetime) -> bool:
    """Say whether somebody may see all items of the note on which an urging stands."""
    rows = await db.fetch(
        "SELECT DISTINCT o.matter FROM government_urging u JOIN government_urging o"
        " ON o.id = u.id OR o.document = u.document WHERE u.id = {}",
        urging_id,
    )
    for row in rows:
        if not await access.visible(row["matter"], actor, at):
            return False
    return bool(rows)
