"""How long bulletins say something: texts and papers go, figures, kind and number stay."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.documents import services as documents
from core.i18n import N_
from core.log.services import record
from core.privacy.facts import Erasing, Expired, RetentionRule
from plugins.government.bulletins.facts import RECORD
from plugins.government.matters.access import places


async def bulletins_due(before: datetime, limit: int, offset: int) -> list[Expired]:
    """Return bulletins begun before a moment that still say something; those of items go with them."""
    rows = await db.fetch(
        "SELECT id, created_at FROM government_bulletin WHERE created_at < {}"
        " AND texts_cipher <> '' AND matter IS NULL ORDER BY created_at, id LIMIT {} OFFSET {}",
        before,
        limit,
        offset,
    )
    return [
        Expired(
            record=str(row["id"]),
            ended_at=row["created_at"],
            path=f"/government/bulletins/{row['id']}",
        )
        for row in rows
    ]


async def erase_bulletins(records: Sequence[str], erasing: Erasing) -> None:
    """Blank what bulletins say, with the papers they were issued as."""
    ids = [UUID(one) for one in records]
    await db.execute(
        f"UPDATE government_bulletin SET texts_cipher = '' WHERE id IN ({places(ids)})", *ids
    )
    for one in ids:
        await documents.erase_papers(RECORD, one, actor=erasing.actor, at=erasing.at)
        await record(erasing.actor, "government.let_go", RECORD, one, at=erasing.at)


RULES = (
    RetentionRule(
        kind="government.bulletin",
        label=N_("Bulletins of the petition office"),
        days=3653,
        basis=N_("National Archives Administration, order 8: 10 years").msgid,
        find=bulletins_due,
        erase=erase_bulletins,
        batch=20,
    ),
)
