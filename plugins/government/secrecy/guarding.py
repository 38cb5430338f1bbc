"""What the core is told of items: which records are hidden from whom, and who is barred; reads only."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.hiding import ADDRESS, INCIDENT, NOTHING
from core.permissions import Actor
from plugins.government.facts import MATTER
from plugins.government.joining import knowing as joined
from plugins.government.matters import access
from plugins.government.matters.access import places
from plugins.government.people import services as people
from plugins.government.rights import READ, SEE
from plugins.government.secrecy import belonging
from plugins.government.secrecy.queries import GLASS_TABLE
from plugins.government.units.queries import units

# What an address names, by the places in it: asked before the page is (web/guards.py).
RECORDS = {
    f"{place}_id": f"government_{kind}"
    for place, kind in (
        ("accused", "accused"),
        ("booking", "booking"),
        ("contact", "contact"),
        ("delay", "delay_reason"),
        ("extension", "extension"),
        ("file", "file"),
        ("interview", "interview"),
        ("opinion", "opinion"),
        ("rating", "rating"),
        ("recusal", "recusal"),
        ("reply", "reply"),
        ("supervision", "supervision"),
        ("told", "told"),
        ("urging", "urging"),
        ("wish", "glass"),
    )
}
_AT_ONCE = 500
_NOWHERE = UUID(int=0)  # an item that is not there costs as much to ask for as one that is


async def hidden(kind: str, records: Sequence[str], actor: Actor, at: datetime) -> set[str]:
    """Return which of these records do not exist for somebody."""
    if not records:
        return set()
    if kind == NOTHING:
        return await _as_if_hidden(records, actor, at)
    if kind == ADDRESS:
        pages = {one: await belonging.matters_on_page(one) for one in records}
        return await _unseen(pages, actor, at, without_item=True)
    if kind == INCIDENT:
        return await _unseen(await _of_incidents(records), actor, at, without_item=True)
    if kind == belonging.PETITIONER:
        return await _petitioners(records, actor, at)
    if belonging.is_known(kind):
        found = await belonging.matters_of(kind, records)
        # A wish to look at something tells its asker nothing: not whether there is such an item.
        loose = actor.may(READ) and kind != GLASS_TABLE
        gone = await _unseen(found, actor, at, without_item=loose)
        return gone | (set(records) - found.keys())
    if kind in belonging.tables() or not kind.startswith("government_"):
        return set()  # units, subjects, settings: they tell of nobody
    return set(records)


async def _as_if_hidden(records: Sequence[str], actor: Actor, at: datetime) -> set[str]:
    """Ask for what is not there as for hidden items, and hide nothing."""
    await _unseen(await belonging.matters_of(MATTER, records), actor, at, without_item=True)
    return set()


async def _unseen(
    found: Mapping[str, Collection[UUID]], actor: Actor, at: datetime, *, without_item: bool
) -> set[str]:
    """Return the records of which the reader may not see some item; or any, without an item."""
    ids = {one for own in found.values() for one in own}
    seen = await _seen(ids or {_NOWHERE}, actor, at)
    return {
        record
        for record, own in found.items()
        if (own and not seen.issuperset(own)) or (not own and not without_item)
    }


async def _seen(ids: Iterable[UUID], actor: Actor, at: datetime) -> set[UUID]:
    wanted = sorted(ids)
    if not wanted or not any(actor.may(one) for one in SEE):
        return set()
    condition, args = await access.seen_by(actor, at)
    seen: set[UUID] = set()
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first : first + _AT_ONCE]
        rows = await db.fetch(
            f"SELECT m.id FROM government_matter m WHERE m.id IN ({places(some)}) AND {condition}",
            *some,
            *args,
        )
        seen |= {row["id"] for row in rows}
    return seen


async def _of_incidents(records: Sequence[str]) -> dict[str, set[UUID]]:
    """Return the items of incidents that happened during a visit to the reception room."""
    rows = await db.fetch(
        "SELECT i.id, c.matter FROM incident i JOIN government_contact c"
        f" ON c.registration = i.registration WHERE i.id IN ({places(records)})",
        *(UUID(one) for one in records),
    )
    found: dict[str, set[UUID]] = {}
    for row in rows:
        own = found.setdefault(str(row["id"]), set())
        if row["matter"] is not None:
            own.add(row["matter"])
    return found


async def _petitioners(records: Sequence[str], actor: Actor, at: datetime) -> set[str]:
    """Return the petitioners all of whose items are hidden; the office knows those without any."""
    current = await people.current_of([UUID(one) for one in records])
    now = {one: current[UUID(one)] for one in records}
    ids = sorted(set(now.values()))
    rows = await db.fetch(
        "SELECT petitioner, matter FROM government_matter_person"
        f" WHERE petitioner IN ({places(ids)})",
        *ids,
    )
    of: dict[UUID, set[UUID]] = {one: set() for one in ids}
    for row in rows:
        of[row["petitioner"]].add(row["matter"])
    found = {one: of[now[one]] for one in records}
    alone = await joined.only_by([UUID(one) for one in records])
    found |= {str(one): set(items) or {_NOWHERE} for one, items in alone.items()}
    seen = await _seen({one for own in found.values() for one in own}, actor, at)
    return {one for one, own in found.items() if not (seen & own or (not own and actor.may(READ)))}


async def barred(kind: str, records: Sequence[str], at: datetime) -> dict[str, frozenset[UUID]]:
    """Return the users who must have nothing to do with these records.

    The same statements whether anybody is barred or not, and whether a record is there or not.
    """
    kind = MATTER if kind == NOTHING else kind
    if not belonging.is_known(kind):
        return {}
    found = await belonging.matters_of(kind, records)
    users = await barred_from({one for own in found.values() for one in own}, at)
    return {
        record: frozenset().union(*(users.get(one, frozenset()) for one in own))
        for record, own in found.items()
    }


async def barred_from(matters: Iterable[UUID], at: datetime) -> dict[UUID, frozenset[UUID]]:
    """Return, by item, the users for whom it does not exist whatever their roles."""
    ids = sorted(matters) or [_NOWHERE]
    rows = await db.fetch(
        'SELECT matter, "user", unit, since FROM government_barred'
        f" WHERE matter IN ({places(ids)}) AND (until IS NULL OR until > {{}})",
        *ids,
        at,
    )
    staff = await _staff({row["unit"] for row in rows if row["unit"]})
    found: dict[UUID, frozenset[UUID]] = {}
    for row in rows:
        own = (
            {one for one, until in staff[row["unit"]] if until is None or until > row["since"]}
            if row["unit"]
            else {row["user"]}
        )
        found[row["matter"]] = found.get(row["matter"], frozenset()) | own
    return found


async def _staff(barred_units: set[UUID]) -> dict[UUID, list[tuple[UUID, datetime | None]]]:
    """Return who works or worked for each unit or for a body below it, and until when."""
    below = await with_descendants(barred_units)
    every = sorted({one for units_ in below.values() for one in units_}) or [_NOWHERE]
    rows = await db.fetch(
        f'SELECT unit, "user", until FROM government_unit_member WHERE unit IN ({places(every)})',
        *every,
    )
    return {
        unit: [(row["user"], row["until"]) for row in rows if row["unit"] in below[unit]]
        for unit in barred_units
    }


async def with_descendants(roots: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return each unit with all bodies below it."""
    children: dict[UUID | None, list[UUID]] = {}
    for one in await units(active_only=False):
        children.setdefault(one.parent_id, []).append(one.id)
    found: dict[UUID, frozenset[UUID]] = {}
    for root in roots:
        reached, open_ = {root}, [root]
        while open_:
            fresh = [one for one in children.get(open_.pop(), []) if one not in reached]
            reached.update(fresh)
            open_ += fresh
        found[root] = frozenset(reached)
    return found
