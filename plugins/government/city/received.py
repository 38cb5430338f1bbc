"""What the desk kept beside the demonstration's items: letters, calls, tellings, interviews."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core.documents.numbering import number_label
from core.i18n import N_
from plugins.government import facts, sealing
from plugins.government.city import wordings
from plugins.government.city.plans import Act, Came, Noted, Plan
from plugins.government.city.rows import insert
from plugins.government.city.staffing import Made
from plugins.government.intake.letters import RECORD as BATCH
from plugins.government.matters.timeline import OFFICE, PETITIONER
from plugins.government.screening.facts import (
    DECISIONS,
    END,
    FIRST,
    GROUP,
    ORAL,
    REFUSE,
    SUGGESTIONS,
    WRITTEN,
)
from plugins.government.screening.services import SAID

SUGGESTION, TOLD, INTERVIEW = "government_suggestion", "government_told", "government_interview"
LETTER, CALL, AFTER = "government_letter", "government_call", "government_after_visit_letter"
_GROUNDS = {REFUSE: ("refuse_3", "refuse_4"), END: ("end_1", "end_2")}
_CARRIERS = ("市邮政局", "机要交换", "邮政专递")
_INTERVIEWS, _DUE = timedelta(days=45), timedelta(days=6)


class Received:
    """Makes the rows that belong to contacts and to the desk's decisions."""

    def __init__(self, made: Made, now: datetime, rules: str) -> None:
        self.made, self.now, self.rules = made, now, rules
        tables = (BATCH, LETTER, CALL, AFTER, SUGGESTION, TOLD, INTERVIEW)
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in tables}
        self.batches: dict[date, dict[str, Any]] = {}
        self.written: set[tuple[UUID, UUID]] = set()
        self.roots: dict[UUID, UUID] = {}
        # What was told, with its item and its act, for the notices.
        self.told: list[tuple[Plan, Act, dict[str, Any]]] = []
        self.numbers: dict[str, dict[int, int]] = {BATCH: {}, "government.interview": {}}

    def contact(self, key: UUID, came: Came, plan: Plan) -> None:
        """Make what belongs to one contact; they come in order of time."""
        first = came.at == plan.at
        if came.channel == facts.LETTER:
            self._letter(key, came, plan)
        elif came.channel == facts.PHONE:
            seconds = 60 + plan.id.int % 840
            self.rows[CALL].append(
                {"id": uuid4(), "contact": key, "rings": 1 + plan.id.int % 4, "seconds": seconds}
            )
        elif came.channel == facts.AFTER_VISIT:
            self._after_visit(key, came, plan)
        elif came.channel == facts.VISIT and first and self.now - came.at < _INTERVIEWS:
            self._interview(key, came, plan)

    def _letter(self, key: UUID, came: Came, plan: Plan) -> None:
        day, clerk = came.at.date(), self.made.clerks[0]
        if day not in self.batches:
            self.batches[day] = {
                "id": uuid4(),
                "site": self.made.site_id,
                "number": self._number(BATCH, day.year),
                "received_on": day,
                "opened_at": came.at.replace(hour=8, minute=30, second=0),
                "pieces": 0,
                "carrier": _CARRIERS[day.toordinal() % len(_CARRIERS)],
                "created_by": clerk.id,
                "created_by_name": clerk.name,
                "closed_at": None,
            }
            self.rows[BATCH].append(self.batches[day])
        batch = self.batches[day]
        batch["pieces"] += 1
        batch["opened_at"] = min(batch["opened_at"], came.at)
        pick = plan.id.int
        self.rows[LETTER].append(
            {
                "id": uuid4(),
                "contact": key,
                "batch": batch["id"],
                "envelope": "whole",
                "stamp": "whole",
                "pages": 1 + pick % 6,
            }
        )

    def _number(self, kind: str, year: int) -> str:
        counted = self.numbers[kind]
        counted[year] = counted.get(year, 0) + 1
        return number_label(year, counted[year])

    def _after_visit(self, key: UUID, came: Came, plan: Plan) -> None:
        filed, destroyed = plan.when("file"), plan.when("destroy")
        self.rows[AFTER].append(
            {
                "id": uuid4(),
                "contact": key,
                "matter": plan.id,
                "written_on": came.at.date() - timedelta(days=2),
                "disposition": "keep" if filed else "",
                "decided_at": filed,
                "decided_by_name": self._clerk(plan).name if filed else "",
                "destroyed_at": destroyed,
            }
        )

    def _clerk(self, plan: Plan) -> Any:
        return self.made.clerks[plan.id.int % len(self.made.clerks)]

    def _interview(self, key: UUID, came: Came, plan: Plan) -> None:
        """Give groups, and some who came for the first time, an interview; the latest are due."""
        group = facts.size_of(plan.heads) == facts.GROUP
        if not group and (plan.purpose != facts.REQUEST or plan.id.int % 5):
            return
        made, clerk, second = uuid4(), self._clerk(plan), self.made.clerks[0]
        held = came.at + timedelta(minutes=50)
        due = held > self.now or (self.now - came.at < _DUE and plan.id.int % 2 == 0)
        texts = {
            name: "" if due else sealing.seal(text, INTERVIEW, name, made)
            for name, text in wordings.INTERVIEWED.items()
        }
        self.rows[INTERVIEW].append(
            {
                "id": made,
                "matter": plan.id,
                "contact": key,
                "number": self._number("government.interview", came.at.year),
                "why": GROUP if group else FIRST,
                "stamped_at": came.at,
                "stamped_by_name": clerk.name,
                "held_at": None if due else held,
                "room": "" if due else f"接谈室{plan.id.int % 4 + 1}",
                "interviewers": "" if due else f"{clerk.name}、{second.name}",
                "identity_checked": not due,
                **texts,
            }
        )
        number = self.rows[INTERVIEW][-1]["number"]
        stamped = N_("Interview {number} arranged", number=number)
        plan.notes.append(Noted(came.at, "interview_stamp", clerk, stamped, OFFICE))
        if not due:
            text = N_("Interview {number} held", number=number)
            plan.notes.append(Noted(held, "interview", clerk, text, OFFICE))

    def item(self, plan: Plan) -> None:
        """Make what was suggested of an item on its day, and what its petitioner was told."""
        root = plan.earlier.id if plan.earlier else plan.id
        self.roots[plan.id] = self.roots.get(root, root)
        moved = next((act for act in plan.acts if act.name in wordings.SUGGESTED), None)
        if moved is not None:
            self._suggested(plan, moved)
        told = next((act for act in plan.acts if act.name in DECISIONS), None)
        if told is not None:
            self._told(plan, told)

    def _suggested(self, plan: Plan, act: Act) -> None:
        key, clerk = uuid4(), self._clerk(plan)
        text = wordings.SUGGESTED[act.name]
        at = max(min(act.at, plan.at.replace(hour=17, minute=20)), plan.at)
        self.rows[SUGGESTION].append(
            {
                "id": key,
                "matter": plan.id,
                "kind": act.name,
                "text_cipher": sealing.seal(text, SUGGESTION, "text_cipher", key),
                "at": at,
                "by": clerk.id,
                "by_name": clerk.name,
            }
        )

        what = N_("Suggested: {what}", what=SUGGESTIONS[act.name])
        plan.notes.append(Noted(at, "suggest", clerk, what, OFFICE, text))

    def _told(self, plan: Plan, act: Act) -> None:
        key, clerk, person = uuid4(), self._clerk(plan), plan.person.id if plan.person else None
        manner, root = ORAL, self.roots[plan.id]
        if act.name in (REFUSE, END) and person is not None and (root, person) not in self.written:
            self.written.add((root, person))
            manner = WRITTEN
        grounds = _GROUNDS.get(act.name, ("",))
        body = wordings.COURT if act.name == "guide" else ""
        text = wordings.TOLD[act.name]
        said = "\n".join(filter(None, (body, text)))
        plan.said[act] = SAID[act.name], PETITIONER, ""
        plan.notes.append(
            Noted(act.at, f"told_{act.name}", clerk, N_("What was said"), OFFICE, said)
        )
        self.rows[TOLD].append(
            {
                "id": key,
                "matter": plan.id,
                "root": root,
                "petitioner": person,
                "act": act.name,
                "ground": grounds[plan.id.int % len(grounds)],
                "manner": manner,
                "text_cipher": sealing.seal(text, TOLD, "text_cipher", key),
                "body_cipher": sealing.seal(body, TOLD, "body_cipher", key),
                "document": None,
                "rules": self.rules,
                "at": act.at,
                "by": clerk.id,
                "by_name": clerk.name,
            }
        )
        self.told.append((plan, act, self.rows[TOLD][-1]))

    async def write(self) -> None:
        """Write the rows, each table's after those it refers to."""
        for table, rows in self.rows.items():
            await insert(table, rows)


def make(
    plans: Sequence[Plan],
    contacts: Sequence[tuple[UUID, Came, Plan]],
    made: Made,
    now: datetime,
    rules: str,
) -> Received:
    """Make the rows of all contacts and items."""
    found = Received(made, now, rules)
    for key, came, plan in contacts:
        found.contact(key, came, plan)
    for plan in plans:
        found.item(plan)
    return found
