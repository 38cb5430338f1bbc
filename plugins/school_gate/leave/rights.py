"""Who may see and do what with slips: own classes, own grades, own sites. Conditions for statements."""

from typing import Any

from core.i18n import N_
from core.navigation import NavigationItem
from core.permissions import Actor, Permission, Role
from plugins.school_gate.queries.rights import within

READ_LEAVE = "school_gate:leave:read"
ISSUE_LEAVE = "school_gate:leave:issue"
STAMP_LEAVE = "school_gate:leave:stamp"
RELEASE_LEAVE = "school_gate:leave:release"
SEE_LEAVE = (READ_LEAVE, ISSUE_LEAVE, STAMP_LEAVE, RELEASE_LEAVE)

PERMISSIONS = (
    Permission(READ_LEAVE, N_("See leave slips and who is out")),
    Permission(ISSUE_LEAVE, N_("Issue leave slips for one's own class")),
    Permission(STAMP_LEAVE, N_("Stamp leave slips")),
    Permission(RELEASE_LEAVE, N_("Let pupils go with a leave slip")),
)
ROLES = (
    Role("administrator", N_("Administrator"), frozenset(p.name for p in PERMISSIONS)),
    Role("gatekeeper", N_("Gatekeeper"), frozenset({RELEASE_LEAVE})),
    Role("duty_officer", N_("Duty officer"), frozenset({READ_LEAVE, RELEASE_LEAVE})),
    Role("discipline_office", N_("Discipline office"), frozenset({READ_LEAVE})),
    Role("security_office", N_("Security office"), frozenset({READ_LEAVE})),
    Role("grade_office", N_("Grade office"), frozenset({STAMP_LEAVE})),
    Role("class_teacher", N_("Class teacher"), frozenset({ISSUE_LEAVE})),
)

_GROUP = N_("School gate")
_MENU = (
    (N_("Slips at the gate"), "leave/gate", RELEASE_LEAVE, "hand", 192),
    (N_("Boarders"), "boarders", READ_LEAVE, "home", 193),
    (N_("Leave slips"), "leave", READ_LEAVE, "document", 194),
)
NAVIGATION = tuple(
    NavigationItem(
        label=label,
        path=f"/school-gate/{path}",
        permission=permission,
        order=order,
        icon=icon,
        group=_GROUP,
    )
    for label, path, permission, icon, order in _MENU
)


def teaches(actor: Actor) -> bool:
    """Say whether somebody may issue slips at all: they are a class teacher by the directory."""
    return actor.may(ISSUE_LEAVE) and actor.host_id is not None


def of_own_grade(actor: Actor) -> tuple[str, list[Any]]:
    """Return the condition that keeps an office to its grades; an office of no grade has them all."""
    condition, args = within(actor, "p.site", STAMP_LEAVE)
    if condition == "1 = 0" or actor.host_id is None or actor.kind == "system":
        return condition, args
    return f"({condition} AND (g.office IS NULL OR g.office = {{}}))", [*args, actor.host_id]


def seen_by(actor: Actor) -> tuple[str, list[Any]]:
    """Return the condition that keeps out the slips that somebody may not see, and its arguments."""
    parts: list[str] = []
    args: list[Any] = []
    gate, gate_args = within(actor, "p.site", RELEASE_LEAVE)
    for condition, more in (
        within(actor, "p.site", READ_LEAVE),
        of_own_grade(actor),
        (f"({gate} AND l.issued_at IS NOT NULL)" if gate != "1 = 0" else gate, gate_args),
    ):
        if condition == "1 = 1":
            return condition, []
        if condition != "1 = 0":
            parts.append(condition)
            args += more
    if teaches(actor):
        parts.append("c.teacher = {}")
        args.append(actor.host_id)
    return f"({' OR '.join(parts)})" if parts else "1 = 0", args
