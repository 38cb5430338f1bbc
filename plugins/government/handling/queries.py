"""Forwardings, objections, results, calls, lists and owed letters; reads only.

What hangs on one item is read after `access.require`; lists go through `access.seen_by`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import db
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.handling.facts import (
    OWED,
    REFUSED,
    SIGNING,
    WITH_UNIT,
    Objecting,
    Returned,
    Sent,
)
from plugins.government.matters import access, states
from plugins.government.matters.facts import MatterLine
from plugins.government.matters.queries import Filter, matters, number
from plugins.government.rights import HANDLE, READ
from plugins.government.units.queries import units_of

_TABLE = "government_forwarding"
_OBJECTION, _RESULT = "government_objection", "government_result"
SELECT_SENT = (
    "SELECT f.*, u.name AS unit_name, c.name AS copy_name FROM government_forwarding f"
    " JOIN government_unit u ON u.id = f.unit LEFT JOIN government_unit c ON c.id = f.copy_unit"
)


def sent_of(row: db.Row) -> Sent:
    """Return a row of `SELECT_SENT` with its texts opened."""

    def text(column: str) -> str:
        return sealing.unseal(row[column], _TABLE, column, row["id"])

    return Sent(
        id=row["id"],
        matter_id=row["matter"],
        number=row["number"],
        kind=row["kind"],
        state=row["state"],
        unit_id=row["unit"],
        unit=row["unit_name"],
        copy=row["copy_name"] or "",
        ground=row["ground"],
        content=text("content_cipher"),
        requirement=text("requirement_cipher"),
        due_on=row["due_on"],
        first_due_on=row["first_due_on"],
        urgent=bool(row["urgent"]),
        letter=row["letter"],
        letter_on=row["letter_on"],
        meeting_on=row["meeting_on"],
        ordered_by=row["ordered_by_name"],
        sent_at=row["sent_at"],
        taken_at=row["taken_at"],
        taken_by=row["taken_by_name"],
        person=row["person_name"],
        plan=text("plan_cipher"),
        contacted_at=row["contacted_at"],
        approval=row["approval"],
    )


async def forwardings(matter_id: UUID) -> list[Sent]:
    """Return an item's transfers and assignments, the latest first."""
    rows = await db.fetch(
        f"{SELECT_SENT} WHERE f.matter = {{}} ORDER BY f.ordered_at DESC", matter_id
    )
    return [sent_of(row) for row in rows]


async def forwarding(forwarding_id: UUID) -> Sent | None:
    """Return one transfer or assignment."""
    rows = await db.fetch(f"{SELECT_SENT} WHERE f.id = {{}}", forwarding_id)
    return sent_of(rows[0]) if rows else None


async def current(matter_id: UUID) -> Sent | None:
    """Return the forwarding by which a unit has an item now."""
    return next((one for one in await forwardings(matter_id) if one.state in WITH_UNIT), None)


async def waiting_to_be_signed(matter_id: UUID) -> bool:
    """Say whether a forwarding of an item waits for signatures."""
    return any(one.state == SIGNING for one in await forwardings(matter_id))


async def objections(matter_id: UUID) -> list[Objecting]:
    """Return the objections to an item, the latest first."""
    rows = await db.fetch(
        "SELECT o.*, u.name AS unit_name, p.name AS proposed_name FROM government_objection o"
        " JOIN government_unit u ON u.id = o.unit LEFT JOIN government_unit p ON p.id = o.proposed"
        " WHERE o.matter = {} ORDER BY o.raised_at DESC",
        matter_id,
    )
    return [
        Objecting(
            id=row["id"],
            unit_id=row["unit"],
            unit=row["unit_name"],
            reason=sealing.unseal(row["reason_cipher"], _OBJECTION, "reason_cipher", row["id"]),
            proposed=row["proposed_name"] or "",
            raised_at=row["raised_at"],
            raised_by=row["raised_by_name"],
            granted=None if row["granted"] is None else bool(row["granted"]),
            answer=sealing.unseal(row["answer_cipher"], _OBJECTION, "answer_cipher", row["id"]),
            decided_at=row["decided_at"],
            decided_by=row["decided_by_name"],
        )
        for row in rows
    ]


async def results(matter_id: UUID) -> list[Returned]:
    """Return the result forms of an item, the latest first."""
    rows = await db.fetch(
        "SELECT r.*, u.name AS unit_name FROM government_result r JOIN government_unit u"
        " ON u.id = r.unit WHERE r.matter = {} ORDER BY r.returned_at DESC, r.round DESC",
        matter_id,
    )
    return [_returned(row) for row in rows]


def _returned(row: db.Row) -> Returned:
    def text(name: str) -> str:
        column = f"{name}_cipher"
        return sealing.unseal(row[column], _RESULT, column, row["id"])

    return Returned(
        id=row["id"],
        forwarding_id=row["forwarding"],
        unit_id=row["unit"],
        unit=row["unit_name"],
        round=row["round"],
        course=text("course"),
        result=text("result"),
        basis=text("basis"),
        measures=text("measures"),
        taken=row["taken"],
        words=text("words"),
        sealed=bool(row["sealed"]),
        signed_by=row["signed_by_name"],
        petitioner_signed=bool(row["petitioner_signed"]),
        returned_at=row["returned_at"],
        returned_by=row["returned_by_name"],
        late=bool(row["late"]),
        passed=None if row["passed"] is None else bool(row["passed"]),
        failed=tuple(filter(None, row["failed"].split(","))),
        findings=text("findings"),
        checked_at=row["checked_at"],
        checked_by=row["checked_by_name"],
        due_before=row["due_before"],
        due_after=row["due_after"],
    )


async def calls(matter_id: UUID, record: UUID | None = None) -> list[tuple[Any, ...]]:
    """Return the calls about an item: unit id, when, by whom, who answered, what they said, of what."""
    rows = await db.fetch(
        "SELECT * FROM government_unit_call WHERE matter = {} ORDER BY called_at", matter_id
    )
    return [
        (
            row["unit"],
            row["called_at"],
            row["by_name"],
            row["spoke_with"],
            sealing.unseal(
                row["answer_cipher"], "government_unit_call", "answer_cipher", row["id"]
            ),
            row["record"],
        )
        for row in rows
        if record is None or row["record"] == record
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter to a unit that is owed; `urgent` ones went ahead by phone."""

    sent: Sent
    line: MatterLine
    days: int


async def letters_owed(actor: Actor, at: datetime, today: date) -> list[Letter]:
    """Return the letters that wait for a weekly list or to be sent, the oldest first."""
    seen, args = await access.seen_by(actor, at)
    here, sites = access.within(actor, HANDLE)
    rows = await db.fetch(
        f"{SELECT_SENT} JOIN government_matter m ON m.id = f.matter WHERE f.letter = '{OWED}'"
        f" AND f.state NOT IN ({{}}, {{}}) AND {seen} AND {here} ORDER BY f.sent_at",
        SIGNING,
        REFUSED,
        *args,
        *sites,
    )
    sents = [sent_of(row) for row in rows]
    lines = await lines_of([one.matter_id for one in sents], actor, at)
    return [
        Letter(
            sent=one,
            line=lines[one.matter_id],
            days=(today - site_time(one.sent_at or at).date()).days,
        )
        for one in sents
        if one.matter_id in lines
    ]


async def lines_of(ids: Sequence[UUID], actor: Actor, at: datetime) -> dict[UUID, MatterLine]:
    """Return those of these items that the reader may see, by id."""
    if not ids:
        return {}
    found, _ = await matters(
        actor,
        Filter(),
        at=at,
        size=len(ids),
        among=(
            f"SELECT l.id AS matter FROM government_matter l WHERE l.id IN ({access.places(ids)})",
            list(ids),
        ),
    )
    return {one.id: one for one in found}


OBJECTED: tuple[str, tuple[Any, ...]] = (
    "SELECT o.matter FROM government_objection o JOIN government_forwarding f ON f.id = o.forwarding"
    " WHERE o.decided_at IS NULL AND f.state IN ('sent', 'taken', 'returned')",
    (),
)
TO_CHECK: tuple[str, tuple[Any, ...]] = (
    "SELECT r.matter FROM government_result r JOIN government_forwarding f ON f.id = r.forwarding"
    " WHERE r.passed IS NULL AND f.state = 'returned'",
    (),
)


async def waiting_for_office(actor: Actor, at: datetime) -> dict[str, int]:
    """Return how many objections and results wait for the reception rooms whose items one handles."""
    here = access.within(actor, HANDLE)
    return {
        "objections": await number(actor, Filter(), at=at, extra=here, among=OBJECTED),
        "results": await number(actor, Filter(), at=at, extra=here, among=TO_CHECK),
    }


def urgent_from(grade: int) -> tuple[str, tuple[Any, ...]]:
    """Return the selection of open items that are graded so urgent or more."""
    return (
        "SELECT u.id AS matter FROM government_matter u WHERE u.urgency > 0 AND u.urgency >= {}"
        f" AND u.stage IN ({access.places(states.OPEN)})",
        (grade, *states.OPEN),
    )


async def count_urgent(actor: Actor, at: datetime, grade: int) -> int:
    """Return how many open items are graded so urgent or more."""
    return await number(actor, Filter(), at=at, among=urgent_from(grade))


async def whole_list_seen(list_id: UUID, actor: Actor, at: datetime) -> bool:
    """Say whether somebody may read a weekly list's paper: the office or its unit, and every item."""
    rows = await db.fetch(
        "SELECT w.unit, w.site, f.matter FROM government_weekly_list w JOIN government_forwarding f"
        " ON f.weekly = w.id WHERE w.id = {}",
        list_id,
    )
    if not rows:
        return False
    if not actor.may_at(READ, rows[0]["site"]) and rows[0]["unit"] not in await units_of(actor):
        return False
    seen = await lines_of([row["matter"] for row in rows], actor, at)
    return all(row["matter"] in seen for row in rows)
