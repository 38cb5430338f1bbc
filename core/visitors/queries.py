"""Visitors as they are shown: always masked; reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import cast
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.i18n import Message
from core.visitors import matching, protected
from core.visitors.identity_documents import KINDS, DocumentKind
from core.visitors.matching import Likeness, Person
from core.visitors.tables import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorCard:
    """A visitor as everybody who may read visitors sees them: phone and document masked."""

    id: UUID
    name: str
    sex: str
    organisation: str
    phone: str
    document_kind: str
    document_label: Message | None
    document: str
    document_by_eye: bool
    plate: str
    remark: str
    photo: UUID | None
    visits: int
    last_visit_at: datetime | None
    created_at: datetime
    version: int
    erased: bool
    merged_into: UUID | None


def kind_label(kind: str) -> Message | None:
    """Return what a kind of document is called; None for none and for one no longer known."""
    try:
        return KINDS[DocumentKind(kind)].label
    except ValueError:
        return None


def card(visitor: Visitor) -> VisitorCard:
    """Return a visitor as shown."""
    return VisitorCard(
        id=visitor.id,
        name=visitor.name,
        sex=visitor.sex,
        organisation=visitor.organisation,
        phone=protected.masked_phone(visitor),
        document_kind=visitor.document_kind,
        document_label=kind_label(visitor.document_kind),
        document=protected.masked_document(visitor),
        document_by_eye=visitor.document_by_eye,
        plate=visitor.plate,
        remark=visitor.remark,
        photo=visitor.photo,
        visits=visitor.visits,
        last_visit_at=visitor.last_visit_at,
        created_at=visitor.created_at,
        version=visitor.version,
        erased=visitor.erased_at is not None,
        merged_into=visitor.merged_into,
    )


def card_of(stored: db.Row) -> VisitorCard:
    """Return a visitor's row, read by SQL, as shown; without the cost of Piccolo's objects."""
    return card(cast("Visitor", SimpleNamespace(**stored)))


async def row(visitor_id: UUID) -> Visitor:
    """Return one visitor's row, or raise NotFoundError."""
    found = await Visitor.objects().where(Visitor.id == visitor_id).first()
    if found is None:
        raise NotFoundError
    return found


async def visitor(visitor_id: UUID) -> VisitorCard:
    """Return one visitor as shown, or raise NotFoundError."""
    return card(await row(visitor_id))


async def visitors(ids: Sequence[UUID]) -> dict[UUID, VisitorCard]:
    """Return several visitors as shown, by id."""
    if not ids:
        return {}
    rows = await Visitor.objects().where(Visitor.id.is_in(list(ids)))
    return {found.id: card(found) for found in rows}


async def all_of(visitor_id: UUID) -> list[UUID]:
    """Return the visitor's id and those of all records merged into it: one person's history."""
    merged = await Visitor.select(Visitor.id).where(Visitor.merged_into == visitor_id)
    return [visitor_id, *(found["id"] for found in merged)]


def person_of(visitor: Visitor) -> Person:
    """Return a stored visitor as a person to look for."""
    return Person(
        name=visitor.name,
        phone=protected.clear_phone(visitor),
        document_kind=visitor.document_kind,
        document_number=protected.clear_document(visitor),
    )


async def duplicates(visitor_id: UUID) -> list[tuple[VisitorCard, str]]:
    """Return who may be the same person, with what speaks for it; never who shows another document."""
    found = await row(visitor_id)
    if found.erased_at is not None or found.merged_into is not None:
        return []
    person = person_of(found)
    alike: list[Likeness] = await matching.likenesses(person, but=visitor_id, with_names=True)
    return [
        (card(likeness.visitor), likeness.by)
        for likeness in alike
        if not matching.contradicts(person, likeness.visitor)
    ]
