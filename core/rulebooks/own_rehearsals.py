"""What the core's own rulebooks decide, taken over again: alerts, overstays, times of appointments."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import clock, db
from core.appointments.policies import Window, problems_of
from core.appointments.rulebook import VisitsAhead
from core.i18n import N_
from core.registrations.policies import is_overdue, waiting_level
from core.registrations.rulebook import RULEBOOK as RECEPTION
from core.registrations.rulebook import Reception
from core.rulebooks import queries
from core.rulebooks.facts import Case, Outcome, Rehearsal, Span

_PAGE = 500
_LEVELS = {
    "": Outcome(code="none", text=N_("Nobody is alerted.")),
    "amber": Outcome(code="amber", text=N_("The host is reminded.")),
    "red": Outcome(code="red", text=N_("The desk is alerted.")),
}
_IN_TIME = Outcome(code="in_time", text=N_("The visitor leaves in time."))
_OVERDUE = Outcome(code="overdue", text=N_("The visitor stays too long."))


def _within(column: str, span: Span) -> tuple[str, list[UUID]]:
    if span.sites is None:
        return "1 = 1", []
    if not span.sites:
        return "1 = 0", []
    return f"{column} IN ({', '.join('{}' for _ in span.sites)})", sorted(span.sites)


async def _paged(sql: str, args: list[Any]) -> AsyncIterator[dict[str, Any]]:
    """Yield the rows of an ordered statement, page by page."""
    offset = 0
    while rows := await db.fetch(f"{sql} LIMIT {_PAGE} OFFSET {offset}", *args):
        for row in rows:
            yield row
        offset += len(rows)


# -- waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How long somebody waited: from when, until when."""

    since: datetime
    until: datetime


async def waits(span: Span) -> AsyncIterator[Case]:
    """Yield everybody who waited: until let in, turned away or gone, or still now."""
    places, sites = _within("r.site", span)
    ended = (
        "(SELECT min(l.at) FROM log_entry l WHERE l.record_kind = 'registration'"
        " AND l.record_id = CAST(r.id AS varchar(36))"
        " AND l.act IN ('registration.refuse', 'registration.cancel', 'registration.void'))"
    )
    rows = _paged(
        f"SELECT r.id, r.number, r.arrived_at, r.entered_at, {ended} AS ended FROM registration r"  # noqa: S608 - own names
        " WHERE r.arrived_at >= {} AND r.arrived_at < {} AND r.state <> 'voided'"
        f" AND {places} ORDER BY r.arrived_at, r.id",
        [span.since, span.until, *sites],
    )
    async for row in rows:
        ended_at = clock.from_ms(row["ended"]) if row["ended"] else span.until
        yield Case(
            at=row["arrived_at"],
            title=row["number"],
            path=f"/registrations/{row['id']}",
            facts=Wait(since=row["arrived_at"], until=row["entered_at"] or ended_at),
        )


def judge_wait(facts: Wait, values: Reception, version: str) -> Outcome:
    """Return who would have been told."""
    level = waiting_level(
        facts.since,
        facts.until,
        amber=timedelta(minutes=values.waiting_amber_minutes),
        red=timedelta(minutes=values.waiting_red_minutes),
    )
    return _LEVELS[level]


# -- staying


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """How long somebody stayed. `agreed_until` is None when the usual length of a visit applied."""

    arrived_at: datetime
    left_at: datetime
    agreed_until: datetime | None


async def stays(span: Span) -> AsyncIterator[Case]:
    """Yield everybody who was let in: until they left, or still now."""
    places, sites = _within("r.site", span)
    rows = _paged(
        "SELECT r.id, r.number, r.arrived_at, r.left_at, r.expected_leave_at FROM registration r"  # noqa: S608 - own names
        " WHERE r.arrived_at >= {} AND r.arrived_at < {} AND r.entered_at IS NOT NULL"
        f" AND r.state <> 'voided' AND {places} ORDER BY r.arrived_at, r.id",
        [span.since, span.until, *sites],
    )
    async for row in rows:
        arrived, expected = row["arrived_at"], row["expected_leave_at"]
        then: Reception = (await queries.in_force(RECEPTION, arrived)).values
        usual = expected == arrived + timedelta(minutes=then.stay_minutes)
        left = row["left_at"] or span.until
        yield Case(
            at=arrived,
            title=row["number"],
            path=f"/registrations/{row['id']}",
            facts=Stay(arrived_at=arrived, left_at=left, agreed_until=None if usual else expected),
            recorded=_stayed(expected, left),
        )


def judge_stay(facts: Stay, values: Reception, version: str) -> Outcome:
    """Return whether the visit would have been flagged as too long."""
    usual = facts.arrived_at + timedelta(minutes=values.stay_minutes)
    return _stayed(facts.agreed_until or usual, facts.left_at)


def _stayed(expected: datetime | None, left: datetime) -> Outcome:
    return _OVERDUE if is_overdue(expected, left) else _IN_TIME


# -- appointments


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A time that somebody proposed, and when."""

    window: Window
    proposed_at: datetime


async def agreements(span: Span) -> AsyncIterator[Case]:
    """Yield every appointment as it was proposed; those that were refused are not on record."""
    places, sites = _within("a.site", span)
    rows = _paged(
        "SELECT l.at, l.after, a.id FROM log_entry l"  # noqa: S608 - own names
        " JOIN appointment a ON CAST(a.id AS varchar(36)) = l.record_id"
        " WHERE l.act = 'appointment.propose' AND l.at >= {} AND l.at < {}"
        f" AND {places} ORDER BY l.id",
        [clock.to_ms(span.since), clock.to_ms(span.until), *sites],
    )
    async for row in rows:
        said = json.loads(row["after"])
        at = clock.from_ms(row["at"])
        window = Window(
            starts_at=datetime.fromisoformat(said["starts_at"]),
            ends_at=datetime.fromisoformat(said["ends_at"]),
        )
        yield Case(
            at=at,
            title=f"{said['starts_at'][:16]}",
            path=f"/appointments/{row['id']}",
            facts=Agreement(window=window, proposed_at=at),
            recorded=_AGREED,
        )


_AGREED = Outcome(verdict="allow", code="", text=N_("The appointment can be made."))


def judge_agreement(facts: Agreement, values: VisitsAhead, version: str) -> Outcome:
    """Return whether the appointment could have been made."""
    problems = problems_of(
        facts.window,
        now=facts.proposed_at,
        days_ahead=values.days_ahead,
        longest_hours=values.longest_hours,
    )
    if not problems:
        return _AGREED
    name, text = next(iter(problems.items()))
    return Outcome(verdict="deny", code=name, text=text)


REHEARSALS = (
    Rehearsal(
        rulebook="core",
        name="core.waiting",
        label=N_("Who is told that somebody waits"),
        cases=waits,
        judge=judge_wait,
    ),
    Rehearsal(
        rulebook="core",
        name="core.staying",
        label=N_("Visits that are flagged as too long"),
        cases=stays,
        judge=judge_stay,
    ),
    Rehearsal(
        rulebook="appointments",
        name="core.agreeing",
        label=N_("Appointments that can be made"),
        cases=agreements,
        judge=judge_agreement,
    ),
)
