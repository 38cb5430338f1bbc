"""Where the contractors join: each hook hands on to a policy, a query or a service."""

from collections.abc import Sequence
from uuid import UUID

from litestar import Router

from core import hookimpl
from core.approvals.facts import ApprovalFacts
from core.decisions import Decision
from core.documents.facts import DocumentKind
from core.forms import Field
from core.i18n import N_
from core.incidents.facts import IncidentKind
from core.navigation import NavigationItem
from core.permissions import Permission, Role
from core.privacy.facts import PersonalData
from core.registrations.facts import Detail, Purpose, RegistrationFacts
from core.reports.facts import Report
from laifang_contractors import forms, policies, queries, routes, services
from laifang_contractors.hot_work import facts, figures
from laifang_contractors.hot_work import services as hot_work


@hookimpl
def register_apps() -> Sequence[str]:
    return ["laifang_contractors.piccolo_app"]


@hookimpl
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(facts.SEE, N_("See work permits")),
        Permission(facts.ASK, N_("Ask for hot work")),
    ]


@hookimpl
def register_roles() -> Sequence[Role]:
    seen_by = frozenset({facts.SEE})
    return [
        Role("administrator", N_("Administrator"), seen_by),
        Role("site_office", N_("Site office"), seen_by | {facts.ASK}),
        Role(facts.SAFETY, N_("Safety officer"), seen_by),
    ]


@hookimpl
def register_purposes() -> Sequence[Purpose]:
    return [
        Purpose(
            name=policies.PURPOSE,
            label=N_("Contractor at work"),
            plugin="contractors",
            needs_host=False,
            needs_consent=False,
            order=200,
        )
    ]


@hookimpl
def register_routes() -> Sequence[Router]:
    return [routes.router]


@hookimpl
def register_navigation() -> Sequence[NavigationItem]:
    return [
        NavigationItem(
            label=N_("Work permits"),
            path="/contractors",
            permission=facts.SEE,
            order=900,
        )
    ]


@hookimpl
def register_document_kinds() -> Sequence[DocumentKind]:
    return [facts.PERMIT]


@hookimpl
def register_incident_kinds() -> Sequence[IncidentKind]:
    return [facts.FIRE]


@hookimpl
def register_reports() -> Sequence[Report]:
    return [figures.HOT_WORK]


@hookimpl
async def do_approved(request: ApprovalFacts) -> None:
    if request.kind == facts.REQUEST:
        await hot_work.granted(request)


@hookimpl
async def do_rejected(request: ApprovalFacts) -> None:
    if request.kind == facts.REQUEST:
        await hot_work.refused(request)


@hookimpl
def collect_form_fields(purpose: str) -> Sequence[Field]:
    return forms.FIELDS if purpose == policies.PURPOSE else ()


@hookimpl
async def do_register(registration: RegistrationFacts) -> None:
    if registration.purpose == policies.PURPOSE:
        await services.store(registration)


@hookimpl
async def check_admission(registration: RegistrationFacts) -> Decision | None:
    if registration.purpose != policies.PURPOSE:
        return None
    permit = await queries.permit_of(registration.registration_id)
    return policies.may_work(permit.last_day if permit else None, registration.asked_at.date())


@hookimpl
async def collect_registration_details(registration: RegistrationFacts) -> Sequence[Detail]:
    permit = await queries.permit_of(registration.registration_id)
    return [Detail(label=N_("Work permit"), value=permit.number)] if permit else []


@hookimpl
async def collect_badge_lines(kind: str, holder_id: UUID) -> Sequence[str]:
    if kind != "visit":
        return []
    permits = await queries.permits_of_visitor(holder_id)
    return [f"工地通行 {permit.number}" for permit in permits[:1]]


@hookimpl
async def collect_personal_data(visitor_id: UUID) -> Sequence[PersonalData]:
    permits = await queries.permits_of_visitor(visitor_id)
    lines = [Detail(label=N_("Work permit"), value=permit.number) for permit in permits]
    return [PersonalData(title=N_("Work permits"), details=lines)] if lines else []


@hookimpl
async def do_erase(visitor_id: UUID) -> None:
    await services.erase(visitor_id)
