"""Knowing a person again (CORE-2): by document number, by name and phone; who else it might be."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.visitors import protected
from core.visitors.tables import Visitor

_FEW = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What was typed about one person, cleaned and normalised; empty means not said.

    `visitor_id` is whom the desk chose from the search. `same_person` is the desk's word that a known
    document under another name is still the same person. `keep_phone` and `keep_document` leave what
    is stored, which the desk sees only masked.
    """

    name: str
    phone: str = ""
    document_kind: str = ""
    document_number: str = ""
    document_by_eye: bool = False
    sex: str = ""
    organisation: str = ""
    plate: str = ""
    visitor_id: UUID | None = None
    same_person: bool = False
    keep_phone: bool = False
    keep_document: bool = False


@dataclass(frozen=True, slots=True)
class Likeness:
    """A visitor who may be the same person. `by` is document, name_and_phone, phone or name."""

    visitor: Visitor
    by: str

    @property
    def certain(self) -> bool:
        """Whether this is taken to be the same person without asking."""
        return self.by in ("document", "name_and_phone")


async def alive(visitor: Visitor) -> Visitor | None:
    """Return the visitor, or the one it was merged into; None when its data is erased."""
    if visitor.merged_into is not None:
        kept = await Visitor.objects().where(Visitor.id == visitor.merged_into).first()
        if kept is None:
            return None
        visitor = kept
    return None if visitor.erased_at is not None else visitor


async def likenesses(
    person: Person, *, but: UUID | None = None, with_names: bool = False
) -> list[Likeness]:
    """Return who may be this person, the surest first; `but` leaves one visitor out.

    `with_names` also looks for the bare name, which proves nothing and only helps to find doubles.
    """
    document = protected.document_index(person.document_kind, person.document_number)
    phone = protected.phone_index(person.phone)
    name = protected.folded_name(person.name)
    found: dict[UUID, Likeness] = {}

    async def note(rows: list[Visitor], by: str) -> None:
        for row in rows:
            kept = await alive(row)
            if kept is not None and kept.id != but:
                found.setdefault(kept.id, Likeness(kept, by))

    if document is not None:
        rows = await _where(Visitor.document_index == document)
        alone = protected.identifies_alone(person.document_kind, person.document_number)
        same = [row for row in rows if alone or protected.folded_name(row.name) == name]
        await note(same, "document")
    if phone is not None:
        rows = await _where(Visitor.phone_index == phone)
        await note([r for r in rows if protected.folded_name(r.name) == name], "name_and_phone")
        await note(rows, "phone")
    if with_names and person.name:
        await note(await _where(Visitor.name == person.name), "name")
    return list(found.values())[:_FEW]


async def _where(condition: Any) -> list[Visitor]:
    return await Visitor.objects().where(condition, Visitor.erased_at.is_null()).limit(_FEW)


def contradicts(person: Person, visitor: Visitor) -> bool:
    """Say whether the two show different documents that each belong to one person only."""
    if not person.document_number or visitor.document_index is None:
        return False
    if person.document_kind != visitor.document_kind:
        return False
    return (
        protected.identifies_alone(person.document_kind, person.document_number)
        and protected.document_index(person.document_kind, person.document_number)
        != visitor.document_index
    )
