"""Petitioners known again, entered, corrected (GOV-2, GOV-3, CORE-2).

Stored: who they are, encrypted under the plugin's key; keyed indexes of name, phone, document.
"""

import unicodedata
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.errors import NotFoundError
from core.log.services import record
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.people import searching
from plugins.government.people.facts import Known, Person
from plugins.government.people.tables import Petitioner

RECORD = "government_petitioner"
_TABLE = "government_petitioner"
_SEALED = ("name", "employer", "address", "email", "phone", "document")


def folded(name: str) -> str:
    """Return a name as it is compared: width, case and spaces do not count."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def columns(petitioner_id: UUID, person: Person) -> dict[str, Any]:
    """Return a person as the table's columns store them, encrypted and indexed."""
    sealed: dict[str, Any] = {
        f"{name}_cipher": sealing.seal(
            getattr(person, name), _TABLE, f"{name}_cipher", petitioner_id
        )
        for name in _SEALED
    }
    return sealed | {
        "name_index": sealing.index_of("name", folded(person.name)),
        "phone_index": sealing.index_of("phone", person.phone),
        "document_index": sealing.index_of("document", person.document.upper()),
        "document_tail": sealing.index_of("tail", person.document[-4:].upper()),
        "visitor": person.visitor_id,
        "sex": person.sex,
        "birth_year": person.birth_year,
        "occupation": person.occupation,
        "politics": person.politics,
        "belonging": person.belonging,
        "document_kind": person.document_kind,
        "anonymous": person.anonymous,
    }


def opened(row: Petitioner) -> Person:
    """Return a stored petitioner in the clear."""
    texts = {
        name: sealing.unseal(getattr(row, f"{name}_cipher"), _TABLE, f"{name}_cipher", row.id)
        for name in _SEALED
    }
    return Person(
        **texts,
        sex=row.sex,
        birth_year=row.birth_year,
        occupation=row.occupation,
        politics=row.politics,
        belonging=row.belonging,
        document_kind=row.document_kind,
        anonymous=row.anonymous,
        visitor_id=row.visitor,
    )


async def enter(person: Person, *, actor: Actor, at: datetime) -> UUID:
    """Enter a petitioner; call `known` first to offer who it may be."""
    petitioner_id = uuid4()
    async with db.writing():
        await Petitioner.insert(
            Petitioner(
                None,
                id=petitioner_id,
                created_at=at,
                updated_at=at,
                **columns(petitioner_id, person),
            )
        )
        await searching.write(petitioner_id, person)
        await record(actor, "government.petitioner_add", RECORD, petitioner_id, at=at)
    return petitioner_id


async def correct(petitioner_id: UUID, person: Person, *, actor: Actor, at: datetime) -> None:
    """Bring a petitioner up to date; the log says that and which fields, not what they say."""
    async with db.writing():
        # Locked first: what was joined or corrected meanwhile must not be written over.
        await _lock(petitioner_id)
        row = await _row(petitioner_id)
        before = opened(row)
        changed = [n for n in Person.__slots__ if getattr(before, n) != getattr(person, n)]
        for name, value in columns(petitioner_id, person).items():
            setattr(row, name, value)
        row.updated_at = at
        await row.save()
        await searching.write(petitioner_id, person, *await _shared_with(petitioner_id))
        shown = {"fields": sorted(changed)}
        await record(
            actor, "government.petitioner_correct", RECORD, petitioner_id, at=at, after=shown
        )


async def _row(petitioner_id: UUID) -> Petitioner:
    row = await Petitioner.objects().get(Petitioner.id == petitioner_id)
    if row is None:
        raise NotFoundError
    return row


async def _lock(petitioner_id: UUID) -> None:
    await db.fetch("SELECT id FROM government_petitioner WHERE id = {} FOR UPDATE", petitioner_id)


async def petitioner(petitioner_id: UUID) -> Person:
    """Return a petitioner in the clear; the caller has judged who asks."""
    return opened(await _row(petitioner_id))


async def current(petitioner_id: UUID) -> UUID:
    """Return the record that stands for this one now: itself, or the one it was joined to."""
    return (await current_of([petitioner_id]))[petitioner_id]


async def current_of(petitioner_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return for each record the one that stands for it now."""
    found = {one: one for one in petitioner_ids}
    asked = sorted(found)
    while asked:
        rows = await db.fetch(
            "SELECT id, merged_into FROM government_petitioner WHERE merged_into IS NOT NULL"
            f" AND id IN ({', '.join(['{}'] * len(asked))})",
            *asked,
        )
        into: dict[UUID, UUID] = {row["id"]: row["merged_into"] for row in rows}
        found = {one: into.get(now, now) for one, now in found.items()}
        asked = sorted(set(into.values()))
    return found


async def held(petitioner_id: UUID) -> UUID:
    """Return the record that stands for this one, locked: nobody joins it before the caller is done.

    Whatever is to hang on a record from now on is hung on this one; joins the caller's transaction.
    """
    async with db.writing():
        found = await current(petitioner_id)
        while True:
            await _lock(found)
            now = await current(found)
            if now == found:
                return found
            found = now  # joined while this waited


async def _shared_with(petitioner_id: UUID) -> list[Person]:
    """Return what records joined to one say of the person, as far as the whole office may know it."""
    ids = [petitioner_id]
    for one in ids:
        ids += [
            row["joined"]
            for row in await db.fetch(
                "SELECT j.joined FROM government_joining j JOIN government_petitioner p"
                " ON p.id = j.joined WHERE j.kept = {} AND j.undone_at IS NULL AND j.shared = {}"
                " AND p.erased_at IS NULL",
                one,
                True,
            )
        ]
    return [await petitioner(one) for one in ids[1:]]


async def merged_with(petitioner_id: UUID) -> list[UUID]:
    """Return every entry of one person: theirs first, what is merged into it and what it is merged into."""
    found, waiting = [petitioner_id], [petitioner_id]
    while waiting:
        rows = await db.fetch(
            "SELECT id FROM government_petitioner WHERE merged_into = {} UNION"
            " SELECT merged_into AS id FROM government_petitioner WHERE id = {}"
            " AND merged_into IS NOT NULL",
            waiting[0],
            waiting.pop(0),
        )
        new = [row["id"] for row in rows if row["id"] not in found]
        found += new
        waiting += new
    return found


async def known(person: Person) -> list[Known]:
    """Return who this may be: by document, by phone, by name; surest first (CORE-2).

    Who is known by a record that was joined to another is known as the other.
    """
    found: dict[UUID, Known] = {}
    ways = (
        ("document", "document_index", sealing.index_of("document", person.document.upper())),
        ("visitor", "visitor", person.visitor_id),
        ("phone", "phone_index", sealing.index_of("phone", person.phone)),
        ("name", "name_index", sealing.index_of("name", folded(person.name))),
    )
    for by, column, value in ways:
        if value is None:
            continue
        rows = await db.fetch(
            f"SELECT id FROM government_petitioner WHERE {column} = {{}} AND erased_at IS NULL"
            " ORDER BY updated_at DESC LIMIT 10",
            value,
        )
        for row in rows:
            now = await current(row["id"])
            if now not in found:
                found[now] = Known(
                    id=now, person=await petitioner(now), matters=await _matters(now), by=by
                )
    return list(found.values())


async def _matters(petitioner_id: UUID) -> int:
    rows = await db.fetch(
        "SELECT count(*) AS n FROM government_matter_person WHERE petitioner = {}", petitioner_id
    )
    return int(rows[0]["n"])
