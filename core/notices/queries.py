"""Notices as their readers see them, and the outbox as an administrator does; reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import clock, db
from core.accounts.tables import User
from core.i18n import Message
from core.notices import recipients
from core.notices.services import IN_APP
from core.notices.tables import Notice, OutboxEvent
from core.permissions import Actor

STATES = ("queued", "sent", "dead")
MANY = 99  # more unread ones are not counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One notice in its reader's list. `href` is where to read on, empty for nowhere."""

    id: UUID
    subject: Message
    body: Message
    href: str
    at: datetime
    read: bool


async def inbox(actor: Actor, *, page: int = 1, size: int = 50) -> tuple[list[Line], int]:
    """Return one page of the actor's own notices, newest first, and how many there are."""
    if actor.id is None:
        return [], 0
    mine = (Notice.user == actor.id) & (Notice.channel == IN_APP)
    rows = (
        await Notice.objects()
        .where(mine)
        .order_by(Notice.created_at, ascending=False)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [_line(row) for row in rows], await Notice.count().where(mine)


def _line(row: Notice) -> Line:
    _, link = recipients.opened(row)
    return Line(
        id=row.id,
        subject=Message.load(row.subject),
        body=Message.load(row.body),
        href=link or row.url,
        at=clock.from_ms(row.created_at),
        read=row.read_at is not None,
    )


async def notice(notice_id: UUID, actor: Actor) -> Line | None:
    """Return one of the actor's own notices."""
    row = (
        await Notice.objects()
        .where(Notice.id == notice_id, Notice.user == actor.id, Notice.channel == IN_APP)
        .first()
    )
    return _line(row) if row is not None else None


async def unread(user_id: UUID) -> int:
    """Return how many notices somebody has not read, `MANY` at most."""
    rows = await db.fetch(
        'SELECT count(*) AS n FROM (SELECT 1 AS one FROM notice WHERE "user" = {}'
        " AND channel = {} AND read_at IS NULL LIMIT {}) AS waiting",
        user_id,
        IN_APP,
        MANY,
    )
    return int(rows[0]["n"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What the administrator's list is narrowed to; empty means all."""

    state: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One notice with its fate. `recipient` is a name, or a masked address."""

    id: UUID
    channel: str
    recipient: str
    subject: Message
    state: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    next_at: datetime | None
    read_at: datetime | None
    last_error: str


async def posted(wanted: Filter, *, page: int = 1, size: int = 50) -> tuple[list[Posted], int]:
    """Return one page of all notices, newest first, and how many there are."""
    query, count = Notice.objects(), Notice.count()
    for column, value in ((Notice.state, wanted.state), (Notice.channel, wanted.channel)):
        if value:
            query, count = query.where(column == value), count.where(column == value)
    rows = (
        await query.order_by(Notice.created_at, ascending=False)
        .limit(size)
        .offset((page - 1) * size)
    )
    names = await _names([row.user for row in rows if row.user is not None])
    return [_posted(row, names) for row in rows], await count


def _posted(row: Notice, names: Mapping[UUID, str]) -> Posted:
    return Posted(
        id=row.id,
        channel=row.channel,
        recipient=names.get(row.user, "") if row.user else recipients.masked(row),
        subject=Message.load(row.subject),
        state=row.state,
        attempts=row.attempts,
        created_at=clock.from_ms(row.created_at),
        sent_at=clock.from_ms(row.sent_at) if row.sent_at else None,
        next_at=clock.from_ms(row.next_at) if row.state == "queued" else None,
        read_at=clock.from_ms(row.read_at) if row.read_at else None,
        last_error=row.last_error,
    )


async def _names(user_ids: Sequence[UUID]) -> dict[UUID, str]:
    if not user_ids:
        return {}
    rows = await User.select(User.id, User.name).where(User.id.is_in(list(set(user_ids))))
    return {row["id"]: row["name"] for row in rows}


async def channels() -> list[str]:
    """Return the channels that notices went by so far."""
    rows: list[Any] = await db.fetch("SELECT DISTINCT channel FROM notice ORDER BY channel")
    return [row["channel"] for row in rows]


async def counts() -> dict[str, int]:
    """Return how many notices are queued and dead, and how many events are dead."""
    rows = await db.fetch(
        "SELECT state, count(*) AS n FROM notice WHERE state <> 'sent' GROUP BY state"
    )
    found = {row["state"]: int(row["n"]) for row in rows}
    dead = await OutboxEvent.count().where(OutboxEvent.state == "dead")
    return {"queued": found.get("queued", 0), "dead": found.get("dead", 0), "events": dead}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadEvent:
    """One event that a plugin failed at each time it was told."""

    id: int
    name: str
    plugin: str
    record: str
    attempts: int
    at: datetime
    last_error: str


async def dead_events(limit: int = 100) -> list[DeadEvent]:
    """Return the events that plugins failed at for good, newest first."""
    rows = (
        await OutboxEvent.objects()
        .where(OutboxEvent.state == "dead")
        .order_by(OutboxEvent.id, ascending=False)
        .limit(limit)
    )
    return [
        DeadEvent(
            id=row.id,
            name=row.name,
            plugin=row.plugin,
            record=row.record,
            attempts=row.attempts,
            at=clock.from_ms(row.created_at),
            last_error=row.last_error,
        )
        for row in rows
    ]
