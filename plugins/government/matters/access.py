"""Who may see an item: one condition for every statement that reads items. Deny beats every role.

Every list, page, search, export, figure, paper and link of this plugin goes through `seen_by` or
`visible`. What one may not see does not exist (404).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from core import db
from core.decisions import Deny
from core.errors import NotFoundError, RefusedError, WrongStateError
from core.i18n import N_
from core.permissions import Actor
from plugins.government.rights import READ, READ_SECRET, UNIT
from plugins.government.units.queries import memberships, units_of, with_ancestors

GLASS = "glass"  # why somebody reads an item who was let in for an hour
LOOK_ONLY = Deny(
    "look_only",
    N_("You can read this item, no more. Whoever handles it acts on it."),
    "GOV-50",
)


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


async def seen_by(
    actor: Actor, at: datetime, *, acting: bool = False, once: bool = False
) -> tuple[str, list[Any]]:
    """Return the condition on `government_matter m` that keeps out what somebody may not see.

    `acting`: nor what they only look at through the glass, nor, but for `once`, what their unit had once.
    """
    if actor.kind == "system":
        return "1 = 1", []
    condition, args = await db.found_once(
        ("seen_by", actor, acting, once), lambda: _seen_by(actor, at, acting=acting, once=once)
    )
    return condition, list(args)


async def _seen_by(
    actor: Actor, at: datetime, *, acting: bool, once: bool
) -> tuple[str, list[Any]]:
    worked = await memberships(actor)
    own = [unit for unit, until in worked if until is None] if actor.may(UNIT) else []
    allowed, args = _allowed(actor, own, at, acting=acting, once=once)
    barred, more = await _barred(actor, worked, at)
    return f"({allowed}) AND NOT ({barred})", [*args, *more]


def _allowed(
    actor: Actor, own: Sequence[UUID], at: datetime, *, acting: bool, once: bool
) -> tuple[str, list[Any]]:
    read, args = within(actor, READ)
    secret, more = within(actor, READ_SECRET)
    parts = [f"({read} AND (m.secret = {{}} OR m.registered_by = {{}} OR {secret}))"]
    args = [*args, False, actor.id, *more]
    if own:
        parts.append(
            "EXISTS (SELECT 1 FROM government_matter_unit mu WHERE mu.matter = m.id"
            f" AND mu.unit IN ({places(own)})"
            + (" AND mu.until IS NULL)" if acting and not once else ")")
        )
        args += own
    if actor.id is not None:
        parts.append(
            "EXISTS (SELECT 1 FROM government_matter_reader r WHERE r.matter = m.id"
            ' AND r."user" = {} AND (r.until IS NULL OR r.until > {})'
            + (" AND r.why <> {})" if acting else ")")
        )
        args += [actor.id, at, *([GLASS] if acting else [])]
    return " OR ".join(parts), args


async def _barred(
    actor: Actor, worked: Sequence[tuple[UUID, datetime | None]], at: datetime
) -> tuple[str, list[Any]]:
    """Return the condition that somebody is kept out, themselves or as one of a unit.

    Whoever worked for a unit when it was accused stays kept out, wherever they work now.
    """
    own = await with_ancestors([unit for unit, until in worked if until is None])
    parts = ['b."user" = {}']
    args: list[Any] = [at, actor.id, *own]
    if own:
        parts.append(f"b.unit IN ({places(own)})")
    for unit, until in worked:
        if until is not None:
            former = await with_ancestors([unit])
            parts.append(f"(b.unit IN ({places(former)}) AND b.since < {{}})")
            args += [*former, until]
    return (
        "EXISTS (SELECT 1 FROM government_barred b WHERE b.matter = m.id"
        f" AND (b.until IS NULL OR b.until > {{}}) AND ({' OR '.join(parts)}))"
    ), args


async def kept_from(actor: Actor, at: datetime) -> tuple[str, list[Any]]:
    """Return the condition on `m` that somebody must have nothing to do with it, whatever they may."""
    return await _barred(actor, await memberships(actor), at)


async def visible(matter_id: UUID, actor: Actor, at: datetime, *, acting: bool = False) -> bool:
    """Say whether somebody may see an item; the same statement whether it exists or not."""
    return await db.found_once(
        ("visible", matter_id, actor, acting), lambda: _visible(matter_id, actor, at, acting=acting)
    )


async def _visible(matter_id: UUID, actor: Actor, at: datetime, *, acting: bool) -> bool:
    condition, args = await seen_by(actor, at, acting=acting)
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


async def may_at(matter_id: UUID, permission: str, actor: Actor) -> bool:
    """Say whether somebody holds a permission in the reception room that has an item."""
    rows = await db.fetch("SELECT site FROM government_matter WHERE id = {}", matter_id)
    return bool(rows) and actor.may_at(permission, rows[0]["site"])


async def require_at(matter_id: UUID, permission: str, actor: Actor) -> None:
    """Raise NotFoundError for who holds a permission elsewhere, not in the room that has an item."""
    if not await may_at(matter_id, permission, actor):
        raise NotFoundError


async def nowhere(actor: Actor, at: datetime) -> None:
    """Raise NotFoundError as for a hidden item: what is not there costs no less to ask for."""
    await require(UUID(int=0), actor, at)


async def require_act(matter_id: UUID, actor: Actor, at: datetime, *, once: bool = False) -> None:
    """Raise NotFoundError for whom an item does not exist, RefusedError for who only looks at it.

    WrongStateError for one that was destroyed. Ask it before anything of the item is written: whoever
    was let in for an hour reads, no more, and so does a unit that had the item once;
    `once`: it may, as for a vote that it was asked for then.
    """
    await require(matter_id, actor, at)
    condition, args = await seen_by(actor, at, acting=True, once=once)
    rows = await db.fetch(
        f"SELECT m.erased_at FROM government_matter m WHERE m.id = {{}} AND {condition}",
        matter_id,
        *args,
    )
    if not rows:
        raise RefusedError(LOOK_ONLY)
    if rows[0]["erased_at"] is not None:
        # What is added now would be blanked by no list any more.
        raise WrongStateError(N_("This item was destroyed: nothing can be added to it any more."))


def looking(actor: Actor) -> Actor:
    """Return somebody with the right to read and no other: so a page offers them no act.

    For a unit that had an item once the right to read is its own; acts ask for one that has it now.
    """
    keep = frozenset({READ, UNIT})
    return replace(
        actor,
        permissions=actor.permissions & keep,
        roles=frozenset(),
        grants={place: held & keep for place, held in actor.grants.items()},
    )


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
