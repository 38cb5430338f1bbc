"""What the lodge and the security office add by name: permissions, roles, purposes, passes, menu."""

from core.gate.facts import PassKind
from core.i18n import N_
from core.navigation import NavigationItem
from core.permissions import Permission, Role
from core.registrations.facts import Purpose
from plugins.school_gate.facts import FETCHING, NAME, RESIDENT

KEEP_DEPOSITS = "school_gate:deposit:keep"
NOTIFY_STAY = "school_gate:stay:notify"
WRITE_STAY = "school_gate:stay:write"
RELEASE_VALUABLES = "school_gate:valuable:release"
EXPLAIN_SLIPS = "school_gate:slip:explain"

PERMISSIONS = (
    Permission(KEEP_DEPOSITS, N_("Keep things for pupils and hand them out")),
    Permission(NOTIFY_STAY, N_("Tell the security office of long stays")),
    Permission(WRITE_STAY, N_("Register long stays and issue their badges")),
    Permission(RELEASE_VALUABLES, N_("Release valuables that are carried out")),
    Permission(EXPLAIN_SLIPS, N_("See open slips and explain missing stubs")),
)

_LODGE = frozenset({KEEP_DEPOSITS, NOTIFY_STAY, RELEASE_VALUABLES, EXPLAIN_SLIPS})
ROLES = (
    Role("administrator", N_("Administrator"), frozenset(p.name for p in PERMISSIONS)),
    Role("gatekeeper", N_("Gatekeeper"), _LODGE),
    Role("duty_officer", N_("Duty officer"), _LODGE | {WRITE_STAY}),
    Role(
        "security_office",
        N_("Security office"),
        frozenset(
            {
                WRITE_STAY,
                RELEASE_VALUABLES,
                EXPLAIN_SLIPS,
                "school_gate:pupil:read",
                "school_gate:offence:read",
                "school_gate:figures:read",
                "school_gate:timetable:write",
                "core:visitor:read",
                "core:registration:read",
                "core:registration:write",
                "core:registration:decide",
                "core:incident:read",
                "core:incident:write",
                "core:shift:read",
                "core:watch:read",
                "core:watch:write",
                "core:pass:read",
                "core:pass:revoke",
                "core:report:read",
                "core:gate:conflict",
                "core:approval:read",
            }
        ),
    ),
)

PURPOSES = (
    Purpose(
        name=FETCHING,
        label=N_("Brings or fetches a pupil, brings a meal"),
        plugin=NAME,
        needs_host=False,
        needs_consent=False,
        needs_document=False,
        order=10,
    ),
)

PASS_KINDS = (PassKind(name=RESIDENT, label=N_("Resident outsider"), plugin=NAME),)

_GROUP = N_("Lodge")
_MENU = (
    (N_("Things kept for pupils"), "deposits", KEEP_DEPOSITS, "inbox"),
    (N_("Open slips"), "slips", EXPLAIN_SLIPS, "document"),
    (N_("Valuables carried out"), "valuables", RELEASE_VALUABLES, "key"),
    (N_("Long stays"), "stays", WRITE_STAY, "home"),
    (N_("Announce a long stay"), "stays/new", NOTIFY_STAY, "home"),
    (N_("Things for my class"), "my-deposits", "school_gate:class:own", "inbox"),
)
NAVIGATION = tuple(
    NavigationItem(
        label=label,
        path=f"/school-gate/{path}",
        permission=permission,
        order=180 + place,
        icon=icon,
        group=_GROUP,
        at_gate=path in {"deposits", "valuables"},
    )
    for place, (label, path, permission, icon) in enumerate(_MENU)
)
