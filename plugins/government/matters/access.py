"""Who may see an item: one condition for every statement that reads items. Deny beats every role.

Every list, page, search, export, figure, paper and link of this plugin goes through `seen_by` or
`visible`. What one may not see does not exist (404).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.permissions import Actor
from plugins.government.rights import READ, READ_SECRET, UNIT
from plugins.government.units.queries import units_of, with_ancestors


def places(values: Sequence[Any]) -> str:
    """Return `{}, {}, ...` for so many values of an IN list."""
    return ", ".join(["{}"] * len(values))


def within(actor: Actor, permission: str, column: str = "m.site") -> tuple[str, list[Any]]:
    """Return the condition that a site is one where somebody holds a permission."""
    if actor.kind == "system":
        return "1 = 1", []
    sites = actor.sites_with(permission)
    if sites is None:
        return "1 = 1", []
    if not sites:
        return "1 = 0", []
    return f"{column} IN ({places(sorted(sites))})", sorted(sites)


async def seen_by(actor: Actor, at: datetime) -> tuple[str, list[Any]]:
    """Return the condition on `government_matter m` that keeps out what somebody may not see."""
    if actor.kind == "system":
        return "1 = 1", []
    own = await units_of(actor)
    allowed, args = _allowed(actor, own if actor.may(UNIT) else [], at)
    barred, more = _barred(actor, await with_ancestors(own), at)
    return f"({allowed}) AND NOT ({barred})", [*args, *more]


def _allowed(actor: Actor, own: Sequence[UUID], at: datetime) -> tuple[str, list[Any]]:
    read, args = within(actor, READ)
    secret, more = within(actor, READ_SECRET)
    parts = [f"({read} AND (m.secret = {{}} OR m.registered_by = {{}} OR {secret}))"]
    args = [*args, False, actor.id, *more]
    if own:
        parts.append(
            "EXISTS (SELECT 1 FROM government_matter_unit mu WHERE mu.matter = m.id"
            f" AND mu.unit IN ({places(own)}))"
        )
        args += own
    if actor.id is not None:
        parts.append(
            "EXISTS (SELECT 1 FROM government_matter_reader r WHERE r.matter = m.id"
            ' AND r."user" = {} AND (r.until IS NULL OR r.until > {}))'
        )
        args += [actor.id, at]
    return " OR ".join(parts), args


def _barred(actor: Actor, units: Sequence[UUID], at: datetime) -> tuple[str, list[Any]]:
    who, args = 'b."user" = {}', [actor.id]
    if units:
        who, args = f"({who} OR b.unit IN ({places(units)}))", [*args, *units]
    return (
        "EXISTS (SELECT 1 FROM government_barred b WHERE b.matter = m.id"
        f" AND (b.until IS NULL OR b.until > {{}}) AND {who})"
    ), [at, *args]


async def visible(matter_id: UUID, actor: Actor, at: datetime) -> bool:
    """Say whether somebody may see an item; the same statement whether it exists or not."""
    condition, args = await seen_by(actor, at)
    rows = await db.fetch(
        f"SELECT 1 AS yes FROM government_matter m WHERE m.id = {{}} AND {condition}",
        matter_id,
        *args,
    )
    return bool(rows)


async def require(matter_id: UUID, actor: Actor, at: datetime) -> None:
    """Raise NotFoundError for whom an item does not exist."""
    if not await visible(matter_id, actor, at):
        raise NotFoundError


async def own_units(actor: Actor, matter_id: UUID) -> list[UUID]:
    """Return those of somebody's units that have to do with an item now."""
    own = await units_of(actor)
    if not own or not actor.may(UNIT):
        return []
    rows = await db.fetch(
        "SELECT unit FROM government_matter_unit WHERE matter = {} AND until IS NULL"
        f" AND unit IN ({places(own)})",
        matter_id,
        *own,
    )
    return [row["unit"] for row in rows]
