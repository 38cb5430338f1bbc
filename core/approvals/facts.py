"""What a chain of approval is made of, and what the owner of a request is told. Value types only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.i18n import Message

APPROVE, REJECT, SEND_BACK = "approve", "reject", "send_back"
CHOICES = (APPROVE, REJECT, SEND_BACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How many of a step's signers must approve. Make one with ANY, ALL, at_least or fraction.

    `kind` is any, all, at_least (`parts` signers) or fraction (`parts` of `of`, exactly).
    """

    kind: str
    parts: int = 0
    of: int = 0


ANY = Rule(kind="any")
ALL = Rule(kind="all")


def at_least(number: int) -> Rule:
    """Return the rule that so many must approve."""
    return Rule(kind="at_least", parts=number)


def fraction(parts: int, of: int) -> Rule:
    """Return the rule that at least `parts` of every `of` signers must approve, e.g. 2 of 3."""
    return Rule(kind="fraction", parts=parts, of=of)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlan:
    """One step of a chain: who signs, by role or by name, and how many must approve.

    A role stands for everybody who holds it, at the request's site or everywhere, when the step
    begins. `must` names those without whose approval the step never passes.
    """

    label: Message
    rule: Rule = ANY
    roles: tuple[str, ...] = ()
    users: tuple[UUID, ...] = ()
    must: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """What is asked for. `kind` is `<part>.<thing>` and tells the owner its own requests.

    `title` and `detail` are read by the signers and name no particulars when `confidential`: then
    nobody but the requester and the signers sees the request. `barred` are users who must not sign,
    beside the requester, who never does. `payload` comes back to the owner as it was given.
    `page`: the owner's own page on which it is read and signed, with `{request}` for the request.
    """

    kind: str
    record_kind: str
    record: str
    title: Message
    steps: tuple[StepPlan, ...]
    detail: Message = field(default_factory=lambda: Message(""))
    url: str = ""
    page: str = ""
    site_id: UUID | None = None
    barred: tuple[UUID, ...] = ()
    confidential: bool = False
    remind_hours: int = 24
    payload: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalFacts:
    """A request as its owner is told of it when it is decided."""

    id: UUID
    kind: str
    record_kind: str
    record: str
    site_id: UUID | None
    requester_id: UUID | None
    requester_name: str
    state: str
    round: int
    at: datetime
    decided_by: str
    opinion: str
    payload: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One signer's place in a step, and what was voted there; `choice` is empty while open."""

    holder: UUID
    must: bool = False
    choice: str = ""
    voter: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """`substitute` signs instead of `principal`; the service gives only those that hold now."""

    principal: UUID
    substitute: UUID
