"""Who of several people may know of several items: asked before they are told of a deadline."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from core import clock, db
from core.accounts.actors import actor_of
from core.permissions import Actor
from plugins.government.facts import MATTER
from plugins.government.matters import access
from plugins.government.rights import ROLES
from plugins.government.secrecy import belonging

_ROLES = {role.name: role for role in ROLES}


async def readers(
    record_kind: str, records: Sequence[str], users: Sequence[UUID]
) -> Mapping[str, frozenset[UUID]] | None:
    """Return for each item, or record of one, the people who may see it now; None for other kinds."""
    if record_kind != MATTER:
        return await _of_rooms(record_kind, records, users)
    found: dict[str, set[UUID]] = defaultdict(set)
    ids = [UUID(record) for record in records]
    now = clock.now()
    for user_id in users if ids else ():
        condition, args = await access.seen_by(await reading(user_id), now)
        rows = await db.fetch(
            f"SELECT m.id FROM government_matter m WHERE m.id IN ({access.places(ids)})"
            f" AND {condition}",
            *ids,
            *args,
        )
        for row in rows:
            found[str(row["id"])].add(user_id)
    return {record: frozenset(found[record]) for record in records}


async def reading(user_id: UUID) -> Actor:
    """Return somebody with what they may see of items: the rights of their roles in this plugin."""
    held = await db.fetch('SELECT role, site FROM account_role WHERE "user" = {}', user_id)
    user = {"user_id": user_id, "name": "", "host_id": None, "locale": ""}
    return actor_of(user, [(one["role"], one["site"]) for one in held], _ROLES)


async def _of_rooms(
    record_kind: str, records: Sequence[str], users: Sequence[UUID]
) -> Mapping[str, frozenset[UUID]] | None:
    """Return who may see the items to which these records belong."""
    if not belonging.is_known(record_kind):
        return None
    found = await belonging.matters_of(record_kind, records)
    ids = sorted({str(one) for own in found.values() for one in own})
    seen = await readers(MATTER, ids, users) or {}
    return {
        record: frozenset(users).intersection(
            *(seen.get(str(one), frozenset()) for one in found.get(record, ()))
        )
        for record in records
    }
