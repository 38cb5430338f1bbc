"""Requests in lists and on their page; reads only. What one may not see is not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import db, hiding
from core.approvals import chains, policies, saying, seating
from core.approvals.facts import StepPlan, Substitution
from core.approvals.tables import ApprovalRequest, ApprovalSeat
from core.errors import NotFoundError
from core.i18n import Message
from core.permissions import Actor

READ, ADMIN = "core:approval:read", "core:approval:admin"
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One request in a list; `instead_of` names for whom a substitute would sign it.

    `page` is where its owner lets it be signed, empty for the core's own page.
    """

    id: UUID
    kind: str
    title: Message
    requester_name: str
    state: str
    created_at: datetime
    instead_of: tuple[str, ...] = ()
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLine:
    """One signer of a step as shown."""

    holder: UUID
    holder_name: str
    must: bool
    choice: str
    opinion: str
    voter_name: str
    voted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step of one round as shown; `state` is passed, failed, undecided, ahead or sent_back."""

    round: int
    label: Message
    needed: int
    state: str
    seats: tuple[SeatLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A request's whole page. `open_seats` are (user, name) for whom the reader may sign now.

    `page` is where its owner lets it be read and signed, empty for the core's own page.
    """

    id: UUID
    kind: str
    title: Message
    detail: Message
    url: str
    page: str
    requester_id: UUID | None
    requester_name: str
    state: str
    round: int
    created_at: datetime
    decided_at: datetime | None
    version: int
    steps: tuple[StepLine, ...]
    open_seats: tuple[tuple[UUID, str], ...]


async def known(request_id: UUID, *, actor: Actor, at: datetime) -> ApprovalRequest:
    """Return a request that somebody may know of; NotFoundError else, hidden or missing alike."""
    row = await ApprovalRequest.objects().get(ApprovalRequest.id == request_id)
    if not await _seen(row or _absent(request_id), actor, at=at) or row is None:
        raise NotFoundError
    return row


def _absent(request_id: UUID) -> ApprovalRequest:
    """Return what is asked about instead of a request that is not there."""
    return ApprovalRequest(
        id=request_id, kind="", record_kind=hiding.NOTHING, record=str(request_id), barred="[]"
    )


async def _seen(row: ApprovalRequest, actor: Actor, *, at: datetime) -> bool:
    """Say whether somebody may know of a request: its people, and readers unless confidential.

    Everything is asked before anything is decided: what it costs tells nothing of the answer.
    """
    if actor.kind == "system":
        return True
    if actor.id is None:
        return False
    owner = (row.record_kind, row.record)
    kept_out = await hiding.barred(*owner, at=at)
    hidden = await hiding.hidden_pairs([owner], actor=actor, at=at)
    seats = await ApprovalSeat.select(
        ApprovalSeat.holder, ApprovalSeat.voter, ApprovalSeat.dropped_at
    ).where(ApprovalSeat.request == row.id)
    instead = await seating.substitutions(
        day=seating.local_day(at), kind=row.kind, substitute=actor.id
    )
    if actor.id in kept_out:
        return False
    holders = {seat["holder"] for seat in seats if seat["dropped_at"] is None}
    if actor.id in holders | {row.requester} | {seat["voter"] for seat in seats}:
        return True
    reads = actor.may_at(READ, row.site) if row.site is not None else actor.may(READ)
    if reads and not row.confidential and not hidden:
        return True
    # Whoever signs instead of somebody who is kept out is kept out with them.
    return actor.id not in seating.named_bars(row) and any(
        one.principal in holders - kept_out for one in instead
    )


_WAITING = """
SELECT q.id, q.kind, q.record_kind, q.record, q.title, q.requester, q.requester_name, q.state,
       q.created_at, q.page, q.barred, q.round, q.step, s.holder, s.holder_name
FROM approval_seat s JOIN approval_request q ON q.id = s.request
WHERE q.state = 'open' AND s.round = q.round AND s.step = q.step AND s.choice = ''
  AND s.dropped_at IS NULL AND s.holder IN ({}) ORDER BY q.created_at, q.id
"""


async def waiting_for(actor: Actor, *, at: datetime) -> list[Line]:
    """Return what waits for somebody's signature, their own or as a substitute, oldest first."""
    if actor.kind != "user" or actor.id is None:
        return []
    instead = await _standing_in(actor.id, at)
    people = [actor.id, *{one.principal for one in instead.get("", [])}]
    for found in instead.values():
        people += [one.principal for one in found if one.principal not in people]
    places = ", ".join("{}" for _ in people)
    rows = await db.fetch(_WAITING.replace("({})", f"({places})"), *people)
    by_request: dict[UUID, list[db.Row]] = {}
    for row in rows:
        by_request.setdefault(row["id"], []).append(row)
    owners = {
        key: (found[0]["record_kind"], found[0]["record"]) for key, found in by_request.items()
    }
    record_bars = await hiding.barred_of(owners.values(), at=at)
    lines: list[Line] = []
    for request_id, found_rows in by_request.items():
        first = found_rows[0]
        barred = chains.load_ids(first["barred"]) | {first["requester"]}
        barred |= record_bars[owners[request_id]]
        spent = await _has_seat_or_vote(request_id, first["round"], first["step"], actor.id)
        own = any(row["holder"] == actor.id for row in found_rows)
        if actor.id in barred or (spent and not own):
            continue
        allowed = {one.principal for kind in ("", first["kind"]) for one in instead.get(kind, [])}
        names = tuple(r["holder_name"] for r in found_rows if r["holder"] in allowed - barred)
        if not own and not names:
            continue
        lines.append(
            Line(
                id=request_id,
                kind=first["kind"],
                title=Message.load(first["title"]),
                requester_name=first["requester_name"],
                state=first["state"],
                created_at=first["created_at"],
                instead_of=() if own else names,
                page=first["page"],
            )
        )
    return lines[:MOST]


async def _standing_in(person: UUID, at: datetime) -> dict[str, list[Substitution]]:
    rows = await db.fetch(
        "SELECT principal, substitute, kind FROM approval_substitute WHERE substitute = {}"
        " AND first_day <= {} AND last_day >= {} AND voided_at IS NULL",
        person,
        seating.local_day(at),
        seating.local_day(at),
    )
    found: dict[str, list[Substitution]] = {}
    for row in rows:
        one = Substitution(principal=row["principal"], substitute=row["substitute"])
        found.setdefault(row["kind"], []).append(one)
    return found


async def _has_seat_or_vote(request_id: UUID, round_: int, step: int, person: UUID) -> bool:
    rows = await db.fetch(
        "SELECT id FROM approval_seat WHERE request = {} AND round = {} AND step = {}"
        " AND dropped_at IS NULL AND (holder = {} OR voter = {}) LIMIT 1",
        request_id,
        round_,
        step,
        person,
        person,
    )
    return bool(rows)


async def own_requests(actor: Actor, *, at: datetime) -> list[Line]:
    """Return what somebody asked for, newest first; not what bars them by now."""
    if actor.kind != "user" or actor.id is None:
        return []
    rows = (
        await ApprovalRequest.objects()
        .where(ApprovalRequest.requester == actor.id)
        .order_by(ApprovalRequest.created_at, ascending=False)
        .limit(MOST)
    )
    record_bars = await hiding.barred_of([(r.record_kind, r.record) for r in rows], at=at)
    return [_line(row) for row in rows if actor.id not in record_bars[row.record_kind, row.record]]


async def of_record(record_kind: str, record_id: object) -> list[Line]:
    """Return the requests about a record, newest first; the caller decides who may see them."""
    rows = (
        await ApprovalRequest.objects()
        .where(ApprovalRequest.record_kind == record_kind, ApprovalRequest.record == str(record_id))
        .order_by(ApprovalRequest.created_at, ascending=False)
    )
    return [_line(row) for row in rows]


def _line(row: ApprovalRequest) -> Line:
    return Line(
        id=row.id,
        kind=row.kind,
        title=Message.load(row.title),
        requester_name=row.requester_name,
        state=row.state,
        created_at=row.created_at,
    )


async def shown(request_id: UUID, *, actor: Actor, at: datetime) -> Shown:
    """Return a request with every round's votes; NotFoundError for whom it does not exist."""
    row = await known(request_id, actor=actor, at=at)
    plans = chains.load(row.steps)
    seats = (
        await ApprovalSeat.objects()
        .where(ApprovalSeat.request == row.id, ApprovalSeat.dropped_at.is_null())
        .order_by(ApprovalSeat.round, ApprovalSeat.step, ApprovalSeat.holder_name)
    )
    present = [s for s in seats if (s.round, s.step) == (row.round, row.step)]
    open_seats: list[tuple[UUID, str]] = []
    if row.state == "open" and actor.kind == "user" and actor.id is not None:
        instead = await seating.substitutions(
            day=seating.local_day(at), kind=row.kind, substitute=actor.id
        )
        facts = [seating.seat_facts(s) for s in present]
        names = {s.holder: s.holder_name for s in present}
        barred = await seating.barred_of(row, at=at)
        mine = policies.seats_open_to(actor.id, facts, instead, barred)
        open_seats = [(s.holder, names[s.holder]) for s in mine]
    return Shown(
        id=row.id,
        kind=row.kind,
        title=Message.load(row.title),
        detail=Message.load(row.detail),
        url=row.url,
        page=row.page,
        requester_id=row.requester,
        requester_name=row.requester_name,
        state=row.state,
        round=row.round,
        created_at=row.created_at,
        decided_at=row.decided_at,
        version=row.version,
        steps=tuple(_steps(row, plans, seats)),
        open_seats=tuple(open_seats),
    )


def _steps(
    row: ApprovalRequest, plans: Sequence[StepPlan], seats: Sequence[ApprovalSeat]
) -> list[StepLine]:
    lines: list[StepLine] = []
    for round_ in range(1, row.round + 1):
        for number, plan in enumerate(plans):
            here = [s for s in seats if (s.round, s.step) == (round_, number)]
            if not here and round_ < row.round:
                continue
            facts = [seating.seat_facts(s) for s in here]
            state = policies.outcome(plan.rule, facts) if here else "ahead"
            if any(s.choice == "send_back" for s in here):
                state = "sent_back"
            lines.append(
                StepLine(
                    round=round_,
                    label=plan.label,
                    needed=policies.needed(plan.rule, len(here)) if here else 0,
                    state=state,
                    seats=tuple(
                        SeatLine(
                            holder=s.holder,
                            holder_name=s.holder_name,
                            must=s.must,
                            choice=s.choice,
                            opinion=saying.opened(row, s.id, s.opinion),
                            voter_name=s.voter_name if s.voter != s.holder else "",
                            voted_at=s.voted_at,
                        )
                        for s in here
                    ),
                )
            )
    return lines
