"""Items that a reader may see: the list, one item, its party. Everything goes through access.seen_by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import db
from core.documents.numbering import number_label
from core.errors import NotFoundError
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.matters import access, states
from plugins.government.matters.facts import MatterLine, MatterView
from plugins.government.people import searching

PAGE = 50
_DIGITS = 6  # of a number within its year
_TABLE = "government_matter"
_PERSON = "government_petitioner"
_FROM = (
    " FROM {items} LEFT JOIN government_petitioner p ON p.id = m.petitioner"
    " LEFT JOIN government_subject s ON s.id = m.subject"
    " LEFT JOIN government_unit pl ON pl.id = m.place"
    " LEFT JOIN government_unit h ON h.id = m.holder"
)
_COUNTED = " FROM {items} LEFT JOIN government_subject s ON s.id = m.subject"
_READ = (
    "SELECT m.*, p.name_cipher AS petitioner_cipher, s.name AS subject_name,"
    f" pl.name AS place_name, h.name AS holder_name{_FROM}"
)
_ALL = "government_matter m"
_SELECT = _READ.replace("{items}", _ALL)
_Asked = tuple[str, Sequence[Any]]
EVERY: _Asked = ("", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list of items is kept to. `text`: a number, a name, a reading or a tail of digits."""

    text: str = ""
    stage: str = ""
    channel: str = ""
    purpose: str = ""
    subject: str = ""
    place_id: UUID | None = None
    holder_id: UUID | None = None
    frequency: str = ""
    size: str = ""
    since: date | None = None
    until: date | None = None
    open_only: bool = False


def opened(row: db.Row) -> MatterLine:
    """Return a row of `_SELECT` with its texts opened."""
    return MatterLine(
        id=row["id"],
        site_id=row["site"],
        number=row["number"],
        stage=row["stage"],
        channel=row["channel"],
        source=row["source"],
        purpose=row["purpose"],
        subject=row["subject_name"] or "",
        place=row["place_name"] or "",
        title=sealing.unseal(row["title_cipher"], _TABLE, "title_cipher", row["id"]),
        petitioner=sealing.unseal(
            row["petitioner_cipher"] or "", _PERSON, "name_cipher", row["petitioner"]
        ),
        petitioner_id=row["petitioner"],
        heads=row["heads"],
        size=row["size"],
        frequency=row["frequency"],
        urgency=row["urgency"],
        secret=bool(row["secret"]),
        holder_id=row["holder"],
        holder=row["holder_name"] or "",
        day=row["day"],
        registered_at=row["registered_at"],
        closed_at=row["closed_at"],
    )


def _numbers(text: str, year: int) -> list[str]:
    """Return the numbers of items that a typed one means: without its year, of this or the last one."""
    if text.isascii() and text.isdigit() and len(text) <= _DIGITS:
        return [number_label(one, int(text)) for one in (year, year - 1)]
    return [text]


def _conditions(wanted: Filter, year: int) -> tuple[list[str], list[Any]]:
    parts: list[str] = []
    args: list[Any] = []
    for column, value in (
        ("m.stage", wanted.stage),
        ("m.channel", wanted.channel),
        ("m.purpose", wanted.purpose),
        ("m.place", wanted.place_id),
        ("m.holder", wanted.holder_id),
        ("m.frequency", wanted.frequency),
        ("m.size", wanted.size),
    ):
        if value:
            parts.append(f"{column} = {{}}")
            args.append(value)
    if wanted.subject:
        parts.append("(s.path = {} OR s.path LIKE {})")
        args += [wanted.subject, f"{wanted.subject}/%"]
    if wanted.since:
        parts.append("m.day >= {}")
        args.append(wanted.since)
    if wanted.until:
        parts.append("m.day <= {}")
        args.append(wanted.until)
    if wanted.open_only:
        parts.append(f"m.stage IN ({access.places(states.OPEN)})")
        args += states.OPEN
    if text := wanted.text.strip():
        condition, marks = searching.found_by(text, "mp.petitioner")
        numbers = _numbers(text, year)
        parts.append(
            "m.id IN (SELECT n.id FROM government_matter n WHERE n.number IN"
            f" ({access.places(numbers)}) UNION"
            f" SELECT mp.matter FROM government_matter_person mp WHERE {condition})"
        )
        args += [*numbers, *marks]
    return parts, args


async def matters(
    actor: Actor,
    wanted: Filter,
    *,
    at: datetime,
    page: int = 1,
    size: int = PAGE,
    extra: _Asked = EVERY,
    among: _Asked = EVERY,
    first: _Asked = EVERY,
) -> tuple[list[MatterLine], int]:
    """Return one page of the items somebody may see, the latest first, and how many, at most MOST_COUNTED.

    `extra` is one more condition on `m` with its arguments, written by a room. `among` selects the
    ids, as `matter`, to which the list is kept: where few of very many items are meant, they are found
    first and the rest is never looked at. `first` is what comes before the day in their order.
    """
    where, values = await _where(actor, wanted, at, extra, among)
    items = _items(among)
    rows = await db.fetch(
        (
            f"{_READ} WHERE {where} ORDER BY {f'{first[0]}, ' if first[0] else ''}"
            "m.day DESC, m.number DESC LIMIT {} OFFSET {}"
        ).replace("{items}", items),
        *values,
        *first[1],
        size,
        (page - 1) * size,
    )
    return [opened(row) for row in rows], await _number(items, where, values)


async def number(
    actor: Actor, wanted: Filter, *, at: datetime, extra: _Asked = EVERY, among: _Asked = EVERY
) -> int:
    """Return how many items `matters` would find, at most `db.MOST_COUNTED`."""
    where, values = await _where(actor, wanted, at, extra, among)
    return await _number(_items(among), where, values)


def _items(among: _Asked) -> str:
    if not among[0]:
        return _ALL
    # CROSS JOIN, because SQLite then begins with what is named first.
    return f"(SELECT DISTINCT matter FROM ({among[0]}) AS a) AS few CROSS JOIN {_ALL}"


async def _where(
    actor: Actor, wanted: Filter, at: datetime, extra: _Asked, among: _Asked
) -> tuple[str, list[Any]]:
    seen, seen_args = await access.seen_by(actor, at)
    parts, args = _conditions(wanted, site_time(at).year)
    parts += ["m.id = few.matter"] if among[0] else []
    parts += [extra[0]] if extra[0] else []
    # Conditions are written in this plugin; what comes from outside are the arguments.
    return " AND ".join([seen, *parts]), [*among[1], *seen_args, *args, *extra[1]]


async def _number(items: str, where: str, values: Sequence[Any]) -> int:
    return await db.count(f"{_COUNTED.replace('{items}', items)} WHERE {where}", *values)


async def matter(matter_id: UUID, actor: Actor, at: datetime) -> MatterView:
    """Return one item; NotFoundError for whom it does not exist."""
    seen, args = await access.seen_by(actor, at)
    rows = await db.fetch(f"{_SELECT} WHERE m.id = {{}} AND {seen}", matter_id, *args)
    if not rows:
        raise NotFoundError
    row = rows[0]
    return MatterView(
        line=opened(row),
        demand=sealing.unseal(row["demand_cipher"], _TABLE, "demand_cipher", row["id"]),
        facts=sealing.unseal(row["facts_cipher"], _TABLE, "facts_cipher", row["id"]),
        place_text=sealing.unseal(row["place_cipher"], _TABLE, "place_cipher", row["id"]),
        row=row,
    )


async def party(matter_id: UUID) -> list[tuple[UUID, str, str]]:
    """Return who belongs to an item: petitioner's id, name, role."""
    rows = await db.fetch(
        "SELECT p.id, p.name_cipher, mp.role FROM government_matter_person mp"
        " JOIN government_petitioner p ON p.id = mp.petitioner WHERE mp.matter = {}"
        " ORDER BY mp.role, p.created_at",
        matter_id,
    )
    return [
        (
            row["id"],
            sealing.unseal(row["name_cipher"], _PERSON, "name_cipher", row["id"]),
            row["role"],
        )
        for row in rows
    ]


async def matters_of(
    petitioner_id: UUID, actor: Actor, *, at: datetime, limit: int = 20
) -> list[MatterLine]:
    """Return the items of a petitioner that somebody may see, the latest first."""
    found, _ = await matters(
        actor,
        Filter(),
        at=at,
        size=limit,
        among=(
            "SELECT mp.matter FROM government_matter_person mp WHERE mp.petitioner = {}",
            [petitioner_id],
        ),
    )
    return found


async def same_matter(matter: MatterView, actor: Actor, at: datetime) -> set[UUID]:
    """Return the items that repeat this one, that it repeats, or that repeat the same one (GOV-3)."""
    before = matter.row["same_as"]
    found, _ = await matters(
        actor,
        Filter(),
        at=at,
        size=20,
        among=(
            "SELECT b.id AS matter FROM government_matter b WHERE b.same_as IN ({}, {})"
            " UNION SELECT b.id FROM government_matter b WHERE b.id = {}",
            [matter.id, before or matter.id, before or matter.id],
        ),
    )
    return {one.id for one in found} - {matter.id}
