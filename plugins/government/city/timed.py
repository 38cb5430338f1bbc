"""The clocks of the demonstration's items, those that stopped too, each with its proof."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from core import clock
from core.deadlines import clocks as stored
from core.deadlines import holidays, policies, proofs, rulebook
from core.deadlines.calendar import Calendar
from core.deadlines.facts import DeadlineRule, OfficeHours, Reckoned
from core.i18n import N_, Message
from core.registrations.judging import site_time
from core.rulebooks.facts import InForce
from core.settings import load
from plugins.government import clocks
from plugins.government.city.plans import Plan
from plugins.government.city.rows import insert
from plugins.government.city.staffing import Made
from plugins.government.opinions.facts import HANDLING, LEVELS, REVIEW

_MOVED_ON = ("accept", "forward", "guide", "refuse", "end", "answer", "file", "take_up")
# Clock -> the acts that start it (none: registration), the sentence, the acts that stop it.
_RUNS: tuple[tuple[str, tuple[str, ...], Message, tuple[str, ...]], ...] = (
    (clocks.INFORM, (), N_("Registered"), _MOVED_ON),
    (clocks.HANDLE, ("accept",), N_("Accepted"), ("decide", "close", "answer")),
    (clocks.HANDLE_INTERNAL, ("accept",), N_("Accepted"), ("decide", "close", "answer")),
    (clocks.OBJECT, ("take_up",), N_("Received by the unit"), ("report", "take_back")),
    (clocks.REVIEW, ("ask_review",), N_("Under review"), ("decide_review",)),
    (clocks.REREVIEW, ("ask_rereview",), N_("Under re-review"), ("conclude",)),
)
# Window -> the act whose opinion, once delivered, opens it, and the acts that end it.
_WINDOWS = (
    (clocks.REVIEW_WINDOW, "decide", HANDLING, ("ask_review", "close")),
    (clocks.REREVIEW_WINDOW, "decide_review", REVIEW, ("ask_rereview", "close")),
)


@dataclass(frozen=True, slots=True)
class _Span:
    """One clock from its start to its end; `length` where a day was named."""

    name: str
    event: Message
    started: datetime
    stopped: datetime | None
    length: int | None = None


class _Reckoner:
    """Reckons each rule from each day once."""

    def __init__(self, calendar: Calendar, hours: OfficeHours) -> None:
        self.calendar, self.hours = calendar, hours
        self.known: dict[tuple[str, int, date], tuple[Reckoned, str]] = {}

    def reckon(self, rule: DeadlineRule, day: date) -> tuple[Reckoned, str]:
        key = rule.name, rule.length, day
        if key not in self.known:
            found = policies.reckon(rule, day, self.calendar)
            self.known[key] = found, proofs.dump(found.proof)
        return self.known[key]


async def write(plans: Sequence[Plan], made: Made, now: datetime) -> None:
    """Write the clocks of all items."""
    version, calendar = await holidays.calendar()
    rules = await clocks.in_force(now)
    reckoner = _Reckoner(calendar, await rulebook.office_hours(now))
    rows = [
        _row(plan, made, span, rules, reckoner, version, now)
        for plan in plans
        for span in _spans(plan)
    ]
    await insert("deadline", [deadline for deadline, _ in rows])
    await insert("deadline_alarm", [alarm for _, alarm in rows if alarm])


def _spans(plan: Plan) -> list[_Span]:
    found = []
    for name, starts, event, stops in _RUNS:
        started = plan.when(*starts) if starts else plan.at
        if started is not None:
            found.append(_Span(name, event, started, _first(plan, stops, started)))
    for name, act, level, stops in _WINDOWS:
        started = plan.deliveries.get(act)
        if started is not None:
            event = N_("{level} delivered", level=LEVELS[level])
            found.append(_Span(name, event, started, _first(plan, stops, started)))
    found += [
        _Span(clocks.REPORT, N_("Forwarded"), started, ended, length)
        for started, length, ended in plan.reports
    ]
    return found


def _first(plan: Plan, stops: Sequence[str], since: datetime) -> datetime | None:
    return min((act.at for act in plan.acts if act.name in stops and act.at >= since), default=None)


def _row(
    plan: Plan,
    made: Made,
    span: _Span,
    rules: InForce,
    reckoner: _Reckoner,
    version: int,
    now: datetime,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a clock, and its alarm while it is open."""
    new = clocks.new(
        plan.id,
        span.name,
        number=plan.number,
        site_id=made.site_id,
        event=span.event,
        rules=rules,
        day=site_time(span.started).date(),
        length=span.length,
    )
    reckoned, proof = reckoner.reckon(new.rule, new.started_on)
    ended = span.stopped or plan.closed_at
    made_id = uuid4()
    alarm: dict[str, Any] = {}
    if ended is None and reckoned.due is not None:
        zone = load().zone
        agenda = policies.agenda(
            reckoned.due, new.rule, new.ladder, reckoner.calendar, reckoner.hours, zone
        )
        fired = [one.name for one in agenda if one.moment <= now]
        ahead = [one.moment for one in agenda if one.moment > now]
        at = clock.to_ms(min(ahead)) if ahead else None
        alarm = {"deadline": made_id, "at": at, "fired": json.dumps(fired)}
    row = {
        "id": made_id,
        "record_kind": new.record_kind,
        "record": new.record,
        "name": new.name,
        "track": new.track,
        "site": new.site_id,
        "label": new.label.dump(),
        "event": new.event.dump(),
        "url": new.url,
        "rule": stored.dump_rule(new.rule),
        "started_on": new.started_on,
        "state": "finished" if ended else "running",
        "due": reckoned.due,
        "provisional": reckoned.provisional,
        "proof": proof,
        "roles": json.dumps(list(new.roles)),
        "ladder": stored.dump_ladder(new.ladder),
        "calendar": version,
        "created_at": span.started,
        "finished_on": site_time(ended).date() if ended else None,
    }
    return row, alarm
