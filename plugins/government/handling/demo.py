"""Transfers and results of the demonstration's open items: units find them in their lists."""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

from core import db
from core.demo.facts import DemoFacts
from core.documents.numbering import number_label
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.city.rows import insert
from plugins.government.city.writing import count_on
from plugins.government.handling.facts import (
    OWED,
    POSTED,
    RETURNED,
    SATISFIED,
    SENT,
    TAKEN,
    TRANSFER,
)
from plugins.government.matters import states
from plugins.government.units.facts import OFFICE

_STATES = {states.FORWARDED: SENT, states.HANDLING: TAKEN, states.REPORTED: RETURNED}
_WHY = "事项发生地和责任主体属该单位职权范围，依法转送办理。"
_PLAN = "三日内约见信访人，调阅有关材料，核清事实后依法答复。"
_COURSE = "约见信访人听取陈述，实地核查，调阅有关档案，与相关单位会商。"
_RESULT = "经核查，诉求部分属实，已责成责任单位限期整改，并向信访人说明了有关政策。"
_LAW = "《信访工作条例》第三十二条"
_MEASURES = "明确专人跟踪落实，三个月内回访。"
_OPEN = (
    "SELECT m.id, m.stage, m.holder, m.accepted_at, m.registered_at, m.urgency FROM government_matter m"
    " JOIN government_unit u ON u.id = m.holder WHERE m.site = {} AND u.kind <> {} AND m.stage IN"
    " ('forwarded', 'handling', 'reported') ORDER BY m.registered_at, m.number"
)


async def fill(demo: DemoFacts) -> None:
    """Say by which transfer each open item came to its unit, and what some units returned."""
    dice = Random(demo.seed + 41)  # noqa: S311 - a demonstration
    sent: list[dict[str, Any]] = []
    returned: list[dict[str, Any]] = []
    numbers: dict[int, int] = {}
    for row in await db.fetch(_OPEN, demo.site_id, OFFICE):
        began = row["accepted_at"] or row["registered_at"]
        day = site_time(began).date()
        numbers[day.year] = numbers.get(day.year, 0) + 1
        made, state = uuid4(), _STATES[row["stage"]]
        due = day + timedelta(days=30)
        taken = min(began + timedelta(days=dice.randint(1, 3)), demo.at)
        fresh = (site_time(demo.at).date() - day).days < 7
        sent.append(
            {
                "id": made,
                "number": number_label(day.year, numbers[day.year]),
                "matter": row["id"],
                "unit": row["holder"],
                "kind": TRANSFER,
                "state": state,
                "content_cipher": sealing.seal(
                    _WHY, "government_forwarding", "content_cipher", made
                ),
                "requirement_cipher": "",
                "ground": "",
                "due_on": due,
                "first_due_on": due,
                "urgent": fresh and row["urgency"] > 1,
                "letter": OWED if fresh else POSTED,
                "letter_on": None if fresh else day + timedelta(days=4),
                "letter_by_name": "",
                "ordered_at": began,
                "ordered_by_name": demo.actor.name,
                "sent_at": began,
                "taken_at": None if state == SENT else taken,
                "taken_by_name": "",
                "person_name": "",
                "plan_cipher": ""
                if state == SENT
                else sealing.seal(_PLAN, "government_forwarding", "plan_cipher", made),
                "version": 1,
            }
        )
        if state == RETURNED:
            returned.append(_result(row, made, due, demo))
    await insert("government_forwarding", sent)
    await insert("government_result", returned)
    await count_on("government.forwarding", numbers)


def _result(row: db.Row, forwarding: Any, due: Any, demo: DemoFacts) -> dict[str, Any]:
    made = uuid4()
    at = demo.at - timedelta(days=2)

    def seal(name: str, text: str) -> str:
        return sealing.seal(text, "government_result", name, made)

    return {
        "id": made,
        "forwarding": forwarding,
        "matter": row["id"],
        "unit": row["holder"],
        "round": 1,
        "course_cipher": seal("course_cipher", _COURSE),
        "result_cipher": seal("result_cipher", _RESULT),
        "basis_cipher": seal("basis_cipher", _LAW),
        "measures_cipher": seal("measures_cipher", _MEASURES),
        "taken": SATISFIED,
        "words_cipher": "",
        "sealed": True,
        "signed_by_name": "",
        "petitioner_signed": True,
        "returned_at": at,
        "returned_by_name": "",
        "late": site_time(at).date() > due,
        "due_before": due,
        "failed": "",
        "findings_cipher": "",
        "checked_by_name": "",
    }
