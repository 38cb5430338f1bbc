"""Rows as lines of JSON that either engine can take back."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID


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


def load(line: bytes, types: Mapping[str, str]) -> dict[str, Any]:
    """Return a row as its columns take it; ValueError for an unknown column.

    `types` are those of `core.schema.column_types`.
    """
    row: dict[str, Any] = json.loads(line)
    if unknown := set(row) - set(types):
        raise ValueError(f"unknown columns {sorted(unknown)}")
    return {name: _typed(value, types[name]) for name, value in row.items()}


def _typed(value: Any, type_: str) -> Any:
    typed = _TYPES.get(type_)
    return value if value is None or typed is None else typed(value)


# By the names that SQLite and PostgreSQL give the types.
_TYPES: dict[str, Callable[[Any], Any]] = {
    "uuid": UUID,
    "timestamptz": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "blob": base64.b64decode,
    "bytea": base64.b64decode,
    "boolean": bool,
    "bool": bool,
}
