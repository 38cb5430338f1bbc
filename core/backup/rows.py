"""Rows as lines of JSON that either engine can take back."""

import base64
import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from piccolo import columns as piccolo_columns
from piccolo.columns import Boolean, Bytea, Column, Date, ForeignKey, Time, Timestamptz


def dump(row: Mapping[str, Any]) -> bytes:
    """Return one row as a line of JSON; bytes as base64, times as ISO 8601."""
    return (
        json.dumps(row, ensure_ascii=False, default=_plain, separators=(",", ":")).encode() + b"\n"
    )


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"a row cannot hold {type(value).__name__}")


def load(line: bytes, columns: Mapping[str, Column]) -> dict[str, Any]:
    """Return a row with the types that its columns have; ValueError for an unknown column."""
    row: dict[str, Any] = json.loads(line)
    if unknown := set(row) - set(columns):
        raise ValueError(f"unknown columns {sorted(unknown)}")
    return {name: _typed(value, columns[name]) for name, value in row.items()}


def _typed(value: Any, column: Column) -> Any:
    if value is None:
        return None
    while isinstance(column, ForeignKey):
        column = column._foreign_key_meta.resolved_references._meta.primary_key
    for kind, typed in _TYPES.items():
        if isinstance(column, kind):
            return typed(value)
    return value


_TYPES: dict[type[Column], Any] = {
    piccolo_columns.UUID: UUID,
    Timestamptz: datetime.fromisoformat,
    Date: date.fromisoformat,
    Time: time.fromisoformat,
    Bytea: base64.b64decode,
    Boolean: bool,
}
