"""Appointments in lists, one with its history, and what clashes; reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import db
from core.appointments import codes, moves, states
from core.appointments.policies import Window
from core.errors import NotFoundError
from core.permissions import Actor

MOST = 500
_LONGEST = timedelta(days=4)  # longer than any appointment, so that an index bounds the search


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One appointment in a list. `registration_id` is the visit it became."""

    id: UUID
    code: str
    site_id: UUID
    visitor_id: UUID
    visitor_name: str
    organisation: str
    host_id: UUID | None
    host_name: str
    department: str
    room: str
    purpose: str
    reason: str
    head_count: int
    plate: str
    window: Window
    state: str
    proposed_by: str
    answer_note: str
    created_at: datetime
    version: int
    registration_id: UUID | None


_COLUMNS = (
    "a.id, a.site, a.visitor, v.name AS visitor_name, v.organisation, a.host, h.name AS host_name,"
    " a.host_text, h.department, h.room, a.purpose, a.reason, a.head_count, a.plate, a.starts_at,"
    " a.ends_at, a.state, a.proposed_by, a.answer_note, a.created_at, a.version"
)
_FROM = " FROM appointment a JOIN visitor v ON v.id = a.visitor LEFT JOIN host h ON h.id = a.host"


def _card(row: Mapping[str, Any], visits: Mapping[UUID, UUID]) -> Card:
    return Card(
        id=row["id"],
        code=codes.code_of(row["id"]),
        site_id=row["site"],
        visitor_id=row["visitor"],
        visitor_name=row["visitor_name"],
        organisation=row["organisation"],
        host_id=row["host"],
        host_name=row["host_name"] or row["host_text"],
        department=row["department"] or "",
        room=row["room"] or "",
        purpose=row["purpose"],
        reason=row["reason"],
        head_count=row["head_count"],
        plate=row["plate"],
        window=Window(starts_at=row["starts_at"], ends_at=row["ends_at"]),
        state=row["state"],
        proposed_by=row["proposed_by"],
        answer_note=row["answer_note"],
        created_at=row["created_at"],
        version=row["version"],
        registration_id=visits.get(row["id"]),
    )


async def _cards(where: str, args: Sequence[Any], order: str, limit: int = MOST) -> list[Card]:
    # The conditions are written in this module; what comes from outside are their arguments.
    rows = await db.fetch(
        f"SELECT {_COLUMNS}{_FROM} WHERE {where} ORDER BY {order} LIMIT {limit}",
        *args,
    )
    visits = await _visits_of(rows)
    return [_card(row, visits) for row in rows]


async def _visits_of(rows: Sequence[Mapping[str, Any]]) -> dict[UUID, UUID]:
    """Return which visits these appointments became, by appointment."""
    arrived = [row["id"] for row in rows if row["state"] == states.ARRIVED]
    if not arrived:
        return {}
    places = ", ".join("{}" for _ in arrived)
    first = min(row["starts_at"] for row in rows) - _LONGEST
    found = await db.fetch(
        f"SELECT id, appointment FROM registration WHERE appointment IN ({places})"  # noqa: S608
        " AND created_at >= {} ORDER BY created_at",
        *arrived,
        first,
    )
    return {row["appointment"]: row["id"] for row in found}


def _in(column: str, values: Sequence[Any]) -> str:
    return f"{column} IN ({', '.join('{}' for _ in values)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list is narrowed to; empty means all. `text` is part of a name, or a code."""

    since: datetime
    until: datetime
    site_id: UUID | None = None
    host_id: UUID | None = None
    state: str = ""
    text: str = ""


async def appointments(wanted: Filter, *, actor: Actor) -> list[Card]:
    """Return appointments that begin in a span of time, in their order; a host gets their own."""
    conditions = ["a.starts_at >= {}", "a.starts_at < {}"]
    args: list[Any] = [wanted.since, wanted.until]
    _add_rights(conditions, args, wanted.site_id, actor)
    if wanted.host_id is not None:
        conditions.append("a.host = {}")
        args.append(wanted.host_id)
    if wanted.state:
        conditions.append("a.state = {}")
        args.append(wanted.state)
    if wanted.text:
        like = f"%{wanted.text.replace('%', '').replace('_', '')}%".lower()
        conditions.append(
            "(lower(v.name) LIKE {} OR lower(v.organisation) LIKE {} OR lower(h.name) LIKE {}"
            " OR lower(a.host_text) LIKE {})"
        )
        args += [like] * 4
    return await _cards(" AND ".join(conditions), args, "a.starts_at, a.id")


def _add_rights(conditions: list[str], args: list[Any], site_id: UUID | None, actor: Actor) -> None:
    """Narrow a list to what the actor may see: the appointments of their sites, or only their own."""
    sites = actor.sites_with(moves.READ)
    if site_id is not None:
        conditions.append("a.site = {}")
        args.append(site_id)
    if sites is None or (site_id is not None and site_id in sites):
        return
    allowed: list[str] = []
    if sites:
        allowed.append(_in("a.site", list(sites)))
        args += sites
    if actor.host_id is not None and actor.may(moves.OWN):
        allowed.append("a.host = {}")
        args.append(actor.host_id)
    if not allowed:
        raise NotFoundError
    conditions.append(f"({' OR '.join(allowed)})")


async def appointment(appointment_id: UUID, *, actor: Actor) -> Card:
    """Return one appointment, or NotFoundError where the actor may not see it."""
    found = await _cards("a.id = {}", [appointment_id], "a.id")
    if not found or not moves.may_see(actor, found[0].site_id, found[0].host_id):
        raise NotFoundError
    return found[0]


async def by_code(typed: str, *, actor: Actor) -> Card | None:
    """Return the appointment whose code was typed or scanned, if the actor may see it."""
    span = codes.range_of(typed)
    if span is None:
        return None
    found = await _cards("a.id >= {} AND a.id <= {}", span, "a.created_at DESC", 10)
    seen = [card for card in found if moves.may_see(actor, card.site_id, card.host_id)]
    return seen[0] if seen else None


async def clashes(
    window: Window,
    *,
    host_id: UUID | None,
    visitor_id: UUID | None = None,
    but: UUID | None = None,
) -> list[Card]:
    """Return open appointments of the same host or visitor at an overlapping time."""
    someone = [("a.host = {}", host_id), ("a.visitor = {}", visitor_id)]
    named = [(condition, value) for condition, value in someone if value is not None]
    if not named:
        return []
    where = (
        "a.starts_at < {} AND a.starts_at > {} AND a.ends_at > {}"
        f" AND {_in('a.state', sorted(states.OPEN))} AND ({' OR '.join(c for c, _ in named)})"
    )
    args = [window.ends_at, window.starts_at - _LONGEST, window.starts_at, *sorted(states.OPEN)]
    found = await _cards(where, [*args, *(value for _, value in named)], "a.starts_at", 20)
    return [card for card in found if card.id != but]


def clashing(cards: Sequence[Card]) -> frozenset[UUID]:
    """Return which of these open appointments share their host with another at the same time."""
    found: set[UUID] = set()
    by_host: dict[UUID, list[Card]] = {}
    for card in cards:
        if card.host_id is not None and card.state in states.OPEN:
            others = by_host.setdefault(card.host_id, [])
            for other in others:
                if card.window.overlaps(other.window):
                    found |= {card.id, other.id}
            others.append(card)
    return frozenset(found)


async def unanswered(*, actor: Actor, now: datetime) -> int:
    """Return how many proposals wait for an answer that the actor may give."""
    conditions = ["a.state = {}", "a.ends_at > {}"]
    args: list[Any] = [states.PROPOSED, now]
    try:
        _add_rights(conditions, args, None, actor)
    except NotFoundError:
        return 0
    rows = await db.fetch(
        f"SELECT count(*) AS n FROM appointment a WHERE {' AND '.join(conditions)}",  # noqa: S608
        *args,
    )
    return int(rows[0]["n"])


async def expected(site_id: UUID, *, actor: Actor, since: datetime, until: datetime) -> list[Card]:
    """Return who is still expected at a site in a span of time, for the desk's board."""
    wanted = Filter(site_id=site_id, since=since, until=until, state=states.CONFIRMED)
    return await appointments(wanted, actor=actor)
