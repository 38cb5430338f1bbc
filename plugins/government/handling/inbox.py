"""The lists of a unit: what is to be acknowledged, in work, returned, copied to it, past; reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import db
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government.handling.facts import WITH_UNIT, Sent
from plugins.government.handling.queries import SELECT_SENT, sent_of
from plugins.government.matters import access
from plugins.government.matters.facts import MatterLine
from plugins.government.matters.queries import EVERY, Filter, matters, number


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxLine:
    """An item in the list of a unit: how it came and when an answer is due."""

    line: MatterLine
    sent: Sent | None
    objected: bool
    answers: bool


VIEWS = ("new", "working", "returned", "copy", "past")
_WAITING = {"new": "sent", "working": "taken", "returned": "returned"}


async def of_units(
    unit_ids: Sequence[UUID], view: str, *, actor: Actor, at: datetime, page: int, size: int = 50
) -> tuple[list[InboxLine], int]:
    """Return one page of a unit's items: to acknowledge, in work, returned, copies, past ones.

    What the unit still has to answer stands in the order in which it is due.
    """
    if not unit_ids:
        return [], 0
    which, first = _which(unit_ids, view), EVERY
    if state := _WAITING.get(view):
        first = (
            "COALESCE((SELECT MIN(f.due_on) FROM government_forwarding f WHERE f.matter = m.id"
            f" AND f.unit IN ({access.places(unit_ids)}) AND f.state = {{}}), '9999-12-31')",
            [*unit_ids, state],
        )
    found, total = await matters(
        actor, Filter(), at=at, page=page, size=size, among=which, first=first
    )
    open_now = await _open_of(found)
    asked = await _objected(found)
    return [
        InboxLine(
            line=one,
            sent=open_now.get(one.id),
            objected=one.id in asked,
            answers=one.holder_id in unit_ids,
        )
        for one in found
    ], total


def _which(unit_ids: Sequence[UUID], view: str) -> tuple[str, Sequence[Any]]:
    """Return the selection of the items of a view."""
    marks = access.places(unit_ids)
    if state := _WAITING.get(view):
        return (
            "SELECT f.matter FROM government_forwarding f"
            f" WHERE f.unit IN ({marks}) AND f.state = {{}}",
            [*unit_ids, state],
        )
    mine = f"SELECT c.matter FROM government_matter_unit c WHERE c.unit IN ({marks})"
    if view == "copy":
        return f"{mine} AND c.role <> 'undertaking' AND c.until IS NULL", unit_ids
    return (
        f"{mine} AND NOT EXISTS (SELECT 1 FROM government_forwarding f WHERE f.matter = c.matter"
        f" AND f.unit IN ({marks}) AND f.state IN ('sent', 'taken', 'returned'))",
        [*unit_ids, *unit_ids],
    )


async def _open_of(lines: Sequence[MatterLine]) -> dict[UUID, Sent]:
    if not lines:
        return {}
    ids = [one.id for one in lines]
    rows = await db.fetch(
        f"{SELECT_SENT} WHERE f.matter IN ({access.places(ids)})"
        f" AND f.state IN ({access.places(WITH_UNIT)})",
        *ids,
        *WITH_UNIT,
    )
    return {row["matter"]: sent_of(row) for row in rows}


async def _objected(lines: Sequence[MatterLine]) -> set[UUID]:
    if not lines:
        return set()
    ids = [one.id for one in lines]
    rows = await db.fetch(
        "SELECT matter FROM government_objection WHERE decided_at IS NULL AND matter IN"
        f" ({access.places(ids)})",
        *ids,
    )
    return {row["matter"] for row in rows}


async def pressing(unit_ids: Sequence[UUID], view: str, actor: Actor, at: datetime) -> int:
    """Return how many items of a view, new or working, a unit has to answer today or is late with."""
    if not unit_ids:
        return 0
    due = (
        f"SELECT f.matter FROM government_forwarding f WHERE f.unit IN ({access.places(unit_ids)})"
        " AND f.state = {} AND f.due_on <= {}",
        [*unit_ids, _WAITING[view], site_time(at).date()],
    )
    return await number(actor, Filter(), at=at, among=due)


async def unit_counts(unit_ids: Sequence[UUID], actor: Actor, at: datetime) -> dict[str, int]:
    """Return how many items stand in each view of a unit."""
    if not unit_ids:
        return dict.fromkeys(VIEWS, 0)
    return {
        view: await number(actor, Filter(), at=at, among=_which(unit_ids, view)) for view in VIEWS
    }
