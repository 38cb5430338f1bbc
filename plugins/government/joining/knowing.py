"""Whom a joined record exists for, where it had confidential items alone; reads only."""

from collections.abc import Sequence
from uuid import UUID

from core import db
from plugins.government import sealing
from plugins.government.joining.facts import RECORD, Moved, load
from plugins.government.matters.access import places


def moved_of(row: db.Row) -> Moved | None:
    """Return what a joining moved; None once that was let go with the person."""
    text = sealing.unseal(row["moved_cipher"], RECORD, "moved_cipher", row["id"])
    return load(text) if text else None


async def only_by(petitioner_ids: Sequence[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return the records that went into another with confidential items alone, and those items.

    Whoever sees none of them learns nothing of such a record, also not that it was joined.
    """
    if not petitioner_ids:
        return {}
    rows = await db.fetch(
        "SELECT * FROM government_joining WHERE undone_at IS NULL AND shared = {}"
        f" AND joined IN ({places(petitioner_ids)})",
        False,
        *petitioner_ids,
    )
    found = {row["joined"]: moved_of(row) for row in rows}
    return {one: moved.items if moved else frozenset() for one, moved in found.items()}
