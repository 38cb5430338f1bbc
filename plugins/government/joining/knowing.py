"""What joinings moved, as it is stored; for whom a joined record exists. Reads only."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from core import db
from plugins.government import sealing
from plugins.government.joining.facts import RECORD, Counted, Moved, Party
from plugins.government.matters.access import places


def dump(moved: Moved) -> str:
    """Return what moved as JSON."""
    return json.dumps(asdict(moved), ensure_ascii=False)


def load(text: str) -> Moved:
    """Read what `dump` wrote."""
    found = json.loads(text)
    return Moved(
        matters=tuple(found["matters"]),
        party=tuple(Party(**one) for one in found["party"]),
        contacts=tuple(found["contacts"]),
        told=tuple(found["told"]),
        repeats=tuple(
            Counted(**{**one, "contacts": tuple(one["contacts"])}) for one in found["repeats"]
        ),
        filled=found["filled"],
        earlier=tuple(found["earlier"]),
    )


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
