"""Hot work asked for, granted or refused, over: each act is one transaction with the core's services."""

from datetime import datetime
from uuid import UUID, uuid4

from core import clock, db, settings
from core.approvals import services as approvals
from core.approvals.facts import ApprovalFacts, NewRequest, StepPlan
from core.deadlines import queries as clocks
from core.deadlines import services as deadlines
from core.deadlines.facts import NewDeadline
from core.documents import issuing
from core.errors import NotFoundError, WrongStateError
from core.holding import services as holding
from core.i18n import N_
from core.log.services import record
from core.notices.services import IN_APP, notify
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins
from laifang_contractors.hot_work import facts
from laifang_contractors.tables import ContractorsHotWork

PAGE = "/contractors"


async def ask(site_id: UUID, place: str, *, actor: Actor, at: datetime, plugins: Plugins) -> UUID:
    """Ask the safety officer for hot work; they have two working days."""
    if not actor.may_at(facts.ASK, site_id):
        raise NotFoundError
    async with db.writing():
        made = uuid4()
        row = ContractorsHotWork(
            id=made, site=site_id, place=place, state=facts.ASKED, asked_by=actor.id, asked_at=at
        )
        await ContractorsHotWork.insert(row)
        await record(actor, "contractors.hot_work_ask", facts.RECORD, made, at=at)
        await holding.hold(facts.RECORD, made, facts.SAFETY_OFFICE, actor=actor, at=at)
        await deadlines.start(
            NewDeadline(
                record_kind=facts.RECORD,
                record=str(made),
                name=facts.DECIDE.name,
                label=N_("Decide on hot work"),
                rule=facts.DECIDE,
                started_on=clock.local(at, settings.load().zone).date(),
                site_id=site_id,
                roles=(facts.SAFETY,),
                url=PAGE,
            ),
            actor=actor,
            at=at,
        )
        request = await approvals.open_request(
            NewRequest(
                kind=facts.REQUEST,
                record_kind=facts.RECORD,
                record=str(made),
                title=N_("Hot work: {place}", place=place),
                steps=(StepPlan(label=N_("Safety officer"), roles=(facts.SAFETY,)),),
                site_id=site_id,
                url=PAGE,
            ),
            actor=actor,
            at=at,
            plugins=plugins,
        )
        await ContractorsHotWork.update({ContractorsHotWork.request: request}).where(
            ContractorsHotWork.id == made
        )
    return made


async def granted(request: ApprovalFacts) -> None:
    """Issue the permit and let the site office answer for the work; in the signature's transaction."""
    row = await _of(request)
    paper = await issuing.take(
        facts.PERMIT,
        {"place": row.place, "granted_by": request.decided_by},
        record_kind=facts.RECORD,
        record_id=row.id,
        actor=SYSTEM,
        at=request.at,
    )
    await holding.pass_on(
        facts.RECORD,
        row.id,
        facts.site_office(row.site),
        reason=facts.STATES[facts.GRANTED].translate("zh_Hans"),
        actor=SYSTEM,
        at=request.at,
    )
    await _decided(row, facts.GRANTED, request)
    if row.asked_by is not None:
        await notify(
            key=f"contractors.permit/{row.id}/{row.asked_by}",
            channel=IN_APP,
            subject=facts.PERMIT.label,
            body=N_("The permit {number} can be printed.", number=paper.label),
            at=request.at,
            user=row.asked_by,
            url=f"/documents/{paper.id}",
        )


async def refused(request: ApprovalFacts) -> None:
    """Note that nothing burns; in the transaction that ends the request."""
    row = await _of(request)
    await _decided(row, facts.REFUSED, request)
    await holding.end(facts.RECORD, row.id, actor=SYSTEM, at=request.at)


async def _of(request: ApprovalFacts) -> ContractorsHotWork:
    row = await ContractorsHotWork.objects().get(ContractorsHotWork.id == UUID(request.record))
    if row is None:
        raise NotFoundError
    return row


async def _decided(row: ContractorsHotWork, state: str, request: ApprovalFacts) -> None:
    for one in await clocks.of_record(facts.RECORD, row.id, at=request.at):
        await deadlines.finish(one.id, actor=SYSTEM, at=request.at)
    await ContractorsHotWork.update({ContractorsHotWork.state: state}).where(
        ContractorsHotWork.id == row.id
    )


async def end(work_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Note that the work is over; nobody answers for it from now on."""
    async with db.writing():
        row = await ContractorsHotWork.objects().get(ContractorsHotWork.id == work_id)
        if row is None or not actor.may_at(facts.ASK, row.site):
            raise NotFoundError
        if row.state != facts.GRANTED:
            raise WrongStateError(N_("No hot work goes on here."))
        await ContractorsHotWork.update({ContractorsHotWork.state: facts.DONE}).where(
            ContractorsHotWork.id == work_id
        )
        await holding.end(facts.RECORD, work_id, actor=actor, at=at)
        await record(actor, "contractors.hot_work_end", facts.RECORD, work_id, at=at)
