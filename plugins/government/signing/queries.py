"""Rounds of signatures, opinions and instructions; what waits for a leader. Reads only."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.approvals import remarks
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.handling.queries import lines_of
from plugins.government.matters.facts import MatterLine
from plugins.government.rights import INSTRUCT, LEADER
from plugins.government.signing.facts import (
    MAJOR,
    OPEN,
    SIGNED,
    Instructed,
    Opinion,
    Signed,
)

_SIGNING = "government_signing"
_TELLS = "government_instruction"


def _opened(row: db.Row, votes: Sequence[remarks.Vote] = (), request_state: str = "") -> Signed:
    return Signed(
        id=row["id"],
        matter_id=row["matter"],
        phase=row["phase"],
        state=row["state"],
        text=sealing.unseal(row["text_cipher"], _SIGNING, "text_cipher", row["id"]),
        approval=row["approval"],
        asked_at=row["asked_at"],
        asked_by=row["asked_by_name"],
        decided_at=row["decided_at"],
        request_state=request_state,
        opinions=tuple(
            Opinion(name=one.name, choice=one.choice, text=one.opinion, at=one.at) for one in votes
        ),
    )


async def rounds(matter_id: UUID) -> list[Signed]:
    """Return all rounds of signatures on an item with what was said, the latest first.

    What signers said is kept with their votes, on whichever page they signed.
    """
    rows = await db.fetch(
        "SELECT s.*, a.state AS request_state FROM government_signing s"
        " LEFT JOIN approval_request a ON a.id = s.approval WHERE s.matter = {}"
        " ORDER BY s.asked_at DESC",
        matter_id,
    )
    said = await remarks.votes([row["approval"] for row in rows if row["approval"] is not None])
    return [_opened(row, said.get(row["approval"], ()), row["request_state"] or "") for row in rows]


_ELSEWHERE = """
SELECT q.id, x.what, e.unit FROM approval_request q JOIN (
  SELECT approval AS request, 'reply' AS what FROM government_reply WHERE matter = {}
  UNION ALL SELECT request, 'outline' FROM government_foreign_report WHERE matter = {}
  UNION ALL SELECT request, 'time' FROM government_extension WHERE matter = {}
  UNION ALL SELECT approval, 'over' FROM government_supervision WHERE matter = {}
) x ON x.request = q.id LEFT JOIN government_extension e ON e.request = q.id
WHERE q.state = 'sent_back' ORDER BY q.created_at
"""


async def returned_elsewhere(matter_id: UUID) -> list[tuple[UUID, str, UUID | None]]:
    """Return what else of an item was sent back: request, what it is, the body that asked for time.

    What it is: reply, outline, time (more time) or over (a hand-over to the supervision office).
    """
    rows = await db.fetch(_ELSEWHERE, *[matter_id] * 4)
    return [(row["id"], row["what"], row["unit"]) for row in rows]


async def open_round(matter_id: UUID, phase: str) -> UUID | None:
    """Return the request of a phase that still waits; None for none."""
    rows = await db.fetch(
        "SELECT approval FROM government_signing WHERE matter = {} AND phase = {} AND state = {}",
        matter_id,
        phase,
        OPEN,
    )
    return rows[0]["approval"] if rows else None


async def by_request(request_id: UUID) -> Signed | None:
    """Return the round of signatures of a request; None when it is no request of this room."""
    rows = await db.fetch("SELECT * FROM government_signing WHERE approval = {}", request_id)
    return _opened(rows[0]) if rows else None


async def put_to_leaders(matter_id: UUID) -> UUID | None:
    """Return the signed suggestion that waits for a leader's instruction; None for none."""
    rows = await db.fetch(
        "SELECT s.id FROM government_signing s WHERE s.matter = {} AND s.phase = {} AND s.state = {}"
        " AND NOT EXISTS (SELECT 1 FROM government_instruction i WHERE i.signing = s.id)"
        " ORDER BY s.asked_at DESC",
        matter_id,
        MAJOR,
        SIGNED,
    )
    return rows[0]["id"] if rows else None


async def instructions(matter_id: UUID) -> list[Instructed]:
    """Return the leaders' instructions on an item, the latest first."""
    rows = await db.fetch(
        "SELECT * FROM government_instruction WHERE matter = {} ORDER BY recorded_at DESC",
        matter_id,
    )
    return [
        Instructed(
            id=row["id"],
            leader=row["leader_name"],
            text=sealing.unseal(row["text_cipher"], _TELLS, "text_cipher", row["id"]),
            given_on=row["given_on"],
            recorded_by=row["recorded_by_name"],
            done_at=row["done_at"],
            done=sealing.unseal(row["done_cipher"], _TELLS, "done_cipher", row["id"]),
        )
        for row in rows
    ]


async def to_instruct(actor: Actor, at: datetime) -> list[tuple[MatterLine, str, datetime]]:
    """Return the major items put to the leaders that wait for an instruction, the oldest first."""
    if LEADER not in actor.roles:
        return []
    rows = await db.fetch(
        "SELECT s.* FROM government_signing s JOIN government_matter m ON m.id = s.matter"
        " WHERE s.phase = {} AND s.state = {} AND m.closed_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM government_instruction i WHERE i.signing = s.id)"
        " ORDER BY s.decided_at LIMIT 200",
        MAJOR,
        SIGNED,
    )
    lines = await lines_of([row["matter"] for row in rows], actor, at)
    return [
        (
            lines[row["matter"]],
            sealing.unseal(row["text_cipher"], _SIGNING, "text_cipher", row["id"]),
            row["decided_at"],
        )
        for row in rows
        if row["matter"] in lines and actor.may_at(INSTRUCT, lines[row["matter"]].site_id)
    ]
