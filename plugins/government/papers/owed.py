"""Issued papers whose delivery receipt (送达回证) is still owed: who has them, since when (GOV-12, 32)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import db
from core.documents import issuing
from core.documents.facts import DocumentKind
from core.documents.tables import IssuedDocument
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government.facts import MATTER
from plugins.government.matters import access
from plugins.government.papers.kinds import KINDS
from plugins.government.rights import READ
from plugins.government.units.queries import units_of

PAGE = 50
WANTED = {one.name: one for one in KINDS if one.receipt}
_OWED = (
    " FROM issued_document d JOIN government_matter m ON m.id = d.record"
    " LEFT JOIN account a ON a.id = d.issued_by"
    " WHERE d.record_kind = {} AND d.voided_at IS NULL AND NOT d.delivered"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which papers a list shows: of one `kind`, of `mine` alone, of this year and the last alone."""

    kind: str = ""
    mine: bool = False
    recent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedLine:
    """One paper that waits for its receipt. `office` issued it and `by` has it."""

    id: UUID
    kind: DocumentKind
    label: str
    issued_at: datetime
    days: int
    matter_id: UUID
    matter_number: str
    addressee: str
    office: str
    by: str
    noted_at: str


async def owed(
    actor: Actor, wanted: Wanted, *, at: datetime, page: int = 1
) -> tuple[list[OwedLine], int]:
    """Return one page of the papers that wait for their receipt, the oldest first, and how many."""
    where, args = await _where(actor, wanted, at)
    number = await db.count(f"{_OWED}{where}", *args)
    rows = await db.fetch(
        "SELECT d.id, d.record, m.number AS matter_number, a.name AS by_name"
        f"{_OWED}{where} ORDER BY d.issued_at, d.kind, d.number LIMIT {{}} OFFSET {{}}",
        *args,
        PAGE,
        (page - 1) * PAGE,
    )
    ids = [row["id"] for row in rows]
    kept = await IssuedDocument.objects().where(IssuedDocument.id.is_in(ids)) if ids else []
    papers = {one.id: one for one in kept}
    return [_line(papers[row["id"]], row, at) for row in rows], number


async def count(actor: Actor, *, at: datetime) -> int:
    """Return how many papers of this year and the last wait for their receipt."""
    where, args = await _where(actor, Wanted(recent=True), at)
    return await db.count(f"{_OWED}{where}", *args)


async def _where(actor: Actor, wanted: Wanted, at: datetime) -> tuple[str, list[Any]]:
    """Return the condition and its values: papers of items that somebody sees; a unit its own."""
    kinds = [name for name, kind in WANTED.items() if kind.may(kind.see, actor)]
    if wanted.kind:
        kinds = [name for name in kinds if name == wanted.kind]
    if not kinds:
        return " AND 1 = 0", [MATTER]
    seen, more = await access.seen_by(actor, at)
    where = f" AND d.kind IN ({access.places(kinds)}) AND {seen}"
    args: list[Any] = [MATTER, *kinds, *more]
    if wanted.recent:
        local = site_time(at)
        where += " AND d.issued_at >= {}"
        args.append(local.replace(year=local.year - 1, month=1, day=1, hour=0, minute=0, second=0))
    if wanted.mine:
        where += " AND d.issued_by = {}"
        args.append(actor.id)
    elif actor.sites_with(READ) is not None and actor.kind != "system":
        office, sites = access.within(actor, READ)
        condition, more = await _of_units(actor)
        where += f" AND ({office} OR {condition})"
        args += [*sites, *more]
    return where, args


async def _of_units(actor: Actor) -> tuple[str, list[Any]]:
    """Return the condition that a paper is one of somebody's units: theirs by signature or by hand."""
    own = await units_of(actor)
    if not own:
        return "1 = 0", []
    among = access.places(own)
    return (
        f'd.issued_by IN (SELECT um."user" FROM government_unit_member um WHERE um.unit IN ({among}))'
        " OR EXISTS (SELECT 1 FROM government_opinion o WHERE o.matter = d.record"
        f" AND o.document = d.id AND o.unit IN ({among}))"
        " OR EXISTS (SELECT 1 FROM government_extension e WHERE e.matter = d.record"
        f" AND e.document = d.id AND e.unit IN ({among}))"
    ), [*own, *own, *own]


def _line(paper: IssuedDocument, row: db.Row, at: datetime) -> OwedLine:
    said = issuing.data_of(paper)
    kind = WANTED[paper.kind]
    day = site_time(paper.issued_at).date()
    page = kind.delivery_page or "/documents/{document}#delivery-title"
    return OwedLine(
        id=paper.id,
        kind=kind,
        label=paper.label,
        issued_at=paper.issued_at,
        days=(site_time(at).date() - day).days,
        matter_id=row["record"],
        matter_number=row["matter_number"],
        addressee=str(said.get("to") or said.get("petitioner") or ""),
        office=str(said.get("office") or ""),
        by=row["by_name"] or "",
        noted_at=page.replace("{document}", str(paper.id)),
    )
