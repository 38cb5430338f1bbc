"""Call-backs (回访): whom the office rings up about their satisfaction, and what came of it (GOV-52)."""

from datetime import datetime, timedelta
from uuid import UUID

from core import db
from core.errors import InvalidInputError, NotFoundError
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from plugins.government.asking import queries, ratings
from plugins.government.asking.facts import CALL, OFFICE, SCORES, UNIT
from plugins.government.asking.policies import ratable
from plugins.government.asking.tables import Rating
from plugins.government.facts import MATTER
from plugins.government.matters import access, states, timeline
from plugins.government.matters import queries as matters
from plugins.government.matters.facts import MatterLine
from plugins.government.people import services as people
from plugins.government.rights import HANDLE

ACT = "call_back"
SINCE = timedelta(days=90)
TRIES = 3
DONE = (states.ANSWERED, states.FINAL, states.CLOSED, states.ARCHIVED)
PAGE = 50


async def due(
    actor: Actor, *, at: datetime, page: int = 1, size: int = PAGE
) -> tuple[list[MatterLine], int]:
    """Return one page of ended items whose petitioner said nothing yet and can be rung up.

    Not those that ended long ago, nor whom nobody reached three times.
    """
    here, sites = access.within(actor, HANDLE)
    return await matters.matters(
        actor,
        matters.Filter(),
        at=at,
        page=page,
        size=size,
        extra=(
            f"{here} AND m.stage IN ({access.places(DONE)}) AND m.closed_at >= {{}} AND m.erased_at IS NULL"
            " AND EXISTS (SELECT 1 FROM government_petitioner cp WHERE cp.id = m.petitioner"
            " AND cp.phone_cipher <> '' AND cp.erased_at IS NULL)"
            " AND NOT EXISTS (SELECT 1 FROM government_rating cr WHERE cr.matter = m.id)"
            " AND (SELECT count(*) FROM government_step cs WHERE cs.matter = m.id"
            " AND cs.act = {}) < {}",
            [*sites, *DONE, at - SINCE, ACT, TRIES],
        ),
    )


async def open_targets(matter_id: UUID, stage: str) -> list[str]:
    """Return whom the petitioner may still rate."""
    rated = {
        row["target"]
        for row in await Rating.select(Rating.target).where(Rating.matter == matter_id)
    }
    with_unit = await queries.rated_unit(matter_id) is not None
    return [
        target
        for target in (OFFICE, UNIT)
        if target not in rated and stage in ratable(target) and (target == OFFICE or with_unit)
    ]


async def number_of(line: MatterLine, actor: Actor, *, at: datetime) -> str:
    """Return the petitioner's phone for whoever rings them up; that it was shown is logged."""
    if line.petitioner_id is None or not actor.may_at(HANDLE, line.site_id):
        raise NotFoundError
    phone = (await people.petitioner(line.petitioner_id)).phone
    async with db.writing():
        await record(actor, "government.call_back_number", MATTER, line.id, at=at)
    return phone


async def settle(
    matter_id: UUID,
    *,
    reached: bool,
    scores: dict[str, str],
    remark: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep what a call-back brought: a rating of each, or that nobody was reached."""
    given = {target: score for target, score in scores.items() if score}
    problems: dict[str, Message] = {}
    if reached and not given:
        problems["office"] = N_("Please choose one of the options.")
    for target, score in given.items():
        if score not in SCORES:
            problems[target] = N_("Please choose one of the options.")
    if problems:
        raise InvalidInputError(problems)
    async with db.writing():
        await access.require_act(matter_id, actor, at)
        for target, score in given.items() if reached else ():
            await ratings.give(
                matter_id,
                target=target,
                score=score,
                remark=remark,
                at=at,
                means=CALL,
                actor=actor,
            )
        said = N_("Called back: satisfaction asked") if reached else N_("Called back: not reached")
        await timeline.note(matter_id, ACT, said, actor=actor, at=at, shown_to=timeline.OFFICE)
        after = {"reached": reached}
        await record(actor, "government.call_back", MATTER, matter_id, at=at, after=after)
