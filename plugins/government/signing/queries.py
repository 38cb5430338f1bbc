"""Rounds of signatures, opinions and instructions; what waits for a leader. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import db
from core.approvals import queries as approvals
from core.i18n import Message
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.facts import NAME
from plugins.government.handling.queries import lines_of
from plugins.government.matters import access
from plugins.government.matters.facts import MatterLine
from plugins.government.rights import LEADER
from plugins.government.signing.facts import (
    AFTER,
    MAJOR,
    OPEN,
    SIGNED,
    Instructed,
    Opinion,
    Signed,
)

_SIGNING = "government_signing"
_SAYS = "government_signer_opinion"
_TELLS = "government_instruction"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """One thing that waits for the reader's signature, with the item it is about."""

    request: UUID
    title: Message
    asked_by: str
    since: datetime
    instead_of: tuple[str, ...]
    signing: Signed
    line: MatterLine


def _opened(row: db.Row, opinions: Sequence[Opinion] = ()) -> Signed:
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
        opinions=tuple(opinions),
    )


async def rounds(matter_id: UUID) -> list[Signed]:
    """Return all rounds of signatures on an item with what was said, the latest first."""
    rows = await db.fetch(
        "SELECT * FROM government_signing WHERE matter = {} ORDER BY asked_at DESC", matter_id
    )
    said = await db.fetch(
        "SELECT o.* FROM government_signer_opinion o JOIN government_signing s ON s.id = o.signing"
        " WHERE s.matter = {} ORDER BY o.said_at",
        matter_id,
    )
    return [
        _opened(
            row,
            [
                Opinion(
                    name=one["user_name"],
                    choice=one["choice"],
                    text=sealing.unseal(one["text_cipher"], _SAYS, "text_cipher", one["id"]),
                    at=one["said_at"],
                )
                for one in said
                if one["signing"] == row["id"]
            ],
        )
        for row in rows
    ]


async def open_round(matter_id: UUID, phase: str) -> UUID | None:
    """Return the request of a phase that still waits; None for none."""
    rows = await db.fetch(
        "SELECT approval FROM government_signing WHERE matter = {} AND phase = {} AND state = {}",
        matter_id,
        phase,
        OPEN,
    )
    return rows[0]["approval"] if rows else None


async def signed_round(matter_id: UUID, phase: str = AFTER) -> bool:
    """Say whether a phase was signed by all."""
    rows = await db.fetch(
        "SELECT id FROM government_signing WHERE matter = {} AND phase = {} AND state = {}",
        matter_id,
        phase,
        SIGNED,
    )
    return bool(rows)


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


async def to_sign(actor: Actor, at: datetime) -> list[ToSign]:
    """Return what waits for somebody's signature about items they may see, the oldest first."""
    waiting = {one.id: one for one in await approvals.waiting_for(actor, at=at)}
    if not waiting:
        return []
    rows = await db.fetch(
        f"SELECT * FROM government_signing WHERE approval IN ({access.places(list(waiting))})",
        *waiting,
    )
    lines = await lines_of([row["matter"] for row in rows], actor, at)
    by_request = {row["approval"]: row for row in rows if row["matter"] in lines}
    return [
        ToSign(
            request=one.id,
            title=one.title,
            asked_by=one.requester_name,
            since=one.created_at,
            instead_of=one.instead_of,
            signing=_opened(by_request[one.id]),
            line=lines[by_request[one.id]["matter"]],
        )
        for one in waiting.values()
        if one.id in by_request
    ]


async def others_to_sign(actor: Actor, at: datetime) -> list[approvals.Line]:
    """Return what else of petitions waits for somebody's signature: opinions, more time, bulletins."""
    rows = await db.fetch("SELECT approval FROM government_signing WHERE state = {}", OPEN)
    own = {row["approval"] for row in rows}
    return [
        one
        for one in await approvals.waiting_for(actor, at=at)
        if one.kind.startswith(f"{NAME}.") and one.id not in own
    ]


async def to_instruct(actor: Actor, at: datetime) -> list[tuple[MatterLine, str, datetime]]:
    """Return the major items put to the leaders that wait for an instruction, the oldest first."""
    if LEADER not in actor.roles:
        return []
    rows = await db.fetch(
        "SELECT s.* FROM government_signing s WHERE s.phase = {} AND s.state = {}"
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
        if row["matter"] in lines
    ]


async def waits_of(actor: Actor, at: datetime) -> int:
    """Return how much waits for somebody's signature or instruction."""
    return len(await to_sign(actor, at)) + len(await to_instruct(actor, at))
