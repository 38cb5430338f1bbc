"""What a room of this plugin gives to the hooks: `plugin.py` chains the parts of all rooms."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from litestar import Router

from core.approvals.facts import ApprovalFacts
from core.decisions import Decision
from core.demo.facts import DemoFacts
from core.events import Event
from core.incidents.facts import IncidentKind
from core.navigation import HomeCard, NavigationItem
from core.permissions import Actor, Permission, Role
from core.privacy.facts import ErasureFacts, PersonalData, RetentionRule
from core.registrations.facts import Purpose, RegistrationFacts
from core.reports.facts import Report
from core.rulebooks.facts import Rehearsal
from plugins.government.matters.facts import Panel

Decided = Callable[[ApprovalFacts], Awaitable[None]]
Lock = Callable[[UUID], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One room's share. `approved` and `rejected` are by the kind of request they carry out.

    `locks` are by the kind of record that requests are about. `may_erase`, `erase` and `personal_data`
    are asked about a core visitor, `minute` about once a minute, `due` for the first page of whoever
    is signed in.
    """

    permissions: Sequence[Permission] = ()
    roles: Sequence[Role] = ()
    navigation: Sequence[NavigationItem] = ()
    purposes: Sequence[Purpose] = ()
    routers: Sequence[Router] = ()
    panels: Sequence[Panel] = ()
    retention: Sequence[RetentionRule] = ()
    incident_kinds: Sequence[IncidentKind] = ()
    reports: Sequence[Report] = ()
    rehearsals: Sequence[Rehearsal] = ()
    approved: Mapping[str, Decided] = field(default_factory=dict)
    rejected: Mapping[str, Decided] = field(default_factory=dict)
    locks: Mapping[str, Lock] = field(default_factory=dict)
    registered: Callable[[RegistrationFacts], Awaitable[None]] | None = None
    due: Callable[[Actor], Awaitable[Sequence[HomeCard]]] | None = None
    may_erase: Callable[[ErasureFacts], Awaitable[Decision | None]] | None = None
    erase: Callable[[UUID], Awaitable[None]] | None = None
    personal_data: Callable[[UUID], Awaitable[Sequence[PersonalData]]] | None = None
    event: Callable[[Event], Awaitable[None]] | None = None
    minute: Callable[[datetime], Awaitable[None]] | None = None
    demo: Callable[[DemoFacts], Awaitable[None]] | None = None
