"""How petitioners of the demonstration found the office and the unit that answered for their item."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from plugins.government import sealing
from plugins.government.asking import facts as rated
from plugins.government.city import wordings
from plugins.government.city.plans import Plan
from plugins.government.city.staffing import Made
from plugins.government.matters import states

RATING = "government_rating"


class Rated:
    """Makes the rows of ratings, one item after another."""

    def __init__(self, made: Made, now: datetime) -> None:
        self.made, self.now = made, now
        self.rows: list[dict[str, Any]] = []

    def item(self, plan: Plan) -> None:
        """Let one in three of those who can be asked say how they found it."""
        closed, pick = plan.closed_at, plan.id.int
        if closed is None or plan.person is None or plan.secret or pick % 3:
            return
        if plan.stage in (states.DESTROYED, states.FILED):
            return
        at = closed + timedelta(days=1, hours=pick % 5)
        if at >= self.now:
            return
        clerk = self.made.clerks[pick % len(self.made.clerks)]
        unit = next((one for one, _ in reversed(plan.holders) if one in self.made.staff), "")
        for number, target in enumerate((rated.OFFICE, rated.UNIT)):
            if target == rated.UNIT and not unit:
                continue
            score = self._score(plan, pick // (3 + number * 4))
            texts = wordings.REMARKS[score]
            means = (rated.LINK, rated.CALL, rated.DESK)[pick // 7 % 3]
            key = uuid4()
            unhappy = score == rated.UNSATISFIED
            followed = unhappy and pick // 11 % 2 == 0 and at + timedelta(days=2) < self.now
            note = wordings.FOLLOWED if followed else ""
            self.rows.append(
                {
                    "id": key,
                    "matter": plan.id,
                    "target": target,
                    "unit": self.made.units[unit] if target == rated.UNIT else None,
                    "score": score,
                    "remark_cipher": sealing.seal(
                        texts[pick % len(texts)], RATING, "remark_cipher", key
                    ),
                    "means": means,
                    "day": at.date(),
                    "at": at,
                    "by_name": "" if means == rated.LINK else clerk.name,
                    "follow_up_cipher": sealing.seal(note, RATING, "follow_up_cipher", key),
                    "followed_up_at": at + timedelta(days=2) if followed else None,
                    "followed_up_by_name": clerk.name if followed else "",
                }
            )

    def _score(self, plan: Plan, dice: int) -> str:
        if plan.when("ask_review") or plan.when("refuse", "end"):
            return (rated.UNSATISFIED, rated.BASICALLY)[dice % 2]
        scores = (rated.SATISFIED,) * 6 + (rated.BASICALLY,) * 3 + (rated.UNSATISFIED,)
        return scores[dice % len(scores)]
