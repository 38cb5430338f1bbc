"""Where petitions join the core and the pages: the parts of all rooms, chained; nothing is done here."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import chain
from uuid import UUID

from litestar import Router

from core import hookimpl
from core.approvals.facts import ApprovalFacts
from core.decisions import Decision, gravest
from core.demo.facts import DemoFacts
from core.documents.facts import DocumentKind
from core.events import Event
from core.incidents.facts import IncidentKind
from core.navigation import HomeCard, HomeItem, NavigationItem, PublicEntry
from core.permissions import Actor, Permission, Role
from core.privacy.facts import ErasureFacts, PersonalData, RetentionRule
from core.registrations.facts import Purpose, RegistrationFacts
from core.reports.facts import Report
from core.rulebooks.facts import Rehearsal, Rulebook
from plugins.government import rights, rulebook
from plugins.government.archive import registered as archive
from plugins.government.asking import entries as asking_entries
from plugins.government.asking import registered as asking
from plugins.government.assessing import registered as assessing
from plugins.government.bulletins import registered as bulletins
from plugins.government.city import demo as city_demo
from plugins.government.coordination import registered as coordination
from plugins.government.coordination import routes as coordination_routes
from plugins.government.facts import MATTER
from plugins.government.figures import registered as figures
from plugins.government.handling import duty as handling_duty
from plugins.government.handling import registered as handling
from plugins.government.handling import routes as handling_routes
from plugins.government.intake import registered as intake
from plugins.government.joining import registered as joining
from plugins.government.matters import routes as matters_routes
from plugins.government.matters import services as matters
from plugins.government.matters.readers import readers
from plugins.government.opinions import registered as opinions
from plugins.government.papers import kinds as paper_kinds
from plugins.government.papers import registered as papers
from plugins.government.parts import Part
from plugins.government.portal import api as portal
from plugins.government.reception import registered as reception
from plugins.government.screening import registered as screening
from plugins.government.secrecy import glass, guarding
from plugins.government.secrecy import keeping as secrecy_keeping
from plugins.government.secrecy import registered as secrecy
from plugins.government.secrecy import rights as secrecy_rights
from plugins.government.secrecy import routes as secrecy_routes
from plugins.government.signing import again_routes as signing_again
from plugins.government.signing import registered as signing
from plugins.government.signing import routes as signing_routes
from plugins.government.subjects import registered as subjects
from plugins.government.supervising import registered as supervising
from plugins.government.units import import_routes as units_import
from plugins.government.units import routes as units_routes
from plugins.government.units import today as units_today

PARTS: tuple[Part, ...] = (
    Part(permissions=rights.PERMISSIONS, roles=rights.ROLES, navigation=rights.NAVIGATION),
    Part(
        routers=[matters_routes.router, units_import.router, units_routes.router],
        locks={MATTER: matters.lock},
    ),
    subjects.PART,
    figures.PART,
    bulletins.PART,
    assessing.PART,
    archive.PART,
    Part(demo=city_demo.fill),
    intake.PART,
    joining.PART,
    screening.PART,
    opinions.PART,
    Part(
        permissions=secrecy_rights.PERMISSIONS,
        roles=secrecy_rights.ROLES,
        navigation=secrecy.NAVIGATION,
        routers=[secrecy_routes.router],
        retention=secrecy_keeping.RULES,
        minute=glass.minute,
    ),
    supervising.PART,
    papers.PART,
    handling.part([handling_routes.router, handling_duty.router]),
    coordination.part([coordination_routes.router]),
    signing.part([signing_routes.router, signing_again.router]),
    asking.PART,
    portal.PART,
    reception.PART,
)


@hookimpl
def register_apps() -> Sequence[str]:
    return ["plugins.government.piccolo_app"]


@hookimpl
def register_permissions() -> Sequence[Permission]:
    return list(chain.from_iterable(part.permissions for part in PARTS))


@hookimpl
def register_roles() -> Sequence[Role]:
    return list(chain.from_iterable(part.roles for part in PARTS))


@hookimpl
def register_purposes() -> Sequence[Purpose]:
    return list(chain.from_iterable(part.purposes for part in PARTS))


@hookimpl
def register_rulebooks() -> Sequence[Rulebook]:
    return [rulebook.RULEBOOK]


@hookimpl
def register_retention() -> Sequence[RetentionRule]:
    return list(chain.from_iterable(part.retention for part in PARTS))


@hookimpl
def register_incident_kinds() -> Sequence[IncidentKind]:
    return list(chain.from_iterable(part.incident_kinds for part in PARTS))


@hookimpl
def register_document_kinds() -> Sequence[DocumentKind]:
    return paper_kinds.KINDS


@hookimpl
def register_rehearsals() -> Sequence[Rehearsal]:
    return list(chain.from_iterable(part.rehearsals for part in PARTS))


@hookimpl
def register_reports() -> Sequence[Report]:
    return list(chain.from_iterable(part.reports for part in PARTS))


@hookimpl
def register_routes() -> Sequence[Router]:
    routers = list(chain.from_iterable(part.routers for part in PARTS))
    for router in routers:
        router.opt.setdefault("records", guarding.RECORDS)
    return routers


@hookimpl
def register_navigation() -> Sequence[NavigationItem]:
    return list(chain.from_iterable(part.navigation for part in PARTS))


@hookimpl
async def do_register(registration: RegistrationFacts) -> None:
    for part in PARTS:
        if part.registered is not None:
            await part.registered(registration)


@hookimpl
async def do_lock(record_kind: str, record: str) -> None:
    for part in PARTS:
        if record_kind in part.locks:
            await part.locks[record_kind](UUID(record))


@hookimpl
async def do_approved(request: ApprovalFacts) -> None:
    for part in PARTS:
        if request.kind in part.approved:
            await part.approved[request.kind](request)


@hookimpl
async def do_rejected(request: ApprovalFacts) -> None:
    for part in PARTS:
        if request.kind in part.rejected:
            await part.rejected[request.kind](request)


@hookimpl
async def check_erasure(erasure: ErasureFacts) -> Decision | None:
    answers = [await part.may_erase(erasure) for part in PARTS if part.may_erase is not None]
    found = [answer for answer in answers if answer is not None]
    return gravest(found) if found else None


@hookimpl
async def do_erase(visitor_id: UUID) -> None:
    for part in PARTS:
        if part.erase is not None:
            await part.erase(visitor_id)


@hookimpl
async def do_demo(demo: DemoFacts) -> None:
    for part in PARTS:
        if part.demo is not None:
            await part.demo(demo)


@hookimpl
async def collect_home_cards(actor: Actor) -> Sequence[HomeCard]:
    return [card for part in PARTS if part.due is not None for card in await part.due(actor)]


@hookimpl
async def collect_first_steps(actor: Actor) -> Sequence[HomeItem]:
    return await units_today.first_steps(actor)


@hookimpl
async def collect_public_entries(at: datetime) -> Sequence[PublicEntry]:
    return await asking_entries.entries(at)


@hookimpl
async def collect_personal_data(visitor_id: UUID) -> Sequence[PersonalData]:
    return [
        data
        for part in PARTS
        if part.personal_data is not None
        for data in await part.personal_data(visitor_id)
    ]


@hookimpl
async def resolve_readers(
    record_kind: str, records: Sequence[str], users: Sequence[UUID]
) -> Mapping[str, frozenset[UUID]] | None:
    return await readers(record_kind, records, users)


@hookimpl
async def collect_hidden(
    kind: str, records: Sequence[str], actor: Actor, at: datetime
) -> AbstractSet[str]:
    return await guarding.hidden(kind, records, actor, at)


@hookimpl
async def collect_barred(
    kind: str, records: Sequence[str], at: datetime
) -> Mapping[str, AbstractSet[UUID]]:
    return await guarding.barred(kind, records, at)


@hookimpl
async def on_event(event: Event) -> None:
    for part in PARTS:
        if part.event is not None:
            await part.event(event)


@hookimpl
async def on_minute(at: datetime) -> None:
    for part in PARTS:
        if part.minute is not None:
            await part.minute(at)
