"""Clocks of a record, of a person, overdue ones; reads only. The owner of the record says who may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core import db
from core.deadlines import clocks, holidays, policies, proofs
from core.deadlines.calendar import Calendar
from core.deadlines.facts import STATUTORY, ProofStep
from core.deadlines.tables import Deadline
from core.errors import NotFoundError
from core.i18n import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One clock as shown. `level` is calm, amber, red, overdue, met or late; `left` in calendar days."""

    id: UUID
    record_kind: str
    record: str
    name: str
    track: str
    label: Message
    event: Message
    url: str
    basis: str
    rule_version: str
    started_on: date
    state: str
    due: date | None
    left: int | None
    level: str
    provisional: bool
    extension_asked: UUID | None
    finished_on: date | None
    steps: tuple[ProofStep, ...]

    @property
    def first_due(self) -> date | None:
        """Return the last day before anybody granted more time; None where nobody did."""
        return next((step.first for step in self.steps if step.kind == "extend"), None)

    @property
    def moved_from(self) -> date | None:
        """Return the last day before the table of holidays changed last; None where it never moved."""
        return next((step.first for step in reversed(self.steps) if step.kind == "moved"), None)

    @property
    def proof(self) -> list[Message]:
        """Return how the date was reached, day by day."""
        return [proofs.explain(step) for step in self.steps]

    @property
    def plain(self) -> list[Message]:
        """Return how the date was reached, in sentences that may be shown to the public."""
        return proofs.plainly(self.steps, event=self.event, basis=self.basis)


def _clock(row: Deadline, today: date, calendar: Calendar) -> Clock:
    rule = clocks.load_rule(row.rule)
    if row.state == "finished" and row.finished_on is not None:
        level = "met" if policies.is_met(row.due, row.finished_on) else "late"
    elif row.state == "running":
        level = policies.level(row.due, today, rule, calendar)
    else:
        level = policies.CALM
    return Clock(
        id=row.id,
        record_kind=row.record_kind,
        record=row.record,
        name=row.name,
        track=row.track,
        label=Message.load(row.label),
        event=Message.load(row.event),
        url=row.url,
        basis=rule.basis,
        rule_version=rule.version,
        started_on=row.started_on,
        state=row.state,
        due=row.due,
        left=None if row.due is None else (row.due - today).days,
        level=level,
        provisional=row.provisional,
        extension_asked=row.extension_asked,
        finished_on=row.finished_on,
        steps=proofs.load(row.proof),
    )


async def shown(rows: Sequence[Deadline], at: datetime) -> list[Clock]:
    """Return clocks as they stand on a day."""
    _, calendar = await holidays.calendar()
    today = clocks.local_day(at)
    return [_clock(row, today, calendar) for row in rows]


async def clock(deadline_id: UUID, *, at: datetime) -> Clock:
    """Return one clock; NotFoundError when there is none."""
    row = await Deadline.objects().get(Deadline.id == deadline_id)
    if row is None:
        raise NotFoundError
    return (await shown([row], at))[0]


async def of_record(record_kind: str, record_id: object, *, at: datetime) -> list[Clock]:
    """Return a record's clocks in the order they were started, internal and statutory alike."""
    key = ("clocks", record_kind, str(record_id))
    return list(await db.found_once(key, lambda: _of_record(record_kind, str(record_id), at)))


async def _of_record(record_kind: str, record_id: str, at: datetime) -> list[Clock]:
    rows = await Deadline.objects().where(
        Deadline.record_kind == record_kind, Deadline.record == record_id
    )
    rows.sort(key=_begun)
    return await shown(rows, at)


def _begun(row: Deadline) -> tuple[object, ...]:
    """Return the place of a clock among a record's; in one moment what is over, then the statutory."""
    is_open = row.state in {"running", "paused"}
    return row.created_at, is_open, row.track != STATUTORY, row.name, str(row.id)


async def running(
    *,
    at: datetime,
    record_kind: str = "",
    owner: UUID | None = None,
    until: date | None = None,
    limit: int = 200,
) -> list[Clock]:
    """Return running clocks, the earliest due first; `until` keeps those due by a day."""
    query = (
        Deadline.objects()
        .where(Deadline.state == "running", Deadline.due.is_not_null())
        .order_by(Deadline.due)
        .limit(limit)
    )
    if record_kind:
        query = query.where(Deadline.record_kind == record_kind)
    if owner is not None:
        query = query.where(Deadline.owner == owner)
    if until is not None:
        query = query.where(Deadline.due <= until)
    return await shown(await query, at)


async def overdue(*, at: datetime, record_kind: str = "", limit: int = 200) -> list[Clock]:
    """Return running clocks whose date is over, the longest overdue first."""
    found = await running(at=at, record_kind=record_kind, until=clocks.local_day(at), limit=limit)
    return [one for one in found if one.level == policies.OVERDUE]
