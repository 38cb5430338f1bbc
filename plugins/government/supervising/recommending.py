"""The three recommendations to units, their feedback, and the monthly list that was given."""

from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.documents.numbering import next_number, number_label
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_, Message
from core.notices.services import IN_APP, notify
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.rights import UNIT
from plugins.government.supervising import papers
from plugins.government.supervising.facts import FEEDBACKS, RECOMMENDATIONS
from plugins.government.supervising.rights import SUPERVISE
from plugins.government.supervising.tables import MonthlyList, Recommendation
from plugins.government.supervising.writing import log, needed
from plugins.government.units import queries as units


async def recommend(
    *,
    site_id: UUID,
    unit_id: UUID | None,
    kind: str,
    text: str,
    due_on: date | None,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Make one of the three recommendations to a unit, with the letter that goes there."""
    problems: dict[str, Message] = {}
    said = needed(problems, "text", text)
    if kind not in RECOMMENDATIONS:
        problems["kind"] = N_("Please choose one of the options.")
    if due_on is None or due_on < site_time(at).date():
        problems["due_on"] = N_("Choose today or a later day.")
    rows = await db.fetch("SELECT id FROM government_unit WHERE id = {} AND active", unit_id)
    if not rows:
        problems["unit"] = N_("Please choose one of the options.")
    if problems or unit_id is None or due_on is None:
        raise InvalidInputError(problems)
    day = site_time(at).date()
    async with db.writing():
        made = Recommendation(
            id=uuid4(),
            number=number_label(day.year, await next_number("government.recommendation", day.year)),
            site=site_id,
            unit=unit_id,
            kind=kind,
            due_on=due_on,
            made_at=at,
            made_by_name=actor.name,
        )
        made.text_cipher = sealing.seal(said, "government_recommendation", "text_cipher", made.id)
        await Recommendation.insert(made)
        await papers.take(made, actor=actor, at=at)
        await log(
            actor, "recommend", "government_recommendation", made.id, at,
            {"unit": unit_id, "kind": kind},
        )  # fmt: skip
        for user_id, _, _ in await units.staff(unit_id):
            await notify(
                key=f"government:recommend/{made.id}:{user_id}",
                channel=IN_APP,
                subject=N_("A recommendation to your unit waits for feedback in writing"),
                body=N_("Sign in to read it."),
                at=at,
                user=user_id,
                url="/government/supervising/recommendations",
            )
    return made.id


async def give_feedback(
    recommendation_id: UUID, *, feedback: str, text: str, actor: Actor, at: datetime
) -> None:
    """Take a unit's written feedback on a recommendation."""
    problems: dict[str, Message] = {}
    said = needed(problems, "feedback_text", text)
    if feedback not in FEEDBACKS:
        problems["feedback"] = N_("Please choose one of the options.")
    async with db.writing():
        row = await Recommendation.objects().get(Recommendation.id == recommendation_id)
        if row is None or not await _may_answer(row, actor):
            raise NotFoundError
        if problems:
            raise InvalidInputError(problems)
        if row.answered_at is not None:
            raise WrongStateError(N_("This was answered already."))
        row.feedback, row.answered_at, row.answered_by_name = feedback, at, actor.name
        row.feedback_cipher = sealing.seal(
            said, "government_recommendation", "feedback_cipher", row.id
        )
        await row.save()
        await log(
            actor, "recommendation_feedback", "government_recommendation", row.id, at,
            {"feedback": feedback},
        )  # fmt: skip


async def _may_answer(row: Recommendation, actor: Actor) -> bool:
    if actor.kind == "system" or actor.may_at(SUPERVISE, row.site):
        return True
    return actor.may(UNIT) and row.unit in await units.units_of(actor)


async def give_month(*, site_id: UUID, month: date, count: int, actor: Actor, at: datetime) -> None:
    """Note that the list of a month was given to the supervision office."""
    async with db.writing():
        if month > site_time(at).date():
            raise WrongStateError(N_("This month is still to come."))
        if await MonthlyList.exists().where(
            MonthlyList.site == site_id, MonthlyList.month == month
        ):
            raise WrongStateError(N_("The list of this month was given already."))
        await MonthlyList.insert(
            MonthlyList(
                id=uuid4(), site=site_id, month=month, given_at=at, given_by_name=actor.name,
                lines=count,
            )
        )  # fmt: skip
        await log(
            actor, "monthly_list", "government_monthly_list", month, at,
            {"site": site_id, "count": count},
        )  # fmt: skip
