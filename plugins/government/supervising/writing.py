"""What the acts of this room share: texts that must be there, the units of an item, the log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from core import db
from core.errors import InvalidInputError
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from plugins.government.handling import telling
from plugins.government.matters import access
from plugins.government.matters.tables import Matter
from plugins.government.rights import HANDLE, READ
from plugins.government.supervising.rights import SUPERVISE

LONGEST = 4000


def needed(problems: dict[str, Message], name: str, text: str) -> str:
    """Return a text without its ends; note the problem of one that is empty."""
    if not text.strip():
        problems[name] = N_("Please fill this in.")
    return text.strip()[:LONGEST]


async def unit_of(matter_id: UUID, unit_id: UUID | None) -> UUID:
    """Return a unit that has to do with an item now; InvalidInputError for another."""
    rows = await db.fetch(
        "SELECT 1 AS yes FROM government_matter_unit WHERE matter = {} AND unit = {}"
        " AND until IS NULL",
        matter_id,
        unit_id,
    )
    if unit_id is None or not rows:
        raise InvalidInputError({"unit": N_("This unit has nothing to do with the item.")})
    return unit_id


async def units_of_item(matter_id: UUID) -> list[tuple[UUID, str]]:
    """Return the units that have to do with an item now; the caller may see it."""
    rows = await db.fetch(
        "SELECT u.id, u.name FROM government_matter_unit mu JOIN government_unit u ON u.id = mu.unit"
        " WHERE mu.matter = {} AND mu.until IS NULL ORDER BY mu.role DESC, u.code",
        matter_id,
    )
    return [(row["id"], row["name"]) for row in rows]


async def first_unit(matter_id: UUID, holder_id: UUID | None) -> str:
    """Return the unit that a form begins with: who holds the item, else the only one concerned."""
    ids = [one for one, _ in await units_of_item(matter_id)]
    if holder_id in ids:
        return str(holder_id)
    return str(ids[0]) if len(ids) == 1 else ""


async def may_answer(matter_id: UUID, unit_id: UUID, actor: Actor, at: datetime) -> bool:
    """Say whether somebody may speak for a unit on an item, as one of it or of the item's office."""
    if not await access.visible(matter_id, actor, at, acting=True):
        return False
    if await may_supervise(matter_id, actor):
        return True
    return unit_id in await access.own_units(actor, matter_id)


async def may_supervise(matter_id: UUID, actor: Actor) -> bool:
    """Say whether somebody urges and supervises in the reception room that has an item."""
    if actor.kind == "system":
        return True
    rows = await db.fetch("SELECT site FROM government_matter WHERE id = {}", matter_id)
    return bool(rows) and any(actor.may_at(one, rows[0]["site"]) for one in (HANDLE, SUPERVISE))


async def tell_office(matter_id: UUID, key: str, actor: Actor, at: datetime) -> None:
    """Tell the reception room that a unit answered; what the room wrote down itself it knows."""
    row = await Matter.objects().get(Matter.id == matter_id)
    if row is not None and not actor.may_at(READ, row.site):
        await telling.office(row, key, at=at)


async def log(
    actor: Actor, act: str, kind: str, record_id: object, at: datetime, after: dict[str, Any]
) -> None:
    """Write the log's row; only ids and codes."""
    await record(actor, f"government.{act}", kind, record_id, at=at, after=after)
