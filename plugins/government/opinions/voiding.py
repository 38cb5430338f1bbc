"""An issued opinion with a mistake in it, declared void before anybody has it: it is due again (CORE-12).

The number stays taken. Its words stand in a new draft, to be put right and signed anew.
"""

from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.deadlines import services as deadlines
from core.documents import services as documents
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.permissions import Actor
from plugins.government import clocks
from plugins.government.facts import MATTER
from plugins.government.matters import services, timeline
from plugins.government.matters.access import places
from plugins.government.matters.tables import Matter
from plugins.government.opinions import holding, queries
from plugins.government.opinions.drafting import CLOCKS
from plugins.government.opinions.facts import DRAFT, HANDLING, ISSUED, LEVELS, REVOKE, VOID, Texts
from plugins.government.opinions.tables import Opinion, ReviewRequest


async def void(opinion_id: UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """Declare an opinion void that was neither delivered nor told; its clocks run on as they stood."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why the paper is void.")})
    async with db.writing():
        row = await services.take(await queries.matter_of(opinion_id), actor, at)
        found = await Opinion.objects().get(Opinion.id == opinion_id)
        if found is None:
            raise NotFoundError
        await holding.require_speaks_for(found.unit, actor, row.id)
        last = queries.latest(await queries.of_matter(row.id))
        if last is None or last.id != opinion_id or found.state != ISSUED:
            raise WrongStateError(
                N_("This opinion does not stand any more, or another followed it.")
            )
        if last.delivered is not None or last.told_on is not None or last.outcome == REVOKE:
            raise WrongStateError(
                N_("It was told or delivered, or carried out: it cannot be declared void any more.")
            )
        await services.move(row, "void_opinion", actor=actor, at=at, level=found.level)
        if found.document is not None:
            await documents.void(found.document, reason.strip()[:500], actor=actor, at=at)
        await _draft_again(found, last.texts, actor, at)
        await _run_on(row, found, actor=actor, at=at)
        await timeline.note(
            row.id,
            "opinion_void",
            N_(
                "{level} {label} is void; it is given anew",
                level=LEVELS[found.level],
                label=found.label,
            ),
            actor=actor,
            at=at,
            shown_to=timeline.PETITIONER,
        )


async def _draft_again(found: Opinion, texts: Texts, actor: Actor, at: datetime) -> None:
    """Let the words of a void opinion stand in a draft: nothing is typed twice."""
    found.state = VOID
    await found.save([Opinion.state])
    made = uuid4()
    await Opinion.insert(
        Opinion(
            id=made,
            matter=found.matter,
            level=found.level,
            round=found.round,
            state=DRAFT,
            unit=found.unit,
            outcome=found.outcome,
            texts_cipher=queries.sealed_texts(made, texts),
            drafted_at=at,
            drafted_by=actor.id,
            drafted_by_name=actor.name,
        )
    )


async def _run_on(row: Matter, found: Opinion, *, actor: Actor, at: datetime) -> None:
    """Let the clocks run on that the opinion had stopped, and the request for review wait again."""
    names = [f"government.{one}" for one in CLOCKS[found.level] if one != clocks.INFORM]
    for clock in await db.fetch(
        "SELECT id FROM deadline WHERE record_kind = {} AND record = {} AND state = 'finished'"
        f" AND finished_on = {{}} AND name IN ({places(names)})",
        MATTER,
        str(row.id),
        found.issued_on,
        *names,
    ):
        await deadlines.reopen(clock["id"], actor=actor, at=at)
    if found.level == HANDLING:
        return
    asked = (
        await ReviewRequest.objects()
        .where(
            ReviewRequest.matter == row.id,
            ReviewRequest.level == found.level,
            ReviewRequest.state == "decided",
        )
        .order_by(ReviewRequest.recorded_at, ascending=False)
        .first()
    )
    if asked is not None:
        asked.state, asked.decided_at = "open", None
        await asked.save([ReviewRequest.state, ReviewRequest.decided_at])
