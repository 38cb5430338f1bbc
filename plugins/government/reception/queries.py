"""Reception days, who takes turns, who is added, bookings; reads only."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.matters import access
from plugins.government.reception.facts import BOOKED, CAME, CANCELLED, BookingLine, DayLine
from plugins.government.reception.rights import PLAN
from plugins.government.rights import DEPUTY, DIRECTOR, HEAD, LEADER, READ

TABLE = "government_booking"
PAGE = 50
RECEIVERS = (LEADER, DIRECTOR, DEPUTY, HEAD)
_SELECT = (
    "SELECT d.*, (SELECT count(*) FROM government_booking b WHERE b.day = d.id"
    f" AND b.state IN ('{BOOKED}', '{CAME}')) AS booked FROM government_reception_day d"
)


def _line(row: Mapping[str, Any]) -> DayLine:
    return DayLine(
        id=row["id"],
        site_id=row["site"],
        day=row["day"],
        begins=row["begins"],
        ends=row["ends"],
        place=row["place"],
        kind=row["kind"],
        state=row["state"],
        leader_id=row["leader"],
        leader=row["leader_name"],
        post=row["post"],
        delegate_id=row["delegate"],
        delegate=row["delegate_name"],
        delegate_post=row["delegate_post"],
        moved_from=row["moved_from"],
        slots=row["slots"],
        booked=row["booked"],
        note=row["note"],
    )


async def public_days(site_id: UUID, *, at: datetime, limit: int = 8) -> list[DayLine]:
    """Return the next reception days of a room, as anybody may know them; cancelled ones say why."""
    rows = await db.fetch(
        f"{_SELECT} WHERE d.site = {{}} AND d.day >= {{}} ORDER BY d.day, d.begins LIMIT {{}}",
        site_id,
        site_time(at).date(),
        limit,
    )
    return [_line(row) for row in rows]


async def site_code(site_id: UUID) -> str:
    """Return the short name of a site, as addresses of public pages bear it."""
    rows = await db.fetch("SELECT code FROM site WHERE id = {}", site_id)
    return rows[0]["code"] if rows else ""


async def public_day(day_id: UUID) -> DayLine:
    """Return one reception day; NotFoundError when there is none."""
    rows = await db.fetch(f"{_SELECT} WHERE d.id = {{}}", day_id)
    if not rows:
        raise NotFoundError
    return _line(rows[0])


async def days(
    actor: Actor,
    *,
    since: date | None = None,
    until: date | None = None,
    own: bool = False,
    site_id: UUID | None = None,
) -> list[DayLine]:
    """Return the reception days where the reader may see them; `own` keeps those they receive on."""
    where, values = _where(actor, since, until, own, site_id)
    rows = await db.fetch(f"{_SELECT} WHERE {where} ORDER BY d.day", *values)
    return [_line(row) for row in rows]


async def past_days(
    actor: Actor, *, before: date, page: int, own: bool = False, site_id: UUID | None = None
) -> tuple[list[DayLine], int]:
    """Return one page of the reception days that are over, the latest first, and how many."""
    where, values = _where(actor, None, before - timedelta(days=1), own, site_id)
    count = await db.fetch(
        f"SELECT count(*) AS n FROM government_reception_day d WHERE {where}", *values
    )
    rows = await db.fetch(
        f"{_SELECT} WHERE {where} ORDER BY d.day DESC LIMIT {{}} OFFSET {{}}",
        *values,
        PAGE,
        (page - 1) * PAGE,
    )
    return [_line(row) for row in rows], count[0]["n"]


def _where(
    actor: Actor, since: date | None, until: date | None, own: bool, site_id: UUID | None
) -> tuple[str, list[Any]]:
    where, values = _sites(actor)
    for condition, value in (
        ("d.day >= {}", since),
        ("d.day <= {}", until),
        ("d.site = {}", site_id),
        ("COALESCE(d.delegate, d.leader) = {}", actor.id if own else None),
    ):
        if value is not None:
            where += f" AND {condition}"
            values.append(value)
    return where, values


def _sites(actor: Actor) -> tuple[str, list[Any]]:
    """Return the condition that a day is of a room where somebody reads items or plans the rota."""
    (reads, args), (plans, more) = (access.within(actor, one, "d.site") for one in (READ, PLAN))
    return f"({reads} OR {plans})", [*args, *more]


async def receivers(site_id: UUID) -> list[tuple[str, str]]:
    """Return who may receive petitioners at a room: heads and leaders, for a select."""
    rows = await db.fetch(
        "SELECT DISTINCT a.id, a.name, a.login FROM account a JOIN account_role r"
        f' ON r."user" = a.id WHERE a.active AND r.role IN ({access.places(RECEIVERS)})'
        " AND (r.site IS NULL OR r.site = {}) ORDER BY a.name, a.login",
        *RECEIVERS,
        site_id,
    )
    return [(str(row["id"]), f"{row['name']} ({row['login']})") for row in rows]


async def day(day_id: UUID, actor: Actor) -> DayLine:
    """Return one reception day; NotFoundError where the reader may not see it."""
    found = await public_day(day_id)
    if not actor.may_at(READ, found.site_id):
        raise NotFoundError
    return found


async def leaders(site_id: UUID) -> list[dict[str, Any]]:
    """Return who takes turns at a room: id, account, name, post, whether director."""
    rows = await db.fetch(
        'SELECT l.id, l."user" AS user_id, a.name, l.post, l.director FROM'
        ' government_reception_leader l JOIN account a ON a.id = l."user"'
        ' WHERE l.site = {} AND l.until IS NULL ORDER BY l.director DESC, l."order", a.name',
        site_id,
    )
    return [dict(row) for row in rows]


async def sections(day_id: UUID) -> list[tuple[UUID, str, str]]:
    """Return the units added to a day: unit, its name, the names of its heads."""
    rows = await db.fetch(
        "SELECT u.id, u.name, a.name AS head FROM government_reception_section s"
        " JOIN government_unit u ON u.id = s.unit LEFT JOIN government_unit_member m"
        " ON m.unit = u.id AND m.head AND m.until IS NULL"
        ' LEFT JOIN account a ON a.id = m."user" WHERE s.day = {} ORDER BY u.code, a.name',
        day_id,
    )
    found: dict[UUID, tuple[str, list[str]]] = {}
    for row in rows:
        one = found.setdefault(row["id"], (row["name"], []))
        if row["head"]:
            one[1].append(row["head"])
    return [(unit, name, "、".join(heads)) for unit, (name, heads) in found.items()]


async def bookings(day_id: UUID, actor: Actor, *, at: datetime) -> list[BookingLine]:
    """Return the bookings of a day; one about an item that the reader may not see is not there."""
    seen, args = await access.seen_by(actor, at)
    rows = await db.fetch(
        "SELECT b.*, m.number FROM government_booking b LEFT JOIN government_matter m"
        f" ON m.id = b.matter WHERE b.day = {{}} AND (b.matter IS NULL OR {seen})"
        " ORDER BY b.position",
        day_id,
        *args,
    )
    return [opened(row) for row in rows]


async def booking(booking_id: UUID, actor: Actor, *, at: datetime) -> tuple[BookingLine, DayLine]:
    """Return one booking with its day; NotFoundError where the reader may not see it."""
    found = await day(await day_of(booking_id), actor)
    lines = await bookings(found.id, actor, at=at)
    one = next((line for line in lines if line.id == booking_id), None)
    if one is None:
        raise NotFoundError
    return one, found


async def booked_today(
    site_id: UUID, actor: Actor, *, at: datetime
) -> list[tuple[DayLine, list[BookingLine]]]:
    """Return the reception days of today with those who are booked and have not been received."""
    today = site_time(at).date()
    found = []
    for one in await days(actor, since=today, until=today, site_id=site_id):
        waiting = [line for line in await bookings(one.id, actor, at=at) if line.state == BOOKED]
        if waiting and one.state != CANCELLED:
            found.append((one, waiting))
    return found


def opened(row: Mapping[str, Any]) -> BookingLine:
    """Return a booking in the clear."""

    def text(name: str) -> str:
        return sealing.unseal(row[name], TABLE, name, row["id"])

    number = row.get("number") or ""
    return BookingLine(
        id=row["id"],
        day_id=row["day"],
        position=row["position"],
        name=text("name_cipher"),
        phone=text("phone_cipher"),
        topic=text("topic_cipher"),
        heads=row["heads"],
        means=row["means"],
        state=row["state"],
        matter_id=row["matter"] if number else None,
        matter_number=number or "",
    )


async def mondays_planned(site_id: UUID, since: date) -> Sequence[date]:
    """Return the Mondays for which a room has a day already."""
    rows = await db.fetch(
        "SELECT monday FROM government_reception_day WHERE site = {} AND monday >= {}",
        site_id,
        since,
    )
    return [row["monday"] for row in rows]


async def day_of(booking_id: UUID) -> UUID:
    """Return the day of a booking; NotFoundError when there is none."""
    rows = await db.fetch("SELECT day FROM government_booking WHERE id = {}", booking_id)
    if not rows:
        raise NotFoundError
    found: UUID = rows[0]["day"]
    return found


def phone_mark(phone: str) -> str | None:
    """Return the keyed index of a phone, by which one person's bookings are found."""
    return sealing.index_of("booking", "".join(sign for sign in phone if sign.isdigit()))
