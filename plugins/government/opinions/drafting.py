"""Opinions drafted, signed, issued: one draft at a time, a signature, then the item moves along."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.approvals import services as approvals
from core.approvals.facts import ApprovalFacts, NewRequest, StepPlan
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_
from core.permissions import Actor
from core.plugins import Plugins, carrying
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.facts import MATTER
from plugins.government.handling import ended, ending
from plugins.government.handling.facts import ENDED
from plugins.government.matters import services, states, timeline
from plugins.government.matters.tables import Matter
from plugins.government.opinions import holding, papers, policies, queries
from plugins.government.opinions.facts import (
    DRAFT,
    HANDLING,
    ISSUED,
    LEVELS,
    OUTCOMES,
    REREVIEW,
    REVIEW,
    REVOKE,
    VOID,
    WAITING,
    Texts,
)
from plugins.government.opinions.tables import Opinion, ReviewRequest
from plugins.government.rights import DIRECTOR
from plugins.government.signing import wordings
from plugins.government.signing.facts import AFTER
from plugins.government.signing.services import PAGE, let_signers_read, steps_of
from plugins.government.units import queries as units
from plugins.government.units.facts import OFFICE

KIND = "government.opinion"
CLOCKS = {
    HANDLING: (
        clocks.INFORM,
        clocks.ANSWER,
        clocks.HANDLE,
        clocks.HANDLE_INTERNAL,
        clocks.REDO,
    ),
    REVIEW: (clocks.REVIEW,),
    REREVIEW: (clocks.REREVIEW,),
}


async def body_of(row: Matter, level: str) -> UUID | None:
    """Return the unit whose opinion is due: who holds the item, or who was asked for review."""
    if level == HANDLING:
        holder: UUID | None = row.holder
        return holder
    request = await open_request(row.id)
    return request.body if request is not None else None


async def open_request(matter_id: UUID) -> ReviewRequest | None:
    """Return the request for review that waits for its answer."""
    return await ReviewRequest.objects().get(
        (ReviewRequest.matter == matter_id) & (ReviewRequest.state == "open")
    )


async def save_draft(
    matter_id: UUID, outcome: str, texts: Texts, *, actor: Actor, at: datetime
) -> UUID:
    """Write or change the draft of the opinion that is due now."""
    async with db.writing():
        row = await services.take(matter_id, actor, at)
        level = policies.level_due(row.stage)
        if not level:
            raise WrongStateError(N_("No opinion is due at this stage."))
        if outcome not in OUTCOMES[level]:
            raise InvalidInputError({"outcome": N_("Say what the opinion comes to.")})
        body = await body_of(row, level)
        await holding.require_speaks_for(body, actor, matter_id)
        found = await Opinion.objects().get(
            (Opinion.matter == matter_id) & Opinion.state.is_in([DRAFT, WAITING])
        )
        if found is not None and found.state == WAITING:
            raise WrongStateError(N_("It waits for signature. Take it back first."))
        if found is None:
            rounds = await Opinion.count().where(
                Opinion.matter == matter_id, Opinion.level == level, Opinion.state != VOID
            )
            found = Opinion(
                id=uuid4(),
                matter=matter_id,
                level=level,
                round=rounds + 1,
                state=DRAFT,
                drafted_at=at,
                drafted_by=actor.id,
                drafted_by_name=actor.name,
            )
        found.unit, found.outcome = body, outcome
        found.texts_cipher = queries.sealed_texts(found.id, texts)
        found.version += 1
        await found.save()
        await services.change(row, "opinion_draft", {}, actor=actor, at=at, level=level)
    return found.id


async def _is_due(row: Matter, found: Opinion) -> None:
    """Raise WrongStateError unless a draft is the opinion that is due now, of the body that gives it."""
    if not await _answers_now(row, found):
        raise WrongStateError(
            N_("Another body answers for the item now, or it is further along. Look at it again.")
        )


async def _answers_now(row: Matter, found: Opinion) -> bool:
    same_level = policies.level_due(row.stage) == found.level
    return same_level and await body_of(row, found.level) == found.unit


async def _judge(found: Opinion) -> None:
    """Raise RefusedError unless the opinion is fit to be issued."""
    opinions = await queries.of_matter(found.matter)
    before = queries.revoked(opinions) if found.level == HANDLING else None
    decision = policies.may_issue(
        found.level,
        found.outcome,
        queries.opened_texts(found.id, found.texts_cipher),
        revoked=(before.outcome, before.texts) if before is not None else None,
    )
    if isinstance(decision, Deny):
        raise RefusedError(decision)


async def _steps(
    found: Opinion, row: Matter, *, actor: Actor, at: datetime
) -> tuple[StepPlan, ...]:
    """Return who signs: the heads of the unit, or for the office whom the settings name (GOV-30)."""
    if found.unit is not None and (await units.unit(found.unit)).kind != OFFICE:
        heads = tuple(one[0] for one in await units.staff(found.unit, head=True))
        if not heads:
            raise InvalidInputError(
                {"": N_("Nobody signs for this body here. Record the opinion as it came.")}
            )
        return (StepPlan(label=N_("Head of the body"), users=heads),)
    return await steps_of(row.source, AFTER, actor=actor, at=at) or (
        StepPlan(label=N_("Director approves"), roles=(DIRECTOR,)),
    )


async def submit(opinion_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins) -> None:
    """Ask for the signatures under a draft."""
    async with db.writing():
        row, found = await _take(opinion_id, actor, at, DRAFT)
        await _is_due(row, found)
        await _judge(found)
        if await _sent_back(found, actor, at, plugins):
            return
        steps = await _steps(found, row, actor=actor, at=at)
        await let_signers_read(row, steps, at)
        found.approval = await approvals.open_request(
            NewRequest(
                kind=KIND,
                record_kind=MATTER,
                record=str(row.id),
                title=N_("{level} on {number}", level=LEVELS[found.level], number=row.number),
                detail=OUTCOMES[found.level][found.outcome],
                steps=steps,
                url=f"/government/matters/{row.id}#opinions",
                page=PAGE,
                site_id=row.site,
                confidential=bool(row.secret),
                payload={"opinion": str(found.id)},
            ),
            actor=actor,
            at=at,
            plugins=plugins,
        )
        found.state = WAITING
        await found.save([Opinion.state, Opinion.approval])
        await timeline.note(
            row.id,
            "opinion_submit",
            N_("{level}: put forward for signature", level=LEVELS[found.level]),
            actor=actor,
            at=at,
        )


async def _sent_back(found: Opinion, actor: Actor, at: datetime, plugins: Plugins) -> bool:
    """Submit again what the signers sent back; say whether there was such a request."""
    if found.approval is None:
        return False
    rows = await db.fetch(
        "SELECT requester, state FROM approval_request WHERE id = {}", found.approval
    )
    if not rows or rows[0]["state"] != "sent_back":
        return False
    if rows[0]["requester"] != actor.id:  # a colleague asks anew; the former request is over
        await approvals.withdraw(
            found.approval, actor=Actor(kind="system", name=actor.name), at=at, plugins=plugins
        )
        return False
    await approvals.resubmit(found.approval, actor=actor, at=at, plugins=plugins)
    found.state = WAITING
    await found.save([Opinion.state])
    return True


async def take_back(opinion_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins) -> None:
    """Take an opinion back from the signers, to change it; sent back ones return by themselves."""
    async with db.writing():
        _, found = await _take(opinion_id, actor, at, WAITING)
        rows = await db.fetch("SELECT state FROM approval_request WHERE id = {}", found.approval)
        if rows and rows[0]["state"] == "open":
            if found.approval is not None:
                # Whoever speaks for the body may, also for a colleague who put it forward.
                office = Actor(kind="system", name=actor.name)
                await approvals.withdraw(found.approval, actor=office, at=at, plugins=plugins)
            return
        if found.approval is not None:
            texts = queries.opened_texts(found.id, found.texts_cipher)
            lines = (
                (N_("What it comes to"), OUTCOMES[found.level][found.outcome]),
                (N_("Demands of the petitioner"), texts.claims),
                (N_("Facts found and reasons"), texts.facts),
                (N_("Laws and rules it rests on"), texts.basis),
                (N_("The opinion"), texts.decision),
            )
            await wordings.keep(found.approval, found.matter, lines, by=actor.name, at=at)
        found.state = DRAFT
        await found.save([Opinion.state])


async def _take(
    opinion_id: UUID, actor: Actor, at: datetime, *among: str
) -> tuple[Matter, Opinion]:
    """Return an item, locked, and its opinion for an act of whoever speaks for the body."""
    row = await services.take(await queries.matter_of(opinion_id), actor, at)
    found = await Opinion.objects().get(Opinion.id == opinion_id)
    if found is None:
        raise NotFoundError
    await holding.require_speaks_for(found.unit, actor, row.id)
    if found.state not in among:
        raise WrongStateError(N_("The opinion is further along than that. Look at it again."))
    return row, found


async def approved(request: ApprovalFacts) -> None:
    """Issue the opinion that was signed, in the transaction of the last signature."""
    found = await queries.by_approval(request.id)
    if found is None or found.state != WAITING:
        return
    signer = Actor(kind="system", name=request.decided_by)
    row = await services.take(found.matter, signer, request.at)
    if not await _answers_now(row, found):
        # It went to another body while this waited: what is signed is not issued in its name.
        found.state, found.approval = DRAFT, None
        await found.save([Opinion.state, Opinion.approval])
        text = N_("Signed, but another body answers for the item now: it is not issued")
        await timeline.note(
            row.id, "opinion_drop", text, actor=signer, at=request.at, shown_to=timeline.OFFICE
        )
        return
    found.signed_by = ", ".join(await _signers(request.id)) or request.decided_by
    await _issue(row, found, actor=signer, at=request.at, plugins=carrying())


async def _signers(request_id: UUID) -> list[str]:
    rows = await db.fetch(
        "SELECT voter_name FROM approval_seat WHERE request = {} AND choice = 'approve'"
        " ORDER BY step, voted_at",
        request_id,
    )
    return list(dict.fromkeys(row["voter_name"] for row in rows))


async def rejected(request: ApprovalFacts) -> None:
    """Let a rejected or withdrawn opinion be changed."""
    found = await queries.by_approval(request.id)
    if found is not None and found.state == WAITING:
        found.state, found.approval = DRAFT, None
        await found.save([Opinion.state, Opinion.approval])


async def record_received(
    opinion_id: UUID,
    *,
    label: str,
    signed_by: str,
    issued_on: date,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> None:
    """Record an opinion that a body without accounts here gave on paper."""
    async with db.writing():
        row, found = await _take(opinion_id, actor, at, DRAFT)
        problems = {}
        if not label.strip():
            problems["label"] = N_("Give the number that stands on it.")
        if not signed_by.strip():
            problems["signed_by"] = N_("Say who signed it.")
        if issued_on > site_time(at).date() or issued_on < row.day:
            problems["issued_on"] = N_("This day cannot be right.")
        if problems:
            raise InvalidInputError(problems)
        if found.unit is None or await units.staff(found.unit, head=True):
            raise WrongStateError(N_("This body signs here: put the draft forward."))
        await _is_due(row, found)
        await _judge(found)
        found.label, found.signed_by = label.strip()[:60], signed_by.strip()[:200]
        await _issue(row, found, actor=actor, at=at, plugins=plugins, on=issued_on)


async def _issue(
    row: Matter,
    found: Opinion,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    on: date | None = None,
) -> None:
    """Issue an opinion: it stands, its clocks end, the item moves to where the outcome leads."""
    found.state, found.issued_at = ISSUED, at
    found.issued_on = on or site_time(at).date()
    if found.label:
        found.document = await papers.outside(row, found, actor=actor, at=at)
    else:
        found.document, found.label = await papers.opinion(row, found, actor=actor, at=at)
    await found.save()
    # What came on paper was given on its own day, not on that of its entry here.
    await clocks.finish(row.id, *CLOCKS[found.level], actor=actor, at=at, on=found.issued_on)
    if found.level == HANDLING:
        await ending.end(row.id, state=ENDED, actor=actor, at=at)
    act = "decide"
    if found.level != HANDLING:
        request = await open_request(row.id)
        if request is not None:
            request.state, request.decided_at, request.hearing_since = "decided", at, None
            await request.save()
        act = "decide_review" if found.level == REVIEW else "conclude"
        if found.outcome == REVOKE:
            act = "redo"
    await services.move(
        row, act, actor=actor, at=at, level=found.level, outcome=found.outcome, label=found.label
    )
    await _tell(row, found, actor=actor, at=at)
    if row.stage not in states.OPEN:
        await ended.end(row, actor=actor, at=at, plugins=plugins)
    if act == "redo":
        await _handle_anew(row, found, actor=actor, at=at)


async def _tell(row: Matter, found: Opinion, *, actor: Actor, at: datetime) -> None:
    said: dict[str, Any] = {
        "level": LEVELS[found.level],
        "label": found.label,
        "outcome": OUTCOMES[found.level][found.outcome],
    }
    text = (
        N_("{level} issued: {outcome}", **said)
        if not found.label
        else N_("{level} {label} issued: {outcome}", **said)
    )
    await timeline.note(
        row.id, "opinion_issue", text, actor=actor, at=at, shown_to=timeline.PETITIONER
    )
    if row.stage == states.FINAL:
        await timeline.note(
            row.id,
            "path_ends",
            N_("With the re-review the procedure of petitions ends."),
            actor=actor,
            at=at,
            shown_to=timeline.PETITIONER,
        )


async def _handle_anew(row: Matter, found: Opinion, *, actor: Actor, at: datetime) -> None:
    """Give an item whose opinion was revoked back to the unit that gave it, with a clock."""
    opinions = await queries.of_matter(row.id)
    before = queries.revoked(opinions)
    unit_id = await holding.gets_back(row, before.unit_id if before is not None else None, at)
    if unit_id is not None:
        await holding.give(row, unit_id, "redo", actor=actor, at=at)
    await clocks.start(
        row.id,
        clocks.REDO,
        number=row.number,
        site_id=row.site,
        event=N_("The opinion was revoked and is to be handled anew"),
        actor=actor,
        at=at,
        day=found.issued_on,
    )
