"""The clocks that one person is warned of; reads only."""

import json
from collections import defaultdict
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from core.accounts.tables import UserRole
from core.deadlines import clocks, policies
from core.deadlines.queries import Clock, shown
from core.deadlines.tables import Deadline
from core.permissions import Actor
from core.plugins import Plugins

AHEAD = timedelta(days=7)
MOST = 200


async def own(actor: Actor, *, at: datetime) -> list[Clock]:
    """Return the running clocks that somebody owns, the soonest first."""
    return await shown([row for row in await _own(actor) if row.due is not None], at)


async def _own(actor: Actor) -> list[Deadline]:
    if actor.kind != "user" or actor.id is None:
        return []
    return (
        await Deadline.objects()
        .where(Deadline.state == "running", Deadline.owner == actor.id)
        .order_by(Deadline.due)
        .limit(MOST)
    )


async def of_person(actor: Actor, *, at: datetime, plugins: Plugins) -> list[Clock]:
    """Return somebody's own running clocks, and those of their roles that are due soon.

    What belongs to a record they may not know of is not there.
    """
    if actor.kind != "user" or actor.id is None:
        return []
    rows = [*await _own(actor), *await _of_roles(actor.id, at)]
    records: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        records[row.record_kind].add(row.record)
    known = {
        (kind, record)
        for kind, ids in records.items()
        for record, who in (await plugins.resolve_readers(kind, sorted(ids), [actor.id])).items()
        if actor.id in who
    }
    different = {
        row.id: row
        for row in rows
        if row.due is not None and (row.record_kind, row.record) in known
    }
    return await shown(sorted(different.values(), key=lambda row: row.due)[:MOST], at)


async def _of_roles(user_id: UUID, at: datetime) -> list[Deadline]:
    held = await UserRole.select(UserRole.role, UserRole.site).where(UserRole.user == user_id)
    if not held:
        return []
    names = sorted({one["role"] for one in held})
    rows = (
        await Deadline.objects()
        .where(Deadline.state == "running", Deadline.due <= clocks.local_day(at) + AHEAD)
        .where(Deadline.roles != "[]")
        .where(reduce(or_, (Deadline.roles.like(f'%"{name}"%') for name in names)))
        .order_by(Deadline.due)
        .limit(MOST)
    )
    return [row for row in rows if _is_warned(row, [(one["role"], one["site"]) for one in held])]


def _is_warned(row: Deadline, held: list[tuple[str, UUID | None]]) -> bool:
    roles = set(json.loads(row.roles))
    return any(
        role in roles and (row.site is None or site is None or site == row.site)
        for role, site in held
    )


def pressing(found: list[Clock]) -> int:
    """Return how many of these are due soon or over."""
    return sum(one.level in (policies.AMBER, policies.RED, policies.OVERDUE) for one in found)
