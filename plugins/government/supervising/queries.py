"""Urgings, supervisions, recommendations as their readers see them; reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.matters import access
from plugins.government.rights import READ
from plugins.government.supervising import papers, states
from plugins.government.supervising.facts import (
    AssignedLine,
    RecommendationLine,
    StepLine,
    SupervisionLine,
    UrgingLine,
)
from plugins.government.units.queries import units_of

PAGE = 50
MONTH = 5000  # no room supervises so many in a month
_URGING, _SUPERVISION = "government_urging", "government_supervision"
_STEP, _RECOMMENDATION = "government_supervision_step", "government_recommendation"
_SELECT = (
    "SELECT s.*, m.number AS matter_number, m.site AS matter_site, u.name AS unit_name"
    " FROM government_supervision s JOIN government_matter m ON m.id = s.matter"
    " JOIN government_unit u ON u.id = s.unit"
)


def _line(row: db.Row) -> SupervisionLine:
    def text(column: str) -> str:
        return sealing.unseal(row[column], _SUPERVISION, column, row["id"])

    return SupervisionLine(
        id=row["id"],
        number=row["number"],
        matter_id=row["matter"],
        matter_number=row["matter_number"],
        unit_id=row["unit"],
        unit=row["unit_name"],
        reason=row["reason"],
        state=row["state"],
        requirement=text("requirement_cipher"),
        unurged=text("unurged_cipher"),
        due_on=row["due_on"],
        opened_at=row["opened_at"],
        opened_by_name=row["opened_by_name"],
        answer=text("answer_cipher"),
        answered_at=row["answered_at"],
        handed_at=row["handed_at"],
        closed_at=row["closed_at"],
        outcome=text("outcome_cipher"),
        approval=row["approval"],
        document=row["document"],
        version=row["version"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which supervisions a list shows: without a `state` or a time those that are not ended."""

    state: str = ""
    unit_id: UUID | None = None
    site_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


async def supervisions(
    actor: Actor, wanted: Wanted, *, at: datetime, limit: int = PAGE, offset: int = 0
) -> list[SupervisionLine]:
    """Return the supervisions of items that somebody may see, the latest first; a unit its own."""
    where, args = await _wanted(actor, wanted, at)
    rows = await db.fetch(
        f"{_SELECT} WHERE {where} ORDER BY s.opened_at DESC, s.number DESC LIMIT {{}} OFFSET {{}}",
        *args,
        limit,
        offset,
    )
    return [_line(row) for row in rows]


async def count(actor: Actor, wanted: Wanted, *, at: datetime) -> int:
    """Return how many supervisions a list has."""
    where, args = await _wanted(actor, wanted, at)
    rows = await db.fetch(
        "SELECT count(*) AS n FROM government_supervision s"
        f" JOIN government_matter m ON m.id = s.matter WHERE {where}",
        *args,
    )
    number: int = rows[0]["n"]
    return number


async def _wanted(actor: Actor, wanted: Wanted, at: datetime) -> tuple[str, list[Any]]:
    seen, args = await access.seen_by(actor, at)
    parts: list[str] = [seen]
    args = list(args)
    for condition, value in (
        ("s.state = {}", wanted.state),
        ("s.unit = {}", wanted.unit_id),
        ("m.site = {}", wanted.site_id),
        ("s.opened_at >= {}", wanted.since),
        ("s.opened_at < {}", wanted.until),
    ):
        if value:
            parts.append(condition)
            args.append(value)
    if not wanted.state and wanted.since is None:
        parts.append(f"s.state IN ({access.places(states.ACTIVE)})")
        args += states.ACTIVE
    of_office, sites = access.within(actor, READ)
    own = await units_of(actor)
    parts.append(f"({of_office} OR s.unit IN ({access.places(own)}))" if own else of_office)
    args += [*sites, *own]
    return " AND ".join(parts), args


async def supervision(supervision_id: UUID, actor: Actor, at: datetime) -> SupervisionLine:
    """Return one supervision; NotFoundError for whom its item, or it, does not exist."""
    seen, args = await access.seen_by(actor, at)
    rows = await db.fetch(f"{_SELECT} WHERE s.id = {{}} AND {seen}", supervision_id, *args)
    if not rows or not await _concerned(rows[0], actor):
        raise NotFoundError
    return _line(rows[0])


async def _concerned(row: db.Row, actor: Actor) -> bool:
    """Say whether somebody is of the office that has the item, or works for the unit."""
    if actor.kind == "system" or actor.may_at(READ, row["matter_site"]):
        return True
    return row["unit"] in await units_of(actor)


async def steps(supervision_id: UUID) -> list[StepLine]:
    """Return what was done in a supervision, the first first; the caller may see it."""
    rows = await db.fetch(
        "SELECT * FROM government_supervision_step WHERE supervision = {} ORDER BY at, id",
        supervision_id,
    )
    return [
        StepLine(
            at=row["at"],
            means=row["means"],
            with_whom=row["with_whom"],
            text=sealing.unseal(row["text_cipher"], _STEP, "text_cipher", row["id"]),
            by_name=row["by_name"],
        )
        for row in rows
    ]


async def of_matter(matter_id: UUID, actor: Actor, at: datetime) -> list[SupervisionLine]:
    """Return an item's supervisions that somebody may see, the latest first."""
    seen, args = await access.seen_by(actor, at)
    rows = await db.fetch(
        f"{_SELECT} WHERE s.matter = {{}} AND {seen} ORDER BY s.opened_at DESC", matter_id, *args
    )
    return [_line(row) for row in rows if await _concerned(row, actor)]


async def urgings(matter_id: UUID, actor: Actor) -> list[UrgingLine]:
    """Return an item's urgings, the latest first; a unit sees its own. The caller may see the item."""
    rows = await db.fetch(
        "SELECT g.*, u.name AS unit_name, m.site AS matter_site FROM government_urging g"
        " JOIN government_matter m ON m.id = g.matter"
        " JOIN government_unit u ON u.id = g.unit WHERE g.matter = {} ORDER BY g.at DESC",
        matter_id,
    )
    return [_urging(row) for row in rows if await _concerned(row, actor)]


def _urging(row: db.Row) -> UrgingLine:
    return UrgingLine(
        id=row["id"],
        unit_id=row["unit"],
        unit=row["unit_name"],
        means=row["means"],
        spoke_with=row["spoke_with"],
        text=sealing.unseal(row["text_cipher"], _URGING, "text_cipher", row["id"]),
        answer=sealing.unseal(row["answer_cipher"], _URGING, "answer_cipher", row["id"]),
        answer_by=row["answer_by"],
        answered_at=row["answered_at"],
        at=row["at"],
        by_name=row["by_name"],
        document=row["document"],
    )


async def waiting_for_units(units: Sequence[UUID], actor: Actor, at: datetime) -> int:
    """Return how many urgings and supervisions wait for these units' answers, while an item is open."""
    if not units:
        return 0
    seen, args = await access.seen_by(actor, at)
    number = 0
    for table, waits in (
        ("government_urging", "w.answered_at IS NULL"),
        ("government_supervision", "w.state = 'open'"),
    ):
        rows = await db.fetch(
            f"SELECT count(*) AS n FROM {table} w JOIN government_matter m ON m.id = w.matter"
            f" WHERE {waits} AND m.closed_at IS NULL AND w.unit IN ({access.places(units)})"
            " AND EXISTS (SELECT 1 FROM government_matter_unit mu WHERE mu.matter = m.id"
            f" AND mu.unit = w.unit AND mu.until IS NULL) AND {seen}",
            *units,
            *args,
        )
        number += rows[0]["n"]
    return number


async def recommendations(actor: Actor, *, page: int = 1) -> tuple[list[RecommendationLine], int]:
    """Return one page of the recommendations, those unanswered first, and how many; a unit its own."""
    condition, args = "1 = 1", list[Any]()
    if not actor.may(READ) and actor.kind != "system":
        own = await units_of(actor)
        condition, args = (f"r.unit IN ({access.places(own)})", [*own]) if own else ("1 = 0", [])
    elif (sites := actor.sites_with(READ)) is not None:
        condition, args = f"r.site IN ({access.places(sorted(sites))})", [*sorted(sites)]
    counted = await db.fetch(
        f"SELECT count(*) AS n FROM government_recommendation r WHERE {condition}", *args
    )
    rows = await db.fetch(
        "SELECT r.*, u.name AS unit_name FROM government_recommendation r"
        f" JOIN government_unit u ON u.id = r.unit WHERE {condition}"
        " ORDER BY CASE WHEN r.answered_at IS NULL THEN 0 ELSE 1 END, r.made_at DESC, r.number"
        " LIMIT {} OFFSET {}",
        *args,
        PAGE,
        (page - 1) * PAGE,
    )
    letters = await papers.of([row["id"] for row in rows])
    nothing = (None, "")
    lines = [_recommendation(row, *letters.get(row["id"], nothing)) for row in rows]
    return lines, counted[0]["n"]


def _recommendation(row: db.Row, document: UUID | None, label: str) -> RecommendationLine:
    def text(column: str) -> str:
        return sealing.unseal(row[column], _RECOMMENDATION, column, row["id"])

    return RecommendationLine(
        id=row["id"],
        site_id=row["site"],
        number=row["number"],
        unit_id=row["unit"],
        unit=row["unit_name"],
        kind=row["kind"],
        text=text("text_cipher"),
        due_on=row["due_on"],
        made_at=row["made_at"],
        made_by_name=row["made_by_name"],
        feedback=row["feedback"],
        feedback_text=text("feedback_cipher"),
        answered_at=row["answered_at"],
        document=document,
        label=label,
    )


async def unanswered_recommendations(units: Sequence[UUID]) -> int:
    """Return how many recommendations wait for these units' feedback."""
    if not units:
        return 0
    rows = await db.fetch(
        "SELECT count(*) AS n FROM government_recommendation WHERE answered_at IS NULL"
        f" AND unit IN ({access.places(units)})",
        *units,
    )
    number: int = rows[0]["n"]
    return number


async def months_given(site_id: UUID) -> dict[date, datetime]:
    """Return when the list of each month was given to the supervision office."""
    rows = await db.fetch(
        "SELECT month, given_at FROM government_monthly_list WHERE site = {}", site_id
    )
    return {row["month"]: row["given_at"] for row in rows}


async def assigned(
    actor: Actor, *, at: datetime, site_id: UUID, since: datetime, until: datetime
) -> list[AssignedLine]:
    """Return the items of a room that were assigned to units in a time."""
    seen, args = await access.seen_by(actor, at)
    rows = await db.fetch(
        "SELECT m.id, m.number, u.name AS unit_name, m.stage, f.sent_at, f.due_on"
        " FROM government_forwarding f"
        " JOIN government_matter m ON m.id = f.matter JOIN government_unit u ON u.id = f.unit"
        " WHERE f.kind = 'assignment' AND f.sent_at >= {} AND f.sent_at < {} AND m.site = {}"
        f" AND {seen} ORDER BY m.number, f.sent_at",
        since,
        until,
        site_id,
        *args,
    )
    return [
        AssignedLine(
            matter_id=row["id"],
            number=row["number"],
            unit=row["unit_name"],
            stage=row["stage"],
            sent_at=row["sent_at"],
            due_on=row["due_on"],
        )
        for row in rows
    ]
