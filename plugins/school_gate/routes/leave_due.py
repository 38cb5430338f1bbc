"""What is due from a class teacher or a grade office now: short, for the phone first."""

from datetime import datetime

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.response import Template

from core.approvals import queries as approvals
from core.gate.photos import photo_path
from core.permissions import Actor
from plugins.school_gate.leave import forms, queries
from plugins.school_gate.leave.facts import (
    ASKED,
    COMING,
    KINDS,
    MEANS,
    OUT,
    OVERDUE,
    READY,
    REFUSED,
    STANDINGS,
    TO_STAMP,
)
from plugins.school_gate.leave.rights import ISSUE_LEAVE, STAMP_LEAVE, teaches
from plugins.school_gate.leave.settling import settle


@get("/due", requires=ISSUE_LEAVE)
async def for_teacher(actor: NamedDependency[Actor], now: NamedDependency[datetime]) -> Template:
    """Show a class teacher what waits: slips to issue, refused ones, pupils who are out."""
    await settle(now)
    lines = await queries.of_own_class(actor, at=now)
    return Template(
        "school_gate/leave/due.html",
        context={
            "teaches": teaches(actor),
            "to_issue": queries.standing_in(lines, ASKED),
            "refused": queries.standing_in(lines, REFUSED),
            "missing": queries.standing_in(lines, OVERDUE),
            "running": queries.standing_in(lines, TO_STAMP, READY, COMING, OUT),
            "kinds": KINDS,
            "standings": STANDINGS,
            "photo_path": photo_path,
        },
    )


@get("/due/office", requires=STAMP_LEAVE)
async def for_office(actor: NamedDependency[Actor], now: NamedDependency[datetime]) -> Template:
    """Show a grade office the slips to stamp, each with all it must know, and its signatures."""
    await settle(now)
    lines = await queries.open_slips(actor, at=now)
    return Template(
        "school_gate/leave/office.html",
        context={
            "to_stamp": await queries.to_stamp(actor, at=now),
            "signatures": await approvals.waiting_for(actor, at=now),
            "missing": queries.standing_in(lines, OVERDUE),
            "kinds": KINDS,
            "means": MEANS,
            "standings": STANDINGS,
            "reason": forms.REASON,
            "photo_path": photo_path,
        },
    )


router = Router(path="/school-gate", route_handlers=[for_teacher, for_office])
