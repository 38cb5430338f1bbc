"""How long recommendations to units say something; urgings and supervisions go with the item's file."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.documents import services as documents
from core.i18n import N_
from core.log.services import record
from core.privacy.facts import Erasing, Expired, RetentionRule
from plugins.government.matters.access import places

_TABLE = "government_recommendation"


async def recommendations_due(before: datetime, limit: int, offset: int) -> list[Expired]:
    """Return recommendations made before a moment that still say something."""
    rows = await db.fetch(
        f"SELECT id, made_at FROM {_TABLE} WHERE made_at < {{}}"
        " AND (text_cipher <> '' OR feedback_cipher <> '') ORDER BY made_at, id LIMIT {} OFFSET {}",
        before,
        limit,
        offset,
    )
    return [Expired(record=str(row["id"]), ended_at=row["made_at"]) for row in rows]


async def erase_recommendations(records: Sequence[str], erasing: Erasing) -> None:
    """Blank what was recommended and answered, and the letter; kind, unit and days stay for the figures."""
    ids = [UUID(one) for one in records]
    await db.execute(
        f"UPDATE {_TABLE} SET text_cipher = '', feedback_cipher = '' WHERE id IN ({places(ids)})",
        *ids,
    )
    for one in ids:
        await documents.erase_papers(_TABLE, one, actor=erasing.actor, at=erasing.at)
        await record(erasing.actor, "government.let_go", _TABLE, one, at=erasing.at)


RULES = (
    RetentionRule(
        kind="government.recommendation",
        label=N_("Recommendations to units"),
        days=3653,
        basis=N_("National Archives Administration, order 8: 10 years").msgid,
        find=recommendations_due,
        erase=erase_recommendations,
        batch=50,
    ),
)
