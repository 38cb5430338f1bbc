"""Units, who works where, and which units a person speaks for."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.accounts.tables import UserRole
from core.errors import NotFoundError
from core.permissions import Actor
from plugins.government.matters.states import OPEN
from plugins.government.units.facts import UnitLine

_COLUMNS = "id, site, parent, kind, code, name, active, short_name, phone, address"


def _line(row: db.Row) -> UnitLine:
    return UnitLine(
        id=row["id"],
        site_id=row["site"],
        parent_id=row["parent"],
        kind=row["kind"],
        code=row["code"],
        name=row["name"],
        active=bool(row["active"]),
        short_name=row["short_name"],
        phone=row["phone"],
        address=row["address"],
    )


async def units(
    *kinds: str, site_id: UUID | None = None, active_only: bool = True
) -> list[UnitLine]:
    """Return units of some kinds (all without one), in their order."""
    rows = await db.fetch(f'SELECT {_COLUMNS} FROM government_unit ORDER BY "order", code')
    return [
        line
        for line in map(_line, rows)
        if (not kinds or line.kind in kinds)
        and (site_id is None or line.site_id == site_id)
        and (line.active or not active_only)
    ]


async def unit(unit_id: UUID) -> UnitLine:
    """Return one unit; NotFoundError when there is none."""
    rows = await db.fetch(f"SELECT {_COLUMNS} FROM government_unit WHERE id = {{}}", unit_id)
    if not rows:
        raise NotFoundError
    return _line(rows[0])


def contact(unit: UnitLine) -> str:
    """Return a unit's name with its number, as papers name whom to call; empty without a number."""
    return f"{unit.name}　{unit.phone}" if unit.phone else ""


async def names(ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the names of units by id."""
    wanted = set(ids)
    return {one.id: one.name for one in await units(active_only=False) if one.id in wanted}


_PEOPLE = ("user", "token")


async def memberships(actor: Actor) -> list[tuple[UUID, datetime | None]]:
    """Return the units for which somebody works or worked, and until when."""
    if actor.kind not in _PEOPLE or actor.id is None:
        return []
    rows = await db.fetch(
        "SELECT m.unit, m.until FROM government_unit_member m JOIN government_unit u"
        ' ON u.id = m.unit WHERE m."user" = {} ORDER BY u.code',
        actor.id,
    )
    return [(row["unit"], row["until"]) for row in rows]


async def units_of(actor: Actor, *, head: bool = False) -> list[UUID]:
    """Return the units for which a signed-in user works, or which they head."""
    if actor.kind not in _PEOPLE or actor.id is None:
        return []
    rows = await db.fetch(
        "SELECT m.unit FROM government_unit_member m JOIN government_unit u ON u.id = m.unit"
        f' WHERE m."user" = {{}} AND m.until IS NULL{" AND m.head" if head else ""} ORDER BY u.code',
        actor.id,
    )
    return [row["unit"] for row in rows]


async def with_ancestors(ids: Sequence[UUID]) -> list[UUID]:
    """Return the units with every higher body above them."""
    parents = {one.id: one.parent_id for one in await units(active_only=False)}
    found: list[UUID] = []
    for one in ids:
        at: UUID | None = one
        while at is not None and at not in found:
            found.append(at)
            at = parents.get(at)
    return found


async def staff_counts() -> dict[UUID, int]:
    """Return how many people work for each unit that has anybody."""
    rows = await db.fetch(
        'SELECT m.unit, count(*) AS found FROM government_unit_member m JOIN account a ON a.id = m."user"'
        " WHERE m.until IS NULL AND a.active GROUP BY m.unit"
    )
    return {row["unit"]: row["found"] for row in rows}


async def holds_open_items(unit_id: UUID) -> bool:
    """Say whether a unit answers for an item that is not done."""
    stages = ", ".join(f"'{stage}'" for stage in OPEN)
    return bool(
        await db.fetch(
            f"SELECT 1 AS yes FROM government_matter WHERE holder = {{}} AND stage IN ({stages}) LIMIT 1",
            unit_id,
        )
    )


async def was_given_items(unit_id: UUID) -> bool:
    """Say whether a unit ever had to do with an item."""
    return bool(
        await db.fetch(
            "SELECT 1 AS yes FROM government_matter_unit WHERE unit = {} LIMIT 1", unit_id
        )
    )


async def without(roles: Sequence[str], users: Sequence[UUID]) -> frozenset[UUID]:
    """Return those users who hold none of these roles."""
    rows = await UserRole.select(UserRole.user).where(UserRole.role.is_in(list(roles)))
    return frozenset(users) - {row["user"] for row in rows}


async def staff(unit_id: UUID, *, head: bool | None = None) -> list[tuple[UUID, str, bool]]:
    """Return who works for a unit: user id, name, whether they head it."""
    rows = await db.fetch(
        'SELECT a.id, a.name, m.head FROM government_unit_member m JOIN account a ON a.id = m."user"'
        " WHERE m.unit = {} AND m.until IS NULL AND a.active ORDER BY m.head DESC, a.name",
        unit_id,
    )
    return [
        (row["id"], row["name"], bool(row["head"]))
        for row in rows
        if head is None or bool(row["head"]) == head
    ]
