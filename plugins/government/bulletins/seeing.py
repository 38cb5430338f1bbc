"""Whether somebody may read a bulletin and its paper: as one of the office or of the unit it went to."""

from datetime import datetime
from uuid import UUID

from core import db
from core.permissions import Actor
from plugins.government.bulletins.facts import ISSUED
from plugins.government.bulletins.rights import READ_BULLETINS
from plugins.government.matters import access
from plugins.government.rights import UNIT
from plugins.government.units.queries import units_of


async def readable(bulletin_id: UUID, actor: Actor, at: datetime) -> bool:
    """Say whether somebody may read a bulletin; of one about an item, who may see the item."""
    seen, args = await access.seen_by(actor, at)
    rows = await db.fetch(
        "SELECT b.site, b.unit, b.state FROM government_bulletin b"
        " LEFT JOIN government_matter m ON m.id = b.matter"
        f" WHERE b.id = {{}} AND (b.matter IS NULL OR {seen})",
        bulletin_id,
        *args,
    )
    if not rows:
        return False
    if actor.may_at(READ_BULLETINS, rows[0]["site"]):
        return True
    issued = rows[0]["state"] == ISSUED and actor.may(UNIT)
    return issued and rows[0]["unit"] in await units_of(actor)
