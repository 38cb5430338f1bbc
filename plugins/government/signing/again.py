"""What the signers sent back: put right and submitted again, or taken back by the office."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import db
from core.approvals import services as approvals
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.coordination.tables import Coordination
from plugins.government.handling.facts import ASSIGNMENT
from plugins.government.handling.facts import SIGNING as TO_SIGN
from plugins.government.handling.tables import Forwarding
from plugins.government.matters import services as matters
from plugins.government.matters import timeline
from plugins.government.rights import HANDLE
from plugins.government.signing import queries, wordings
from plugins.government.signing.facts import BEFORE, OPEN, PHASES, PLAN, Signed
from plugins.government.signing.services import TABLE
from plugins.government.signing.tables import Signing


async def returned(matter_id: UUID) -> list[Signed]:
    """Return the rounds of an item that the signers sent back, the latest first."""
    return [one for one in await queries.rounds(matter_id) if one.returned]


async def waiting(matter_id: UUID) -> list[Signed]:
    """Return the rounds of an item that are not decided yet."""
    return [one for one in await queries.rounds(matter_id) if one.state == OPEN]


async def put_right(
    matter_id: UUID,
    signing_id: UUID | None,
    text: str,
    *,
    due_on: date | None,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> None:
    """Change what was sent back and submit it again: every step signs anew.

    `due_on`: the new day of a transfer or assignment, None to leave it.
    """
    if not text.strip():
        raise InvalidInputError({"text": N_("Please fill this in.")})
    if due_on is not None and due_on <= site_time(at).date():
        raise InvalidInputError({"due_on": N_("Choose a day after today.")})
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        if not actor.may_at(HANDLE, row.site):
            raise NotFoundError
        found = next((one for one in await returned(matter_id) if one.id == signing_id), None)
        if found is None or found.approval is None:
            raise WrongStateError(N_("Nothing here was sent back by the signers."))
        writer = await writer_of(found.approval, actor)
        await wordings.keep(found.approval, matter_id, await _read(found), by=actor.name, at=at)
        cipher = sealing.seal(text.strip(), TABLE, "text_cipher", found.id)
        await Signing.update({Signing.text_cipher: cipher}).where(Signing.id == found.id)
        if found.phase == BEFORE:
            await _change_order(found.approval, text.strip(), due_on)
        elif found.phase == PLAN:
            await _change_plan(matter_id, text.strip())
        await approvals.resubmit(found.approval, actor=writer, at=at, plugins=plugins)
        await timeline.note(
            matter_id,
            "ask_signature",
            N_("{phase}: put right and submitted again", phase=PHASES[found.phase]),
            body=text.strip(),
            actor=actor,
            at=at,
            shown_to=timeline.OFFICE,
        )


async def _read(found: Signed) -> list[wordings.Line]:
    lines: list[wordings.Line] = [(PHASES[found.phase], found.text)]
    if found.phase == BEFORE:
        made = await Forwarding.objects().get(Forwarding.approval == found.approval)
        if made is not None:
            lines.append((N_("Report back by"), made.due_on))
    return lines


async def _change_order(request: UUID, text: str, due_on: date | None) -> None:
    made = await Forwarding.objects().get(
        (Forwarding.approval == request) & (Forwarding.state == TO_SIGN)
    )
    if made is None:
        return
    table = "government_forwarding"
    if made.kind == ASSIGNMENT:
        made.requirement_cipher = sealing.seal(text, table, "requirement_cipher", made.id)
    else:
        made.content_cipher = sealing.seal(text, table, "content_cipher", made.id)
    if due_on is not None:
        made.due_on = made.first_due_on = due_on
    await made.save()


async def _change_plan(matter_id: UUID, text: str) -> None:
    made = await Coordination.objects().get(
        (Coordination.matter == matter_id) & (Coordination.state == "planned")
    )
    if made is not None:
        made.plan_cipher = sealing.seal(text, "government_coordination", "plan_cipher", made.id)
        await made.save([Coordination.plan_cipher])


async def writer_of(request: UUID, actor: Actor) -> Actor:
    """Return who submits a request again: whoever asked, or the office for a colleague.

    RefusedError for somebody who signs it: nobody signs what they worded themselves.
    """
    found = await _for(request, actor)
    if found.kind == "user":
        return found
    if await db.fetch(
        "SELECT id FROM approval_seat WHERE request = {} AND holder = {} AND dropped_at IS NULL",
        request,
        actor.id,
    ):
        raise RefusedError(
            Deny(
                "signer_words",
                N_("You sign this yourself: leave the wording to who asked, or to a colleague."),
                "CORE-9",
            )
        )
    return found


async def _for(request: UUID, actor: Actor) -> Actor:
    """Return who acts on a request: whoever asked, or the office for a colleague who is away."""
    rows = await db.fetch("SELECT requester FROM approval_request WHERE id = {}", request)
    if rows and rows[0]["requester"] == actor.id:
        return actor
    return Actor(kind="system", name=actor.name)


async def withdraw(
    matter_id: UUID, signing_id: UUID | None, *, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    """Take back what waits for signatures or was sent back: it is ordered anew, or left."""
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        if not actor.may_at(HANDLE, row.site):
            raise NotFoundError
        found = next((one for one in await waiting(matter_id) if one.id == signing_id), None)
        if found is None or found.approval is None:
            raise WrongStateError(N_("Nothing waits for signatures here any more."))
        log: dict[str, Any] = {"phase": found.phase}
        await matters.change(row, "withdraw_signing", {}, actor=actor, at=at, **log)
        await timeline.note(
            matter_id,
            "withdraw_signing",
            N_("{phase}: taken back from the signers", phase=PHASES[found.phase]),
            actor=actor,
            at=at,
            shown_to=timeline.OFFICE,
        )
        await approvals.withdraw(
            found.approval, actor=await _for(found.approval, actor), at=at, plugins=plugins
        )
