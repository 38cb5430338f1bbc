"""Conflicts as rows: what kinds there are, and opening them, each once. What finds them is elsewhere."""

from collections.abc import Sequence
from uuid import uuid4

from core import db

FORK, CLOCK, OLD_PRINT, GAP = "fork", "clock", "old_print", "gap"
VISIT, EMPTIED = "visit", "emptied"
OF_DEVICES = frozenset({FORK, CLOCK, GAP, EMPTIED})  # their keys name the device: `gap/<device>:17`
_OPEN = (
    "INSERT INTO scan_conflict (id, kind, key, pass_id, first_event, second_event, site, opened_at,"
    " note) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT (key) DO NOTHING"
)


async def open_conflicts(rows: Sequence[tuple[object, ...]]) -> None:
    """Open conflicts: kind, key, pass, first event, second event, site, moment, note."""
    await db.execute_many(_OPEN, [(uuid4(), *row) for row in rows])
