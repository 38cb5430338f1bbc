"""Review and re-review asked for, refused when late, given to the next higher body (GOV-33)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.deadlines import services as deadlines
from core.decisions import Deny
from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks, sealing
from plugins.government.matters import services, timeline
from plugins.government.matters.tables import Matter
from plugins.government.opinions import drafting, holding, papers, policies, queries
from plugins.government.opinions.facts import (
    HANDLING,
    LEVELS,
    NEXT_LEVEL,
    REREVIEW,
    REVIEW,
    AskFacts,
    OpinionView,
)
from plugins.government.opinions.tables import ReviewRequest
from plugins.government.units import queries as units

_ACTS = {REVIEW: "ask_review", REREVIEW: "ask_rereview"}
_STAGES = {HANDLING: "opinion", REVIEW: "reviewed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is entered of a request. `refuse` records a late one as refused."""

    asked_on: date
    in_writing: bool
    reasons: str
    evidence: str = ""
    good_reason: str = ""
    body_id: UUID | None = None
    body_confirmed: bool = False
    refuse: bool = False


async def contested(matter_id: UUID, stage: str) -> OpinionView | None:
    """Return the opinion against which review or re-review may be asked for at a stage."""
    last = queries.latest(await queries.of_matter(matter_id))
    return last if last is not None and _STAGES.get(last.level) == stage else None


async def next_body(opinion: OpinionView) -> UUID | None:
    """Return the next higher body above the one that gave an opinion."""
    if opinion.unit_id is None:
        return None
    return (await units.unit(opinion.unit_id)).parent_id


async def facts_of(opinion: OpinionView, asked: Asked, at: datetime) -> AskFacts:
    """Return what a request is judged by."""
    return AskFacts(
        level=NEXT_LEVEL[opinion.level],
        in_writing=asked.in_writing,
        reasons=asked.reasons,
        asked_on=asked.asked_on,
        issued_on=opinion.issued_on or asked.asked_on,
        today=site_time(at).date(),
        window_ends=await queries.window_ends(opinion, at=at),
        good_reason=asked.good_reason,
    )


async def ask(matter_id: UUID, asked: Asked, *, actor: Actor, at: datetime) -> str:
    """Enter a request for review or re-review; return open, or refused for a late one."""
    async with db.writing():
        row = await services.take(matter_id, actor, at)
        opinion = await contested(matter_id, row.stage)
        if opinion is None:
            raise WrongStateError(N_("At this stage there is nothing to ask review of."))
        facts = await facts_of(opinion, asked, at)
        if asked.refuse:
            await _refuse(row, opinion, asked, facts, actor=actor, at=at)
            return "refused"
        decision = policies.may_ask(facts)
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        body_id, other = await _body(opinion, asked)
        await _write(row, opinion, asked, facts, "open", body_id, other, actor=actor, at=at)
        await _take_up(row, opinion, asked, body_id, actor=actor, at=at)
    return "open"


async def _body(opinion: OpinionView, asked: Asked) -> tuple[UUID, bool]:
    """Return the body that answers and whether it is another than the next higher one."""
    above = await next_body(opinion)
    body_id = asked.body_id or above
    problems: dict[str, Message] = {}
    if body_id is None:
        problems["body"] = N_("Choose the body to which it goes.")
    elif body_id == opinion.unit_id:
        problems["body"] = N_("Nobody reviews their own opinion.")
    elif body_id != above and not asked.body_confirmed:
        problems["body_confirmed"] = N_(
            "This is not the next higher body. Tick here if it is competent all the same."
        )
    if problems or body_id is None:
        raise InvalidInputError(problems)
    return body_id, body_id != above


async def _write(
    row: Matter,
    opinion: OpinionView,
    asked: Asked,
    facts: AskFacts,
    state: str,
    body_id: UUID | None,
    other: bool,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    found = uuid4()

    def sealed(name: str, text: str) -> str:
        return sealing.seal(text.strip(), queries.REVIEWS, name, found)

    await ReviewRequest.insert(
        ReviewRequest(
            id=found,
            matter=row.id,
            opinion=opinion.id,
            level=facts.level,
            asked_on=asked.asked_on,
            state=state,
            late=facts.late,
            body=body_id,
            other_body=other,
            reasons_cipher=sealed("reasons_cipher", asked.reasons),
            evidence_cipher=sealed("evidence_cipher", asked.evidence),
            good_reason_cipher=sealed("good_reason_cipher", asked.good_reason),
            recorded_at=at,
            recorded_by_name=actor.name,
        )
    )


async def _take_up(
    row: Matter,
    opinion: OpinionView,
    asked: Asked,
    body_id: UUID,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    level = NEXT_LEVEL[opinion.level]
    await services.move(row, _ACTS[level], actor=actor, at=at, body=body_id)
    window = await clocks.running(row.id, queries.WINDOWS[opinion.level])
    if window is not None:
        await deadlines.finish(window, actor=actor, at=at, on=asked.asked_on)
    await holding.give(row, body_id, level, actor=actor, at=at)
    await clocks.start(
        row.id,
        queries.ANSWERS[level],
        number=row.number,
        site_id=row.site,
        event=N_("{level} asked for", level=LEVELS[level]),
        actor=actor,
        at=at,
        day=asked.asked_on,
    )
    text = (
        N_("Review asked for on {day}", day=asked.asked_on.isoformat())
        if level == REVIEW
        else N_("Re-review asked for on {day}", day=asked.asked_on.isoformat())
    )
    await timeline.note(
        row.id, "ask_review", text, actor=actor, at=at, shown_to=timeline.PETITIONER
    )
    await papers.review_notice(
        row,
        opinion,
        level=level,
        asked_on=asked.asked_on,
        body_id=body_id,
        actor=actor,
        at=at,
    )


async def _refuse(
    row: Matter,
    opinion: OpinionView,
    asked: Asked,
    facts: AskFacts,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Record a request that came too late and is refused; the opinion stands."""
    if not facts.late:
        raise InvalidInputError({"asked_on": N_("It is not late: it cannot be refused for that.")})
    if asked.good_reason.strip():
        raise InvalidInputError({"good_reason": N_("With a good reason it is accepted.")})
    await _write(row, opinion, asked, facts, "refused", None, False, actor=actor, at=at)
    await services.change(row, "review_refuse", {}, actor=actor, at=at, level=facts.level)
    await timeline.note(
        row.id,
        "review_refuse",
        N_(
            "Asked for on {day}, after the time to ask ended on {end}: refused",
            day=asked.asked_on.isoformat(),
            end=facts.window_ends.isoformat() if facts.window_ends else "",
        ),
        actor=actor,
        at=at,
        shown_to=timeline.PETITIONER,
    )
    await papers.review_notice(
        row,
        opinion,
        level=facts.level,
        asked_on=asked.asked_on,
        body_id=await next_body(opinion),
        actor=actor,
        at=at,
        refused="该申请超过规定期限，且未说明正当理由",
    )


async def begin_hearing(matter_id: UUID, first: date | None, *, actor: Actor, at: datetime) -> None:
    """Let the clock of a re-review rest for a hearing, whose time does not count (article 36)."""
    async with db.writing():
        row = await services.take(matter_id, actor, at)
        request, clock_id = await _rereview(row, actor)
        day = first or site_time(at).date()
        reason = N_("Hearing of the re-review").dump()
        await deadlines.pause(clock_id, reason=reason, actor=actor, at=at, first=day)
        await ReviewRequest.update({ReviewRequest.hearing_since: day}).where(
            ReviewRequest.id == request.id
        )
        await timeline.note(
            row.id,
            "hearing",
            N_("Hearing from {day}: this time does not count", day=day.isoformat()),
            actor=actor,
            at=at,
            shown_to=timeline.PETITIONER,
        )


async def end_hearing(matter_id: UUID, day: date | None, *, actor: Actor, at: datetime) -> None:
    """Let the clock of a re-review run on after the hearing."""
    async with db.writing():
        row = await services.take(matter_id, actor, at)
        request, clock_id = await _rereview(row, actor)
        until = day or site_time(at).date()
        await deadlines.resume(clock_id, actor=actor, at=at, day=until)
        await ReviewRequest.update({ReviewRequest.hearing_since: None}).where(
            ReviewRequest.id == request.id
        )
        await timeline.note(
            row.id,
            "hearing_over",
            N_("The hearing is over; the time runs on from {day}", day=until.isoformat()),
            actor=actor,
            at=at,
            shown_to=timeline.PETITIONER,
        )


async def _rereview(row: Matter, actor: Actor) -> tuple[ReviewRequest, UUID]:
    request = await drafting.open_request(row.id)
    clock_id = await clocks.running(row.id, clocks.REREVIEW)
    if request is None or request.level != REREVIEW or clock_id is None:
        raise WrongStateError(N_("No re-review is running."))
    await holding.require_speaks_for(request.body, actor, row.id)
    return request, clock_id
