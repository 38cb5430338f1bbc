"""Kinds of incident and the steps they prescribe. Value types only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.i18n import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentStep:
    """One prescribed step; with `call`, who was called and when is part of having done it.

    `after` names a step that must be done first, such as the agreement that a call needs.
    """

    name: str
    label: Message
    call: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentKind:
    """A kind of incident that a part knows, named `<part>.<kind>`, with its steps in order."""

    name: str
    label: Message
    steps: tuple[IncidentStep, ...]
    plugin: str
    order: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is noted on the spot. `seen` is what was seen and heard: behaviour, no diagnosis."""

    site_id: UUID
    kind: str
    seen: str
    gate_id: UUID | None = None
    registration_id: UUID | None = None
    spot: str = ""
    happened_at: datetime | None = None
