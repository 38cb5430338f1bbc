"""What a plugin is told when demonstration data is made. Value types only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoGate:
    """One gate and the device on it, whose scans of past weeks may be written under its numbers."""

    id: UUID
    name: str
    device_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFacts:
    """A new installation being filled. `at` is the present moment, in the site's zone.

    `seed` makes generators repeatable. `hosts` and `users` are ids by name and by role: hosts whom
    the core made, users one for each role. `actor` is who is written down as having done it all.
    A plugin adds to `also` the logins of accounts it made itself, each with whose they are.
    """

    site_id: UUID
    gates: tuple[DemoGate, ...]
    hosts: Mapping[str, UUID]
    users: Mapping[str, UUID]
    at: datetime
    seed: int
    weeks: int
    actor: Actor
    also: list[tuple[str, str]] = field(default_factory=list)
