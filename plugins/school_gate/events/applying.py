"""An application for a class event before its two offices: submitted, approved, not approved (SCH-12)."""

from datetime import datetime, timedelta
from uuid import UUID

from core import db
from core.approvals import services as approvals
from core.approvals.facts import ANY, ApprovalFacts, NewRequest, StepPlan
from core.errors import InvalidInputError
from core.i18n import N_, Message
from core.log.services import record
from core.passes import services as passes
from core.passes.services import NewPass
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.school_gate.events import policies, queries
from plugins.school_gate.events.facts import (
    APPLIED,
    APPROVED,
    REFUSED,
    SENT_BACK,
    WITHDRAWN,
    Applied,
)
from plugins.school_gate.events.queries import EventLine
from plugins.school_gate.events.services import RECORD, own, refuse_unless_changeable
from plugins.school_gate.events.tables import ClassEvent, EventGuest
from plugins.school_gate.facts import EVENT_PASS
from plugins.school_gate.leave import telling
from plugins.school_gate.queries import timetable

KIND = "school_gate.event"
GRADE_OFFICE, SECURITY_OFFICE = "grade_office", "security_office"


async def submit(event_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins) -> None:
    """Ask grade office and security office for their approval; again after it was sent back."""
    async with db.writing():
        line = await own(event_id, actor=actor)
        refuse_unless_changeable(line)
        rules = (await timetable.in_force(at)).values
        wrong = policies.problems(
            Applied(
                admits_from=line.admits_from,
                starts=line.starts_at,
                ends=line.ends_at,
                at=site_time(at),
            ),
            rules,
        )
        if wrong:
            raise InvalidInputError(wrong)
        if not line.guests:
            raise InvalidInputError({"": N_("At least one parent is on the list.")})
        if line.state == SENT_BACK and line.approval is not None:
            await approvals.resubmit(
                line.approval, actor=actor, at=at, plugins=plugins, detail=_detail(line)
            )
            return
        request_id = await approvals.open_request(
            NewRequest(
                kind=KIND,
                record_kind=RECORD,
                record=str(event_id),
                title=N_("{class_name}: {title}", class_name=line.class_name, title=line.title),
                detail=_detail(line),
                steps=await _steps(line),
                url=f"/school-gate/events/{event_id}",
                site_id=line.site_id,
                payload={"event": str(event_id)},
            ),
            actor=actor,
            at=at,
            plugins=plugins,
        )
        await ClassEvent.update({ClassEvent.state: APPLIED, ClassEvent.approval: request_id}).where(
            ClassEvent.id == event_id
        )
        await record(actor, "school_gate.event_submit", RECORD, event_id, at=at)


async def _steps(line: EventLine) -> tuple[StepPlan, ...]:
    own = await telling.teachers(line.office_id)
    grade = (
        StepPlan(label=N_("Grade office"), rule=ANY, users=tuple(own))
        if own
        else StepPlan(label=N_("Grade office"), rule=ANY, roles=(GRADE_OFFICE,))
    )
    return grade, StepPlan(label=N_("Security office"), rule=ANY, roles=(SECURITY_OFFICE,))


def _detail(line: EventLine) -> Message:
    return N_(
        "{day}, parents come in from {admits} to {ends}; {place}; {count} parents on the list. {note}",
        day=line.starts_at.date().isoformat(),
        admits=line.admits_from.strftime("%H:%M"),
        ends=line.ends_at.strftime("%H:%M"),
        place=line.place or "—",
        count=line.guests,
        note=line.note,
    )


async def carry_out(request: ApprovalFacts) -> None:
    """Open an event that both offices approved: every parent on the list gets a code."""
    if request.kind != KIND:
        return
    event_id = UUID(request.payload["event"])
    line = await queries.event_by_id(event_id)
    if line is None:
        return
    await ClassEvent.update({ClassEvent.state: APPROVED, ClassEvent.decided_at: request.at}).where(
        ClassEvent.id == event_id
    )
    guests = await queries.guests(event_id)
    issued = await passes.issue_many(
        [
            NewPass(
                kind=EVENT_PASS,
                holder_id=guest.id,
                site_id=line.site_id,
                not_before=request.at,
                expires=line.ends_at + timedelta(hours=12),
            )
            for guest in guests
        ],
        actor=SYSTEM,
        at=request.at,
    )
    for one in issued:
        await EventGuest.update({EventGuest.pass_id: one.pass_id}).where(
            EventGuest.id == one.holder_id
        )
    await record(
        SYSTEM, "school_gate.event_approved", RECORD, event_id, at=request.at,
        after={"guests": len(issued), "rule": "SCH-12", "by": request.decided_by},
    )  # fmt: skip


async def give_up(request: ApprovalFacts) -> None:
    """Note that an event was not approved, or that its application was withdrawn."""
    if request.kind != KIND:
        return
    event_id = UUID(request.payload["event"])
    state = REFUSED if request.state == "rejected" else WITHDRAWN
    await ClassEvent.update(
        {
            ClassEvent.state: state,
            ClassEvent.decided_at: request.at,
            ClassEvent.decision_note: request.opinion[:300],
        }
    ).where(ClassEvent.id == event_id)
    await record(
        SYSTEM, f"school_gate.event_{state}", RECORD, event_id, at=request.at,
        after={"by": request.decided_by},
    )  # fmt: skip
