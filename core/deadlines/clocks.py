"""One clock as stored: its JSON, reckoned anew, and what is due from it next."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from core import clock, settings
from core.deadlines import alarms, holidays, policies, proofs, rulebook
from core.deadlines.calendar import Calendar
from core.deadlines.facts import DeadlineRule, Extension, OfficeHours, Pause, Reckoned, Rung
from core.deadlines.tables import Deadline, DeadlineAlarm, DeadlineExtension, DeadlinePause


def local_day(at: datetime) -> date:
    """Return the day as the site's calendar shows it."""
    return clock.local(at, settings.load().zone).date()


def dump_rule(rule: DeadlineRule) -> str:
    """Return a rule as JSON."""
    return json.dumps(asdict(rule), ensure_ascii=False)


def load_rule(text: str) -> DeadlineRule:
    """Read what `dump_rule` wrote."""
    return DeadlineRule(**json.loads(text))


def dump_ladder(ladder: Sequence[Rung]) -> str:
    """Return a ladder as JSON."""
    return json.dumps(
        [[r.after_hours, list(r.roles), [str(u) for u in r.users]] for r in ladder],
        ensure_ascii=False,
    )


def load_ladder(text: str) -> tuple[Rung, ...]:
    """Read what `dump_ladder` wrote."""
    return tuple(
        Rung(after_hours=hours, roles=tuple(roles), users=tuple(UUID(u) for u in users))
        for hours, roles, users in json.loads(text)
    )


def settle(
    row: Deadline,
    alarm: DeadlineAlarm,
    pauses: Sequence[DeadlinePause],
    extensions: Sequence[DeadlineExtension],
    version: int,
    calendar: Calendar,
    hours: OfficeHours,
) -> Reckoned:
    """Set a clock's date, proof and next moment by what is known now; nothing is written.

    A date that moved is warned of anew. That it moved with the table of holidays stays in its proof.
    """
    rule = load_rule(row.rule)
    reckoned = policies.reckon(
        rule,
        row.started_on,
        calendar,
        [
            Pause(first=p.first, until=p.until, reason=p.reason)
            for p in sorted(pauses, key=lambda p: p.first)
        ],
        [
            Extension(length=e.length, unit=e.unit, granted_on=e.granted_on, reason=e.reason)
            for e in sorted(extensions, key=lambda e: e.position)
        ],
    )
    if reckoned.due != row.due:
        alarm.fired = "[]"
    row.due, row.provisional = reckoned.due, reckoned.provisional
    row.proof = proofs.dump((*reckoned.proof, *proofs.moved(row.proof)))
    row.calendar = version
    alarm.at = next_moment(row, alarm.fired, calendar, hours)
    return reckoned


def next_moment(row: Deadline, fired: str, calendar: Calendar, hours: OfficeHours) -> int | None:
    """Return when something is to be done next, in epoch milliseconds; None for nothing."""
    if row.due is None or row.state != "running":
        return None
    done = set(json.loads(fired))
    zone = settings.load().zone
    items = policies.agenda(
        row.due, load_rule(row.rule), load_ladder(row.ladder), calendar, hours, zone
    )
    return next((clock.to_ms(item.moment) for item in items if item.name not in done), None)


SETTLED = (
    Deadline.state,
    Deadline.due,
    Deadline.provisional,
    Deadline.proof,
    Deadline.calendar,
    Deadline.version,
)


async def reckon_and_save(row: Deadline) -> Reckoned:
    """Reckon one clock anew and write it with its alarm; call it inside the act's `db.writing()`."""
    version, calendar = await holidays.calendar()
    pauses = await DeadlinePause.objects().where(DeadlinePause.deadline == row.id)
    extensions = await DeadlineExtension.objects().where(DeadlineExtension.deadline == row.id)
    hours = await rulebook.office_hours(clock.now())
    alarm = (await alarms.of([row.id]))[row.id]
    reckoned = settle(row, alarm, pauses, extensions, version, calendar, hours)
    row.version += 1
    await row.save(list(SETTLED))
    await alarms.store([alarm])
    return reckoned
