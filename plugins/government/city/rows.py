"""Many rows written at once, as an import does."""

from collections.abc import Mapping, Sequence
from typing import Any

from core import db

_AT_ONCE = 2000


async def insert(table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of the same columns into a table; columns left out take what the table says."""
    if not rows:
        return
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    places = ", ".join(["{}"] * len(names))
    for start in range(0, len(rows), _AT_ONCE):
        await db.execute_many(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",
            [[row[name] for name in names] for row in rows[start : start + _AT_ONCE]],
        )
