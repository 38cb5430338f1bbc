"""Slips that are out: with people inside, with people gone, and those explained; reads only (SCH-8)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import db
from core.i18n import N_, Message
from core.permissions import Actor
from plugins.school_gate.lodge_registered import EXPLAIN_SLIPS
from plugins.school_gate.queries.rights import within

MISSING, INSIDE, EXPLAINED = "missing", "inside", "explained"
VIEWS: dict[str, Message] = {
    MISSING: N_("Left, stub not returned"),
    INSIDE: N_("Still inside with a slip"),
    EXPLAINED: N_("Closed with an explanation"),
}
_CONDITIONS = {
    MISSING: "r.state = 'left'",
    INSIDE: "r.state = 'inside' AND EXISTS (SELECT 1 FROM pass b WHERE b.registration = r.id"
    " AND b.kind = 'visit')",
    EXPLAINED: "r.state = 'closed' AND r.stub_explained <> ''",
}
MOST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipLine:
    """One slip that is out or was explained."""

    id: UUID
    number: str
    person: str
    purpose: str
    host: str
    gate_name: str
    entered_at: datetime | None
    expected_leave_at: datetime | None
    left_at: datetime | None
    signed: bool
    code: str
    reason: Message | None
    explained: str


async def slips(
    actor: Actor, view: str, *, since: datetime | None = None, until: datetime | None = None
) -> list[SlipLine]:
    """Return the slips of a view, the oldest first; explained ones of a time."""
    seen, args = within(actor, "r.site", EXPLAIN_SLIPS)
    where = f"{seen} AND {_CONDITIONS[view]}"
    if view == EXPLAINED:
        for moment, sign in ((since, ">="), (until, "<")):
            if moment is not None:
                where += f" AND r.left_at {sign} {{}}"
                args.append(moment)
    rows = await db.fetch(
        "SELECT r.id, r.number, r.purpose, r.host_text, r.entered_at, r.expected_leave_at,"  # noqa: S608 - conditions of this module
        " r.left_at, r.host_signed_at, r.decision_code, r.decision_reason, r.stub_explained,"
        " v.name, h.name AS host_name, g.name AS gate_name FROM registration r"
        " JOIN visitor v ON v.id = r.visitor LEFT JOIN host h ON h.id = r.host"
        f" LEFT JOIN gate g ON g.id = r.gate WHERE {where}"
        f" ORDER BY r.entered_at, r.number LIMIT {MOST}",
        *args,
    )
    return [
        SlipLine(
            id=row["id"],
            number=row["number"],
            person=row["name"],
            purpose=row["purpose"],
            host=row["host_name"] or row["host_text"],
            gate_name=row["gate_name"] or "",
            entered_at=row["entered_at"],
            expected_leave_at=row["expected_leave_at"],
            left_at=row["left_at"],
            signed=row["host_signed_at"] is not None,
            code=row["decision_code"],
            reason=Message.load(row["decision_reason"]) if row["decision_reason"] else None,
            explained=row["stub_explained"],
        )
        for row in rows
    ]


async def missing(actor: Actor) -> int:
    """Count the visits that ended without their stub."""
    seen, args = within(actor, "r.site", EXPLAIN_SLIPS)
    rows = await db.fetch(
        f"SELECT count(*) AS n FROM registration r WHERE {seen} AND r.state = 'left'",  # noqa: S608 - written here
        *args,
    )
    return int(rows[0]["n"])
