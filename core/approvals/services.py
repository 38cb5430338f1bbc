"""Requests opened, voted on, sent back, submitted again and withdrawn; each vote is logged.

The owner of a kind learns of the end of a request in the same transaction: `do_approved`, or
`do_rejected` when it was rejected or withdrawn. What was sent back is told by the event
`approval.sent_back` and may be submitted again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from core import db, hiding
from core.approvals import chains, policies, saying, seating, states
from core.approvals.facts import APPROVE, CHOICES, SEND_BACK, NewRequest, Seat
from core.approvals.queries import ADMIN, known
from core.approvals.tables import ApprovalRequest, ApprovalSeat
from core.decisions import Deny
from core.errors import (
    InvalidInputError,
    NotFoundError,
    RefusedError,
    StaleError,
    WrongStateError,
)
from core.i18n import N_, Message
from core.log.services import record
from core.notices.services import tell
from core.permissions import Actor
from core.plugins import Plugins

LONGEST_OPINION = 2000


@dataclass(frozen=True, slots=True)
class _Cast:
    """What moved a request: a vote, a withdrawal, signers named anew."""

    choice: str
    by: str
    opinion: str


async def open_request(
    request: NewRequest, *, actor: Actor, at: datetime, plugins: Plugins
) -> UUID:
    """Open a request and ask the signers of its first step; joins the owner's transaction.

    RefusedError when some step could never pass with those who can sign it now.
    """
    async with db.writing():
        made = uuid4()
        row = ApprovalRequest(
            id=made,
            kind=request.kind,
            record_kind=request.record_kind,
            record=request.record,
            site=request.site_id,
            title=request.title.dump(),
            detail=request.detail.dump() if request.detail.msgid else "",
            url=request.url,
            page=request.page.replace("{request}", str(made)),
            requester=actor.id if actor.kind == "user" else None,
            requester_name=actor.name,
            state=states.OPEN,
            step=0,
            round=1,
            steps=chains.dump(request.steps),
            barred=chains.dump_ids(request.barred),
            payload=json.dumps(dict(request.payload), ensure_ascii=False),
            confidential=request.confidential,
            remind_hours=request.remind_hours,
            created_at=at,
            version=1,
        )
        await _refuse_impossible(row, at=at)
        await ApprovalRequest.insert(row)
        await record(
            actor,
            "approval.open",
            "approval",
            row.id,
            at=at,
            after={"kind": row.kind, "record": row.record, "steps": len(request.steps)},
        )
        await seating.begin(row, at=at)
        await tell(plugins, "approval.opened", row.id, at=at, site_id=row.site, payload=_told(row))
    return row.id


async def _refuse_impossible(row: ApprovalRequest, *, at: datetime) -> None:
    steps = chains.load(row.steps)
    if not steps:
        raise ValueError("a chain has at least one step")
    for step in steps:
        decision = await seating.judge(step, row, at=at)
        if isinstance(decision, Deny):
            raise RefusedError(decision)


def _told(row: ApprovalRequest) -> dict[str, str]:
    return {
        "kind": row.kind,
        "record_kind": row.record_kind,
        "record": row.record,
        "state": row.state,
    }


async def _take(
    request_id: UUID,
    act: str,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    version: int | None = None,
) -> ApprovalRequest:
    """Return a request locked for an act; NotFoundError for whom it does not exist.

    What it is about is locked first, the outermost record before its parts, as its owner's acts do.
    """
    row = await known(request_id, actor=actor, at=at)
    about = (row.record_kind, row.record)
    for pair in dict.fromkeys(((await hiding.owners([about]))[about], about)):
        await plugins.do_lock(*pair)
    await db.fetch("SELECT id FROM approval_request WHERE id = {} FOR UPDATE", request_id)
    row = await known(request_id, actor=actor, at=at)
    if version is not None and row.version != version:
        raise StaleError
    if not states.may(act, row.state):
        raise WrongStateError(N_("This request is not waiting for that any more."))
    return row


async def _move(row: ApprovalRequest, act: str, to: str, *, at: datetime) -> None:
    if not states.leads(act, row.state, to):
        raise ValueError(f"{act} does not lead from {row.state} to {to}")
    row.state = to
    row.decided_at = at if to in states.DECIDED else None
    row.version += 1
    await row.save(
        [
            ApprovalRequest.state,
            ApprovalRequest.step,
            ApprovalRequest.round,
            ApprovalRequest.detail,
            ApprovalRequest.payload,
            ApprovalRequest.decided_at,
            ApprovalRequest.version,
        ]
    )


async def vote(
    request_id: UUID,
    choice: str,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    opinion: str = "",
    instead_of: UUID | None = None,
    version: int | None = None,
) -> str:
    """Approve, reject or send back; return the request's state afterwards.

    `instead_of` says for whom a substitute of several signs. Who rejects or sends back says why.
    """
    if choice not in CHOICES:
        raise InvalidInputError({"choice": N_("Please choose one of the options.")})
    opinion = opinion.strip()[:LONGEST_OPINION]
    if choice != APPROVE and not opinion:
        raise InvalidInputError({"opinion": N_("Say why, so that it can be put right.")})
    async with db.writing():
        row = await _take(request_id, "vote", actor=actor, at=at, plugins=plugins, version=version)
        seats = await seating.present_seats(row)
        seat = await _seat_of(row, seats, actor, at, instead_of)
        seat.choice, seat.voted_at = choice, at
        seat.opinion = saying.sealed(row, seat.id, opinion)
        seat.voter, seat.voter_name = actor.id, actor.name
        await seat.save()
        await record(
            actor,
            "approval.vote",
            "approval",
            row.id,
            at=at,
            after={
                "round": row.round,
                "step": row.step,
                "choice": choice,
                "for": seat.holder_name if seat.holder != actor.id else "",
            },
        )
        cast = _Cast(choice, actor.name, opinion)
        await _follow(row, [seating.seat_facts(one) for one in seats], cast, at=at, plugins=plugins)
    return row.state


async def _seat_of(
    row: ApprovalRequest,
    seats: list[ApprovalSeat],
    actor: Actor,
    at: datetime,
    instead_of: UUID | None,
) -> ApprovalSeat:
    """Return the seat for which the actor votes: their own, or the one they stand in for."""
    if actor.kind != "user" or actor.id is None:
        raise NotFoundError
    instead = await seating.substitutions(
        day=seating.local_day(at), kind=row.kind, substitute=actor.id
    )
    facts = {one.holder: one for one in seats}
    barred = await seating.barred_of(row, at=at)
    found = policies.seats_open_to(
        actor.id, [seating.seat_facts(one) for one in seats], instead, barred
    )
    if instead_of is not None:
        found = [one for one in found if one.holder == instead_of]
    if not found:
        if actor.id in barred:
            raise RefusedError(Deny("own_request", N_("Nobody signs their own request."), "CORE-9"))
        raise WrongStateError(N_("There is nothing here for you to sign now."))
    if len(found) > 1:
        raise InvalidInputError({"instead_of": N_("Say for whom you sign: it is one vote.")})
    return facts[found[0].holder]


async def _follow(
    row: ApprovalRequest,
    seats: list[Seat],
    cast: _Cast,
    *,
    at: datetime,
    plugins: Plugins,
) -> None:
    """Go on to what the vote leads to: nothing yet, the next step, or the end."""
    if cast.choice == SEND_BACK:
        await _end(row, "vote", states.SENT_BACK, cast, at=at, plugins=plugins)
        return
    steps = chains.load(row.steps)
    result = policies.outcome(steps[row.step].rule, seats)
    if result == policies.FAILED:
        await _end(row, "vote", states.REJECTED, cast, at=at, plugins=plugins)
    elif result == policies.PASSED and row.step + 1 == len(steps):
        await _end(row, "vote", states.APPROVED, cast, at=at, plugins=plugins)
    elif result == policies.PASSED:
        row.step += 1
        await _move(row, "vote", states.OPEN, at=at)
        await seating.begin(row, at=at)
    else:
        await _move(row, "vote", states.OPEN, at=at)


_SAID: dict[str, Message] = {
    states.APPROVED: N_("Your request was approved."),
    states.REJECTED: N_("Your request was rejected."),
    states.SENT_BACK: N_("Your request was sent back. Put it right and submit it again."),
}


async def _end(
    row: ApprovalRequest,
    act: str,
    to: str,
    cast: _Cast,
    *,
    at: datetime,
    plugins: Plugins,
) -> None:
    await _move(row, act, to, at=at)
    facts = seating.facts_of(
        row,
        at=at,
        by=cast.by,
        opinion=cast.opinion,
    )
    if to == states.APPROVED:
        await plugins.do_approved(facts)
    elif to in states.DECIDED:
        await plugins.do_rejected(facts)
    if to in _SAID:
        await seating.tell_requester(row, _SAID[to], f"{to}:{row.round}", at=at)
    await tell(plugins, f"approval.{to}", row.id, at=at, site_id=row.site, payload=_told(row))


async def resubmit(
    request_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    detail: Message | None = None,
    payload: Mapping[str, str] | None = None,
) -> None:
    """Submit again what was sent back: a new round from the first step, earlier votes stay on record."""
    async with db.writing():
        row = await _take(request_id, "resubmit", actor=actor, at=at, plugins=plugins)
        _only_requester(row, actor)
        row.round, row.step = row.round + 1, 0
        if detail is not None:
            row.detail = detail.dump()
        if payload is not None:
            row.payload = json.dumps(dict(payload), ensure_ascii=False)
        await _refuse_impossible(row, at=at)
        await _move(row, "resubmit", states.OPEN, at=at)
        await record(
            actor, "approval.resubmit", "approval", row.id, at=at, after={"round": row.round}
        )
        await seating.begin(row, at=at)
        await tell(plugins, "approval.opened", row.id, at=at, site_id=row.site, payload=_told(row))


def _only_requester(row: ApprovalRequest, actor: Actor) -> None:
    if actor.kind != "system" and (actor.id is None or actor.id != row.requester):
        raise NotFoundError


async def withdraw(
    request_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins, reason: str = ""
) -> None:
    """Take back a request that is not decided yet; its requester alone may."""
    async with db.writing():
        row = await _take(request_id, "withdraw", actor=actor, at=at, plugins=plugins)
        _only_requester(row, actor)
        await record(actor, "approval.withdraw", "approval", row.id, at=at)
        cast = _Cast("", row.requester_name, reason)
        await _end(row, "withdraw", states.WITHDRAWN, cast, at=at, plugins=plugins)


async def reseat(request_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins) -> str:
    """Name the signers of the present step anew, after people came or went; votes cast stay.

    Return the request's state: with fewer signers the votes cast may suffice, or not any more.
    """
    async with db.writing():
        row = await _take(request_id, "reseat", actor=actor, at=at, plugins=plugins)
        if actor.kind != "system" and (
            not actor.may_at(ADMIN, row.site) if row.site else not actor.may(ADMIN)
        ):
            raise NotFoundError
        added, dropped = await seating.reseat(row, at=at)
        step = chains.load(row.steps)[row.step]
        seats = [seating.seat_facts(one) for one in await seating.present_seats(row)]
        decision = policies.may_begin(step.rule, [one.holder for one in seats], step.must)
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        await record(
            actor,
            "approval.reseat",
            "approval",
            row.id,
            at=at,
            after={"step": row.step, "added": added, "dropped": dropped},
        )
        await _follow(row, seats, _Cast("", actor.name, ""), at=at, plugins=plugins)
    return row.state
