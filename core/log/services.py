"""Writing the log: one row for each act, in the act's own transaction."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core import clock, db
from core.log.proof import Content, prove
from core.log.tables import LogEntry
from core.permissions import Actor

_INSERT = (
    "INSERT INTO log_entry (at, actor_kind, actor_id, actor_name, place, act, record_kind,"
    " record_id, before, after, proof)"
)
_KINDS = ("bigint", "text", "uuid", *("text",) * 8)


def as_json(values: Mapping[str, Any] | None) -> str:
    """Return a JSON object of the values, as the log keeps them; empty for none."""
    if not values:
        return ""
    return json.dumps(values, ensure_ascii=False, default=str, sort_keys=True)


def entry(
    actor: Actor,
    act: str,
    record_kind: str,
    record_id: object,
    at_ms: int,
    before: str = "",
    after: str = "",
) -> Content:
    """Return an entry's values in the table's order of columns, for writers of raw SQL.

    The row they insert is these ten values and `proof.prove(values)`.
    """
    return (
        at_ms,
        actor.kind,
        actor.id,
        actor.name,
        actor.place,
        act,
        record_kind,
        str(record_id),
        before,
        after,
    )


async def record(
    actor: Actor,
    act: str,
    record_kind: str = "",
    record_id: object = "",
    *,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down one act (CORE-7); call it inside the act's `db.writing()`.

    `act` is `<thing>.<verb>` (`registration.enter`). `before` and `after` hold only the fields that
    matter, never a clear phone or document number: give masked forms.
    """
    values = entry(
        actor, act, record_kind, record_id, clock.to_ms(at), as_json(before), as_json(after)
    )
    await LogEntry.insert(
        LogEntry(
            at=values[0],
            actor_kind=values[1],
            actor_id=values[2],
            actor_name=values[3],
            place=values[4],
            act=values[5],
            record_kind=values[6],
            record_id=values[7],
            before=values[8],
            after=values[9],
            proof=prove(values),
        )
    )


async def record_many(entries: Sequence[Content]) -> None:
    """Write down many acts at once, as an import does; each made by `entry`."""
    rows = [(*values, prove(values)) for values in entries]
    if not rows:
        return
    if db.is_sqlite():
        places = ", ".join("{}" for _ in rows[0])
        await db.execute_many(f"{_INSERT} VALUES ({places})", rows)
    else:  # one statement with eleven arrays: asyncpg sends rows one by one
        arrays = ", ".join(f"{{}}::{kind}[]" for kind in _KINDS)
        await db.execute(
            f"{_INSERT} SELECT * FROM unnest({arrays})",  # noqa: S608 - constants
            *map(list, zip(*rows, strict=True)),
        )


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return only the fields that differ, as they were and as they are."""
    names = [name for name in after if before.get(name) != after[name]]
    return {n: before.get(n) for n in names}, {n: after[n] for n in names}
