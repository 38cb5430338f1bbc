"""Clocks started, paused, extended and stopped. Who may is decided by the owner of the record.

Extensions that need a signature are asked for by `extending.ask`.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.deadlines import clocks
from core.deadlines.facts import CALENDAR, LONGEST, UNITS, NewDeadline
from core.deadlines.tables import Deadline, DeadlineAlarm, DeadlineExtension, DeadlinePause
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor


async def start(deadline: NewDeadline, *, actor: Actor, at: datetime) -> UUID:
    """Start a clock; joins the owner's transaction."""
    async with db.writing():
        row = Deadline(
            id=uuid4(),
            record_kind=deadline.record_kind,
            record=deadline.record,
            name=deadline.name,
            track=deadline.track,
            site=deadline.site_id,
            label=deadline.label.dump(),
            event=deadline.event.dump() if deadline.event.msgid else "",
            url=deadline.url,
            rule=clocks.dump_rule(deadline.rule),
            started_on=deadline.started_on,
            state="running",
            owner=deadline.owner,
            roles=json.dumps(list(deadline.roles)),
            ladder=clocks.dump_ladder(deadline.ladder),
            created_at=at,
            version=0,
        )
        await Deadline.insert(row)
        reckoned = await clocks.reckon_and_save(row)
        await _log(
            row, "start", actor, at,
            {
                "record": row.record,
                "name": row.name,
                "track": row.track,
                "rule": deadline.rule.basis,
                "version": deadline.rule.version,
                "started_on": row.started_on,
                "due": reckoned.due,
            },
        )  # fmt: skip
    return row.id


async def _log(
    row: Deadline,
    act: str,
    actor: Actor,
    at: datetime,
    after: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
) -> None:
    await record(actor, f"deadline.{act}", "deadline", row.id, at=at, before=before, after=after)


async def take(deadline_id: UUID, *states: str) -> Deadline:
    """Return a clock locked for an act; WrongStateError unless it is in one of the states."""
    await db.fetch("SELECT id FROM deadline WHERE id = {} FOR UPDATE", deadline_id)
    row = await Deadline.objects().get(Deadline.id == deadline_id)
    if row is None:
        raise NotFoundError
    if row.state not in states:
        raise WrongStateError(N_("This clock is not running."))
    return row


async def pause(
    deadline_id: UUID, *, reason: str, actor: Actor, at: datetime, first: date | None = None
) -> None:
    """Stop counting from a day on, today unless told; that day does not count."""
    day = first or clocks.local_day(at)
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why.")})
    async with db.writing():
        row = await take(deadline_id, "running")
        if row.due is not None and day > row.due:
            raise WrongStateError(N_("This date is over: it can only be extended."))
        if day < row.started_on:
            raise InvalidInputError({"first": N_("This day is before the clock began.")})
        await DeadlinePause.insert(
            DeadlinePause(
                id=uuid4(),
                deadline=row.id,
                first=day,
                reason=reason.strip()[:300],
                by_name=actor.name,
            )
        )
        before = row.due
        row.state = "paused"
        await clocks.reckon_and_save(row)
        after = {"first": day, "reason": reason.strip()[:300]}
        await _log(row, "pause", actor, at, after, {"due": before})


async def resume(
    deadline_id: UUID, *, actor: Actor, at: datetime, day: date | None = None
) -> date | None:
    """Count again from a day on, today unless told, which counts; return the new due date."""
    until = day or clocks.local_day(at)
    async with db.writing():
        row = await take(deadline_id, "paused")
        lasting = await DeadlinePause.objects().get(
            (DeadlinePause.deadline == row.id) & DeadlinePause.until.is_null()
        )
        if lasting is None:
            raise WrongStateError(N_("This clock is not paused."))
        if until < lasting.first:
            raise InvalidInputError({"day": N_("This day is before the pause began.")})
        await DeadlinePause.update({DeadlinePause.until: until}).where(
            DeadlinePause.id == lasting.id
        )
        row.state = "running"
        reckoned = await clocks.reckon_and_save(row)
        await _log(row, "resume", actor, at, {"until": until, "due": reckoned.due})
    return reckoned.due


async def extend(
    deadline_id: UUID,
    *,
    length: int,
    unit: str,
    reason: str,
    actor: Actor,
    at: datetime,
    approval: UUID | None = None,
) -> date | None:
    """Grant days on top and return the new due date; None while the clock is paused."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why.")})
    if unit not in UNITS or not 1 <= length <= LONGEST:
        raise InvalidInputError({"length": N_("This value is not possible here.")})
    async with db.writing():
        row = await take(deadline_id, "running", "paused")
        position = await DeadlineExtension.count().where(DeadlineExtension.deadline == row.id)
        await DeadlineExtension.insert(
            DeadlineExtension(
                id=uuid4(),
                deadline=row.id,
                position=position,
                length=length,
                unit=unit,
                granted_on=clocks.local_day(at),
                reason=reason.strip()[:300],
                by_name=actor.name,
                approval=approval,
            )
        )
        before = row.due
        reckoned = await clocks.reckon_and_save(row)
        await _log(
            row, "extend", actor, at,
            {"length": length, "unit": unit, "reason": reason.strip()[:300], "due": reckoned.due},
            {"due": before},
        )  # fmt: skip
    return reckoned.due


async def reopen(
    deadline_id: UUID,
    *,
    length: int = 0,
    unit: str = CALENDAR,
    reason: str = "",
    actor: Actor,
    at: datetime,
) -> date | None:
    """Let a clock run on that had stopped as done, `length` days on top; return the new due date."""
    async with db.writing():
        row = await take(deadline_id, "finished")
        before = {"on": row.finished_on}
        row.state, row.finished_on = "running", None
        await row.save([Deadline.state, Deadline.finished_on])
        reckoned = await clocks.reckon_and_save(row)
        await _log(row, "reopen", actor, at, {"due": reckoned.due}, before)
        if not length:
            return reckoned.due
        return await extend(
            deadline_id, length=length, unit=unit, reason=reason, actor=actor, at=at
        )


async def hand_on(
    deadline_id: UUID, *, owner: UUID | None, actor: Actor, at: datetime, roles: tuple[str, ...]
) -> None:
    """Name who is warned from now on."""
    async with db.writing():
        row = await take(deadline_id, "running", "paused")
        before = {"owner": row.owner, "roles": row.roles}
        row.owner, row.roles = owner, json.dumps(list(roles))
        row.version += 1
        await row.save([Deadline.owner, Deadline.roles, Deadline.version])
        await _log(row, "hand_on", actor, at, {"owner": owner, "roles": row.roles}, before)


async def finish(deadline_id: UUID, *, actor: Actor, at: datetime, on: date | None = None) -> None:
    """Stop a clock because what it waited for was done, today unless told."""
    await _stop(deadline_id, "finished", actor=actor, at=at, on=on or clocks.local_day(at))


async def cancel(deadline_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Stop a clock that no longer means anything."""
    await _stop(deadline_id, "cancelled", actor=actor, at=at, reason=reason)


async def _stop(
    deadline_id: UUID,
    state: str,
    *,
    actor: Actor,
    at: datetime,
    on: date | None = None,
    reason: str = "",
) -> None:
    async with db.writing():
        row = await take(deadline_id, "running", "paused")
        row.state, row.finished_on = state, on
        row.version += 1
        await row.save([Deadline.state, Deadline.finished_on, Deadline.version])
        await DeadlineAlarm.delete().where(DeadlineAlarm.deadline == row.id)
        act = "finish" if state == "finished" else "cancel"
        late = on is not None and row.due is not None and on > row.due
        await _log(row, act, actor, at, {"on": on, "due": row.due, "late": late, "reason": reason})
