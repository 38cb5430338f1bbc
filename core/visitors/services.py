"""Remembering, correcting, merging and unmasking visitors.

Stored of a person: name, sex, organisation, plate, remark in the clear; phone and document number
encrypted. Kept while visits are kept; core/privacy erases. The log gets masked forms only.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import clock, db
from core.errors import InvalidInputError, NotFoundError, StaleError, WrongStateError
from core.i18n import N_
from core.log.services import changes, record
from core.permissions import Actor
from core.visitors import identity_documents, matching, protected, queries, search_rows
from core.visitors.matching import Person
from core.visitors.tables import Visitor, VisitorMerge


@dataclass(frozen=True, slots=True)
class Remembered:
    """A visitor whose row now says what was typed; `known` tells a returning one."""

    visitor: Visitor
    known: bool


async def remember(person: Person, *, actor: Actor, at: datetime) -> Remembered:
    """Know a person again and bring the row up to date, or enter a new visitor.

    Call it inside the act's `db.writing()`. A document known under another name raises
    InvalidInputError on `same_person` unless the person says so.
    """
    known = await _known(person)
    if known is None:
        return Remembered(await _enter(person, actor=actor, at=at), known=False)
    await _bring_up_to_date(known, person, actor=actor, at=at)
    return Remembered(known, known=True)


async def _known(person: Person) -> Visitor | None:
    if person.visitor_id is not None:
        chosen = await matching.alive(await queries.row(person.visitor_id))
        if chosen is None:
            raise NotFoundError
        return chosen
    for likeness in await matching.likenesses(person):
        if likeness.by == "document":
            _same_name(person, likeness.visitor)
            return likeness.visitor
        if likeness.by == "name_and_phone" and not matching.contradicts(person, likeness.visitor):
            return likeness.visitor
    return None


def _same_name(person: Person, visitor: Visitor) -> None:
    alike = protected.folded_name(person.name) == protected.folded_name(visitor.name)
    if not alike and not person.same_person:
        raise InvalidInputError(
            {
                "same_person": N_(
                    "This document is known under the name {name}. Correct the number, or confirm "
                    "that it is the same person.",
                    name=visitor.name,
                )
            }
        )


async def _enter(person: Person, *, actor: Actor, at: datetime) -> Visitor:
    visitor = Visitor(id=uuid4(), name=person.name, created_at=at, updated_at=at, version=1)
    _write(visitor, person)
    await Visitor.insert(visitor)
    await search_rows.write(visitor)
    # Not the name: the log outlives an erasure, and only corrections need what was there before.
    shown = {"document_kind": visitor.document_kind, "by_eye": visitor.document_by_eye}
    await record(actor, "visitor.add", "visitor", visitor.id, at=at, after=shown)
    return visitor


async def _bring_up_to_date(
    visitor: Visitor, person: Person, *, actor: Actor, at: datetime
) -> None:
    """Take over what was said now; what was left out stays as it was."""
    before = _logged(visitor)
    was = _columns(visitor)
    _write(visitor, person)
    if _columns(visitor) == was:
        return
    visitor.updated_at = at
    visitor.version += 1
    await visitor.save()
    await search_rows.write(visitor)
    old, new = changes(before, _logged(visitor))
    await record(actor, "visitor.correct", "visitor", visitor.id, at=at, before=old, after=new)


def _write(visitor: Visitor, person: Person) -> None:
    visitor.name = person.name
    visitor.sex = person.sex or visitor.sex or ""
    visitor.organisation = person.organisation or visitor.organisation or ""
    visitor.plate = person.plate or visitor.plate or ""
    phone = protected.phone_index(person.phone)
    if phone is not None and phone != visitor.phone_index:
        visitor.phone_index = phone
        visitor.phone_cipher = protected.sealed_phone(visitor.id, person.phone)
    document = protected.document_index(person.document_kind, person.document_number)
    if document is None:
        return
    if (document, person.document_kind) != (visitor.document_index, visitor.document_kind):
        visitor.document_kind = person.document_kind
        visitor.document_index = document
        visitor.document_cipher = protected.sealed_document(visitor.id, person.document_number)
    visitor.document_by_eye = person.document_by_eye
    if not visitor.sex:
        kind = identity_documents.DocumentKind(person.document_kind)
        visitor.sex = identity_documents.particulars(kind, person.document_number).sex


_COLUMNS = (
    "name",
    "sex",
    "organisation",
    "plate",
    "remark",
    "phone_index",
    "document_kind",
    "document_index",
    "document_by_eye",
)


def _columns(visitor: Visitor) -> dict[str, Any]:
    return {name: getattr(visitor, name) for name in _COLUMNS}


def _logged(visitor: Visitor) -> dict[str, Any]:
    return {
        "name": visitor.name,
        "sex": visitor.sex,
        "organisation": visitor.organisation,
        "phone": protected.masked_phone(visitor),
        "document_kind": visitor.document_kind,
        "document": protected.masked_document(visitor),
        "document_by_eye": visitor.document_by_eye,
        "plate": visitor.plate,
        "remark": visitor.remark,
    }


async def add(person: Person, *, actor: Actor, at: datetime) -> UUID:
    """Enter a person outside any visit, or find them known; return the visitor's id."""
    async with db.writing():
        return (await remember(person, actor=actor, at=at)).visitor.id


async def correct(
    visitor_id: UUID, person: Person, *, remark: str, version: int, actor: Actor, at: datetime
) -> None:
    """Correct a visitor; earlier values stay in the log (CORE-8).

    What is empty is emptied, except a phone or document that `person` says to keep.
    """
    async with db.writing():
        visitor = await _locked(visitor_id)
        if visitor.erased_at is not None or visitor.merged_into is not None:
            raise WrongStateError(N_("This record is closed; nothing can be corrected in it."))
        if visitor.version != version:
            raise StaleError
        before = _logged(visitor)
        visitor.sex, visitor.organisation, visitor.plate = "", "", ""
        if not person.keep_phone:
            visitor.phone_cipher = visitor.phone_index = None
        if not person.keep_document:
            visitor.document_cipher = visitor.document_index = None
            visitor.document_kind, visitor.document_by_eye = "", False
        _write(visitor, replace(person, visitor_id=visitor_id))
        visitor.remark = remark
        old, new = changes(before, _logged(visitor))
        if not new:
            return
        visitor.updated_at = at
        visitor.version += 1
        await visitor.save()
        await search_rows.write(visitor)
        await record(actor, "visitor.correct", "visitor", visitor_id, at=at, before=old, after=new)


async def _locked(visitor_id: UUID) -> Visitor:
    await db.fetch("SELECT id FROM visitor WHERE id = {} FOR UPDATE", visitor_id)
    return await queries.row(visitor_id)


async def merge(kept_id: UUID, merged_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Make two records one person's: both histories stay, the first record goes on (CORE-2)."""
    async with db.writing():
        first, second = sorted((kept_id, merged_id))
        rows = {first: await _locked(first), second: await _locked(second)}
        kept, merged = rows[kept_id], rows[merged_id]
        if kept_id == merged_id:
            raise InvalidInputError({"merged": N_("These are one and the same record.")})
        for one in (kept, merged):
            if one.merged_into is not None or one.erased_at is not None:
                raise WrongStateError(N_("One of the records was merged or erased already."))
        before = _logged(kept)
        _fill_gaps(kept, merged)
        kept.visits += merged.visits
        moments = [m for m in (kept.last_visit_at, merged.last_visit_at) if m is not None]
        kept.last_visit_at = max(moments, default=None)
        kept.updated_at, kept.version = at, kept.version + 1
        await kept.save()
        merged.updated_at, merged.version = at, merged.version + 1
        merged.merged_into = kept_id
        await merged.save()
        await Visitor.update({Visitor.merged_into: kept_id}).where(Visitor.merged_into == merged_id)
        await VisitorMerge.insert(
            VisitorMerge(
                id=uuid4(),
                kept=kept_id,
                merged=merged_id,
                at=clock.to_ms(at),
                by=actor.id or _NOBODY,
            )
        )
        await search_rows.remove(merged_id)
        await search_rows.write(kept)
        _, new = changes(before, _logged(kept))
        after = {**new, "merged": str(merged_id), "name": merged.name}
        await record(actor, "visitor.merge", "visitor", kept_id, at=at, after=after)
        await record(
            actor, "visitor.merge", "visitor", merged_id, at=at, after={"into": str(kept_id)}
        )


_NOBODY = UUID(int=0)


def _fill_gaps(kept: Visitor, merged: Visitor) -> None:
    """Take from the merged record what the kept one lacks; ciphers are made anew for their row."""
    gaps = Person(
        name=kept.name,
        sex="" if kept.sex else merged.sex,
        organisation="" if kept.organisation else merged.organisation,
        plate="" if kept.plate else merged.plate,
        phone="" if kept.phone_index else protected.clear_phone(merged),
        document_kind=merged.document_kind,
        document_number="" if kept.document_index else protected.clear_document(merged),
        document_by_eye=merged.document_by_eye,
    )
    _write(kept, gaps)


@dataclass(frozen=True, slots=True)
class Unmasked:
    """The clear values, for one look at the screen."""

    phone: str
    document: str


async def unmask(visitor_id: UUID, *, reason: str, actor: Actor, at: datetime) -> Unmasked:
    """Show phone and document number in full to who may see them; the look is logged (CORE-3)."""
    if not actor.may("core:visitor:unmask"):
        raise NotFoundError
    if not reason:
        raise InvalidInputError({"reason": N_("Say why you need to see the full numbers.")})
    async with db.writing():
        visitor = await queries.row(visitor_id)
        await record(
            actor, "visitor.unmask", "visitor", visitor_id, at=at, after={"reason": reason}
        )
        return Unmasked(protected.clear_phone(visitor), protected.clear_document(visitor))


async def note_visit(visitor_ids: list[UUID], *, at: datetime) -> None:
    """Count a visit of these visitors; call it inside the act that lets them in."""
    await Visitor.update({Visitor.visits: Visitor.visits + 1, Visitor.last_visit_at: at}).where(
        Visitor.id.is_in(visitor_ids)
    )


async def note_no_visit(visitor_ids: list[UUID]) -> None:
    """Take back a visit that was counted and did not take place."""
    await Visitor.update({Visitor.visits: Visitor.visits - 1}).where(
        Visitor.id.is_in(visitor_ids), Visitor.visits > 0
    )
