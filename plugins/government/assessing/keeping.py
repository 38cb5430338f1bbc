"""How long what was written about staff beside their marks is kept; the marks stay for the figures."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.i18n import N_
from core.log.services import record
from core.privacy.facts import Erasing, Expired, RetentionRule
from plugins.government.assessing.tables import COMMENDATION
from plugins.government.matters.access import places

_TABLE = "government_staff_mark"


async def marks_due(before: datetime, limit: int, offset: int) -> list[Expired]:
    """Return marks given before a moment that still have a note."""
    rows = await db.fetch(
        f"SELECT id, at FROM {_TABLE} WHERE at < {{}} AND note_cipher <> ''"
        " ORDER BY at, id LIMIT {} OFFSET {}",
        before,
        limit,
        offset,
    )
    return [Expired(record=str(row["id"]), ended_at=row["at"]) for row in rows]


async def erase_notes(records: Sequence[str], erasing: Erasing) -> None:
    """Blank the notes."""
    ids = [UUID(one) for one in records]
    await db.execute(f"UPDATE {_TABLE} SET note_cipher = '' WHERE id IN ({places(ids)})", *ids)
    for one in ids:
        await record(erasing.actor, "government.let_go", _TABLE, one, at=erasing.at)


async def commendations_due(before: datetime, limit: int, offset: int) -> list[Expired]:
    """Return commendations made before a moment that still say for what."""
    rows = await db.fetch(
        f"SELECT id, at FROM {COMMENDATION} WHERE at < {{}} AND reason_cipher <> ''"
        " ORDER BY at, id LIMIT {} OFFSET {}",
        before,
        limit,
        offset,
    )
    return [Expired(record=str(row["id"]), ended_at=row["at"]) for row in rows]


async def erase_commendations(records: Sequence[str], erasing: Erasing) -> None:
    """Blank for what units were commended; that they were stays."""
    ids = [UUID(one) for one in records]
    await db.execute(
        f"UPDATE {COMMENDATION} SET reason_cipher = '' WHERE id IN ({places(ids)})", *ids
    )
    for one in ids:
        await record(erasing.actor, "government.let_go", COMMENDATION, one, at=erasing.at)


RULES = (
    RetentionRule(
        kind="government.commendation",
        label=N_("For what units were commended"),
        days=3652,
        basis=N_("National Archives Administration, order 8: 10 years").msgid,
        find=commendations_due,
        erase=erase_commendations,
        batch=50,
    ),
    RetentionRule(
        kind="government.staff_mark",
        label=N_("Notes beside the marks of staff"),
        days=1096,
        basis=N_("Personal Information Protection Law, article 19").msgid,
        find=marks_due,
        erase=erase_notes,
        batch=50,
    ),
)
