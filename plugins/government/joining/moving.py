"""What hangs on a petitioner's record moved to another one and back; joins the caller's transaction.

Every table that names a petitioner is here: items, their parties, contacts, what petitioners were told.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from piccolo.columns import ForeignKey
from piccolo.table import Table

from core import db
from plugins.government.joining.facts import Moved, Party
from plugins.government.matters.tables import Contact, Matter, MatterPerson
from plugins.government.people.tables import Petitioner
from plugins.government.screening.tables import Told

# Whoever has the weightier place in a party keeps it.
_WEIGHT = {"petitioner": 0, "agent": 1, "representative": 2, "companion": 3}
# Tables whose column `petitioner` moves with the record; the search index is written anew.
MOVED: tuple[type[Table], ...] = (Matter, Contact, Told)


async def hold(*petitioner_ids: UUID) -> None:
    """Lock every item of some records, in the order of their ids: no act on one goes on meanwhile.

    The records themselves were locked before, so that nothing more is hung on them.
    """
    places = ", ".join(["{}"] * len(petitioner_ids))
    await db.fetch(
        "SELECT m.id FROM government_matter m WHERE m.id IN"
        f" (SELECT o.id FROM government_matter o WHERE o.petitioner IN ({places}) UNION"
        f" SELECT mp.matter FROM government_matter_person mp WHERE mp.petitioner IN ({places}))"
        " ORDER BY m.id FOR UPDATE",
        *petitioner_ids,
        *petitioner_ids,
    )


async def over(source: UUID, target: UUID) -> Moved:
    """Move all of one record to another; return what was moved."""
    party = tuple([await _join(one, target) for one in await _party(source)])
    told = await _ids(
        "SELECT t.id FROM government_told t WHERE t.petitioner = {} AND NOT (t.manner = 'written'"
        " AND EXISTS (SELECT 1 FROM government_told o WHERE o.petitioner = {} AND o.root = t.root"
        " AND o.manner = 'written'))",  # a second written notice stays where it was (GOV-12)
        source,
        target,
    )
    matters = await _ids("SELECT id FROM government_matter WHERE petitioner = {}", source)
    contacts = await _ids("SELECT id FROM government_contact WHERE petitioner = {}", source)
    for table, ids in ((Matter, matters), (Contact, contacts), (Told, told)):
        await _point(table, ids, source, target)
    earlier = await _ids("SELECT id FROM government_petitioner WHERE merged_into = {}", source)
    await Petitioner.update({Petitioner.merged_into: target}).where(
        Petitioner.merged_into == source
    )
    return Moved(
        matters=_texts(matters),
        party=party,
        contacts=_texts(contacts),
        told=_texts(told),
        earlier=_texts(earlier),
    )


async def back(moved: Moved, source: UUID, target: UUID) -> None:
    """Give a record back what was moved to another, as far as it still hangs there."""
    for one in moved.party:
        await _leave(one, source, target)
    for table, texts in ((Matter, moved.matters), (Contact, moved.contacts), (Told, moved.told)):
        await _point(table, [UUID(text) for text in texts], target, source)
    if moved.earlier:
        ids = [UUID(text) for text in moved.earlier]
        await Petitioner.update({Petitioner.merged_into: source}).where(Petitioner.id.is_in(ids))


async def _party(petitioner_id: UUID) -> list[MatterPerson]:
    rows: list[MatterPerson] = await MatterPerson.objects().where(
        MatterPerson.petitioner == petitioner_id
    )
    return rows


async def _join(own: MatterPerson, target: UUID) -> Party:
    """Put the other record in its place in a party; of two places of one person the weightier stays."""
    there = await MatterPerson.objects().get(
        (MatterPerson.matter == own.matter) & (MatterPerson.petitioner == target)
    )
    matter, role = str(own.matter), own.role
    if there is None:
        own.petitioner = target
        await own.save([MatterPerson.petitioner])
        return Party(matter=matter, role=role)
    kept_role = there.role
    there.role = min(kept_role, role, key=lambda name: _WEIGHT.get(name, 9))
    await there.save([MatterPerson.role])
    await MatterPerson.delete().where(MatterPerson.id == own.id)
    return Party(matter=matter, role=role, kept_role=kept_role)


async def _leave(one: Party, source: UUID, target: UUID) -> None:
    matter = UUID(one.matter)
    there = await MatterPerson.objects().get(
        (MatterPerson.matter == matter) & (MatterPerson.petitioner == target)
    )
    if there is None:
        return
    if not one.kept_role:
        there.petitioner, there.role = source, one.role
        await there.save([MatterPerson.petitioner, MatterPerson.role])
        return
    there.role = one.kept_role
    await there.save([MatterPerson.role])
    await MatterPerson.insert(
        MatterPerson(id=uuid4(), matter=matter, petitioner=source, role=one.role)
    )


async def _ids(statement: str, *args: Any) -> list[UUID]:
    return [row["id"] for row in await db.fetch(statement, *args)]


def _texts(ids: Sequence[UUID]) -> tuple[str, ...]:
    return tuple(str(one) for one in ids)


async def _point(table: type[Table], ids: Sequence[UUID], source: UUID, target: UUID) -> None:
    """Let rows name another petitioner, those that name the first one still."""
    petitioner: ForeignKey[Any] = table._meta.get_column_by_name("petitioner")  # type: ignore[assignment]
    key = table._meta.primary_key
    if ids:
        await table.update({petitioner: target}).where(key.is_in(list(ids)), petitioner == source)
