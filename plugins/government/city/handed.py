"""Transfers, assignments, weekly lists, objections and results of the demonstration's items."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from core.documents.numbering import number_label
from core.i18n import N_
from core.permissions import Actor
from plugins.government import facts
from plugins.government.city import returned, wordings
from plugins.government.city.plans import Act, Noted, Plan
from plugins.government.city.returned import OBJECTION, RESULT, one, seal
from plugins.government.city.rows import insert
from plugins.government.city.staffing import Made
from plugins.government.handling.facts import (
    ASSIGNMENT,
    CHECKED,
    KINDS,
    MAY_ESCALATE,
    MEANS,
    NEEDS_RESULT,
    OWED,
    POSTED,
    RETURNED,
    SENT,
    SHOULD_BE_SOLVED,
    TAKEN,
    TRANSFER,
)
from plugins.government.handling.policies import week_of
from plugins.government.matters import states
from plugins.government.matters.timeline import PETITIONER, UNITS

FORWARDING = "government_forwarding"
CALL, LIST = "government_unit_call", "government_weekly_list"
_DAYS = 30
_CHECKS = ("send_back", "decide", "close")
_FRIDAY, _HOUR = 4, 15


class Handed:
    """Makes the rows of handing items to units, one item after another."""

    def __init__(self, made: Made, now: datetime) -> None:
        self.made, self.now = made, now
        self.rows: dict[str, list[dict[str, Any]]] = {
            name: [] for name in (LIST, FORWARDING, CALL, OBJECTION, RESULT)
        }
        self.lists: dict[tuple[str, date], dict[str, Any]] = {}
        # Every forwarding with its item and its act, for its papers.
        self.sent: list[tuple[Plan, dict[str, Any], Act]] = []
        self.reported = 0

    def item(self, plan: Plan, clerk: Actor, head: Actor) -> None:
        """Make the rows of an item, along its acts."""
        sent: dict[str, Any] | None = None
        result: dict[str, Any] | None = None
        for act in plan.acts:
            if act.name == "forward":
                sent, result = self._sent(plan, act, clerk), None
            elif sent is None:
                continue
            elif act.name == "take_up":
                self._taken(plan, sent, act)
            elif act.name == "take_back":
                self.rows[OBJECTION].append(returned.back(self.made, plan, sent, act, head))
                self._due(plan, sent)
                sent = None
            elif act.name == "report":
                number = 1 if result is None else result["round"] + 1
                result = returned.result(self.made, plan, sent, act, number)
                self.rows[RESULT].append(result)
            elif act.name in _CHECKS and result is not None and result["passed"] is None:
                returned.check(plan, sent, result, act, head)
        if sent is not None:
            self._last(plan, sent, result, head)

    def _last(
        self, plan: Plan, sent: dict[str, Any], result: dict[str, Any] | None, head: Actor
    ) -> None:
        """Check one in three of the results that were returned last."""
        if plan.stage == states.REPORTED and result is not None:
            self.reported += 1
            plan.checked = self.reported % 3 == 2
            moment = min(result["returned_at"] + timedelta(hours=5), self.now)
            if plan.checked:
                returned.check(plan, sent, result, Act("check", moment, plan.stage), head)
        self._due(plan, sent)

    def _sent(self, plan: Plan, act: Act, clerk: Actor) -> dict[str, Any]:
        made, pick = uuid4(), plan.id.int
        assigned = plan.source != facts.OWN or plan.urgency > facts.CALM or pick % 9 == 0
        urgent = plan.urgency >= facts.URGENT
        due = act.at.date() + timedelta(days=_DAYS)
        ground = ""
        if assigned:
            escalates = plan.urgency > facts.CALM
            ground = MAY_ESCALATE if escalates else (NEEDS_RESULT, SHOULD_BE_SOLVED)[pick % 2]
        row: dict[str, Any] = {
            "id": made,
            "number": "",
            "matter": plan.id,
            "unit": self.made.units[act.unit],
            "copy_unit": self.made.units.get(f"{act.unit}-xf"),
            "kind": ASSIGNMENT if assigned else TRANSFER,
            "ground": ground,
            "state": SENT,
            "content_cipher": seal(FORWARDING, "content_cipher", made, one("WHY_UNIT", pick)),
            "requirement_cipher": seal(
                FORWARDING,
                "requirement_cipher",
                made,
                one("REQUIREMENTS", pick) if assigned else "",
            ),
            "due_on": due,
            "first_due_on": due,
            "urgent": urgent,
            "letter": OWED,
            "letter_on": None,
            "letter_by_name": "",
            "weekly": None,
            "ordered_at": act.at,
            "ordered_by": clerk.id,
            "ordered_by_name": clerk.name,
            "sent_at": act.at,
            "taken_at": None,
            "taken_by_name": "",
            "person": None,
            "person_name": "",
            "plan_cipher": "",
            "contacted_at": None,
            "progress_at": None,
            "returned_at": None,
            "ended_at": None,
        }
        self.rows[FORWARDING].append(row)
        unit, kind = self.made.names[act.unit], KINDS[row["kind"]]
        plan.said[act] = N_("{kind} to {unit}", kind=kind, unit=unit), PETITIONER, ""
        if urgent:
            self._call(plan, row, act, clerk)
        else:
            self._listed(row, act, clerk)
        if row["letter_on"] is not None:
            sent = N_("Letter of the {kind} sent to {unit}", kind=kind, unit=unit)
            moment = self._sent_at(row)
            plan.notes.append(Noted(moment, "letter", clerk, sent, UNITS))
        self.sent.append((plan, row, act))
        return row

    def _sent_at(self, sent: dict[str, Any]) -> datetime:
        """Return when a letter went out: with its list, or the day after the call."""
        moment: datetime = sent["sent_at"] + timedelta(days=1)
        for row in self.lists.values():
            if row["id"] == sent["weekly"]:
                moment = row["sent_at"]
        return moment

    def _call(self, plan: Plan, sent: dict[str, Any], act: Act, clerk: Actor) -> None:
        """Tell the unit of an urgent item by phone; the letter follows the next day."""
        key = uuid4()
        self.rows[CALL].append(
            {
                "id": key,
                "matter": plan.id,
                "unit": sent["unit"],
                "purpose": "forwarding",
                "record": sent["id"],
                "called_at": act.at,
                "by_name": clerk.name,
                "spoke_with": wordings.SPOKE[plan.id.int % len(wordings.SPOKE)],
                "answer_cipher": seal(CALL, "answer_cipher", key, wordings.CALLED),
            }
        )
        if act.at + timedelta(days=1) < self.now:
            day = (act.at + timedelta(days=1)).date()
            sent.update(letter=POSTED, letter_on=day, letter_by_name=clerk.name)

    def _listed(self, sent: dict[str, Any], act: Act, clerk: Actor) -> None:
        """Put a letter on the unit's list of the week, which goes out on Friday afternoon."""
        friday = act.at + timedelta(days=(_FRIDAY - act.at.weekday()) % 7)
        out = friday.replace(hour=_HOUR, minute=30, second=0, microsecond=0)
        if out <= act.at:
            out += timedelta(days=7)
        if out > self.now:
            return
        key = act.unit, week_of(out.date())
        if key not in self.lists:
            self.lists[key] = {
                "id": uuid4(),
                "number": "",
                "site": self.made.site_id,
                "unit": sent["unit"],
                "week": week_of(out.date()),
                "report_on": out.date() + timedelta(days=_DAYS),
                "sent_at": out,
                "sent_by_name": clerk.name,
            }
            self.rows[LIST].append(self.lists[key])
        sent.update(
            letter=POSTED,
            letter_on=out.date(),
            letter_by_name=clerk.name,
            weekly=self.lists[key]["id"],
        )

    def _taken(self, plan: Plan, sent: dict[str, Any], act: Act) -> None:
        clerk = self.made.clerk_of(plan.holder_at(act.at))
        talked = act.at + timedelta(days=2, hours=1)
        text = one("PLANS", plan.id.int)
        sent.update(
            state=TAKEN,
            taken_at=act.at,
            taken_by_name=clerk.name,
            person=clerk.id,
            person_name=clerk.name,
            plan_cipher=seal(FORWARDING, "plan_cipher", sent["id"], text),
            contacted_at=talked if talked < self.now and plan.person else None,
        )
        charge = N_("Acknowledged; in charge: {name}", name=clerk.name)
        plan.said[act] = charge, UNITS, text
        if sent["contacted_at"] is not None:
            told = one("CONTACTS", plan.id.int)
            day, means = talked.date().isoformat(), MEANS[("phone", "visit")[plan.id.int % 2]]
            spoke = N_("The unit spoke with the petitioner on {day}: {means}", day=day, means=means)
            plan.notes.append(Noted(talked, "contact", clerk, spoke, UNITS, told))

    def _due(self, plan: Plan, sent: dict[str, Any]) -> None:
        """Say until when the unit's result was due, for the item's clocks."""
        length = (sent["due_on"] - sent["sent_at"].date()).days
        given = sent["returned_at"] if sent["state"] in (RETURNED, CHECKED) else None
        plan.reports.append((sent["sent_at"], length, given or sent["ended_at"]))

    def number(self) -> dict[str, dict[int, int]]:
        """Give numbers to forwardings and lists in order of time; return the last number of each year."""
        last: dict[str, dict[int, int]] = {}
        for table, kind, moment in (
            (FORWARDING, "government.forwarding", "ordered_at"),
            (LIST, "government.weekly_list", "sent_at"),
        ):
            counted = last.setdefault(kind, {})
            for row in sorted(self.rows[table], key=lambda one: one[moment]):
                year = row[moment].year
                counted[year] = counted.get(year, 0) + 1
                row["number"] = number_label(year, counted[year])
        return last

    async def write(self) -> None:
        """Write the rows, each table's after those it refers to."""
        for table, rows in self.rows.items():
            await insert(table, rows)


def make(plans: Sequence[Plan], made: Made, now: datetime) -> Handed:
    """Make the rows of all items; each plan learns when its unit's result was due."""
    found, head = Handed(made, now), made.roles["petition_head"]
    for plan in plans:
        found.item(plan, made.clerks[plan.id.int % len(made.clerks)], head)
    return found
