"""Extensions that others must sign: asked for through approvals, granted with the last signature."""

import contextlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.approvals import services as approvals
from core.approvals.facts import ApprovalFacts, NewRequest, StepPlan
from core.deadlines import services
from core.deadlines.facts import LONGEST, UNITS
from core.deadlines.tables import Deadline
from core.errors import InvalidInputError, WrongStateError
from core.i18n import N_, Message
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins

KIND = "core.deadline_extension"
_AT_ONCE = 500


async def ask(
    deadline_id: UUID,
    *,
    length: int,
    unit: str,
    reason: str,
    steps: Sequence[StepPlan],
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    confidential: bool = False,
    page: str = "",
) -> UUID:
    """Ask the signers for more time; return the request. One request at a time for each clock.

    `page` is the owner's page on which it is read and signed.
    """
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why.")})
    if unit not in UNITS or not 1 <= length <= LONGEST:
        raise InvalidInputError({"length": N_("This value is not possible here.")})
    async with db.writing():
        row = await services.take(deadline_id, "running", "paused")
        if row.extension_asked is not None:
            raise WrongStateError(N_("More time was asked for already."))
        title = N_("More time for: {label}", label=Message.load(row.label))
        request = NewRequest(
            kind=KIND,
            record_kind="deadline",
            record=str(row.id),
            title=title,
            detail=Message.load(reason.strip()[:300]),
            steps=tuple(steps),
            url=row.url,
            page=page,
            site_id=row.site,
            confidential=confidential,
            payload=payload_of(length=length, unit=unit, reason=reason),
        )
        asked = await approvals.open_request(request, actor=actor, at=at, plugins=plugins)
        await Deadline.update({Deadline.extension_asked: asked}).where(Deadline.id == row.id)
    return asked


def payload_of(*, length: int, unit: str, reason: str) -> dict[str, str]:
    """Return what a request carries; one that was sent back may be submitted again with another."""
    return {"length": str(length), "unit": unit, "reason": reason.strip()[:300]}


async def granted(request: ApprovalFacts) -> None:
    """Extend a clock as its request says; nothing happens to one that was stopped meanwhile."""
    row = await _cleared(request)
    if row is None or row.state not in {"running", "paused"}:
        return
    await services.extend(
        row.id,
        length=int(request.payload["length"]),
        unit=request.payload["unit"],
        reason=request.payload["reason"],
        actor=Actor(kind="system", name=request.decided_by),
        at=request.at,
        approval=request.id,
    )


async def lapse(*, at: datetime, plugins: Plugins) -> int:
    """Withdraw what still waits for signatures though its clock was stopped; return how many."""
    rows = await db.fetch(
        "SELECT id, record FROM approval_request WHERE state = 'open' AND kind = {}", KIND
    )
    waiting = {UUID(row["record"]): row["id"] for row in rows}
    lapsed = 0
    for first in range(0, len(waiting), _AT_ONCE):
        some = list(waiting)[first : first + _AT_ONCE]
        for row in await Deadline.select(Deadline.id).where(
            Deadline.id.is_in(some), Deadline.state.not_in(["running", "paused"])
        ):
            with contextlib.suppress(WrongStateError):  # signed at this moment
                await approvals.withdraw(
                    waiting[row["id"]], actor=SYSTEM, at=at, plugins=plugins, reason="stopped"
                )
                lapsed += 1
    return lapsed


async def refused(request: ApprovalFacts) -> None:
    """Let more time be asked for again."""
    await _cleared(request)


async def _cleared(request: ApprovalFacts) -> Deadline | None:
    if request.kind != KIND:
        return None
    deadline_id = UUID(request.record)
    await db.fetch("SELECT id FROM deadline WHERE id = {} FOR UPDATE", deadline_id)
    await Deadline.update({Deadline.extension_asked: None}).where(Deadline.id == deadline_id)
    return await Deadline.objects().get(Deadline.id == deadline_id)
