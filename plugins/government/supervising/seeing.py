"""Who may read an urging note that names several items, and the letter of a recommendation."""

from datetime import datetime
from uuid import UUID

from core import db
from core.permissions import Actor
from plugins.government.matters import access
from plugins.government.rights import READ, UNIT
from plugins.government.units.queries import units_of

URGING = "government_urging"
RECOMMENDATION = "government_recommendation"


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


async def readable(recommendation_id: UUID, actor: Actor) -> bool:
    """Say whether somebody may read a recommendation: as one of the office or of the unit."""
    rows = await db.fetch(
        f"SELECT site, unit FROM {RECOMMENDATION} WHERE id = {{}}", recommendation_id
    )
    if not rows:
        return False
    if actor.may_at(READ, rows[0]["site"]):
        return True
    return actor.may(UNIT) and rows[0]["unit"] in await units_of(actor)
