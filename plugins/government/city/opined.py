"""Opinions of the demonstration's items: delivered, taken, reviewed; why items closed; ratings."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from core.documents.facts import Delivery
from core.i18n import N_
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.city import places, wordings
from plugins.government.city.courses import in_office
from plugins.government.city.plans import Act, Noted, Plan
from plugins.government.city.rated import RATING, Rated
from plugins.government.city.rows import insert
from plugins.government.city.staffing import Made
from plugins.government.matters.timeline import PETITIONER, UNITS
from plugins.government.opinions import queries
from plugins.government.opinions.facts import (
    ACCEPTED,
    ANSWERED,
    CHANGE,
    CLOSE_REASONS,
    CONCLUDED,
    CONTENT,
    EXPLAIN,
    FILING,
    HANDLING,
    ISSUED,
    LEVELS,
    NOT_SUPPORTED,
    OUTCOMES,
    OWN_CHECKS,
    REREVIEW,
    REREVIEW_LAPSED,
    REVIEW,
    REVIEW_LAPSED,
    SILENT,
    SUPPORT,
    TAKEN,
    TO_REVIEW,
    UNHAPPY,
    UPHOLD,
    Texts,
)

OPINION, REQUEST, FILED = (
    "government_opinion",
    "government_review",
    "government_final_filing",
)
_LEVELS = {"decide": HANDLING, "decide_review": REVIEW, "conclude": REREVIEW}
_ASKS = {"ask_review": REVIEW, "ask_rereview": REREVIEW}
_ABOVE = {REVIEW: places.GOVERNMENT, REREVIEW: places.BUREAU}
_NEXT = {
    "decide": ("ask_review", "close"),
    "decide_review": ("ask_rereview", "close"),
    "conclude": ("close",),
}
_SIGNS = {
    places.GOVERNMENT: ("云府信复查", "云州市人民政府"),
    places.BUREAU: ("省信复核", "省信访局"),
}
_WINDOW = timedelta(days=31)


class Opined:
    """Makes the rows of opinions and of what followed them, one item after another."""

    def __init__(self, made: Made, now: datetime) -> None:
        self.made, self.now = made, now
        self.rows: dict[str, list[dict[str, Any]]] = {
            name: [] for name in (OPINION, REQUEST, FILED)
        }
        self.numbers: dict[tuple[str, int], int] = {}
        # Every opinion with its item and its act: those of units get their number with the paper.
        self.given: list[tuple[Plan, Act, dict[str, Any]]] = []
        # Which opinions were delivered, how, and who noted it: written with their papers.
        self.delivered: list[tuple[dict[str, Any], Delivery, Actor]] = []
        self.ratings = Rated(made, now)
        self.undelivered = 0

    def item(self, plan: Plan) -> None:
        """Make the rows of an item, along its acts; the plan learns of deliveries and closing."""
        last: dict[str, Any] | None = None
        for act in plan.acts:
            if act.name in _LEVELS:
                last = self._opinion(plan, act)
            elif act.name in _ASKS and last is not None:
                self._request(plan, act, last)
            elif act.name == "close":
                plan.close_reason = _reason(plan, act)
                why = CLOSE_REASONS[plan.close_reason]
                plan.said[act] = N_("Item closed: {reason}", reason=why), PETITIONER, ""
                if plan.close_reason == CONCLUDED:
                    self._filed(plan, act)
        self.ratings.item(plan)

    def _opinion(self, plan: Plan, act: Act) -> dict[str, Any]:
        key, level, pick = uuid4(), _LEVELS[act.name], plan.id.int
        code = plan.holder_at(act.at)
        outcome = self._outcome(plan, level)
        clerk = self.made.clerk_of(code)
        after = next(
            (one for one in plan.acts if one.at > act.at and one.name in _NEXT[act.name]), None
        )
        delivered = self._delivery(plan, act, after)
        row: dict[str, Any] = {
            "id": key,
            "matter": plan.id,
            "level": level,
            "unit": self.made.units[code],
            "state": ISSUED,
            "outcome": outcome,
            "texts_cipher": queries.sealed_texts(
                key,
                Texts(
                    claims=plan.demand,
                    facts=plan.facts + wordings.COURSES[pick % len(wordings.COURSES)],
                    basis=wordings.BASES[pick % len(wordings.BASES)],
                    decision=wordings.DECISIONS[outcome],
                ),
            ),
            "label": self._label(code, act.at.year) if code in _SIGNS else "",
            "document": None,
            "signed_by": _SIGNS[code][1] if code in _SIGNS else self.made.head_of(code).name,
            "drafted_at": act.at - timedelta(hours=3),
            "drafted_by": clerk.id,
            "drafted_by_name": clerk.name,
            "issued_at": act.at,
            "issued_on": act.at.date(),
            "taken": "",
            "taken_cipher": "",
            "taken_at": None,
            "led_to": "",
        }
        if delivered is not None:
            plan.deliveries[act.name] = delivered
            self._delivered(plan, row, clerk, delivered, after)
            self._told(plan, row, clerk, delivered)
        self.rows[OPINION].append(row)
        self.given.append((plan, act, row))
        return row

    def _told(self, plan: Plan, row: dict[str, Any], clerk: Actor, at: datetime) -> None:
        level, day = LEVELS[row["level"]], at.date().isoformat()
        delivered = N_("{level} delivered on {day}", level=level, day=day)
        plan.notes.append(Noted(at, "opinion_deliver", clerk, delivered, PETITIONER))
        if row["taken"]:
            taken = N_("How it was taken: {taken}", taken=TAKEN[row["taken"]])
            plan.notes.append(Noted(at, "opinion_taken", clerk, taken, UNITS))

    def say(self) -> None:
        """Say in the time lines which opinion was issued, once all have their numbers."""
        for plan, act, row in self.given:
            outcome = OUTCOMES[row["level"]][row["outcome"]]
            text = N_(
                "{level} {label} issued: {outcome}",
                level=LEVELS[row["level"]], label=row["label"], outcome=outcome,
            )  # fmt: skip
            plan.said[act] = text, PETITIONER, ""

    def _outcome(self, plan: Plan, level: str) -> str:
        pick = plan.id.int
        if level != HANDLING:
            return CHANGE if pick % 7 == 0 else UPHOLD
        if plan.when("ask_review"):
            return (NOT_SUPPORTED, EXPLAIN, NOT_SUPPORTED)[pick % 3]
        return (SUPPORT, SUPPORT, EXPLAIN, SUPPORT, NOT_SUPPORTED)[pick % 5]

    def _label(self, code: str, year: int) -> str:
        counted = code, year
        self.numbers[counted] = self.numbers.get(counted, 0) + 1
        return f"{_SIGNS[code][0]}〔{year}〕{self.numbers[counted]}号"

    def _delivery(self, plan: Plan, act: Act, after: Act | None) -> datetime | None:
        """Return when an opinion was delivered: before what followed; of the latest some are not."""
        if after is not None:
            return min(act.at + timedelta(days=1), act.at + (after.at - act.at) / 2)
        moment = in_office(act.at + timedelta(days=1))
        self.undelivered += 1
        return moment if moment < self.now and self.undelivered % 3 else None

    def _delivered(
        self, plan: Plan, row: dict[str, Any], clerk: Actor, at: datetime, after: Act | None
    ) -> None:
        by_letter = plan.id.int % 4 == 0 or plan.person is None
        how = Delivery(
            method="registered" if by_letter else "direct",
            at=at,
            receiver="" if plan.person is None else plan.person.person.name,
            tracking=f"XA{plan.id.int % 10**9:09}44" if by_letter else "",
        )
        self.delivered.append((row, how, clerk))
        if after is None:
            return
        asks = after.name in _ASKS
        lapsed = after.name == "close" and after.at - at > _WINDOW
        row.update(
            taken=UNHAPPY if asks else SILENT if lapsed else CONTENT,
            taken_at=at,
            led_to=TO_REVIEW if asks else "",
        )

    def _request(self, plan: Plan, act: Act, opinion: dict[str, Any]) -> None:
        key, level, clerk = uuid4(), _ASKS[act.name], self.made.clerks[0]
        answers = "decide_review" if level == REVIEW else "conclude"
        decided = next((one.at for one in plan.acts if one.name == answers), None)
        said = wordings.ASKED[plan.id.int % len(wordings.ASKED)]
        day = act.at.date().isoformat()
        asked = (
            N_("Review asked for on {day}", day=day)
            if level == REVIEW
            else N_("Re-review asked for on {day}", day=day)
        )
        plan.said[act] = asked, PETITIONER, ""
        self.rows[REQUEST].append(
            {
                "id": key,
                "matter": plan.id,
                "opinion": opinion["id"],
                "level": level,
                "asked_on": act.at.date(),
                "state": "decided" if decided else "open",
                "body": self.made.units[_ABOVE[level]],
                "reasons_cipher": sealing.seal(said, REQUEST, "reasons_cipher", key),
                "evidence_cipher": sealing.seal(wordings.EVIDENCE, REQUEST, "evidence_cipher", key),
                "recorded_at": act.at,
                "recorded_by_name": clerk.name,
                "decided_at": decided,
            }
        )

    def _filed(self, plan: Plan, act: Act) -> None:
        ticked = sorted(set(FILING) - set(OWN_CHECKS))
        self.rows[FILED].append(
            {
                "id": uuid4(),
                "matter": plan.id,
                "confirmed": json.dumps(ticked),
                "at": act.at - timedelta(minutes=20),
                "by_name": self.made.roles["petition_head"].name,
            }
        )

    async def write(self) -> None:
        """Write the rows, each table's after those it refers to."""
        for table, rows in self.rows.items():
            await insert(table, rows)
        await insert(RATING, self.ratings.rows)


def _reason(plan: Plan, act: Act) -> str:
    """Return why an item was closed, as its course says."""
    if plan.when("conclude"):
        return CONCLUDED
    for name, lapsed in (("decide_review", REREVIEW_LAPSED), ("decide", REVIEW_LAPSED)):
        if name in plan.deliveries:
            return lapsed if act.at - plan.deliveries[name] > _WINDOW else ACCEPTED
    return ANSWERED


def make(plans: Sequence[Plan], made: Made, now: datetime) -> Opined:
    """Make the rows of all items."""
    found = Opined(made, now)
    for plan in plans:
        found.item(plan)
    return found
