"""Bulletins that somebody may read: the office's own, and those sent to a unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.permissions import Actor
from plugins.government.bulletins import services
from plugins.government.bulletins.facts import ISSUED, URGENT
from plugins.government.bulletins.rights import READ_BULLETINS
from plugins.government.bulletins.tables import Bulletin
from plugins.government.matters import access
from plugins.government.units.queries import units_of

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinLine:
    """A bulletin as lists show it."""

    id: UUID
    kind: str
    state: str
    label: str
    heading: str
    first: date
    last: date
    unit: str
    created_by: str
    issued_at: datetime | None
    read_at: datetime | None
    follows: UUID | None


_SELECT = (
    "SELECT b.*, u.name AS unit_name FROM government_bulletin b"
    " LEFT JOIN government_unit u ON u.id = b.unit"
    " LEFT JOIN government_matter m ON m.id = b.matter"
)


def _line(row: db.Row) -> BulletinLine:
    return BulletinLine(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        label=row["label"],
        heading=services.opened(row["id"], row["texts_cipher"]).get("heading", ""),
        first=row["first"],
        last=row["last"],
        unit=row["unit_name"] or "",
        created_by=row["created_by_name"],
        issued_at=row["issued_at"],
        read_at=row["read_at"],
        follows=row["follows"],
    )


async def _seen(actor: Actor, at: datetime) -> tuple[str, list[Any]]:
    seen, args = await access.seen_by(actor, at)
    return f"(b.matter IS NULL OR {seen})", args


async def bulletins(
    actor: Actor, site_id: UUID, *, at: datetime, kind: str = "", page: int = 1
) -> tuple[list[BulletinLine], int]:
    """Return the office's bulletins, the latest first; none about items that one may not see."""
    seen, args = await _seen(actor, at)
    where, values = f"b.site = {{}} AND {seen}", [site_id, *args]
    if kind:
        where, values = f"{where} AND b.kind = {{}}", [*values, kind]
    count = await db.fetch(
        "SELECT count(*) AS n FROM government_bulletin b"
        f" LEFT JOIN government_matter m ON m.id = b.matter WHERE {where}",
        *values,
    )
    rows = await db.fetch(
        f"{_SELECT} WHERE {where} ORDER BY b.created_at DESC, b.id LIMIT {{}} OFFSET {{}}",
        *values,
        PAGE,
        (page - 1) * PAGE,
    )
    return [_line(row) for row in rows], count[0]["n"]


async def open_urgent(actor: Actor, site_id: UUID, *, at: datetime) -> list[BulletinLine]:
    """Return urgent information whose event is not closed."""
    seen, args = await _seen(actor, at)
    rows = await db.fetch(
        f"{_SELECT} WHERE b.site = {{}} AND b.kind = {{}} AND b.state = {{}}"
        f" AND b.follows IS NULL AND {seen} ORDER BY b.issued_at",
        site_id,
        URGENT,
        ISSUED,
        *args,
    )
    return [_line(row) for row in rows]


async def asked_in(request_id: UUID, actor: Actor, at: datetime) -> list[Bulletin]:
    """Return the bulletins that a request asks to sign; none about an item that one may not see.

    For what is hidden no more is done than for a request that does not exist.
    """
    seen, args = await _seen(actor, at)
    rows = await db.fetch(
        "SELECT b.id FROM government_bulletin b LEFT JOIN government_matter m ON m.id = b.matter"
        f" WHERE b.approval = {{}} AND {seen}",
        request_id,
        *args,
    )
    if not rows:
        return []
    return (
        await Bulletin.objects()
        .where(Bulletin.id.is_in([row["id"] for row in rows]))
        .order_by(Bulletin.created_at)
    )


async def bulletin(bulletin_id: UUID, actor: Actor, at: datetime) -> Bulletin:
    """Return one of the office's bulletins; NotFoundError for whom it does not exist."""
    seen, args = await _seen(actor, at)
    rows = await db.fetch(
        "SELECT b.id FROM government_bulletin b LEFT JOIN government_matter m ON m.id = b.matter"
        f" WHERE b.id = {{}} AND {seen}",
        bulletin_id,
        *args,
    )
    row = await Bulletin.objects().get(Bulletin.id == bulletin_id) if rows else None
    if row is None or not (actor.kind == "system" or actor.may_at(READ_BULLETINS, row.site)):
        raise NotFoundError
    return row


async def follow_ups(bulletin_id: UUID) -> list[BulletinLine]:
    """Return what carried on an urgent information, in order."""
    rows = await db.fetch(f"{_SELECT} WHERE b.follows = {{}} ORDER BY b.created_at", bulletin_id)
    return [_line(row) for row in rows]


async def of_my_units(actor: Actor, *, page: int = 1) -> tuple[list[BulletinLine], int]:
    """Return a page of what was issued to the units somebody works for, the latest first, and how many."""
    own = await units_of(actor)
    if not own:
        return [], 0
    where, values = _issued_to(own)
    count = await db.fetch(
        f"SELECT count(*) AS n FROM government_bulletin b WHERE {where}", *values
    )
    rows = await db.fetch(
        f"{_SELECT} WHERE {where} ORDER BY b.issued_at DESC, b.id LIMIT {{}} OFFSET {{}}",
        *values,
        PAGE,
        (page - 1) * PAGE,
    )
    return [_line(row) for row in rows], count[0]["n"]


async def unread_by_my_units(actor: Actor) -> int:
    """Return how many bulletins to the units somebody works for nobody there has read."""
    own = await units_of(actor)
    if not own:
        return 0
    where, values = _issued_to(own)
    rows = await db.fetch(
        f"SELECT count(*) AS n FROM government_bulletin b WHERE {where} AND b.read_at IS NULL",
        *values,
    )
    return int(rows[0]["n"])


def _issued_to(units: Sequence[UUID]) -> tuple[str, list[Any]]:
    # What is about one item is the office's own.
    where = f"b.state = {{}} AND b.matter IS NULL AND b.unit IN ({access.places(units)})"
    return where, [ISSUED, *units]


async def issued_to(bulletin_id: UUID, actor: Actor) -> Bulletin:
    """Return a bulletin that was issued to one of somebody's units, else NotFoundError."""
    row = await Bulletin.objects().get(Bulletin.id == bulletin_id)
    if (
        row is None
        or row.state != ISSUED
        or row.matter is not None
        or row.unit not in await units_of(actor)
    ):
        raise NotFoundError
    return row
