"""The watch list (CORE-15): who is barred or to be announced, why, until when, and who decided.

Stored: a name, keyed indexes of phone and document (never the numbers), the reason. A match holds the
visit; only a person decides. Entries end with their day or are voided, and stay readable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.errors import InvalidInputError, NotFoundError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.registrations.facts import WatchMatch
from core.visitors import protected
from core.visitors.matching import Person
from core.visitors.tables import Visitor, WatchEntry

BARRED, ANNOUNCE = "barred", "announce"


@dataclass(frozen=True, slots=True)
class Watched:
    """Whom to look for: what is known of one member of a party."""

    visitor_id: UUID | None
    name: str
    phone_index: str | None = None
    document_index: str | None = None


def watched(visitor: Visitor) -> Watched:
    """Return a visitor as one to look for."""
    return Watched(visitor.id, visitor.name, visitor.phone_index, visitor.document_index)


async def matches(party: Sequence[Watched], *, at: datetime) -> tuple[WatchMatch, ...]:
    """Return the entries in force that match somebody of the party.

    A visitor, document or phone named by an entry makes it certain. An entry that knows only a name
    matches that name, and is not certain; one that knows numbers matches no bare name.
    """
    found: dict[UUID, WatchMatch] = {}
    for person in party:
        for entry in await _entries_for(person, at):
            known = entry.document_index or entry.phone_index or entry.visitor
            certain = bool(
                (entry.document_index and entry.document_index == person.document_index)
                or (entry.phone_index and entry.phone_index == person.phone_index)
                or (entry.visitor and entry.visitor == person.visitor_id)
            )
            if known and not certain:
                continue
            found.setdefault(
                entry.id,
                WatchMatch(
                    entry_id=entry.id,
                    name=person.name,
                    action=entry.action,
                    reason=entry.reason,
                    certain=certain,
                ),
            )
    return tuple(found.values())


async def _entries_for(person: Watched, at: datetime) -> list[WatchEntry]:
    alike: Any = WatchEntry.name == person.name
    if person.visitor_id is not None:
        alike = alike | (WatchEntry.visitor == person.visitor_id)
    if person.phone_index is not None:
        alike = alike | (WatchEntry.phone_index == person.phone_index)
    if person.document_index is not None:
        alike = alike | (WatchEntry.document_index == person.document_index)
    return await WatchEntry.objects().where(
        alike,
        WatchEntry.voided_at.is_null(),
        WatchEntry.until.is_null() | (WatchEntry.until > at),
    )


async def entries(*, at: datetime, all_of_them: bool = False) -> list[WatchEntry]:
    """Return the entries in force, newest first; or all that ever were."""
    query = WatchEntry.objects().order_by(WatchEntry.created_at, ascending=False).limit(500)
    if not all_of_them:
        query = query.where(
            WatchEntry.voided_at.is_null(),
            WatchEntry.until.is_null() | (WatchEntry.until > at),
        )
    return await query


async def add(
    person: Person,
    *,
    action: str,
    reason: str,
    until: datetime | None,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Enter somebody; document and phone are kept only as keyed indexes.

    With `person.visitor_id` the entry is about a known visitor and takes over their numbers.
    """
    _permit(actor)
    if until is not None and until <= at:
        raise InvalidInputError({"until": N_("This day is over already.")})
    name = person.name
    phone = protected.phone_index(person.phone)
    document = protected.document_index(person.document_kind, person.document_number)
    if person.visitor_id is not None:
        visitor = await Visitor.objects().where(Visitor.id == person.visitor_id).first()
        if visitor is None:
            raise NotFoundError
        name, phone, document = visitor.name, visitor.phone_index, visitor.document_index
    entry = WatchEntry(
        id=uuid4(),
        visitor=person.visitor_id,
        name=name,
        phone_index=phone,
        document_index=document,
        action=action,
        reason=reason,
        until=until,
        decided_by=actor.id or UUID(int=0),
        decided_by_name=actor.name,
        created_at=at,
    )
    async with db.writing():
        await WatchEntry.insert(entry)
        after = {"action": action, "reason": reason, "until": until, "name": name}
        await record(actor, "watch.add", "watch", entry.id, at=at, after=after)
    return entry.id


async def void(entry_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """End an entry before its day; it stays readable with the reason."""
    _permit(actor)
    if not reason:
        raise InvalidInputError({"reason": N_("Say why the entry ends.")})
    async with db.writing():
        await db.fetch("SELECT id FROM watch_entry WHERE id = {} FOR UPDATE", entry_id)
        entry = await WatchEntry.objects().where(WatchEntry.id == entry_id).first()
        if entry is None or entry.voided_at is not None:
            raise NotFoundError
        await WatchEntry.update({WatchEntry.voided_at: at, WatchEntry.void_reason: reason}).where(
            WatchEntry.id == entry_id
        )
        await record(actor, "watch.void", "watch", entry_id, at=at, after={"reason": reason})


def _permit(actor: Actor) -> None:
    if not actor.may("core:watch:write"):
        raise NotFoundError
