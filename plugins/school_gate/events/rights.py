"""Who applies for class events, who sees them, who admits to them."""

from typing import Any
from uuid import UUID

from core.gate.facts import PassKind
from core.i18n import N_
from core.navigation import NavigationItem
from core.permissions import Actor, Permission, Role
from core.registrations.facts import Purpose
from plugins.school_gate.facts import CLASS_EVENT, EVENT_PASS, NAME
from plugins.school_gate.queries.rights import within

APPLY_EVENT = "school_gate:event:apply"
READ_EVENT = "school_gate:event:read"
ADMIT_EVENT = "school_gate:event:admit"
CANCEL_EVENT = "school_gate:event:cancel"
SEE_EVENT = (APPLY_EVENT, READ_EVENT, ADMIT_EVENT)

PERMISSIONS = (
    Permission(APPLY_EVENT, N_("Apply for events of one's own class")),
    Permission(READ_EVENT, N_("See class events and their lists")),
    Permission(ADMIT_EVENT, N_("Admit parents to class events")),
    Permission(CANCEL_EVENT, N_("Call class events off")),
)
ROLES = (
    Role("administrator", N_("Administrator"), frozenset(p.name for p in PERMISSIONS)),
    Role("gatekeeper", N_("Gatekeeper"), frozenset({READ_EVENT, ADMIT_EVENT})),
    Role("duty_officer", N_("Duty officer"), frozenset({READ_EVENT, ADMIT_EVENT, CANCEL_EVENT})),
    Role("grade_office", N_("Grade office"), frozenset({READ_EVENT})),
    Role("security_office", N_("Security office"), frozenset({READ_EVENT, CANCEL_EVENT})),
    Role("class_teacher", N_("Class teacher"), frozenset({APPLY_EVENT})),
)
PASS_KINDS = (PassKind(name=EVENT_PASS, label=N_("Parent at a class event"), plugin=NAME),)
PURPOSES = (
    Purpose(
        name=CLASS_EVENT,
        label=N_("Class event"),
        plugin=NAME,
        needs_host=False,
        needs_consent=False,
        order=16,
    ),
)
NAVIGATION = tuple(
    NavigationItem(
        label=N_("Class events"),
        path=f"/school-gate/{path}",
        permission=permission,
        order=195,
        icon="calendar",
        group=N_("School gate"),
    )
    for path, permission in (("events", READ_EVENT), ("my-events", APPLY_EVENT))
)


def teaches(actor: Actor) -> bool:
    """Say whether somebody may apply at all: they are a class teacher by the directory."""
    return actor.may(APPLY_EVENT) and actor.host_id is not None


def seen_by(actor: Actor) -> tuple[str, list[Any]]:
    """Return the condition that keeps out the events that somebody may not see, and its arguments.

    Guards see those that are at least approved or refused, offices all but drafts, teachers their own.
    """
    parts: list[str] = []
    args: list[Any] = []
    condition, more = within(actor, "g.site", READ_EVENT, ADMIT_EVENT)
    if condition != "1 = 0":
        parts.append(f"({condition} AND v.state <> 'draft')")
        args += more
    if teaches(actor):
        parts.append("c.teacher = {}")
        args.append(actor.host_id)
    return f"({' OR '.join(parts)})" if parts else "1 = 0", args


def is_teacher(actor: Actor, teacher_id: UUID | None, site_id: UUID) -> bool:
    """Say whether the actor is the class teacher of an event's class."""
    return (
        actor.host_id is not None
        and teacher_id == actor.host_id
        and actor.may_at(APPLY_EVENT, site_id)
    )
