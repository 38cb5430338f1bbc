"""Scans of letters and envelopes, and papers handed in: kept encrypted with their contact (GOV-4).

The one place where intake keeps files of a contact; they follow it into the item.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.permissions import Actor
from plugins.government.secrecy import files
from plugins.government.secrecy.files import FileLine, Safe

MAX_BYTES = 40_000_000
MOST = 12


async def prepared(uploaded: Sequence[bytes]) -> list[Safe]:
    """Make uploaded scans safe, before the transaction that keeps them."""
    return [await files.prepared(data) for data in uploaded[:MOST] if data]


async def keep(
    contact_id: UUID,
    scans: Sequence[Safe],
    *,
    actor: Actor,
    at: datetime,
    kind: str = files.SCAN,
) -> None:
    """Keep scans with a contact; joins the caller's transaction. The files' own names are not kept."""
    for place, safe in enumerate(scans, 1):
        await files.attach(
            safe, kind=kind, name=str(place), contact_id=contact_id, actor=actor, at=at
        )


async def of_contact(contact_id: UUID, actor: Actor, at: datetime) -> list[FileLine]:
    """Return the scans of a contact in the order in which they came."""
    return await files.of_contact(contact_id, actor, at)
