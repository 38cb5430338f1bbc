"""Loading plugins, and one typed caller for each hook; how they are asked is in core/asking.py."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any
from uuid import UUID

import structlog

from core import default_plugin
from core.approvals.facts import ApprovalFacts
from core.asking import Asking, PluginError
from core.decisions import Decision
from core.demo.facts import DemoFacts
from core.documents.facts import DocumentKind
from core.events import Event
from core.forms import Field
from core.gate.facts import (
    GateLine,
    HolderCard,
    OfflineAsked,
    OfflineRule,
    PassFacts,
    PassKind,
    ScanFacts,
)
from core.hookspecs import ALL
from core.incidents.facts import IncidentKind
from core.permissions import Actor, Permission, Role
from core.privacy.facts import ErasureFacts, PersonalData, RetentionRule
from core.registrations.facts import Detail, Present, Purpose, RegistrationFacts
from core.reports.facts import Report
from core.rulebooks.facts import Rehearsal, Rulebook
from core.shifts.facts import OpenItem

logger = structlog.get_logger(__name__)

GROUP = "laifang.plugins"


def installed(only: Iterable[str] | None = None) -> dict[str, ModuleType]:
    """Load the plugins that installed distributions offer, by name; `only` chooses among them."""
    found = {point.name: point for point in entry_points(group=GROUP)}
    names = sorted(found if only is None else only)
    if missing := [name for name in names if name not in found]:
        raise PluginError(f"No plugin named {', '.join(missing)} is installed.")
    modules: dict[str, ModuleType] = {}
    for name in names:
        try:
            modules[name] = found[name].load()
        except Exception as error:
            raise PluginError(f"The plugin {name} cannot be loaded: {error!r}") from error
    return modules


_carrying: ContextVar["Plugins"] = ContextVar("carrying")


def carrying() -> "Plugins":
    """Return the plugins by which `do_approved` or `do_rejected` was asked: for further acts in it.

    LookupError anywhere else.
    """
    return _carrying.get()


class Plugins(Asking):
    """The plugins switched on for one application, and one typed caller for each hook."""

    def __init__(self, modules: Mapping[str, Any]) -> None:
        super().__init__(modules, ALL)
        self.manager.register(default_plugin, "core")

    # -- register_: once, at start

    def register_apps(self) -> list[str]:
        """Return the Piccolo apps of all plugins."""
        return self._registered("register_apps", str)

    def register_permissions(self) -> list[Permission]:
        """Return every permission."""
        return self._registered("register_permissions", lambda item: item.name)

    def register_roles(self) -> dict[str, Role]:
        """Return every role, with the permissions that plugins add to it."""
        roles: dict[str, Role] = {}
        for name, function in self._impls("register_roles"):
            try:
                items: Sequence[Role] = function()
            except Exception as error:
                raise PluginError(f"{name}.register_roles failed: {error!r}") from error
            for role in items:
                known = roles.get(role.name, role)
                roles[role.name] = Role(
                    role.name,
                    known.label,
                    known.permissions | role.permissions,
                    confidential=known.confidential or role.confidential,
                    warden=known.warden or role.warden,
                    program=known.program or role.program,
                )
        return roles

    def register_purposes(self) -> list[Purpose]:
        """Return every purpose, in the order the desk shows them."""
        return sorted(
            self._registered("register_purposes", lambda item: item.name),
            key=lambda purpose: (purpose.order, purpose.name),
        )

    def register_pass_kinds(self) -> list[PassKind]:
        """Return every kind of pass."""
        return self._registered("register_pass_kinds", lambda item: item.name)

    def register_rulebooks(self) -> list[Rulebook]:
        """Return every rulebook."""
        return self._registered("register_rulebooks", lambda item: item.plugin)

    def register_retention(self) -> list[RetentionRule]:
        """Return every retention rule."""
        return self._registered("register_retention", lambda item: item.kind)

    def register_incident_kinds(self) -> list[IncidentKind]:
        """Return every kind of incident, in the order the form shows them."""
        return sorted(
            self._registered("register_incident_kinds", lambda item: item.name),
            key=lambda kind: (kind.order, kind.name),
        )

    def register_document_kinds(self) -> list[DocumentKind]:
        """Return every kind of paper, in the order lists show them."""
        return sorted(
            self._registered("register_document_kinds", lambda item: item.name),
            key=lambda kind: (kind.order, kind.name),
        )

    def register_rehearsals(self) -> list[Rehearsal]:
        """Return every sort of decision that can be rehearsed."""
        return self._registered("register_rehearsals", lambda item: item.name)

    def register_reports(self) -> list[Report]:
        """Return every report."""
        return self._registered("register_reports", lambda item: item.name)

    # -- check_: the gravest wins, a fault holds

    async def check_registration(self, registration: RegistrationFacts) -> Decision:
        """Ask every plugin about a visit being registered."""
        return await self._ask(
            "check_registration", registration, registration.site_id, savepoint=True
        )

    async def check_admission(self, registration: RegistrationFacts) -> Decision:
        """Ask every plugin about letting a visitor in."""
        return await self._ask(
            "check_admission", registration, registration.site_id, savepoint=True
        )

    async def check_departure(self, registration: RegistrationFacts) -> Decision:
        """Ask every plugin about what is open when a visitor leaves."""
        return await self._ask(
            "check_departure", registration, registration.site_id, savepoint=True
        )

    async def check_erasure(self, erasure: ErasureFacts) -> Decision:
        """Ask every plugin about erasing a person; all are asked, whatever is off at a site."""
        return await self._ask("check_erasure", erasure, None, savepoint=False)

    async def check_scan(self, scan: ScanFacts) -> Decision:
        """Ask every plugin about one scan; no transaction is open."""
        return await self._ask("check_scan", scan, scan.site_id, savepoint=False)

    # -- do_: all run, in the caller's transaction

    async def do_register(self, registration: RegistrationFacts) -> None:
        """Let every plugin store its side of a registration."""
        for _, function in self._impls("do_register", registration.site_id):
            await function(registration)

    async def do_erase(self, visitor_id: UUID) -> None:
        """Let every plugin erase what it stores about a visitor."""
        for _, function in self._impls("do_erase"):
            await function(visitor_id)

    async def do_lock(self, record_kind: str, record: str) -> None:
        """Let the owner of a record lock it before a request about it is locked."""
        for _, function in self._impls("do_lock"):
            await function(record_kind, record)

    async def do_approved(self, request: ApprovalFacts) -> None:
        """Let the owner of a request carry out what was granted."""
        with self._carry():
            for _, function in self._impls("do_approved"):
                await function(request)

    async def do_rejected(self, request: ApprovalFacts) -> None:
        """Let the owner of a request do what follows when it is not granted."""
        with self._carry():
            for _, function in self._impls("do_rejected"):
                await function(request)

    @contextmanager
    def _carry(self) -> Iterator[None]:
        token = _carrying.set(self)
        try:
            yield
        finally:
            _carrying.reset(token)

    async def do_demo(self, demo: DemoFacts) -> None:
        """Let every plugin fill a new installation."""
        for _, function in self._impls("do_demo", demo.site_id):
            await function(demo)

    # -- collect_: chained, a fault leaves its part out

    def collect_form_fields(self, purpose: str, site_id: UUID | None = None) -> list[Field]:
        """Return the fields that plugins add to a purpose's form."""
        chained: list[Field] = []
        for name, function in self._impls("collect_form_fields", site_id):
            try:
                chained.extend(function(purpose))
            except Exception as error:
                logger.error(
                    "hook_failed", hook="collect_form_fields", plugin=name, error=repr(error)
                )
        return chained

    async def collect_registration_details(
        self, registration: RegistrationFacts
    ) -> tuple[list[Detail], list[str]]:
        """Return the lines plugins add to a registration, and the names of those that failed."""
        return await self._collected(
            "collect_registration_details", lambda ask: ask(registration), registration.site_id
        )

    async def collect_badge_lines(self, kind: str, holder_id: UUID) -> tuple[list[str], list[str]]:
        """Return the lines plugins add to a badge, and the names of those that failed."""
        return await self._collected("collect_badge_lines", lambda ask: ask(kind, holder_id), None)

    async def collect_holders(self, passes: Sequence[PassFacts]) -> dict[str, HolderCard]:
        """Return who holds these passes, as far as plugins know."""
        cards: dict[str, HolderCard] = {}
        for name, function in self._impls("collect_holders"):
            try:
                answer: Mapping[str, HolderCard] = await function(passes)
            except Exception as error:
                logger.error("hook_failed", hook="collect_holders", plugin=name, error=repr(error))
                continue
            for pass_id, card in answer.items():
                cards.setdefault(pass_id, card)
        return cards

    async def collect_gate_lines(
        self, gate_id: UUID, site_id: UUID, at: datetime
    ) -> tuple[list[GateLine], list[str]]:
        """Return what plugins say of a gate itself, and the names of those that failed."""
        return await self._collected(
            "collect_gate_lines", lambda ask: ask(gate_id, site_id, at), site_id
        )

    async def collect_offline_rules(
        self, asked: OfflineAsked
    ) -> tuple[list[OfflineRule], list[str]]:
        """Return what holds at a gate that is cut off, and the names of plugins that failed."""
        return await self._collected("collect_offline_rules", lambda ask: ask(asked), asked.site_id)

    async def collect_open_items(
        self, site_id: UUID, gate_id: UUID, at: datetime
    ) -> tuple[list[OpenItem], list[str]]:
        """Return what is open at a post, and the names of plugins that failed."""
        return await self._collected(
            "collect_open_items", lambda ask: ask(site_id, gate_id, at), site_id
        )

    async def collect_shift_figures(
        self, site_id: UUID, gate_id: UUID, since: datetime, until: datetime
    ) -> tuple[list[Detail], list[str]]:
        """Return what was written down during a shift, and the names of plugins that failed."""
        return await self._collected(
            "collect_shift_figures", lambda ask: ask(site_id, gate_id, since, until), site_id
        )

    async def collect_present(self, site_id: UUID, at: datetime) -> tuple[list[Present], list[str]]:
        """Return who else is inside, and the names of plugins that failed."""
        return await self._collected("collect_present", lambda ask: ask(site_id, at), site_id)

    async def collect_personal_data(self, visitor_id: UUID) -> tuple[list[PersonalData], list[str]]:
        """Return what is stored about a visitor, and the names of plugins that failed."""
        return await self._collected("collect_personal_data", lambda ask: ask(visitor_id), None)

    async def collect_hidden(
        self, kind: str, records: Sequence[str], actor: Actor, at: datetime
    ) -> frozenset[str]:
        """Return which of these records do not exist for somebody; all of them after a fault."""
        gone: set[str] = set()
        for name, function in self._impls("collect_hidden"):
            try:
                gone |= await function(kind, records, actor, at)
            except Exception as error:
                logger.error("hook_failed", hook="collect_hidden", plugin=name, error=repr(error))
                return frozenset(records)
        return frozenset(gone)

    async def collect_barred(
        self, kind: str, records: Sequence[str], at: datetime
    ) -> dict[str, frozenset[UUID]]:
        """Return who must have nothing to do with these records; a fault reaches the caller."""
        found = {record: frozenset[UUID]() for record in records}
        for _, function in self._impls("collect_barred"):
            answer: Mapping[str, AbstractSet[UUID]] = await function(kind, records, at)
            for record, users in answer.items():
                found[record] |= users
        return found

    # -- resolve_: the first answer

    async def resolve_holder(self, kind: str, holder_id: UUID) -> HolderCard | None:
        """Return who holds one pass, or None when no plugin knows."""
        for _, function in self._impls("resolve_holder"):
            card: HolderCard | None = await function(kind, holder_id)
            if card is not None:
                return card
        return None

    async def resolve_readers(
        self, record_kind: str, records: Sequence[str], users: Sequence[UUID]
    ) -> Mapping[str, frozenset[UUID]]:
        """Return for each record who of these people may know of it."""
        for _, function in self._impls("resolve_readers"):
            found: Mapping[str, frozenset[UUID]] | None = await function(
                record_kind, records, users
            )
            if found is not None:
                return found
        return dict.fromkeys(records, frozenset(users))

    # -- on_: from the outbox, plugin by plugin

    def listeners(self) -> list[str]:
        """Return the plugins that want to hear of events."""
        return [name for name, _ in self._impls("on_event")]

    async def on_event(self, plugin: str, event: Event) -> None:
        """Tell one plugin of an event; its exception reaches the outbox."""
        for name, function in self._impls("on_event", event.site_id):
            if name == plugin:
                await function(event)

    # -- on_minute: while a server runs

    async def on_minute(self, at: datetime) -> None:
        """Do what is due, the core first; whoever fails leaves the others alone."""
        from core import minutely  # it sends notices, which name this class

        async def core(at: datetime) -> None:
            await minutely.do_what_is_due(at, self)

        for name, function in [("core", core), *self._impls("on_minute")]:
            try:
                await function(at)
            except Exception as error:
                logger.error("hook_failed", hook="on_minute", plugin=name, error=repr(error))
