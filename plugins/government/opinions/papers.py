"""Papers of this room: opinions, notices of more time, replies; made from what is stored, never typed twice."""

from datetime import datetime
from uuid import UUID

from core.permissions import Actor
from plugins.government.matters.tables import Matter
from plugins.government.opinions.tables import Extension, Opinion


async def opinion(
    row: Matter, found: Opinion, *, actor: Actor, at: datetime
) -> tuple[UUID | None, str]:
    """Give an opinion its number in the transaction that issues it; return its paper and number."""
    return None, ""


async def extension_notice(
    row: Matter, found: Extension, *, actor: Actor, at: datetime
) -> UUID | None:
    """Give the notice of more time its number in the transaction that grants it; return its paper."""
    return None


async def reply(
    row: Matter, reply_id: UUID, text: str, *, actor: Actor, at: datetime
) -> tuple[UUID | None, str]:
    """Give a reply letter its number in the transaction that signs it; return paper and number."""
    return None, ""
