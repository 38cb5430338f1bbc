"""Interviews that wait or were held, talks agreed on: of all items that a reader may see (GOV-13, GOV-15)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import db
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.matters import access
from plugins.government.rights import HANDLE

PAGE = 50
_AHEAD = timedelta(days=30)
_ITEM = (
    " m.id AS matter, m.number AS matter_number, m.title_cipher, m.heads, m.size, m.frequency,"
    " m.urgency, m.secret, m.petitioner, p.name_cipher"
)
_JOINED = (
    " JOIN government_matter m ON m.id = i.matter LEFT JOIN government_petitioner p"
    " ON p.id = m.petitioner"
)
# Who was refused at the desk is interviewed all the same; nobody is about an item that is over.
_STILL_DUE = "m.stage NOT IN ('final', 'closed', 'archived', 'destroyed')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An interview or a talk with the item it is about."""

    id: UUID
    number: str
    why: str
    at: datetime
    by: str
    state: str
    matter_id: UUID
    matter_number: str
    title: str
    petitioner: str
    heads: int
    size: str
    frequency: str
    urgency: int
    secret: bool
    text: str = ""


def _line(row: db.Row, **about: Any) -> Waiting:
    return Waiting(
        matter_id=row["matter"],
        matter_number=row["matter_number"],
        title=sealing.unseal(
            row["title_cipher"], "government_matter", "title_cipher", row["matter"]
        ),
        petitioner=sealing.unseal(
            row["name_cipher"] or "", "government_petitioner", "name_cipher", row["petitioner"]
        ),
        heads=row["heads"],
        size=row["size"],
        frequency=row["frequency"],
        urgency=row["urgency"],
        secret=bool(row["secret"]),
        **about,
    )


async def interviews(
    actor: Actor, *, at: datetime, held: bool = False, page: int = 1
) -> tuple[list[Waiting], int]:
    """Return a page of the interviews to be held, the oldest first, or of those held, the latest first.

    Those of the rooms whose items the reader handles.
    """
    seen, args = await access.seen_by(actor, at)
    here, sites = access.within(actor, HANDLE)
    seen, args = f"{seen} AND {here}", [*args, *sites]
    state = "i.held_at IS NOT NULL" if held else f"i.held_at IS NULL AND {_STILL_DUE}"
    where = f" WHERE {state} AND {seen}"
    count = await db.count(f"FROM government_interview i{_JOINED}{where}", *args)
    order = "i.held_at DESC" if held else "i.stamped_at"
    rows = await db.fetch(
        "SELECT i.id, i.number, i.why, i.stamped_at, i.stamped_by_name, i.held_at, i.interviewers,"
        f"{_ITEM} FROM government_interview i{_JOINED}{where} ORDER BY {order}, i.number"
        " LIMIT {} OFFSET {}",
        *args,
        PAGE,
        (page - 1) * PAGE,
    )
    lines = [
        _line(
            row,
            id=row["id"],
            number=row["number"],
            why=row["why"],
            at=row["held_at"] or row["stamped_at"],
            by=(row["interviewers"] if row["held_at"] else "") or row["stamped_by_name"],
            state="held" if row["held_at"] else "waiting",
        )
        for row in rows
    ]
    return lines, count


async def talks(actor: Actor, *, at: datetime) -> list[Waiting]:
    """Return the talks agreed on from today on for a month, the next first."""
    seen, args = await access.seen_by(actor, at)
    today = site_time(at).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = await db.fetch(
        f"SELECT i.id, i.why, i.text_cipher, i.by_name, a.starts_at, a.state,{_ITEM}"
        f" FROM government_follow_up i{_JOINED} JOIN appointment a ON a.id = i.appointment"
        " WHERE a.starts_at >= {} AND a.starts_at < {} AND a.state <> 'cancelled'"
        f" AND {seen} ORDER BY a.starts_at LIMIT {PAGE}",
        today,
        today + _AHEAD,
        *args,
    )
    return [
        _line(
            row,
            id=row["id"],
            number="",
            why=row["why"],
            at=row["starts_at"],
            by=row["by_name"],
            state=row["state"],
            text=sealing.unseal(
                row["text_cipher"], "government_follow_up", "text_cipher", row["id"]
            ),
        )
        for row in rows
    ]
