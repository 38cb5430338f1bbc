"""Valuables that were carried out, or not: lists, one of them; who may vouch. Reads only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import db
from core.attachments.tables import Attachment
from core.errors import NotFoundError
from core.permissions import Actor
from plugins.school_gate.lodge_registered import RELEASE_VALUABLES
from plugins.school_gate.queries.rights import within

PAGE = 50
RECORD = "school_gate_valuable"
_FROM = (
    " FROM school_gate_valuable x LEFT JOIN gate t ON t.id = x.gate"
    " LEFT JOIN school_gate_stay s ON s.id = x.stay"
    " LEFT JOIN school_gate_staff m ON m.id = x.voucher_staff LEFT JOIN host h ON h.id = m.host"
    " LEFT JOIN school_gate_pupil p ON p.id = x.voucher_pupil"
    " LEFT JOIN school_gate_class c ON c.id = p.school_class"
    " LEFT JOIN school_gate_grade g ON g.id = c.grade"
)
_COLUMNS = (
    "x.*, t.name AS gate_name, s.number AS stay_number, h.name AS staff_name, h.department,"
    " p.name AS pupil_name, g.name AS grade, c.name AS class"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuableLine:
    """One release or refusal. `voucher` is who vouched, with department or class."""

    id: UUID
    number: str
    site_id: UUID
    gate_name: str
    stay_id: UUID | None
    stay_number: str
    person: str
    item: str
    mark: str
    proof: str
    proof_text: str
    voucher: str
    state: str
    code: str
    at: datetime
    guard_name: str
    erased: bool
    photos: tuple[UUID, ...] = ()


def _line(row: db.Row, photos: tuple[UUID, ...] = ()) -> ValuableLine:
    voucher = ""
    if row["staff_name"]:
        voucher = f"{row['staff_name']} {row['department'] or ''}".strip()
    elif row["pupil_name"]:
        voucher = f"{row['grade']}{row['class']} {row['pupil_name']}"
    return ValuableLine(
        id=row["id"],
        number=row["number"],
        site_id=row["site"],
        gate_name=row["gate_name"] or "",
        stay_id=row["stay"],
        stay_number=row["stay_number"] or "",
        person=row["person"],
        item=row["item"],
        mark=row["mark"],
        proof=row["proof"],
        proof_text=row["proof_text"],
        voucher=voucher,
        state=row["state"],
        code=row["decision_code"],
        at=row["at"],
        guard_name=row["guard_name"],
        erased=row["erased_at"] is not None,
        photos=photos,
    )


async def valuables(
    actor: Actor, *, text: str = "", state: str = "", stay_id: UUID | None = None, page: int = 1
) -> tuple[list[ValuableLine], int]:
    """Return one page, the latest first, and how many there are."""
    seen, args = within(actor, "x.site", RELEASE_VALUABLES)
    where, more = seen, list[Any]()
    if state in {"released", "refused"}:
        where += " AND x.state = {}"
        more.append(state)
    if stay_id is not None:
        where += " AND x.stay = {}"
        more.append(stay_id)
    if text:
        like = f"%{text.replace('%', '').replace('_', '')}%"
        where += " AND (x.person LIKE {} OR x.item LIKE {} OR x.number = {})"
        more += [like, like, text]
    # Conditions are written in this module; what comes from outside are the arguments.
    count = await db.fetch(f"SELECT count(*) AS n{_FROM} WHERE {where}", *args, *more)
    rows = await db.fetch(
        f"SELECT {_COLUMNS}{_FROM} WHERE {where} ORDER BY x.at DESC, x.number DESC"
        " LIMIT {} OFFSET {}",
        *args,
        *more,
        PAGE,
        max(page - 1, 0) * PAGE,
    )
    return [_line(row) for row in rows], count[0]["n"]


async def valuable(valuable_id: UUID, actor: Actor) -> ValuableLine:
    """Return one with its pictures; NotFoundError when one may not see it."""
    seen, args = within(actor, "x.site", RELEASE_VALUABLES)
    rows = await db.fetch(
        f"SELECT {_COLUMNS}{_FROM} WHERE x.id = {{}} AND {seen}", valuable_id, *args
    )
    if not rows:
        raise NotFoundError
    pictures = await Attachment.select(Attachment.id).where(
        Attachment.record_kind == RECORD,
        Attachment.record == valuable_id,
        Attachment.erased_at.is_null(),
    )
    return _line(rows[0], tuple(picture["id"] for picture in pictures))


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """Somebody of the school who may vouch: `key` is `staff/<id>` or `pupil/<id>`."""

    key: str
    name: str
    group: str


async def vouchers(text: str, site_id: UUID, limit: int = 12) -> list[Voucher]:
    """Return members of staff and pupils whose name or number fits."""
    text = text.strip().replace("%", "").replace("_", "")
    if not text:
        return []
    staff = await db.fetch(
        "SELECT m.id, h.name, h.department FROM school_gate_staff m JOIN host h ON h.id = m.host"
        " WHERE m.site = {} AND m.active AND (h.name LIKE {} OR m.number = {})"
        " ORDER BY h.name LIMIT {}",
        site_id,
        f"%{text}%",
        text,
        limit,
    )
    pupils = await db.fetch(
        "SELECT p.id, p.name, g.name AS grade, c.name AS class FROM school_gate_pupil p"
        " JOIN school_gate_class c ON c.id = p.school_class"
        " JOIN school_gate_grade g ON g.id = c.grade"
        " WHERE p.site = {} AND p.active AND (p.name LIKE {} OR p.number = {})"
        " ORDER BY p.name LIMIT {}",
        site_id,
        f"%{text}%",
        text,
        limit,
    )
    return [
        Voucher(key=f"staff/{row['id']}", name=row["name"], group=row["department"] or "")
        for row in staff
    ] + [
        Voucher(key=f"pupil/{row['id']}", name=row["name"], group=f"{row['grade']}{row['class']}")
        for row in pupils
    ]
