"""How long the box's notes are kept, and their blanking. Ratings and replies go with the item's file."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.i18n import N_
from core.log.services import record
from core.privacy.facts import Erasing, Expired, RetentionRule
from plugins.government.matters.access import places


async def notes_due(before: datetime, limit: int, offset: int) -> list[Expired]:
    """Return notes of the box that still say something."""
    rows = await db.fetch(
        "SELECT id, at FROM government_box_note WHERE at < {} AND text_cipher <> ''"
        " ORDER BY at, id LIMIT {} OFFSET {}",
        before,
        limit,
        offset,
    )
    return [
        Expired(record=str(row["id"]), ended_at=row["at"], path="/government/box/notes")
        for row in rows
    ]


async def erase_notes(records: Sequence[str], erasing: Erasing) -> None:
    """Blank notes of the box; that there was one, and when, stays."""
    ids = [UUID(one) for one in records]
    await db.execute(
        "UPDATE government_box_note SET text_cipher = '', contact_cipher = '', done_cipher = ''"
        f" WHERE id IN ({places(ids)})",
        *ids,
    )
    for one in ids:
        await record(erasing.actor, "government.let_go", "government_box_note", one, at=erasing.at)


RULES = (
    RetentionRule(
        kind="government.box_note",
        label=N_("Notes in the opinions box"),
        days=366,
        basis=N_("One year: what was done is on record by then").msgid,
        find=notes_due,
        erase=erase_notes,
        batch=50,
    ),
)
