"""What the API takes and gives of visits: one, a page of them, an act, who is inside."""

from datetime import datetime
from uuid import UUID

import msgspec


class DecisionOut(msgspec.Struct):
    """What was decided, by which rule and rulebook version; `reason` is in the caller's language."""

    verdict: str
    code: str = ""
    reason: str = ""
    rule: str = ""
    version: str = ""


class RegistrationOut(msgspec.Struct):
    """A registration. `level` is empty, amber or red while somebody waits."""

    id: UUID
    number: str
    site: UUID
    visitor: UUID
    visitor_name: str
    head_count: int
    purpose: str
    reason: str
    host: str
    state: str
    consent: str
    level: str
    overdue: bool
    created_at: datetime
    entered_at: datetime | None
    expected_leave_at: datetime | None
    left_at: datetime | None
    version: int
    decision: DecisionOut | None


class PageOut(msgspec.Struct):
    """One page of registrations, and how many there are."""

    registrations: list[RegistrationOut]
    total: int
    page: int
    pages: int


class RegisterIn(msgspec.Struct):
    """An arrival. `fields` are those of the form at the desk, by name; all values are texts."""

    site: UUID
    fields: dict[str, str]
    gate: UUID | None = None


class RegisteredOut(msgspec.Struct):
    """An arrival now in the book, whatever was decided."""

    id: UUID
    number: str
    state: str
    visitor: UUID
    known_visitor: bool
    decision: DecisionOut


class ActIn(msgspec.Struct):
    """What an act needs: a reason, the host's answer, or whether the stub came back.

    With `version` the act is refused when the registration changed since it was read.
    """

    reason: str = ""
    given: bool | None = None
    by: str = ""
    means: str = "phone"
    stub_returned: bool = False
    signed: bool = False
    version: int | None = None


class InsideParty(msgspec.Struct):
    """One visit inside."""

    registration: UUID
    number: str
    name: str
    companions: list[str]
    people: int
    host: str
    since: datetime | None
    overdue: bool


class InsideGroup(msgspec.Struct):
    """Pass holders who belong together."""

    name: str
    names: list[str]


class InsideKind(msgspec.Struct):
    """All inside with one kind of pass."""

    kind: str
    label: str
    count: int
    groups: list[InsideGroup]


class InsideOut(msgspec.Struct):
    """Everybody inside a site."""

    site: UUID
    at: datetime
    total: int
    visitors: list[InsideParty]
    passes: list[InsideKind]
