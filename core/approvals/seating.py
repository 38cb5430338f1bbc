"""Who signs a step: its seats made when it begins, its signers told and reminded."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from core import clock, db, hiding, settings
from core.accounts.holders import Holder, accounts_of, holders
from core.approvals import chains, policies
from core.approvals.facts import ApprovalFacts, Seat, StepPlan, Substitution
from core.approvals.tables import ApprovalRequest, ApprovalSeat, ApprovalSubstitute
from core.deadlines import holidays, rulebook
from core.decisions import Decision, Deny
from core.i18n import N_, Message
from core.log.services import record
from core.notices.services import EMAIL, IN_APP, notify
from core.permissions import SYSTEM

MOST_REMINDED = 200
# Who asks to be reminded sooner means it at any hour.
_A_DAY = 24


def local_day(at: datetime) -> date:
    """Return the day as the site's calendar shows it."""
    return clock.local(at, settings.load().zone).date()


async def barred_of(row: ApprovalRequest, *, at: datetime) -> frozenset[UUID]:
    """Return who never signs this request: its requester, those named, those its record bars now."""
    return named_bars(row) | await hiding.barred(row.record_kind, row.record, at=at)


def named_bars(row: ApprovalRequest) -> frozenset[UUID]:
    """Return who never signs this request whatever becomes of its record."""
    own = frozenset() if row.requester is None else frozenset({row.requester})
    return chains.load_ids(row.barred) | own


async def signers(step: StepPlan, row: ApprovalRequest, *, at: datetime) -> list[Holder]:
    """Return who can sign a step now: holders of its roles and named users, without the barred."""
    found = {one.id: one for one in await holders(step.roles, row.site)}
    found |= {one.id: one for one in await accounts_of(step.users)}
    barred = await barred_of(row, at=at)
    return [one for one in found.values() if one.id not in barred]


async def judge(step: StepPlan, row: ApprovalRequest, *, at: datetime) -> Decision:
    """Judge whether a step could pass with those who can sign it now."""
    able = [one.id for one in await signers(step, row, at=at)]
    return policies.may_begin(step.rule, able, step.must)


async def begin(row: ApprovalRequest, *, at: datetime) -> None:
    """Seat the signers of the request's present step and tell them.

    Where nobody can sign any more the step stands without seats, and the requester is told: an
    administrator names the signers anew.
    """
    step = chains.load(row.steps)[row.step]
    able = await signers(step, row, at=at)
    if isinstance(policies.may_begin(step.rule, [one.id for one in able], step.must), Deny):
        await record(SYSTEM, "approval.stuck", "approval", row.id, at=at, after={"step": row.step})
        await tell_requester(
            row,
            N_("Nobody can sign the next step of your request. Ask the administrator."),
            f"stuck:{row.round}:{row.step}",
            at=at,
        )
        return
    for one in able:
        await _seat(row, one, must=one.id in step.must)
    row.remind_at, row.reminded = await _reminder(at, row.remind_hours), 0
    await row.save([ApprovalRequest.remind_at, ApprovalRequest.reminded])
    await _ask(row, able, at=at)


async def _ask(row: ApprovalRequest, able: Sequence[Holder], *, at: datetime) -> None:
    """Tell those who were seated, and who signs instead of them these days, that they are asked."""
    ids = [one.id for one in able]
    who = [*able, *(one for one in await _stand_ins(row, ids, at=at) if one.id not in ids)]
    await tell_signers(row, who, "ask", N_("Please sign: {title}", title=title(row)), at=at)


async def _stand_ins(row: ApprovalRequest, ids: Iterable[UUID], *, at: datetime) -> list[Holder]:
    """Return who may sign instead of these people today."""
    instead = await substitutions(day=local_day(at), kind=row.kind, principals=ids)
    barred = await barred_of(row, at=at)
    return await accounts_of({one.substitute for one in instead} - barred)


async def _reminder(at: datetime, hours: int) -> datetime:
    """Return when signers are reminded next: in office hours, unless it is wanted within a day."""
    moment = at + timedelta(hours=hours)
    if hours < _A_DAY:
        return moment
    _, calendar = await holidays.calendar()
    local = clock.local(moment, settings.load().zone)
    return calendar.later(local, timedelta(0), await rulebook.office_hours(at))


async def _seat(row: ApprovalRequest, one: Holder, *, must: bool) -> None:
    await ApprovalSeat.insert(
        ApprovalSeat(
            id=uuid4(),
            request=row.id,
            round=row.round,
            step=row.step,
            holder=one.id,
            holder_name=one.name,
            must=must,
        )
    )


async def reseat(row: ApprovalRequest, *, at: datetime) -> tuple[list[str], list[str]]:
    """Seat those who can sign now and drop open seats of who cannot; return the names of both."""
    step = chains.load(row.steps)[row.step]
    able = {one.id: one for one in await signers(step, row, at=at)}
    seats = await present_seats(row)
    gone = [seat for seat in seats if not seat.choice and seat.holder not in able]
    there = {seat.holder for seat in seats} | {seat.voter for seat in seats}
    fresh = [one for key, one in able.items() if key not in there]
    for seat in gone:
        await ApprovalSeat.update({ApprovalSeat.dropped_at: at}).where(ApprovalSeat.id == seat.id)
    for one in fresh:
        await _seat(row, one, must=one.id in step.must)
    await _ask(row, fresh, at=at)
    return [one.name for one in fresh], [seat.holder_name for seat in gone]


async def present_seats(row: ApprovalRequest) -> list[ApprovalSeat]:
    """Return the seats of the request's present step."""
    return (
        await ApprovalSeat.objects()
        .where(
            ApprovalSeat.request == row.id,
            ApprovalSeat.round == row.round,
            ApprovalSeat.step == row.step,
            ApprovalSeat.dropped_at.is_null(),
        )
        .order_by(ApprovalSeat.holder_name)
    )


def seat_facts(seat: ApprovalSeat) -> Seat:
    """Return a seat as the policies see it."""
    return Seat(holder=seat.holder, must=seat.must, choice=seat.choice, voter=seat.voter)


async def substitutions(
    *, day: date, kind: str, substitute: UUID | None = None, principals: Iterable[UUID] = ()
) -> list[Substitution]:
    """Return what holds on a day for a kind, of one substitute or of several principals."""
    query = ApprovalSubstitute.select(
        ApprovalSubstitute.principal, ApprovalSubstitute.substitute
    ).where(
        ApprovalSubstitute.first_day <= day,
        ApprovalSubstitute.last_day >= day,
        ApprovalSubstitute.voided_at.is_null(),
        ApprovalSubstitute.kind.is_in(["", kind]),
    )
    if substitute is not None:
        query = query.where(ApprovalSubstitute.substitute == substitute)
    else:
        wanted = list(principals)
        if not wanted:
            return []
        query = query.where(ApprovalSubstitute.principal.is_in(wanted))
    return [
        Substitution(principal=found["principal"], substitute=found["substitute"])
        for found in await query
    ]


def title(row: ApprovalRequest) -> Message:
    """Return what is asked for, as its reader's language says it."""
    return Message.load(row.title)


async def tell_signers(
    row: ApprovalRequest, who: Iterable[Holder], key: str, text: Message, *, at: datetime
) -> None:
    """Tell signers in the app, and by e-mail that something waits: never what it is about."""
    place = f"approval:{row.id}:{row.round}:{row.step}:{key}"
    for one in who:
        await notify(
            key=f"{place}:{one.id}",
            channel=IN_APP,
            subject=N_("A signature is waited for"),
            body=text,
            at=at,
            user=one.id,
            url=f"/approvals/{row.id}",
        )
        if one.email:
            await notify(
                key=f"{place}:{one.id}:mail",
                channel=EMAIL,
                subject=N_("A signature is waited for"),
                body=N_("Something waits for your signature."),
                at=at,
                address=one.email,
                url=f"/approvals/{row.id}",
                locale=one.locale,
            )


async def tell_requester(row: ApprovalRequest, text: Message, key: str, *, at: datetime) -> None:
    """Tell the requester in the app how the request stands."""
    if row.requester is not None:
        await notify(
            key=f"approval:{row.id}:{key}",
            channel=IN_APP,
            subject=title(row),
            body=text,
            at=at,
            user=row.requester,
            url=f"/approvals/{row.id}",
        )


async def remind_due(at: datetime) -> int:
    """Remind the signers of what waits too long, each once for each span; return how many requests.

    Several servers may do this at once: the notices' keys are the same, so each is sent once.
    """
    due = (
        await ApprovalRequest.objects()
        .where(ApprovalRequest.state == "open", ApprovalRequest.remind_at <= at)
        .order_by(ApprovalRequest.remind_at)
        .limit(MOST_REMINDED)
    )
    for found in due:
        await _remind(found.id, at)
    return len(due)


async def _remind(request_id: UUID, at: datetime) -> None:
    async with db.writing():
        await db.fetch("SELECT id FROM approval_request WHERE id = {} FOR UPDATE", request_id)
        row = await ApprovalRequest.objects().get(ApprovalRequest.id == request_id)
        if row is None or row.state != "open" or row.remind_at is None or row.remind_at > at:
            return
        barred = await barred_of(row, at=at)
        open_now = [seat.holder for seat in await present_seats(row) if not seat.choice]
        waited = [one for one in open_now if one not in barred]
        signing = await accounts_of(waited)
        known = {one.id for one in signing}
        instead = [one for one in await _stand_ins(row, waited, at=at) if one.id not in known]
        row.reminded += 1
        row.remind_at = await _reminder(at, row.remind_hours)
        await row.save([ApprovalRequest.reminded, ApprovalRequest.remind_at])
        await tell_signers(
            row,
            [*signing, *instead],
            f"remind{row.reminded}",
            N_("Still waiting for your signature: {title}", title=title(row)),
            at=at,
        )


def facts_of(
    row: ApprovalRequest, *, at: datetime, by: str = "", opinion: str = ""
) -> ApprovalFacts:
    """Return a request as its owner is told of it."""
    return ApprovalFacts(
        id=row.id,
        kind=row.kind,
        record_kind=row.record_kind,
        record=row.record,
        site_id=row.site,
        requester_id=row.requester,
        requester_name=row.requester_name,
        state=row.state,
        round=row.round,
        at=at,
        decided_by=by,
        opinion=opinion,
        payload=json.loads(row.payload),
    )
