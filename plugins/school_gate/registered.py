"""What the school gate adds to the house by name: permissions, roles, purposes, passes, retention."""

from core.gate.facts import PassKind
from core.i18n import N_
from core.navigation import NavigationItem
from core.permissions import Permission, Role
from core.registrations.facts import Purpose
from plugins.school_gate.facts import (
    INTERN,
    NAME,
    OFFICIAL,
    PARENT,
    PUPIL,
    STAFF,
    STAFF_FAMILY,
    TRADER,
    VISITOR,
)

READ_PUPILS = "school_gate:pupil:read"
WRITE_PUPILS = "school_gate:pupil:write"
OWN_CLASS = "school_gate:class:own"
RECORD_GATE = "school_gate:gate:record"
WRITE_TIMETABLE = "school_gate:timetable:write"
RECORD_OFFENCE = "school_gate:offence:record"
READ_OFFENCES = "school_gate:offence:read"
VOID_OFFENCES = "school_gate:offence:void"
IMPORT_ROSTER = "school_gate:roster:import"
ISSUE_BADGES = "school_gate:badge:issue"
READ_FIGURES = "school_gate:figures:read"

PERMISSIONS = (
    Permission(READ_PUPILS, N_("See pupils, classes and guardians")),
    Permission(WRITE_PUPILS, N_("Change pupils and classes")),
    Permission(OWN_CLASS, N_("See the pupils of one's own class")),
    Permission(RECORD_GATE, N_("Record the opening and closing of gates")),
    Permission(WRITE_TIMETABLE, N_("Change the gates' timetable and the school calendar")),
    Permission(RECORD_OFFENCE, N_("Record pupils without a badge")),
    Permission(READ_OFFENCES, N_("See offences of pupils")),
    Permission(VOID_OFFENCES, N_("Void offences recorded by mistake")),
    Permission(IMPORT_ROSTER, N_("Import rosters")),
    Permission(ISSUE_BADGES, N_("Print, revoke and replace badges")),
    Permission(READ_FIGURES, N_("See the figures of the school gate")),
)

_GATE = frozenset({READ_PUPILS, RECORD_GATE, RECORD_OFFENCE})
ROLES = (
    Role("administrator", N_("Administrator"), frozenset(p.name for p in PERMISSIONS)),
    Role("gatekeeper", N_("Gatekeeper"), _GATE),
    Role(
        "duty_officer",
        N_("Duty officer"),
        _GATE | {READ_OFFENCES, READ_FIGURES, ISSUE_BADGES, WRITE_TIMETABLE},
    ),
    Role(
        "discipline_office",
        N_("Discipline office"),
        frozenset({READ_PUPILS, READ_OFFENCES, VOID_OFFENCES, READ_FIGURES}),
    ),
    Role(
        "grade_office",
        N_("Grade office"),
        frozenset({READ_PUPILS, READ_OFFENCES, READ_FIGURES}),
    ),
    Role(
        "class_teacher",
        N_("Class teacher"),
        frozenset({OWN_CLASS, "core:appointment:own"}),
    ),
)

PURPOSES = (
    Purpose(name=PARENT, label=N_("Parent"), plugin=NAME, order=10, public=True),
    Purpose(name=VISITOR, label=N_("School visitor"), plugin=NAME, order=11, public=True),
    Purpose(
        name=STAFF_FAMILY,
        label=N_("Family of staff"),
        plugin=NAME,
        needs_consent=False,
        order=12,
    ),
    Purpose(
        name=OFFICIAL,
        label=N_("Officials on duty"),
        plugin=NAME,
        needs_host=False,
        needs_consent=False,
        order=13,
    ),
    Purpose(
        name=TRADER,
        label=N_("Trader or canvasser"),
        plugin=NAME,
        needs_host=False,
        needs_consent=False,
        needs_document=False,
        order=14,
    ),
)

PASS_KINDS = (
    PassKind(name=PUPIL, label=N_("Pupil"), plugin=NAME),
    PassKind(name=INTERN, label=N_("Intern"), plugin=NAME),
    PassKind(name=STAFF, label=N_("School staff"), plugin=NAME),
)

_GROUP = N_("School gate")
_MENU = (
    (N_("Gates"), "gates", RECORD_GATE, "gate"),
    (N_("Without a badge"), "no-badge", RECORD_OFFENCE, "hand"),
    (N_("Pupils"), "pupils", READ_PUPILS, "people"),
    (N_("My class"), "my-class", OWN_CLASS, "school"),
    (N_("Classes"), "classes", READ_PUPILS, "school"),
    (N_("School staff"), "staff", ISSUE_BADGES, "badge"),
    (N_("Badges"), "badges", ISSUE_BADGES, "qr"),
    (N_("Rosters"), "roster", IMPORT_ROSTER, "upload"),
    (N_("Offences"), "offences", READ_OFFENCES, "warning"),
    (N_("Figures"), "figures", READ_FIGURES, "report"),
)
NAVIGATION = tuple(
    NavigationItem(
        label=label,
        path=f"/school-gate/{path}",
        permission=permission,
        order=200 + place,
        icon=icon,
        group=_GROUP,
    )
    for place, (label, path, permission, icon) in enumerate(_MENU)
)
