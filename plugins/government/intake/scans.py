"""Scans of letters and envelopes, and pictures of papers handed in: kept with their contact (GOV-4).

The one place where files of a contact are kept and opened; pictures alone are taken.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.attachments import services as attachments
from core.attachments.images import Prepared
from core.attachments.tables import Attachment
from core.errors import NotFoundError
from core.permissions import Actor
from plugins.government.intake.facts import CONTACT

MAX_BYTES = 40_000_000
MOST = 12


async def prepared(files: Sequence[bytes]) -> list[Prepared]:
    """Make uploaded pictures safe, before the transaction that keeps them."""
    return [await attachments.take(data) for data in files[:MOST] if data]


async def keep(
    contact_id: UUID, pictures: Sequence[Prepared], *, actor: Actor, at: datetime
) -> None:
    """Keep pictures with a contact; joins the caller's transaction. File names are not kept."""
    for picture in pictures:
        await attachments.attach(
            picture, record_kind=CONTACT, record_id=contact_id, actor=actor, at=at
        )


async def of_contact(contact_id: UUID) -> list[UUID]:
    """Return the pictures of a contact in the order in which they came."""
    rows = await Attachment.objects().where(
        Attachment.record_kind == CONTACT,
        Attachment.record == contact_id,
        Attachment.erased_at.is_null(),
    )
    return [row.id for row in sorted(rows, key=lambda row: (row.created_at, str(row.id)))]


async def opened(contact_id: UUID, scan_id: UUID) -> tuple[bytes, str]:
    """Return a picture of a contact with its media type; the caller has judged who asks."""
    row, data = await attachments.open_attachment(scan_id)
    if row.record_kind != CONTACT or row.record != contact_id:
        raise NotFoundError
    return data, row.media_type
