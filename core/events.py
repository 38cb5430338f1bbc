"""Things that happened, told to plugins after the commit through the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One happening. `name` is `registration.entered` and the like; `record` is its record's id.

    Told at least once: a plugin that acts on it makes the act idempotent by `id`.
    """

    id: int
    name: str
    record: str
    site_id: UUID | None
    at: datetime
    payload: Mapping[str, str] = field(default_factory=dict)
