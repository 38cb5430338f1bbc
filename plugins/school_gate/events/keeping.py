"""How long lists of class events are kept, their erasure, and what they say of a person."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.i18n import N_
from core.log.services import record
from core.privacy.facts import Erasing, Expired, RetentionRule
from core.registrations.facts import Detail
from core.registrations.judging import site_time
from plugins.school_gate.events.services import RECORD
from plugins.school_gate.queries.rights import places

_BLANK = "name = '', relation = '', guardian = NULL, document = '', recorded_by_name = ''"


async def lists_due(before: datetime, limit: int, offset: int) -> list[Expired]:
    """Return events that ended before a moment and whose list still names people."""
    rows = await db.fetch(
        "SELECT v.id, v.ends_at FROM school_gate_event v WHERE v.ends_at < {} AND EXISTS (SELECT 1"
        " FROM school_gate_event_guest e WHERE e.event = v.id AND e.name <> '')"
        " ORDER BY v.ends_at, v.id LIMIT {} OFFSET {}",
        before,
        limit,
        offset,
    )
    return [
        Expired(
            record=str(row["id"]), ended_at=row["ends_at"], path=f"/school-gate/events/{row['id']}"
        )
        for row in rows
    ]


async def erase_lists(records: Sequence[str], erasing: Erasing) -> None:
    """Blank the parents on the lists of events; how many came stays for the figures."""
    ids = [UUID(one) for one in records]
    await db.execute(
        f"UPDATE school_gate_event_guest SET {_BLANK} WHERE event IN ({places(ids)})",  # noqa: S608
        *ids,
    )
    for one in ids:
        await record(erasing.actor, "school_gate.let_go", RECORD, one, at=erasing.at)


async def forget_pupils(pupil_ids: Sequence[UUID]) -> None:
    """Blank the parents of pupils whose particulars go, inside the caller's transaction."""
    if pupil_ids:
        await db.execute(
            f"UPDATE school_gate_event_guest SET {_BLANK} WHERE pupil IN ({places(pupil_ids)})",  # noqa: S608
            *pupil_ids,
        )


async def forget_visitor(visitor_id: UUID) -> None:
    """Blank a visitor who is on lists as a pupil's guardian."""
    await db.execute(
        f"UPDATE school_gate_event_guest SET {_BLANK} WHERE guardian IN"  # noqa: S608
        " (SELECT id FROM school_gate_guardian WHERE visitor = {})",
        visitor_id,
    )


async def of_visitor(visitor_id: UUID) -> list[Detail]:
    """Return on which lists a visitor is, for their own information."""
    rows = await db.fetch(
        "SELECT v.title, v.starts_at, e.came_at FROM school_gate_event_guest e"
        " JOIN school_gate_event v ON v.id = e.event JOIN school_gate_guardian a ON a.id = e.guardian"
        " WHERE a.visitor = {} AND e.removed_at IS NULL ORDER BY v.starts_at",
        visitor_id,
    )
    return [
        Detail(
            label=N_("Invited to a class event"),
            value=" · ".join(
                filter(
                    None,
                    (
                        row["title"],
                        site_time(row["starts_at"]).strftime("%Y-%m-%d %H:%M"),
                        site_time(row["came_at"]).strftime("%H:%M") if row["came_at"] else "",
                    ),
                )
            ),
        )
        for row in rows
    ]


RULES = (
    RetentionRule(
        kind="school_gate.event",
        label=N_("Parents on the lists of class events"),
        days=366,
        basis=N_("One school year").msgid,
        find=lists_due,
        erase=erase_lists,
        batch=20,
    ),
)
