"""Objections of units, result forms and their checks in the demonstration's items."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from core.i18n import N_
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.city import wordings
from plugins.government.city.plans import Act, Noted, Plan
from plugins.government.city.staffing import Made
from plugins.government.handling.facts import (
    CHECKED,
    RETURNED,
    SATISFIED,
    TAKEN,
    TAKEN_BACK,
    UNHAPPY,
)
from plugins.government.matters.timeline import UNITS

RESULT, OBJECTION = "government_result", "government_objection"
_MORE = 15


def one(name: str, pick: int) -> str:
    """Return one of the texts of a name in wordings."""
    texts: Sequence[str] = getattr(wordings, name)
    return texts[pick % len(texts)]


def seal(table: str, column: str, key: UUID, text: str) -> str:
    """Return a text as its column stores it."""
    return sealing.seal(text, table, column, key)


def back(made: Made, plan: Plan, sent: dict[str, Any], act: Act, head: Actor) -> dict[str, Any]:
    """Return the objection by which an item came back to the room; the forwarding ends."""
    key, clerk = uuid4(), made.clerk_of(plan.holder_at(act.at - timedelta(seconds=1)))
    objected = sent["sent_at"] + (act.at - sent["sent_at"]) / 2
    reason = one("OBJECTIONS", plan.id.int)
    row = {
        "id": key,
        "forwarding": sent["id"],
        "matter": plan.id,
        "unit": sent["unit"],
        "reason_cipher": seal(OBJECTION, "reason_cipher", key, reason),
        "raised_at": objected,
        "raised_by_name": clerk.name,
        "granted": True,
        "answer_cipher": seal(OBJECTION, "answer_cipher", key, wordings.GRANTED),
        "decided_at": act.at,
        "decided_by_name": head.name,
    }
    sent.update(state=TAKEN_BACK, ended_at=act.at)
    text = N_("The unit objects to the item")
    plan.notes.append(Noted(objected, "object", clerk, text, UNITS, reason))
    plan.said[act] = N_("Back with the reception room"), UNITS, wordings.GRANTED
    return row


def result(made: Made, plan: Plan, sent: dict[str, Any], act: Act, number: int) -> dict[str, Any]:
    """Return the result form that a unit sent back, its number of the round given."""
    key, pick = uuid4(), plan.id.int
    unit = plan.holder_at(act.at)
    goes_on = plan.when("ask_review") is not None
    row: dict[str, Any] = {
        "id": key,
        "forwarding": sent["id"],
        "matter": plan.id,
        "unit": sent["unit"],
        "round": number,
        "course_cipher": seal(RESULT, "course_cipher", key, one("COURSES", pick)),
        "result_cipher": seal(RESULT, "result_cipher", key, one("RESULTS", pick)),
        "basis_cipher": seal(RESULT, "basis_cipher", key, one("BASES", pick)),
        "measures_cipher": seal(RESULT, "measures_cipher", key, one("MEASURES", pick)),
        "taken": UNHAPPY if goes_on else SATISFIED,
        "words_cipher": seal(RESULT, "words_cipher", key, "" if goes_on else one("WORDS", pick)),
        "sealed": True,
        "signed_by_name": made.head_of(unit).name,
        "petitioner_signed": plan.person is not None,
        "returned_at": act.at,
        "returned_by_name": made.clerk_of(unit).name,
        "late": act.at.date() > sent["due_on"],
        "passed": None,
        "failed": "",
        "findings_cipher": "",
        "checked_at": None,
        "checked_by_name": "",
        "due_before": sent["due_on"],
        "due_after": None,
    }
    sent.update(state=RETURNED, returned_at=act.at)
    plan.said[act] = N_("Result returned"), UNITS, one("RESULTS", pick)
    return row


def check(plan: Plan, sent: dict[str, Any], result: dict[str, Any], act: Act, head: Actor) -> None:
    """Let the result pass, or send it back with a new date."""
    result.update(checked_at=act.at, checked_by_name=head.name, passed=True)
    if act.name != "send_back":
        sent.update(state=CHECKED, ended_at=act.at)
        passed = N_("Result checked: all seven points passed")
        plan.notes.append(Noted(act.at, "check", head, passed, UNITS))
        return
    day = max(sent["due_on"], act.at.date()) + timedelta(days=_MORE)
    text = one("FINDINGS", result["id"].int)
    result.update(
        passed=False,
        failed="facts,formalities",
        findings_cipher=seal(RESULT, "findings_cipher", result["id"], text),
        due_after=day,
    )
    sent.update(state=TAKEN, due_on=day)
    back = N_("Result sent back; new date {day}", day=day.isoformat())
    plan.said[act] = back, UNITS, text
