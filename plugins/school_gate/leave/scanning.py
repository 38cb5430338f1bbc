"""Slips as a scan finds them: read once for a batch, carried by the holder's card, read back to judge."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import clock
from core.registrations.judging import site_time
from plugins.school_gate.leave import queries
from plugins.school_gate.leave.facts import ENTRY, LEAVE, Passed, Slip
from plugins.school_gate.leave.policies import movement

_TIMES = ("starts", "ends", "back_by")


async def slips_for(pupil_ids: Sequence[UUID], at: datetime) -> dict[UUID, str]:
    """Return the slips of pupils who have any, as the card bears them.

    An exit scanned a moment ago counts at once, before the minute's work writes it to the slip.
    """
    rows = await queries.of_pupils(pupil_ids, at)
    if not rows:
        return {}
    since = min(row["starts_at"] for own in rows.values() for row in own)
    scans = await queries.passed(rows, since)
    return {
        pupil_id: json.dumps([_plain(row, at, scans.get(pupil_id, ())) for row in own])
        for pupil_id, own in rows.items()
    }


def _plain(row: Any, at: datetime, scans: Sequence[Passed]) -> dict[str, Any]:
    slip = queries.slip_of(row, at)
    used, returned = slip.used, slip.returned
    if slip.kind != ENTRY and not returned:
        moved = movement(slip, valid_from(row), scans)
        used = used or moved.exit is not None
        returned = moved.back is not None
    plain = {name: getattr(slip, name) for name in Slip.__dataclass_fields__}
    plain |= {"used": used, "returned": returned}
    return plain | {name: plain[name] and clock.to_ms(plain[name]) for name in _TIMES}


def valid_from(row: Any) -> datetime:
    """Return since when a slip was complete; one that is not lets nobody out."""
    done: datetime | None = row["stamped_at"] if row["kind"] == LEAVE else row["issued_at"]
    never: datetime = row["ends_at"] + timedelta(seconds=1)
    return done or never


def slips_in(text: str) -> tuple[Slip, ...]:
    """Return the slips that a card bears."""
    if not text:
        return ()
    found = []
    for plain in json.loads(text):
        times = {
            name: None if plain[name] is None else site_time(clock.from_ms(plain[name]))
            for name in _TIMES
        }
        found.append(Slip(**{**plain, **times}))
    return tuple(found)
