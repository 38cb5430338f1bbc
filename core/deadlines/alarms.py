"""Alarms of open clocks: when each is looked at next, and what of its agenda was done."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from core import db
from core.deadlines.tables import DeadlineAlarm

_STORE = (
    "INSERT INTO deadline_alarm (deadline, at, fired) VALUES ({}, {}, {}) ON CONFLICT (deadline)"
    " DO UPDATE SET at = excluded.at, fired = excluded.fired"
)


async def of(ids: Sequence[UUID]) -> dict[UUID, DeadlineAlarm]:
    """Return each clock's alarm, a new one where it has none yet; inside the act's transaction.

    They are locked, after their clocks: a sweep that has some of them is waited for.
    """
    places = ", ".join(["{}"] * len(ids))
    rows = await db.fetch(
        f"SELECT deadline, at, fired FROM deadline_alarm WHERE deadline IN ({places}) FOR UPDATE",  # noqa: S608
        *ids,
    )
    found = {row["deadline"]: DeadlineAlarm(**row) for row in rows}
    return {one: found.get(one) or DeadlineAlarm(deadline=one) for one in ids}


async def store(alarms: Iterable[DeadlineAlarm]) -> None:
    """Write alarms, the new ones too; inside the act's transaction."""
    await db.execute_many(_STORE, [(one.deadline, one.at, one.fired) for one in alarms])


async def move(states: Sequence[tuple[str, int | None, UUID]]) -> None:
    """Write what fired on clocks, when each is looked at next: many at once, in a transaction."""
    if db.is_sqlite():
        await db.execute_many(
            "UPDATE deadline_alarm SET fired = {}, at = {} WHERE deadline = {}", states
        )
    elif states:
        await db.execute(
            "UPDATE deadline_alarm AS a SET fired = v.fired, at = v.at FROM"
            " unnest({}::text[], {}::bigint[], {}::uuid[]) AS v (fired, at, deadline)"
            " WHERE a.deadline = v.deadline",
            *map(list, zip(*states, strict=True)),
        )
