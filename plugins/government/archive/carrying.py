"""What two persons agreed to destroy, destroyed entry by entry; then the printed list is issued.

A long list takes several minutes: each entry goes in a transaction of its own, so that nobody at the
desk waits, and what a stop interrupted goes on with the next minute.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from core import db
from core.documents.drawing import chinese_date
from core.i18n import N_
from core.log.services import record
from core.permissions import SYSTEM, Actor
from core.registrations.judging import site_time
from plugins.government.archive import forgetting
from plugins.government.archive.facts import AGREED, DONE, GONE, KINDS
from plugins.government.archive.holding import ITEM_HELD, WRITER_HELD
from plugins.government.archive.seeing import DESTRUCTION
from plugins.government.archive.tables import CaseFile, Destruction, DestructionEntry
from plugins.government.intake.after_visit import WHY_IDLE
from plugins.government.intake.tables import AfterVisitLetter
from plugins.government.matters import services as matters
from plugins.government.matters import timeline
from plugins.government.papers import services as papers
from plugins.government.papers.filling import office_of

AT_ONCE = 100  # entries in one go, some seconds
ENTRIES = (
    " FROM government_destruction_entry e"
    " LEFT JOIN government_after_visit_letter l ON l.id = e.letter"
    " LEFT JOIN government_contact c ON c.id = l.contact"
    " LEFT JOIN government_matter m ON m.id = coalesce(e.matter, c.matter)"
)
HELD = f"((m.id IS NOT NULL AND {ITEM_HELD}) OR (c.id IS NOT NULL AND {WRITER_HELD}))"
_LEFT = (
    "((e.matter IS NOT NULL AND m.erased_at IS NULL)"
    " OR (e.letter IS NOT NULL AND l.destroyed_at IS NULL))"
)


async def minute(at: datetime) -> None:
    """Go on with every list that was agreed to."""
    for row in await Destruction.select(Destruction.id).where(Destruction.state == AGREED):
        await carry_on(row["id"], at=at)


async def carry_on(list_id: UUID, *, at: datetime, most: int = AT_ONCE) -> bool:
    """Destroy the next entries of a list; return whether nothing is left and the list is issued."""
    for row in await _left(list_id, most):
        await _one(list_id, row["id"], at)
    if await _left(list_id, 1):
        return False
    async with db.writing():
        agreed = await _agreed(list_id)
        if agreed is not None:
            await _issue(agreed, at)
    return True


async def _left(list_id: UUID, most: int) -> list[db.Row]:
    return await db.fetch(
        f"SELECT e.id{ENTRIES} WHERE e.destruction = {{}} AND {_LEFT} ORDER BY e.number, e.id"
        " LIMIT {}",
        list_id,
        most,
    )


async def _agreed(list_id: UUID) -> Destruction | None:
    """Return a list locked, if it is still agreed to and not carried out."""
    await db.fetch("SELECT id FROM government_destruction WHERE id = {} FOR UPDATE", list_id)
    return await Destruction.objects().get(
        (Destruction.id == list_id) & (Destruction.state == AGREED)
    )


async def _one(list_id: UUID, entry_id: UUID, at: datetime) -> None:
    """Destroy one entry; what came under a hold meanwhile is taken off the list and kept."""
    async with db.writing():
        row = await _agreed(list_id)
        found = await db.fetch(
            f"SELECT e.matter, e.letter, e.number, CASE WHEN {HELD} THEN 1 ELSE 0 END AS held"
            f"{ENTRIES} WHERE e.id = {{}} AND {_LEFT}",
            entry_id,
        )
        if row is None or not found:
            return
        entry, second = found[0], _second(row)
        if entry["held"]:
            await DestructionEntry.delete().where(DestructionEntry.id == entry_id)
            shown = {"number": entry["number"]}
            await record(
                second, "government.destruction_spare", DESTRUCTION, list_id, at=at, after=shown
            )
        elif entry["matter"] is not None:
            await _destroy_item(entry["matter"], row.year, second, at)
        else:
            await _destroy_letter(entry["letter"], list_id, second, at)


def _second(row: Destruction) -> Actor:
    """Return the second person, who agreed, as whoever destroys."""
    return Actor(kind="user", id=row.decided_by, name=row.decided_by_name)


async def _destroy_item(matter_id: UUID, year: int, actor: Actor, at: datetime) -> None:
    row = await matters.take(matter_id, SYSTEM, at)
    await matters.move(row, "destroy", actor=actor, at=at, year=year)
    await forgetting.item(matter_id, actor=actor, at=at)
    await CaseFile.update({CaseFile.state: GONE}).where(CaseFile.matter == matter_id)
    await timeline.note(
        matter_id,
        "destroy",
        N_("Destroyed by the list of {year}", year=year),
        actor=actor,
        at=at,
        shown_to=timeline.OFFICE,
    )


async def _destroy_letter(letter_id: UUID, list_id: UUID, actor: Actor, at: datetime) -> None:
    values: dict[Any, Any] = {
        AfterVisitLetter.destroyed_at: at,
        AfterVisitLetter.destruction: list_id,
    }
    await AfterVisitLetter.update(values).where(AfterVisitLetter.id == letter_id)
    row = await AfterVisitLetter.objects().get(AfterVisitLetter.id == letter_id)
    if row is not None:
        await forgetting.letter(row.contact, actor=actor, at=at)


async def _issue(row: Destruction, at: datetime) -> None:
    """Print the list of what is gone and close it."""
    found = (
        await DestructionEntry.objects()
        .where(DestructionEntry.destruction == row.id)
        .order_by(DestructionEntry.number)
    )
    document = await papers.take_list(
        "destruction_list",
        _printed(row, found) | {"office": await office_of(row.site)},
        record_kind=DESTRUCTION,
        record_id=row.id,
        actor=_second(row),
        at=at,
    )
    row.document, row.state, row.total = document.id, DONE, len(found)
    await row.save([Destruction.document, Destruction.state, Destruction.total])
    shown = {"year": row.year, "count": row.total}
    await record(
        _second(row), "government.destruction_done", DESTRUCTION, row.id, at=at, after=shown
    )


def _printed(row: Destruction, found: Sequence[DestructionEntry]) -> dict[str, Any]:
    return {
        "year": str(row.year),
        "approved_on": chinese_date(site_time(row.decided_at).date()),
        "method": row.method,
        "destroyed_by": f"{row.proposed_by_name}、{row.decided_by_name}",
        "rows": [_row(one) for one in found],
    }


def _row(entry: DestructionEntry) -> tuple[str, ...]:
    if entry.matter is not None:
        kind = KINDS[entry.why].translate("zh_Hans")
        return (
            entry.number, entry.day.isoformat(), kind, "已归档信访件", str(entry.pages), "保管期满",
        )  # fmt: skip
    why = WHY_IDLE[entry.why].translate("zh_Hans") if entry.why in WHY_IDLE else ""
    return (entry.number, entry.day.isoformat(), "访后来信", why, "1", "存放备销")
