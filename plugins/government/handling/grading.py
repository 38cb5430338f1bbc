"""How urgent an item is: signs, the grade they suggest, the grade somebody gave (GOV-53)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.errors import InvalidInputError
from core.i18n import N_
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.facts import URGENCIES
from plugins.government.handling import policies
from plugins.government.handling.facts import Signs
from plugins.government.handling.tables import Grading
from plugins.government.matters import services as matters
from plugins.government.matters import timeline
from plugins.government.matters.tables import Matter


def suggested(heads: int, announced: bool, matters_on: date | None, today: date) -> int:
    """Return the grade that the signs suggest."""
    left = None if matters_on is None else (matters_on - today).days
    return policies.grade_of(Signs(heads=heads, announced=announced, days_left=left))


async def grade(
    matter_id: UUID,
    *,
    grade: int,
    heads: int,
    announced: bool,
    matters_on: date | None,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Grade an item; another grade than the signs suggest needs a reason. Few see what was said."""
    today = site_time(at).date()
    hint = suggested(heads, announced, matters_on, today)
    problems = {}
    if grade not in URGENCIES:
        problems["grade"] = N_("Please choose one of the options.")
    elif grade != hint and not reason.strip():
        problems["reason"] = N_("The signs suggest “{grade}”: say why not.", grade=URGENCIES[hint])
    if announced and not reason.strip():
        problems["reason"] = N_("Say what was announced and by whom it was heard.")
    if problems:
        raise InvalidInputError(problems)
    async with db.writing():
        row = await matters.take_open(matter_id, actor, at)
        made_id = uuid4()
        await Grading.insert(
            Grading(
                id=made_id,
                matter=matter_id,
                grade=grade,
                suggested=hint,
                heads=heads,
                announced=announced,
                date_that_matters=matters_on,
                reason_cipher=sealing.seal(
                    reason.strip(), "government_grading", "reason_cipher", made_id
                ),
                graded_at=at,
                by_name=actor.name,
            )
        )
        await matters.change(
            row, "grade", {Matter.urgency: grade}, actor=actor, at=at, urgency=grade
        )
        await timeline.note(
            matter_id,
            "grade",
            N_("Urgency: {grade}", grade=URGENCIES[grade]),
            body=reason.strip(),
            actor=actor,
            at=at,
            shown_to=timeline.OFFICE,
        )


async def latest(matter_id: UUID) -> Grading | None:
    """Return how an item was graded last; None when nobody did."""
    return (
        await Grading.objects()
        .where(Grading.matter == matter_id)
        .order_by(Grading.graded_at, ascending=False)
        .first()
    )


def reason_of(row: Grading) -> str:
    """Return what was known when an item was graded."""
    return sealing.unseal(row.reason_cipher, "government_grading", "reason_cipher", row.id)
