"""The core's own rules and roles, joined through the same hooks that a domain plugin uses."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db, hookimpl
from core.appointments.rulebook import RULEBOOK as APPOINTMENTS
from core.approvals.facts import ApprovalFacts
from core.deadlines.rulebook import RULEBOOK as OFFICE_HOURS
from core.decisions import Decision
from core.documents.facts import DocumentKind
from core.documents.own_kinds import ADMIN as DOCUMENT_ADMIN
from core.documents.own_kinds import KINDS as DOCUMENT_KINDS
from core.events import Event
from core.gate.facts import GateLine
from core.gate.rulebook import RULEBOOK as OFFLINE_GATES
from core.i18n import N_
from core.incidents import personal_data as incident_data
from core.incidents.facts import IncidentKind
from core.incidents.kinds import KINDS
from core.notices.rulebook import RULEBOOK as NOTICES
from core.permissions import Permission, Role
from core.privacy.facts import ErasureFacts, PersonalData, RetentionRule
from core.privacy.kinds import RULES
from core.privacy.policies import may_erase
from core.privacy.rulebook import RULEBOOK as RETENTION
from core.registrations import policies, queries
from core.registrations.facts import Detail, Purpose, RegistrationFacts
from core.registrations.rulebook import RULEBOOK
from core.reports.facts import Report
from core.reports.own import REPORTS
from core.rulebooks.facts import Rehearsal, Rulebook
from core.rulebooks.own_rehearsals import REHEARSALS
from core.shifts import core_items
from core.shifts.facts import OpenItem

PERMISSIONS = (
    Permission("core:visitor:read", N_("See visitors")),
    Permission("core:visitor:write", N_("Register and correct visitors")),
    Permission("core:visitor:unmask", N_("See full document and phone numbers")),
    Permission("core:visitor:merge", N_("Merge double records")),
    Permission("core:visitor:erase", N_("Export and erase a person's data")),
    Permission("core:registration:read", N_("See registrations and the board")),
    Permission("core:registration:write", N_("Register visits and record coming and going")),
    Permission("core:registration:decide", N_("Release or refuse what is held")),
    Permission("core:appointment:read", N_("See appointments")),
    Permission("core:appointment:write", N_("Make and change appointments")),
    Permission("core:appointment:own", N_("Answer for one's own visitors")),
    Permission("core:pass:read", N_("See passes")),
    Permission("core:pass:issue", N_("Issue and print passes")),
    Permission("core:pass:revoke", N_("Revoke and replace passes")),
    Permission("core:gate:scan", N_("Scan at the gate")),
    Permission("core:gate:override", N_("Release at the gate what a scan holds")),
    Permission("core:gate:device", N_("Enrol and revoke gate devices")),
    Permission("core:gate:conflict", N_("Close conflicts found in scans")),
    Permission("core:watch:read", N_("See the watch list")),
    Permission("core:watch:write", N_("Change the watch list")),
    Permission("core:feedback:read", N_("See feedback and follow it up")),
    Permission("core:report:read", N_("See reports")),
    Permission("core:log:read", N_("Read the log")),
    Permission("core:notice:admin", N_("See notices and their state")),
    Permission("core:rulebook:read", N_("See rulebooks")),
    Permission("core:rulebook:write", N_("Adopt rulebooks")),
    Permission("core:account:admin", N_("Manage users, roles and tokens")),
    Permission("core:calendar:read", N_("See the table of holidays")),
    Permission("core:calendar:write", N_("Change the table of holidays")),
    Permission("core:incident:read", N_("See all incidents")),
    Permission("core:incident:write", N_("Note incidents and see open ones")),
    Permission("core:shift:read", N_("See shifts and records of handover")),
    Permission("core:shift:write", N_("Go on duty and hand over")),
    Permission("core:approval:read", N_("See requests for approval")),
    Permission("core:approval:admin", N_("Name signers and substitutes of others")),
    Permission(DOCUMENT_ADMIN, N_("Change templates of papers")),
    Permission("core:site:admin", N_("Manage sites, gates, hosts and plugins")),
)

_DESK = frozenset(
    {
        "core:visitor:read",
        "core:visitor:write",
        "core:registration:read",
        "core:registration:write",
        "core:appointment:read",
        "core:appointment:write",
        "core:pass:read",
        "core:pass:issue",
        "core:gate:scan",
        "core:gate:override",
        "core:incident:write",
        "core:shift:write",
    }
)
ROLES = (
    Role("administrator", N_("Administrator"), frozenset(p.name for p in PERMISSIONS)),
    Role(
        "desk",
        N_("Reception desk"),
        _DESK
        | {
            "core:registration:decide",
            "core:visitor:merge",
            "core:report:read",
            "core:watch:read",
            "core:feedback:read",
            "core:pass:revoke",
        },
    ),
    Role("gatekeeper", N_("Gatekeeper"), _DESK),
    Role(
        "duty_officer",
        N_("Duty officer"),
        _DESK
        | {
            "core:registration:decide",
            "core:visitor:unmask",
            "core:report:read",
            "core:watch:read",
            "core:watch:write",
            "core:gate:conflict",
            "core:feedback:read",
            "core:log:read",
            "core:pass:revoke",
            "core:incident:read",
            "core:shift:read",
            "core:calendar:read",
        },
    ),
    Role("host", N_("Host"), frozenset({"core:appointment:own"})),
    Role(
        "auditor",
        N_("Auditor"),
        frozenset(
            {
                "core:log:read",
                "core:report:read",
                "core:rulebook:read",
                "core:registration:read",
                "core:approval:read",
                "core:incident:read",
                "core:shift:read",
                "core:calendar:read",
            }
        ),
    ),
)
# Who is told of a held visit: those who decide at the desk; administrators are not disturbed.
_DECIDERS = tuple(
    role.name
    for role in ROLES
    if "core:registration:decide" in role.permissions and role.name != "administrator"
)
PURPOSES = (
    Purpose(name="core.visit", label=N_("Visit"), plugin="core", order=50, public=True),
    Purpose(
        name="core.delivery",
        label=N_("Delivery"),
        plugin="core",
        needs_consent=False,
        needs_document=False,
        order=60,
    ),
)


@hookimpl
def register_permissions() -> Sequence[Permission]:
    return PERMISSIONS


@hookimpl
def register_roles() -> Sequence[Role]:
    return ROLES


@hookimpl
def register_purposes() -> Sequence[Purpose]:
    return PURPOSES


@hookimpl
def register_rulebooks() -> Sequence[Rulebook]:
    return [RULEBOOK, APPOINTMENTS, OFFLINE_GATES, RETENTION, OFFICE_HOURS, NOTICES]


@hookimpl
def register_incident_kinds() -> Sequence[IncidentKind]:
    return KINDS


@hookimpl
def register_document_kinds() -> Sequence[DocumentKind]:
    return DOCUMENT_KINDS


@hookimpl
def register_rehearsals() -> Sequence[Rehearsal]:
    return REHEARSALS


@hookimpl
def register_reports() -> Sequence[Report]:
    return REPORTS


@hookimpl
def register_retention() -> Sequence[RetentionRule]:
    return RULES


@hookimpl
async def check_erasure(erasure: ErasureFacts) -> Decision | None:
    return may_erase(erasure)


@hookimpl
async def check_registration(registration: RegistrationFacts) -> Decision | None:
    return policies.may_register(registration)


@hookimpl
async def check_admission(registration: RegistrationFacts) -> Decision | None:
    purpose = next((p for p in PURPOSES if p.name == registration.purpose), None)
    return policies.may_enter(registration, purpose)


@hookimpl
async def check_departure(registration: RegistrationFacts) -> Decision | None:
    printed = await queries.slip_was_printed(registration.registration_id)
    return policies.may_close(registration, slip_issued=printed)


@hookimpl
async def collect_personal_data(visitor_id: UUID) -> Sequence[PersonalData]:
    from core.appointments import personal_data  # it queues notices, which name Plugins

    return [*await personal_data.stored(visitor_id), *await incident_data.stored(visitor_id)]


@hookimpl
async def do_erase(visitor_id: UUID) -> None:
    from core.appointments import personal_data  # it queues notices, which name Plugins

    await personal_data.erase(visitor_id)
    await incident_data.erase(visitor_id)


@hookimpl
async def collect_gate_lines(gate_id: UUID, site_id: UUID, at: datetime) -> Sequence[GateLine]:
    return await core_items.gate_lines(gate_id)


@hookimpl
async def collect_shift_figures(
    site_id: UUID, gate_id: UUID, since: datetime, until: datetime
) -> Sequence[Detail]:
    return await core_items.figures(site_id, gate_id, since, until)


@hookimpl
async def collect_open_items(site_id: UUID, gate_id: UUID, at: datetime) -> Sequence[OpenItem]:
    return await core_items.of_core(site_id)


@hookimpl
async def do_lock(record_kind: str, record: str) -> None:
    if record_kind == "deadline":
        await db.fetch("SELECT id FROM deadline WHERE id = {} FOR UPDATE", UUID(record))


@hookimpl
async def do_approved(request: ApprovalFacts) -> None:
    from core.deadlines import extending  # it asks for approvals, which name Plugins

    await extending.granted(request)


@hookimpl
async def do_rejected(request: ApprovalFacts) -> None:
    from core.deadlines import extending  # it asks for approvals, which name Plugins

    await extending.refused(request)


@hookimpl
async def on_event(event: Event) -> None:
    from core.registrations import held_alerts  # it queues notices, which name Plugins

    await held_alerts.tell_who_may_decide(event, _DECIDERS)
