"""Registrations in lists and on boards; reads only. One with its history is in history.py."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.i18n import Message
from core.log.tables import LogEntry
from core.permissions import Actor
from core.registrations import policies, states
from core.registrations.rulebook import Reception
from core.registrations.tables import Registration
from core.text import fold_width

READ = "core:registration:read"
MOST = 500
_NUMBER = re.compile(r"(\d{8})?-(\d{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One registration in a list. `level` is empty, amber or red; `overdue` flags who stays too long."""

    id: UUID
    number: str
    site_id: UUID
    visitor_id: UUID
    visitor_name: str
    organisation: str
    head_count: int
    purpose: str
    reason: str
    host_id: UUID | None
    host_name: str
    department: str
    state: str
    consent: str
    decision_code: str
    decision_reason: Message | None
    decision_rule: str
    plate: str
    created_at: datetime
    arrived_at: datetime | None
    entered_at: datetime | None
    expected_leave_at: datetime | None
    left_at: datetime | None
    stub_returned_at: datetime | None
    version: int
    level: str = ""
    overdue: bool = False


COLUMNS = (
    "r.id, r.number, r.site, r.visitor, v.name AS visitor_name, v.organisation, r.head_count,"
    " r.purpose, r.reason, r.host, r.host_text, h.name AS host_name, h.department, r.state,"
    " r.consent, r.decision_code, r.decision_reason, r.decision_rule, r.plate, r.created_at,"
    " r.arrived_at, r.entered_at, r.expected_leave_at, r.left_at, r.stub_returned_at, r.version"
)
FROM = " FROM registration r JOIN visitor v ON v.id = r.visitor LEFT JOIN host h ON h.id = r.host"


def card_of(row: Mapping[str, Any], now: datetime, times: Reception) -> Card:
    """Return a row of COLUMNS as shown."""
    state, arrived = row["state"], row["arrived_at"] or row["created_at"]
    level = ""
    if state == states.WAITING:
        level = policies.waiting_level(
            arrived,
            now,
            amber=timedelta(minutes=times.waiting_amber_minutes),
            red=timedelta(minutes=times.waiting_red_minutes),
        )
    reason = row["decision_reason"]
    return Card(
        id=row["id"],
        number=row["number"],
        site_id=row["site"],
        visitor_id=row["visitor"],
        visitor_name=row["visitor_name"],
        organisation=row["organisation"],
        head_count=row["head_count"],
        purpose=row["purpose"],
        reason=row["reason"],
        host_id=row["host"],
        host_name=row["host_name"] or row["host_text"],
        department=row["department"] or "",
        state=state,
        consent=row["consent"],
        decision_code=row["decision_code"],
        decision_reason=Message.load(reason) if reason else None,
        decision_rule=row["decision_rule"],
        plate=row["plate"],
        created_at=row["created_at"],
        arrived_at=row["arrived_at"],
        entered_at=row["entered_at"],
        expected_leave_at=row["expected_leave_at"],
        left_at=row["left_at"],
        stub_returned_at=row["stub_returned_at"],
        version=row["version"],
        level=level,
        overdue=state == states.INSIDE and policies.is_overdue(row["expected_leave_at"], now),
    )


def may_read(actor: Actor, site_id: UUID) -> None:
    """Raise NotFoundError unless the actor may see the registrations of a site."""
    if not actor.may_at(READ, site_id):
        raise NotFoundError


async def open_at(
    site_id: UUID, *, actor: Actor, now: datetime, times: Reception
) -> dict[str, list[Card]]:
    """Return what is open at a site, by state, the longest waiting first."""
    may_read(actor, site_id)
    rows = await db.fetch(
        f"SELECT {COLUMNS}{FROM} WHERE r.site = {{}}"
        " AND r.state IN ('expected', 'waiting', 'held', 'inside', 'left')"
        f" ORDER BY r.created_at LIMIT {MOST}",
        site_id,
    )
    found: dict[str, list[Card]] = {state: [] for state in sorted(states.OPEN)}
    for row in rows:
        found[row["state"]].append(card_of(row, now, times))
    return found


async def present(
    visitor_ids: Sequence[UUID],
    site_id: UUID,
    *,
    actor: Actor,
    now: datetime,
    times: Reception,
) -> dict[UUID, Card]:
    """Return the open visits of these visitors at a site, by visitor."""
    if not visitor_ids or not actor.may_at(READ, site_id):
        return {}
    places = ", ".join("{}" for _ in visitor_ids)
    rows = await db.fetch(
        f"SELECT {COLUMNS}{FROM} WHERE r.site = {{}} AND r.visitor IN ({places})"
        " AND r.state IN ('expected', 'waiting', 'held', 'inside', 'left')",
        site_id,
        *visitor_ids,
    )
    return {row["visitor"]: card_of(row, now, times) for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list of registrations is narrowed to; empty means all."""

    site_id: UUID | None = None
    state: str = ""
    purpose: str = ""
    since: datetime | None = None
    until: datetime | None = None
    number: str = ""


SORTS = {
    "number": "r.number",
    "name": "v.name",
    "came": "r.created_at",
    "in": "r.entered_at",
    "out": "r.left_at",
    "host": "coalesce(h.name, r.host_text)",
    "state": "r.state",
}


async def registrations(
    wanted: Filter,
    *,
    actor: Actor,
    now: datetime,
    times: Reception,
    page: int = 1,
    size: int = 50,
    sort: str = "-came",
) -> tuple[list[Card], int]:
    """Return one page of registrations and how many there are; `sort` is a name of SORTS, `-` downward."""
    if not actor.may(READ):
        raise NotFoundError
    if wanted.site_id is not None:
        may_read(actor, wanted.site_id)
    conditions, args = _conditions(wanted, actor)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    count = await db.fetch(f"SELECT count(*) AS n FROM registration r{where}", *args)  # noqa: S608
    rows = await db.fetch(
        f"SELECT {COLUMNS}{FROM}{where}"
        f" ORDER BY {_order(sort)} LIMIT {size} OFFSET {(page - 1) * size}",
        *args,
    )
    return [card_of(row, now, times) for row in rows], count[0]["n"]


def _order(sort: str) -> str:
    column = SORTS.get(sort.removeprefix("-"), SORTS["came"])
    return f"{column} {'DESC' if sort.startswith('-') else 'ASC'}, r.number DESC"


def _conditions(wanted: Filter, actor: Actor) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    args: list[Any] = []

    def add(condition: str, *values: Any) -> None:
        conditions.append(condition)
        args.extend(values)

    if wanted.site_id is not None:
        add("r.site = {}", wanted.site_id)
    elif actor.site_ids:
        add(f"r.site IN ({', '.join('{}' for _ in actor.site_ids)})", *actor.site_ids)
    if wanted.state:
        add("r.state = {}", wanted.state)
    if wanted.purpose:
        add("r.purpose = {}", wanted.purpose)
    if wanted.since is not None:
        add("r.created_at >= {}", wanted.since)
    if wanted.until is not None:
        add("r.created_at < {}", wanted.until)
    if wanted.number:
        add("r.number = {}", wanted.number)
    return conditions, args


async def by_number(text: str, *, actor: Actor, today: date) -> UUID | None:
    """Return the registration of this number, if the actor may see it; `-42` is today's 42nd."""
    match = _NUMBER.fullmatch(fold_width(text).strip())
    if match is None:
        return None
    number = f"{match[1] or f'{today:%Y%m%d}'}-{int(match[2]):04d}"
    row = await Registration.objects().where(Registration.number == number).first()
    return row.id if row is not None and actor.may_at(READ, row.site) else None


async def due(*, actor: Actor, now: datetime, times: Reception) -> dict[str, int]:
    """Return how many wait too long, are held, stay too long, or are not closed, where the actor works."""
    if not actor.may(READ):
        return {}
    conditions, args = _conditions(Filter(), actor)
    rows = await db.fetch(
        f"SELECT {COLUMNS}{FROM} WHERE r.state IN ('waiting', 'held', 'inside', 'left')"
        + "".join(f" AND {condition}" for condition in conditions)
        + f" ORDER BY r.created_at LIMIT {MOST}",
        *args,
    )
    cards = [card_of(row, now, times) for row in rows]
    return {
        "late": sum(card.level == "red" for card in cards),
        "held": sum(card.state == states.HELD for card in cards),
        "overdue": sum(card.overdue for card in cards),
        "left": sum(card.state == states.LEFT for card in cards),
    }


async def slip_was_printed(registration_id: UUID) -> bool:
    """Say whether a slip of this visit was printed, so that its stub is expected back."""
    return await LogEntry.exists().where(
        LogEntry.record_kind == "registration",
        LogEntry.record_id == str(registration_id),
        LogEntry.act == "registration.slip",
    )
