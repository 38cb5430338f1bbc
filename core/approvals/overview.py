"""Open requests as who administers approvals sees them: how long they wait, for whom, what is stuck.

What is confidential, or does not exist for the reader, is not there; reads only.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import db, hiding
from core.accounts.holders import accounts_of
from core.approvals import chains
from core.approvals.queries import ADMIN, MOST, READ
from core.approvals.tables import ApprovalRequest, ApprovalSeat
from core.i18n import Message
from core.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An open request. `gone` are signers waited for whose account is closed by now.

    `stuck`: it goes no further by itself, as nobody is asked or somebody asked is gone.
    """

    id: UUID
    title: Message
    requester_name: str
    created_at: datetime
    step: int
    steps: int
    label: Message
    waits_for: tuple[str, ...]
    gone: tuple[str, ...]
    reminded: int

    @property
    def stuck(self) -> bool:
        """Say whether somebody must name the signers anew."""
        return bool(self.gone) or not self.waits_for


async def open_requests(actor: Actor, *, at: datetime) -> list[Waiting]:
    """Return the open requests that somebody may read, those that are stuck first, then the oldest."""
    rows = await _rows(actor, at)
    seats = await _open_seats([row.id for row in rows])
    people = {seat.holder for found in seats.values() for seat in found}
    active = {one.id for one in await accounts_of(people)}
    found = [_waiting(row, seats[row.id], active) for row in rows]
    return sorted(found, key=lambda one: not one.stuck)


async def stuck_count(actor: Actor, *, at: datetime) -> int:
    """Return how many open requests wait for signers to be named anew."""
    if not actor.may(ADMIN):
        return 0
    return sum(one.stuck for one in await open_requests(actor, at=at))


async def _rows(actor: Actor, at: datetime) -> list[ApprovalRequest]:
    if not actor.may(READ):
        return []
    rows = (
        await ApprovalRequest.objects()
        .where(ApprovalRequest.state == "open", ApprovalRequest.confidential.eq(False))
        .order_by(ApprovalRequest.created_at)
        .limit(MOST)
    )
    mine = [row for row in rows if row.site is None or actor.may_at(READ, row.site)]
    owners = [(row.record_kind, row.record) for row in mine]
    hidden = await hiding.hidden_pairs(owners, actor=actor, at=at)
    bars = await hiding.barred_of(owners, at=at)
    return [
        row
        for row, owner in zip(mine, owners, strict=True)
        if owner not in hidden and actor.id not in bars[owner]
    ]


async def _open_seats(ids: Sequence[UUID]) -> dict[UUID, list[ApprovalSeat]]:
    found: dict[UUID, list[ApprovalSeat]] = defaultdict(list)
    if ids:
        places = ", ".join("{}" for _ in ids)
        rows = await db.fetch(
            "SELECT s.id FROM approval_seat s JOIN approval_request q ON q.id = s.request"  # noqa: S608
            " WHERE s.round = q.round AND s.step = q.step AND s.choice = '' AND s.dropped_at IS NULL"
            f" AND q.id IN ({places})",
            *ids,
        )
        seats = [row["id"] for row in rows]
        if seats:
            for seat in (
                await ApprovalSeat.objects()
                .where(ApprovalSeat.id.is_in(seats))
                .order_by(ApprovalSeat.holder_name)
            ):
                found[seat.request].append(seat)
    return found


def _waiting(row: ApprovalRequest, seats: Sequence[ApprovalSeat], active: set[UUID]) -> Waiting:
    steps = chains.load(row.steps)
    return Waiting(
        id=row.id,
        title=Message.load(row.title),
        requester_name=row.requester_name,
        created_at=row.created_at,
        step=row.step + 1,
        steps=len(steps),
        label=steps[row.step].label,
        waits_for=tuple(seat.holder_name for seat in seats if seat.holder in active),
        gone=tuple(seat.holder_name for seat in seats if seat.holder not in active),
        reminded=row.reminded,
    )
