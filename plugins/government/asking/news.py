"""Petitioners told by e-mail that there is news, never which (GOV-36); once for all that happened."""

from datetime import datetime, timedelta
from uuid import UUID

from core import db
from core.i18n import N_
from core.notices.services import EMAIL, notify
from plugins.government import sealing
from plugins.government.asking.tables import NewsPointer
from plugins.government.matters.timeline import PETITIONER

_ROW = "petitioners"
_SETTLED = timedelta(minutes=2)  # an act's transaction has ended by then
_AT_ONCE = 500


async def tell(at: datetime) -> None:
    """Tell of what was added to time lines since the last time."""
    async with db.writing():
        await db.execute(
            "INSERT INTO government_news (id, step) VALUES ({}, 0) ON CONFLICT (id) DO NOTHING",
            _ROW,
        )
        last = (await db.fetch("SELECT step FROM government_news WHERE id = {} FOR UPDATE", _ROW))[
            0
        ]["step"]
        rows = await db.fetch(
            "SELECT s.id, s.matter, s.act, s.shown_to FROM government_step s WHERE s.id > {}"
            " AND s.at <= {} ORDER BY s.id LIMIT {}",
            last,
            at - _SETTLED,
            _AT_ONCE,
        )
        if not rows:
            return
        newest: dict[UUID, int] = {
            row["matter"]: row["id"]
            for row in rows
            if row["shown_to"] == PETITIONER and row["act"] != "register"
        }
        for matter_id, step in newest.items():
            await _one(matter_id, step, at)
        await NewsPointer.update({NewsPointer.step: rows[-1]["id"]}).where(NewsPointer.id == _ROW)


async def _one(matter_id: UUID, step: int, at: datetime) -> None:
    rows = await db.fetch(
        "SELECT p.id, p.email_cipher FROM government_matter m"
        " JOIN government_petitioner p ON p.id = m.petitioner"
        " WHERE m.id = {} AND p.email_cipher <> '' AND p.erased_at IS NULL",
        matter_id,
    )
    for row in rows:
        address = sealing.unseal(
            row["email_cipher"], "government_petitioner", "email_cipher", row["id"]
        )
        await notify(
            key=f"government.news/{matter_id}/{step}",
            channel=EMAIL,
            subject=N_("There is news for you"),
            body=N_(
                "There is news on what you asked. Open the query page with the code of your receipt."
            ),
            at=at,
            address=address,
            url="/government/ask",
        )
