"""Records that may be one person's, as far as the reader knows them; what was joined before. Reads only."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.permissions import Actor
from core.text import mask_phone
from core.visitors.identity_documents import mask
from plugins.government import sealing
from plugins.government.intake import queries as contacts
from plugins.government.intake.recognition import may_know
from plugins.government.joining.facts import (
    RECORD,
    SAME_DOCUMENT,
    SAME_PHONE,
    SAME_VISITOR,
    Entry,
    Joined,
    Moved,
    Pair,
)
from plugins.government.joining.knowing import moved_of
from plugins.government.matters import access, queries
from plugins.government.matters.facts import MatterLine
from plugins.government.matters.queries import Filter
from plugins.government.people import services as people
from plugins.government.people.tables import Petitioner
from plugins.government.secrecy import belonging, guarding

_MOST = 200  # pairs looked at for a page of them
_SHOWN = 30
_ITEMS = 50
_LIVE = "p.erased_at IS NULL AND p.merged_into IS NULL"
# Two live records by what they share; the one with the smaller id first, so that a pair stands once.
_BY = {
    SAME_DOCUMENT: "a.document_index IS NOT NULL AND a.document_index = b.document_index",
    SAME_VISITOR: "a.visitor IS NOT NULL AND a.visitor = b.visitor",
    SAME_PHONE: "a.phone_index IS NOT NULL AND a.phone_index = b.phone_index"
    " AND a.name_index = b.name_index AND (a.document_index IS NULL OR b.document_index IS NULL)",
}
# A key that several live records have: found first, so that not every pair is compared.
_SEVERAL = {
    SAME_DOCUMENT: "document_index",
    SAME_VISITOR: "visitor",
    SAME_PHONE: "phone_index",
}


async def twins(actor: Actor, at: datetime) -> list[Pair]:
    """Return records that may be one person's, the surest first, as far as the reader knows both."""
    found: dict[frozenset[UUID], str] = {}
    for sign, same in _BY.items():
        key = _SEVERAL[sign]
        rows = await db.fetch(
            f"SELECT a.id AS one, b.id AS other FROM government_petitioner a"
            f" JOIN government_petitioner b ON {same} AND a.id < b.id"
            f" WHERE a.{key} IN (SELECT p.{key} FROM government_petitioner p WHERE {_LIVE}"
            f" AND p.{key} IS NOT NULL GROUP BY p.{key} HAVING count(*) > 1)"
            f" AND {_LIVE.replace('p.', 'a.')} AND {_LIVE.replace('p.', 'b.')}"
            " ORDER BY b.created_at DESC LIMIT {}",
            _MOST,
        )
        for row in rows:
            found.setdefault(frozenset((row["one"], row["other"])), sign)
    return await _pairs(found, actor, at)


async def twins_of(petitioner_id: UUID, actor: Actor, at: datetime) -> list[Pair]:
    """Return the records that may be the same person as this one."""
    found: dict[frozenset[UUID], str] = {}
    for sign, same in _BY.items():
        rows = await db.fetch(
            "SELECT b.id AS other FROM government_petitioner a"
            f" JOIN government_petitioner b ON {same} AND a.id <> b.id"
            f" WHERE a.id = {{}} AND {_LIVE.replace('p.', 'a.')} AND {_LIVE.replace('p.', 'b.')}"
            " LIMIT {}",
            petitioner_id,
            _SHOWN,
        )
        for row in rows:
            found.setdefault(frozenset((petitioner_id, row["other"])), sign)
    return await _pairs(found, actor, at)


async def _pairs(found: dict[frozenset[UUID], str], actor: Actor, at: datetime) -> list[Pair]:
    ids = sorted({one for pair in found for one in pair})
    gone = await guarding.hidden(belonging.PETITIONER, [str(one) for one in ids], actor, at)
    open_to = [pair for pair in found if not any(str(one) in gone for one in pair)][:_SHOWN]
    known = await _entries(sorted({one for pair in open_to for one in pair}), actor, at)
    return [
        Pair(sign=found[pair], one=known[min(pair)], other=known[max(pair)])
        for pair in open_to
        if known.keys() >= pair
    ]


async def entry(petitioner_id: UUID, actor: Actor, at: datetime) -> Entry:
    """Return one record with the items its reader may see; NotFoundError where they know none of it."""
    await may_know(petitioner_id, actor, at)
    found = await _entries([petitioner_id], actor, at)
    if petitioner_id not in found:
        raise NotFoundError
    return found[petitioner_id]


async def _entries(ids: Sequence[UUID], actor: Actor, at: datetime) -> dict[UUID, Entry]:
    """Return records with the items their reader may see, whom the caller knows to know them.

    As many statements for thirty records as for one.
    """
    if not ids:
        return {}
    among = access.places(ids)
    rows = await Petitioner.objects().where(Petitioner.id.is_in(list(ids)))
    condition, args = await contacts.visible(actor, at)
    counted = await db.fetch(
        "SELECT c.petitioner, count(*) AS n FROM government_contact c LEFT JOIN government_matter m"
        f" ON m.id = c.matter WHERE c.petitioner IN ({among}) AND {condition} GROUP BY c.petitioner",
        *ids,
        *args,
    )
    came = {row["petitioner"]: int(row["n"]) for row in counted}
    party = await db.fetch(
        "SELECT mp.petitioner, mp.matter, m.secret,"
        " (SELECT count(*) FROM government_barred b WHERE b.matter = m.id) AS kept"
        " FROM government_matter_person mp JOIN government_matter m ON m.id = mp.matter"
        f" WHERE mp.petitioner IN ({among})",
        *ids,
    )
    own: dict[UUID, list[db.Row]] = {one: [] for one in ids}
    for place in party:
        own[place["petitioner"]].append(place)
    lines = await _lines(ids, len(party), actor, at)
    found = {}
    for row in rows:
        person, hangs = people.opened(row), {one["matter"] for one in own[row.id]}
        found[row.id] = Entry(
            id=row.id,
            person=person,
            phone=mask_phone(person.phone) if person.phone else "",
            document=mask(person.document) if person.document else "",
            entered_at=row.created_at,
            matters=tuple([line for line in lines if line.id in hangs][:_ITEMS]),
            contacts=came.get(row.id, 0),
            whole=_whole(own[row.id]),
        )
    return found


async def _lines(
    ids: Sequence[UUID], most: int, actor: Actor, at: datetime
) -> Sequence[MatterLine]:
    """Return the items of some records that the reader may see, the latest first."""
    among = (
        "SELECT mp.matter FROM government_matter_person mp"
        f" WHERE mp.petitioner IN ({access.places(ids)})"
    )
    found, _ = await queries.matters(
        actor, Filter(), at=at, size=max(most, 1), among=(among, list(ids))
    )
    return found


def _whole(items: Sequence[db.Row]) -> bool:
    """Say whether some item of a record is open to the whole office, or it has no item at all."""
    return not items or any(not row["secret"] and not row["kept"] for row in items)


async def by_item(text: str, actor: Actor, at: datetime) -> UUID | None:
    """Return the petitioner of the item with this number, where the reader may see it."""
    found, _ = await queries.matters(
        actor, Filter(), at=at, size=1, extra=("m.number = {}", [text.strip()])
    )
    return found[0].petitioner_id if found else None


async def joinings(petitioner_id: UUID, actor: Actor, at: datetime) -> list[Joined]:
    """Return what was joined to a record, the latest first; only what the reader may see something of."""
    rows = await db.fetch(
        "SELECT j.*, p.merged_into FROM government_joining j JOIN government_petitioner p"
        " ON p.id = j.joined WHERE j.kept = {} AND j.undone_at IS NULL ORDER BY j.at DESC",
        petitioner_id,
    )
    shown = []
    for row in rows:
        moved = moved_of(row)
        items = await seen(moved, actor, at)
        if moved is None or (moved.items and not items):
            continue
        shown.append(
            Joined(
                id=row["id"],
                at=row["at"],
                by=row["by_name"],
                reason=sealing.unseal(row["reason_cipher"], RECORD, "reason_cipher", row["id"]),
                items=items,
                may_part=row["merged_into"] == petitioner_id,
            )
        )
    return shown


async def seen(moved: Moved | None, actor: Actor, at: datetime) -> Sequence[MatterLine]:
    """Return the items on which something of a joining hangs that the reader may see."""
    ids = sorted(moved.items) if moved is not None else []
    if not ids:
        return []
    found, _ = await queries.matters(
        actor, Filter(), at=at, size=_ITEMS, extra=(f"m.id IN ({access.places(ids)})", ids)
    )
    return found
