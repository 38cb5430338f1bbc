"""Whom an item accuses, who stepped back, who looked in; the units it must not go to. Reads only.

The caller has judged who asks (`access.require`).
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from core import db
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.matters import access
from plugins.government.secrecy.facts import (
    ACCUSED,
    ASKED,
    GRANTED,
    REFUSED,
    WAIT,
    AccusedLine,
    GlassLine,
    Handing,
    RecusalLine,
)
from plugins.government.secrecy.rights import LET_IN
from plugins.government.units.queries import with_ancestors

ACCUSED_TABLE = "government_accused"
RECUSAL_TABLE = "government_recusal"
GLASS_TABLE = "government_glass"
_LATEST = 50


async def accused_of(matter_id: UUID) -> list[AccusedLine]:
    """Return whom an item accuses or accused, the first first."""
    rows = await db.fetch(
        "SELECT a.*, u.name AS unit_name, p.name AS account_name FROM government_accused a"
        ' LEFT JOIN government_unit u ON u.id = a.unit LEFT JOIN account p ON p.id = a."user"'
        " WHERE a.matter = {} ORDER BY a.since, a.id",
        matter_id,
    )
    return [
        AccusedLine(
            id=row["id"],
            kind=row["kind"],
            name=sealing.unseal(row["name_cipher"], ACCUSED_TABLE, "name_cipher", row["id"]),
            unit=row["unit_name"] or "",
            account=row["account_name"] or "",
            since=row["since"],
            by=row["by_name"],
            withdrawn_at=row["withdrawn_at"],
            withdrawn_by=row["withdrawn_by_name"],
            reason=sealing.unseal(row["reason_cipher"], ACCUSED_TABLE, "reason_cipher", row["id"]),
        )
        for row in rows
    ]


async def recusals_of(matter_id: UUID) -> list[RecusalLine]:
    """Return who stepped back from an item, the first first."""
    rows = await db.fetch(
        "SELECT * FROM government_recusal WHERE matter = {} ORDER BY since, id", matter_id
    )
    return [
        RecusalLine(
            id=row["id"],
            user_id=row["user"],
            name=row["user_name"],
            how=row["how"],
            reason=sealing.unseal(row["reason_cipher"], RECUSAL_TABLE, "reason_cipher", row["id"]),
            since=row["since"],
            by=row["by_name"],
            lifted_at=row["lifted_at"],
            lifted_by=row["lifted_by_name"],
            lift_reason=sealing.unseal(
                row["lift_reason_cipher"], RECUSAL_TABLE, "lift_reason_cipher", row["id"]
            ),
        )
        for row in rows
    ]


async def handing(matter_id: UUID, unit_id: UUID, at: datetime) -> Handing:
    """Return what is judged before an item is handed to a unit."""
    rows = await db.fetch(
        "SELECT unit FROM government_barred WHERE matter = {} AND unit IS NOT NULL"
        " AND (until IS NULL OR until > {}) UNION SELECT um.unit FROM government_barred b"
        ' JOIN government_unit_member um ON um."user" = b."user" AND um.until IS NULL'
        " WHERE b.matter = {} AND b.why = {} AND (b.until IS NULL OR b.until > {})",
        matter_id,
        at,
        matter_id,
        ACCUSED,
        at,
    )
    return Handing(
        unit_line=frozenset(await with_ancestors([unit_id])),
        accused_units=frozenset(row["unit"] for row in rows),
    )


def _told(row: db.Row, at: datetime) -> str:
    """Return how a wish stands for who asked: nobody hears sooner that they were refused.

    Else what is refused, what there is not and what bars the asker would look different.
    """
    if row["state"] == GRANTED:
        return GRANTED
    return REFUSED if row["asked_at"] + WAIT <= at else ASKED


def _glass(row: db.Row, *, matter_id: UUID | None) -> GlassLine:
    return GlassLine(
        id=row["id"],
        matter_id=matter_id,
        number=sealing.unseal(row["number_cipher"], GLASS_TABLE, "number_cipher", row["id"]),
        asker=row["asker_name"],
        reason=sealing.unseal(row["reason_cipher"], GLASS_TABLE, "reason_cipher", row["id"]),
        asked_at=row["asked_at"],
        state=row["state"],
        decided_at=row["decided_at"],
        decided_by=row["decided_by_name"],
        until=row["until"],
    )


async def own_wishes(actor: Actor, at: datetime) -> list[GlassLine]:
    """Return what somebody asked to look at, the latest first.

    The link is there only while it opens: else one who waits and one who never will look alike.
    """
    rows = await db.fetch(
        "SELECT * FROM government_glass WHERE asker = {} ORDER BY asked_at DESC LIMIT {}",
        actor.id,
        _LATEST,
    )
    return [
        replace(
            _glass(row, matter_id=row["matter"] if row["until"] and row["until"] > at else None),
            state=_told(row, at),
            decided_at=None,
            decided_by="",
        )
        for row in rows
    ]


async def waiting(actor: Actor, at: datetime) -> list[GlassLine]:
    """Return what others ask to look at, of the items about which one may let them, the oldest first."""
    seen, args = await access.seen_by(actor, at)
    here, sites = access.within(actor, LET_IN)
    seen, args = f"{seen} AND {here}", [*args, *sites]
    rows = await db.fetch(
        "SELECT g.* FROM government_glass g JOIN government_matter m ON m.id = g.matter"
        f" WHERE g.state = {{}} AND g.asker <> {{}} AND g.asked_at > {{}} AND {seen}"
        " ORDER BY g.asked_at LIMIT {}",
        ASKED,
        actor.id,
        at - WAIT,
        *args,
        _LATEST,
    )
    return [_glass(row, matter_id=row["matter"]) for row in rows]


async def looked_at(matter_id: UUID) -> list[GlassLine]:
    """Return who asked to look at an item and what became of it, the latest first."""
    rows = await db.fetch(
        "SELECT * FROM government_glass WHERE matter = {} ORDER BY asked_at DESC", matter_id
    )
    return [_glass(row, matter_id=matter_id) for row in rows]
