"""Where the school gate joins the core and the pages: each hook hands on to a query or a service."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from litestar import Router

from core import clock, hookimpl
from core.approvals.facts import ApprovalFacts
from core.decisions import Decision
from core.demo.facts import DemoFacts
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
from core.i18n import N_
from core.incidents.facts import IncidentKind
from core.navigation import Home, HomeCard, HomeItem, NavigationItem
from core.permissions import SYSTEM, Actor, Permission, Role
from core.privacy.facts import PersonalData, RetentionRule
from core.registrations.facts import Detail, Present, Purpose, RegistrationFacts
from core.rulebooks.facts import Rulebook
from core.shifts.facts import OpenItem
from plugins.school_gate import facts, forms, incident_kinds, lodge_registered, registered
from plugins.school_gate.events import admitting
from plugins.school_gate.events import applying as event_applying
from plugins.school_gate.events import keeping as event_keeping
from plugins.school_gate.events import rights as event_rights
from plugins.school_gate.events import services as event_services
from plugins.school_gate.events import today as event_today
from plugins.school_gate.homes.register import HOMES
from plugins.school_gate.leave import keeping as leave_keeping
from plugins.school_gate.leave import rights as leave_rights
from plugins.school_gate.leave import today as leave_today
from plugins.school_gate.queries import holders, lodge_today, offline, stays, today, visits
from plugins.school_gate.routes import ROUTERS
from plugins.school_gate.services import demo as demo_service
from plugins.school_gate.services import due, guardians, keeping, lodge_keeping
from plugins.school_gate.services import visits as visit_services


@hookimpl
def register_apps() -> Sequence[str]:
    return ["plugins.school_gate.piccolo_app"]


@hookimpl
def register_permissions() -> Sequence[Permission]:
    return [
        *registered.PERMISSIONS,
        *lodge_registered.PERMISSIONS,
        *leave_rights.PERMISSIONS,
        *event_rights.PERMISSIONS,
    ]


@hookimpl
def register_roles() -> Sequence[Role]:
    return [*registered.ROLES, *lodge_registered.ROLES, *leave_rights.ROLES, *event_rights.ROLES]


@hookimpl
def register_purposes() -> Sequence[Purpose]:
    return [*registered.PURPOSES, *lodge_registered.PURPOSES, *event_rights.PURPOSES]


@hookimpl
def register_pass_kinds() -> Sequence[PassKind]:
    return [*registered.PASS_KINDS, *lodge_registered.PASS_KINDS, *event_rights.PASS_KINDS]


@hookimpl
def register_incident_kinds() -> Sequence[IncidentKind]:
    return incident_kinds.KINDS


@hookimpl
def register_rulebooks() -> Sequence[Rulebook]:
    return [facts.RULEBOOK]


@hookimpl
def register_retention() -> Sequence[RetentionRule]:
    return [*keeping.RULES, *lodge_keeping.RULES, *leave_keeping.RULES, *event_keeping.RULES]


@hookimpl
def register_routes() -> Sequence[Router]:
    return ROUTERS


@hookimpl
def register_navigation() -> Sequence[NavigationItem]:
    return [
        *registered.NAVIGATION,
        *lodge_registered.NAVIGATION,
        *leave_rights.NAVIGATION,
        *event_rights.NAVIGATION,
    ]


@hookimpl
def register_homes() -> Sequence[Home]:
    return HOMES


@hookimpl
async def check_registration(registration: RegistrationFacts) -> Decision | None:
    return await visits.judged_arrival(registration)


@hookimpl
async def check_admission(registration: RegistrationFacts) -> Decision | None:
    return await visits.judged_admission(registration)


@hookimpl
async def check_scan(scan: ScanFacts) -> Decision | None:
    return (
        await holders.judged_scan(scan)
        or await stays.judged_scan(scan)
        or await admitting.judged_scan(scan)
    )


@hookimpl
async def do_register(registration: RegistrationFacts) -> None:
    await visit_services.store(registration)


@hookimpl
async def do_erase(visitor_id: UUID) -> None:
    await lodge_keeping.erase_visitor(visitor_id, clock.now())
    await event_keeping.forget_visitor(visitor_id)
    await leave_keeping.forget_visitor(visitor_id, actor=SYSTEM, at=clock.now())
    await guardians.erase_photos("a.visitor = {}", [visitor_id], actor=SYSTEM, at=clock.now())
    await visit_services.erase(visitor_id)


@hookimpl
async def do_lock(record_kind: str, record: str) -> None:
    if record_kind == event_services.RECORD:
        await event_services.lock(UUID(record))


@hookimpl
async def do_approved(request: ApprovalFacts) -> None:
    await event_applying.carry_out(request)


@hookimpl
async def do_rejected(request: ApprovalFacts) -> None:
    await event_applying.give_up(request)


@hookimpl
async def do_demo(demo: DemoFacts) -> None:
    await demo_service.fill(demo)


@hookimpl
def collect_form_fields(purpose: str) -> Sequence[Field]:
    return forms.fields_of(purpose)


@hookimpl
async def collect_registration_details(registration: RegistrationFacts) -> Sequence[Detail]:
    return await visits.details_of(registration, holders.site_locale())


@hookimpl
async def collect_badge_lines(kind: str, holder_id: UUID) -> Sequence[str]:
    card = await holders.card_of(kind, holder_id, holders.site_locale())
    return card.lines if card else ()


@hookimpl
async def collect_holders(passes: Sequence[PassFacts]) -> Mapping[str, HolderCard]:
    locale = holders.site_locale()
    known = await holders.cards_of_passes(passes, locale)
    return {
        **known,
        **await stays.cards_of_passes(passes, locale),
        **await admitting.cards_of_passes(passes, locale),
    }


@hookimpl
async def collect_gate_lines(gate_id: UUID, site_id: UUID, at: datetime) -> Sequence[GateLine]:
    return [
        *await today.gate_lines(gate_id, site_id, at),
        *await leave_today.gate_lines(gate_id, site_id, at),
        *await event_today.gate_lines(gate_id, site_id, at),
    ]


@hookimpl
async def collect_offline_rules(asked: OfflineAsked) -> Sequence[OfflineRule]:
    return [
        *await offline.rules_of_gate(asked),
        *stays.offline_rules(asked),
        *await admitting.offline_rules(asked),
    ]


@hookimpl
async def collect_open_items(site_id: UUID, gate_id: UUID, at: datetime) -> Sequence[OpenItem]:
    return [
        *await today.open_items(gate_id),
        *await lodge_today.open_items(site_id, at),
        *await leave_today.open_items(site_id, at),
    ]


@hookimpl
async def collect_shift_figures(
    site_id: UUID, gate_id: UUID, since: datetime, until: datetime
) -> Sequence[Detail]:
    return await lodge_today.shift_figures(site_id, gate_id, since, until)


@hookimpl
async def collect_present(site_id: UUID, at: datetime) -> Sequence[Present]:
    return await event_today.present(site_id, at)


@hookimpl
async def collect_home_cards(actor: Actor) -> Sequence[HomeCard]:
    return [
        *await today.home_cards(actor),
        *await lodge_today.home_cards(actor),
        *await leave_today.home_cards(actor),
        *await event_today.home_cards(actor),
    ]


@hookimpl
async def collect_first_steps(actor: Actor) -> Sequence[HomeItem]:
    return await today.first_steps(actor)


@hookimpl
async def collect_personal_data(visitor_id: UUID) -> Sequence[PersonalData]:
    lines = [
        *await visits.of_visitor(visitor_id),
        *await lodge_keeping.of_visitor(visitor_id),
        *await leave_keeping.of_visitor(visitor_id),
        *await event_keeping.of_visitor(visitor_id),
    ]
    return [PersonalData(title=N_("School gate"), details=lines)] if lines else []


@hookimpl
async def resolve_holder(kind: str, holder_id: UUID) -> HolderCard | None:
    locale = holders.site_locale()
    return (
        await holders.card_of(kind, holder_id, locale)
        or await stays.card_of(kind, holder_id, locale)
        or await admitting.card_of_holder(kind, holder_id, locale)
    )


@hookimpl
async def on_minute(at: datetime) -> None:
    await due.do_what_is_due(at)
