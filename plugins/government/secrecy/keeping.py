"""How long wishes to look at confidential items are kept: number and reason go, that one was granted stays."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.i18n import N_
from core.log.services import record
from core.privacy.facts import Erasing, Expired, RetentionRule
from plugins.government.matters.access import places
from plugins.government.secrecy.queries import GLASS_TABLE


async def wishes_due(before: datetime, limit: int, offset: int) -> list[Expired]:
    """Return wishes asked before a moment whose number and reason are still there."""
    rows = await db.fetch(
        "SELECT id, asked_at FROM government_glass WHERE asked_at < {} AND reason_cipher <> {}"
        " ORDER BY asked_at, id LIMIT {} OFFSET {}",
        before,
        "",
        limit,
        offset,
    )
    return [Expired(record=str(row["id"]), ended_at=row["asked_at"]) for row in rows]


async def erase_wishes(records: Sequence[str], erasing: Erasing) -> None:
    """Blank what was asked for and why."""
    ids = [UUID(one) for one in records]
    await db.execute(
        "UPDATE government_glass SET number_cipher = {}, reason_cipher = {}"
        f" WHERE id IN ({places(ids)})",
        "",
        "",
        *ids,
    )
    for one in ids:
        await record(erasing.actor, "government.let_go", GLASS_TABLE, one, at=erasing.at)


RULES = (
    RetentionRule(
        kind=GLASS_TABLE,
        label=N_("Wishes to look at confidential items"),
        days=1095,
        basis=N_("Three years after the wish").msgid,
        find=wishes_due,
        erase=erase_wishes,
        batch=50,
    ),
)
