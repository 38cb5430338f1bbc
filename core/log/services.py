"""Writing the log: one row for each act, in the act's own transaction."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core import clock
from core.log.tables import LogEntry
from core.permissions import Actor


def as_json(values: Mapping[str, Any] | None) -> str:
    """Return a JSON object of the values, as the log keeps them; empty for none."""
    if not values:
        return ""
    return json.dumps(values, ensure_ascii=False, default=str, sort_keys=True)


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
    await LogEntry.insert(
        LogEntry(
            at=clock.to_ms(at),
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            place=actor.place,
            act=act,
            record_kind=record_kind,
            record_id=str(record_id),
            before=as_json(before),
            after=as_json(after),
        )
    )


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return only the fields that differ, as they were and as they are."""
    names = [name for name in after if before.get(name) != after[name]]
    return {n: before.get(n) for n in names}, {n: after[n] for n in names}
