"""A petitioner in the clear, as forms give it and pages show it. Value types only."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is known of a petitioner; phone and document are normalised texts."""

    name: str = ""
    sex: str = ""
    birth_year: int | None = None
    occupation: str = ""
    politics: str = ""
    belonging: str = "mainland"
    employer: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    document_kind: str = ""
    document: str = ""
    anonymous: bool = False
    visitor_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A petitioner on record, with how many items they have; `by` says how they were found."""

    id: UUID
    person: Person
    matters: int = 0
    by: str = ""
