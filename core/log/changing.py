"""A row with a version that an act changes: only what differs is written, and logged before and after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.log.services import record
from core.permissions import Actor


async def change(
    row: Any,
    act: str,
    changed: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
    note: Mapping[str, Any] | None = None,
    quiet: tuple[str, ...] = (),
) -> None:
    """Write new values of a row's columns, count its version on and log `<table>.<act>`.

    `note` is logged and not stored. `quiet` names columns that change and are not worth a word in
    the log. Call it inside the act's `db.writing()`, with the row locked.
    """
    table: Any = type(row)
    kind = table._meta.tablename
    differing = {name: value for name, value in changed.items() if getattr(row, name) != value}
    before = {name: getattr(row, name) for name in differing if name not in quiet}
    after = {name: value for name, value in differing.items() if name not in quiet}
    values = {**differing, "version": row.version + 1}
    for name, value in values.items():
        setattr(row, name, value)
    await table.update({getattr(table, name): value for name, value in values.items()}).where(
        table.id == row.id
    )
    await record(
        actor, f"{kind}.{act}", kind, row.id, at=at, before=before, after=after | dict(note or {})
    )
