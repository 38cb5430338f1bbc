"""How long slips are kept, and their erasure: who collected, signatures and papers go, figures stay."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.documents import services as documents
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.privacy.facts import Erasing, Expired, RetentionRule
from core.registrations.facts import Detail
from core.registrations.judging import site_time
from plugins.school_gate.leave.services import RECORD
from plugins.school_gate.queries.rights import places

_BLANK = (
    "reason = '', contact_with = '', contact_guardian = NULL, link_guardian = NULL,"
    " collected_by = NULL, collector_name = '', collector_document = '', paper_number = '',"
    " pupil_signature = NULL, collector_signature = NULL, refuse_reason = '', return_note = '',"
    " void_reason = ''"
)


async def slips_due(before: datetime, limit: int, offset: int) -> list[Expired]:
    """Return slips that ended before a moment and still say something of people."""
    rows = await db.fetch(
        "SELECT id, ends_at FROM school_gate_leave WHERE ends_at < {} AND reason <> ''"
        " ORDER BY ends_at, id LIMIT {} OFFSET {}",
        before,
        limit,
        offset,
    )
    return [
        Expired(
            record=str(row["id"]), ended_at=row["ends_at"], path=f"/school-gate/leave/{row['id']}"
        )
        for row in rows
    ]


async def erase_slips(records: Sequence[str], erasing: Erasing) -> None:
    """Blank slips; that there was one, when and how it ended, stays for the figures."""
    await blank([UUID(one) for one in records], actor=erasing.actor, at=erasing.at)


async def blank(ids: Sequence[UUID], *, actor: Actor, at: datetime) -> None:
    """Blank slips and erase their papers, inside the caller's transaction."""
    if not ids:
        return
    await db.execute(
        f"UPDATE school_gate_leave SET {_BLANK} WHERE id IN ({places(ids)})",  # noqa: S608
        *ids,
    )
    for one in ids:
        await documents.erase_papers(RECORD, one, actor=actor, at=at)
        await record(actor, "school_gate.let_go", RECORD, one, at=at)


async def of_pupils(pupil_ids: Sequence[UUID]) -> list[UUID]:
    """Return the slips of pupils whose particulars go."""
    rows = await db.fetch(
        f"SELECT id FROM school_gate_leave WHERE pupil IN ({places(pupil_ids)})",  # noqa: S608
        *pupil_ids,
    )
    return [row["id"] for row in rows]


async def forget_visitor(visitor_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Blank who answered and who collected where it was this visitor; the pupil's slip stays."""
    rows = await db.fetch(
        "SELECT id FROM school_gate_leave WHERE collected_by IN (SELECT id FROM school_gate_guardian"
        " WHERE visitor = {}) OR contact_guardian IN (SELECT id FROM school_gate_guardian"
        " WHERE visitor = {})",
        visitor_id,
        visitor_id,
    )
    for row in rows:
        await db.execute(
            "UPDATE school_gate_leave SET contact_with = '', contact_guardian = NULL,"
            " link_guardian = NULL, collected_by = NULL, collector_name = '',"
            " collector_document = '', collector_signature = NULL WHERE id = {}",
            row["id"],
        )
        await documents.erase_papers(RECORD, row["id"], actor=actor, at=at)


async def of_visitor(visitor_id: UUID) -> list[Detail]:
    """Return which slips name a visitor as who answered or collected, for their own information."""
    rows = await db.fetch(
        "SELECT l.number, l.contacted_at, l.released_at, p.name FROM school_gate_leave l"
        " JOIN school_gate_pupil p ON p.id = l.pupil LEFT JOIN school_gate_guardian a"
        " ON a.id = l.contact_guardian LEFT JOIN school_gate_guardian b ON b.id = l.collected_by"
        " WHERE a.visitor = {} OR b.visitor = {} ORDER BY l.asked_at",
        visitor_id,
        visitor_id,
    )
    return [
        Detail(
            label=N_("Leave slip {number}", number=row["number"]),
            value=" · ".join(
                [row["name"]]
                + [
                    site_time(moment).strftime("%Y-%m-%d %H:%M")
                    for moment in (row["contacted_at"], row["released_at"])
                    if moment
                ]
            ),
        )
        for row in rows
    ]


RULES = (
    RetentionRule(
        kind="school_gate.leave",
        label=N_("Leave slips, with contacts and signatures"),
        days=366,
        basis=N_("One school year").msgid,
        find=slips_due,
        erase=erase_slips,
        batch=50,
    ),
)
