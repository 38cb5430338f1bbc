"""What happened to one appointment, as the log has it; reads only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import clock
from core.i18n import N_, Message
from core.log.tables import LogEntry

_WORDS: Mapping[str, Message] = {
    "propose": N_("Proposed"),
    "confirm": N_("Confirmed"),
    "refuse": N_("Refused"),
    "reschedule": N_("Moved to another time"),
    "cancel": N_("Called off"),
    "arrive": N_("Arrived"),
    "no_show": N_("Did not come"),
    "share": N_("Link given out"),
}
_WHO: Mapping[str, Message] = {
    "visitor": N_("the visitor"),
    "system": N_("automatically"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an appointment's history; `moved_to` is the new beginning."""

    at: datetime
    act: str
    text: Message
    who: Message
    note: str
    moved_to: datetime | None


async def timeline(appointment_id: UUID) -> list[Line]:
    """Return every act on an appointment, oldest first."""
    rows = (
        await LogEntry.objects()
        .where(LogEntry.record_kind == "appointment", LogEntry.record_id == str(appointment_id))
        .order_by(LogEntry.id)
    )
    return [_line(row) for row in rows]


def _line(row: LogEntry) -> Line:
    act = row.act.removeprefix("appointment.")
    after: Mapping[str, Any] = json.loads(row.after) if row.after else {}
    moved = after.get("starts_at") if act == "reschedule" else None
    known = row.actor_kind in ("link", "system")
    return Line(
        at=clock.from_ms(row.at),
        act=act,
        text=_WORDS.get(act, Message(act)),
        who=(_WHO.get(row.actor_name) if known else None) or Message(row.actor_name),
        note=str(after.get("answer_note") or ""),
        moved_to=datetime.fromisoformat(moved) if moved else None,
    )
