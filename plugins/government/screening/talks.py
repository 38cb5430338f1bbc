"""Interviews recorded, further talks agreed, outlines put up for approval (GOV-14, 15, 18)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.appointments.policies import Window
from core.appointments.services import Proposal, propose
from core.approvals.facts import ApprovalFacts, NewRequest, StepPlan
from core.approvals.services import open_request
from core.errors import InvalidInputError, NotFoundError, StaleError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.plugins import Plugins
from core.visitors.matching import Person as Visiting
from plugins.government import sealing
from plugins.government.facts import MATTER
from plugins.government.intake.arrivals import at_reception, reception_room
from plugins.government.intake.facts import PURPOSE
from plugins.government.matters import services as matters
from plugins.government.matters import timeline
from plugins.government.people import services as people
from plugins.government.rights import DEPUTY, DIRECTOR, HEAD
from plugins.government.screening.queries import INTERVIEW_TEXTS
from plugins.government.screening.tables import FollowUp, ForeignReport, Interview
from plugins.government.signing.services import PAGE

OUTLINE = "government.outline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What an interview came to. `texts` by the names of queries.INTERVIEW_TEXTS."""

    room: str
    interviewers: str
    identity: str
    identity_checked: bool
    texts: Mapping[str, str]


async def record_interview(
    interview_id: UUID, held: Held, *, version: int, actor: Actor, at: datetime
) -> UUID:
    """Write down an interview as it was held; return its item (GOV-14)."""
    async with db.writing():
        row = await Interview.objects().get(Interview.id == interview_id)
        if row is None:
            raise NotFoundError
        await matters.take(row.matter, actor, at)
        await row.refresh()  # it may have changed while this waited for the lock
        if row.version != version:
            raise StaleError
        if not held.texts["facts"]:
            raise InvalidInputError({"facts": N_("Please fill this in.")})
        again = row.held_at is not None
        before = former(row) if again else {}
        row.held_at, row.room = row.held_at or at, held.room
        row.interviewers, row.identity = held.interviewers, held.identity
        row.identity_checked = held.identity_checked
        for name in INTERVIEW_TEXTS:
            sealed = sealing.seal(
                held.texts.get(name, ""), "government_interview", f"{name}_cipher", row.id
            )
            setattr(row, f"{name}_cipher", sealed)
        row.version += 1
        await row.save()
        changed = [name for name, old in before.items() if old and old != held.texts.get(name, "")]
        shown = {"number": row.number, "again": again, "fields": changed}
        await record(actor, "government.interview", MATTER, row.matter, at=at, after=shown)
        if changed:
            await timeline.note(
                row.matter,
                "correct",
                N_("Record of interview {number} changed; before:", number=row.number),
                actor=actor,
                at=at,
                body="\n".join(before[name] for name in changed),
                shown_to=timeline.OFFICE,
            )
        if not again:
            await timeline.note(
                row.matter,
                "interview",
                N_("Interview {number} held", number=row.number),
                actor=actor,
                at=at,
                shown_to=timeline.OFFICE,
            )
    return UUID(str(row.matter))


def former(row: Interview) -> dict[str, str]:
    """Return the texts of an interview's record as they stand."""
    return {
        name: sealing.unseal(
            getattr(row, f"{name}_cipher"), "government_interview", f"{name}_cipher", row.id
        )
        for name in INTERVIEW_TEXTS
    }


async def agree_on_talk(
    matter_id: UUID,
    window: Window,
    *,
    why: str,
    text: str,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> UUID:
    """Agree on another talk because it was not finished or material is missing (GOV-15).

    The core's appointment says only that somebody comes to the reception room.
    """
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        if row.petitioner is None:
            raise WrongStateError(N_("Nobody is known with whom a talk could be agreed."))
        person = await people.petitioner(row.petitioner)
        appointment = await propose(
            Proposal(
                site_id=row.site,
                person=Visiting(name=person.name, phone=person.phone, visitor_id=person.visitor_id),
                window=window,
                purpose=PURPOSE,
                host_text=await reception_room(row.site),
                head_count=1,
            ),
            actor=at_reception(actor),
            at=at,
            plugins=plugins,
            agreed=True,
        )
        made = uuid4()
        await FollowUp.insert(
            FollowUp(
                id=made,
                matter=matter_id,
                appointment=appointment,
                why=why,
                text_cipher=sealing.seal(text, "government_follow_up", "text_cipher", made),
                at=at,
                by_name=actor.name,
            )
        )
        shown = {"appointment": appointment, "why": why}
        await record(actor, "government.follow_up", MATTER, matter_id, at=at, after=shown)
        await timeline.note(
            matter_id,
            "follow_up",
            N_("Another talk was agreed"),
            actor=actor,
            at=at,
            shown_to=timeline.PETITIONER,
        )
    return made


async def put_up_outline(
    matter_id: UUID, text: str, *, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    """Let the head of the room, then the bureau, approve the outline of an answer (GOV-18)."""
    if not text.strip():
        raise InvalidInputError({"outline": N_("Please fill this in.")})
    async with db.writing():
        matter = await matters.take(matter_id, actor, at)
        row = await ForeignReport.objects().get(ForeignReport.matter == matter_id)
        if row is None:
            raise NotFoundError
        if row.request is not None:
            raise WrongStateError(
                N_("An outline waits for its signatures, or is approved already.")
            )
        request = await open_request(
            NewRequest(
                kind=OUTLINE,
                record_kind=MATTER,
                record=str(matter_id),
                title=N_("Outline of an answer, item {number}", number=matter.number),
                steps=(
                    StepPlan(label=N_("Head of the reception room"), roles=(HEAD,)),
                    StepPlan(label=N_("Head of the bureau"), roles=(DEPUTY, DIRECTOR)),
                ),
                url=f"/government/matters/{matter_id}",
                page=PAGE,
                site_id=matter.site,
                confidential=bool(matter.secret),
            ),
            actor=actor,
            at=at,
            plugins=plugins,
        )
        row.request = request
        row.outline_cipher = sealing.seal(
            text, "government_foreign_report", "outline_cipher", row.id
        )
        await row.save([ForeignReport.request, ForeignReport.outline_cipher])
        await record(actor, "government.outline", MATTER, matter_id, at=at)


async def reword_outline(request_id: UUID, text: str) -> None:
    """Change an outline that was sent back; joins the caller's transaction."""
    if not text.strip():
        raise InvalidInputError({"text": N_("Please fill this in.")})
    row = await ForeignReport.objects().get(ForeignReport.request == request_id)
    if row is None:
        raise NotFoundError
    row.outline_cipher = sealing.seal(
        text.strip(), "government_foreign_report", "outline_cipher", row.id
    )
    await row.save([ForeignReport.outline_cipher])


async def outline_approved(request: ApprovalFacts) -> None:
    """Note that an outline was approved by all who sign it; joins the last vote's transaction."""
    await ForeignReport.update(
        {ForeignReport.approved_at: request.at, ForeignReport.approved_by: request.decided_by}
    ).where(ForeignReport.request == request.id)


async def outline_rejected(request: ApprovalFacts) -> None:
    """Let another outline be put up after one was rejected or withdrawn."""
    await ForeignReport.update({ForeignReport.request: None}).where(
        ForeignReport.request == request.id
    )
