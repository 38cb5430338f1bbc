"""Notices as their readers see them, and the outbox as an administrator does; reads only."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import clock, db, hiding
from core.accounts.tables import User
from core.i18n import N_, Message
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
    """Return one page of the actor's own notices, newest first, and how many there are.

    What they were told of a record that does not exist for them any more is left out.
    """
    if actor.id is None:
        return [], 0
    mine = (Notice.user == actor.id) & (Notice.channel == IN_APP)
    gone = await _gone(actor)
    if gone:
        mine &= Notice.url.not_in(gone)
    rows = (
        await Notice.objects()
        .where(mine)
        .order_by(Notice.created_at, ascending=False)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [_line(row) for row in rows], await Notice.count().where(mine)


async def _gone(actor: Actor) -> list[str]:
    """Return the pages that somebody was told of and that are not for them any more."""
    rows = await db.fetch(
        'SELECT DISTINCT url FROM notice WHERE "user" = {} AND channel = {} AND url <> {}',
        actor.id,
        IN_APP,
        "",
    )
    addresses = [row["url"] for row in rows]
    return sorted(await hiding.hidden_addresses(addresses, actor=actor, at=clock.now(), own=True))


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
    if row is None or await hiding.hidden_addresses(
        [row.url], actor=actor, at=clock.now(), own=True
    ):
        return None
    return _line(row)


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


async def posted(
    wanted: Filter, *, actor: Actor, page: int = 1, size: int = 50
) -> tuple[list[Posted], int]:
    """Return one page of all notices, newest first, and how many there are.

    Of one about a record that does not exist for the actor only its fate is told.
    """
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
    gone = await hiding.hidden_addresses([r.url for r in rows], actor=actor, at=clock.now())
    return [_posted(row, names, row.url in gone) for row in rows], await count


def _posted(row: Notice, names: Mapping[UUID, str], hidden: bool) -> Posted:
    return Posted(
        id=row.id,
        channel=row.channel,
        recipient=names.get(row.user, "") if row.user else recipients.masked(row),
        subject=N_("Confidential") if hidden else Message.load(row.subject),
        state=row.state,
        attempts=row.attempts,
        created_at=clock.from_ms(row.created_at),
        sent_at=clock.from_ms(row.sent_at) if row.sent_at else None,
        next_at=clock.from_ms(row.next_at) if row.state == "queued" else None,
        read_at=clock.from_ms(row.read_at) if row.read_at else None,
        last_error="" if hidden else row.last_error,
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


async def dead_events(*, actor: Actor, limit: int = 100) -> list[DeadEvent]:
    """Return the events that plugins failed at for good, newest first.

    Of one about a record that does not exist for the actor only its name is told.
    """
    rows = (
        await OutboxEvent.objects()
        .where(OutboxEvent.state == "dead")
        .order_by(OutboxEvent.id, ascending=False)
        .limit(limit)
    )
    pairs = {row.id: _records(row) for row in rows}
    every = [pair for found in pairs.values() for pair in found]
    gone = await hiding.hidden_pairs(every, actor=actor, at=clock.now())
    return [
        DeadEvent(
            id=row.id,
            name=row.name,
            plugin=row.plugin,
            record="" if gone & pairs[row.id] else row.record,
            attempts=row.attempts,
            at=clock.from_ms(row.created_at),
            last_error="" if gone & pairs[row.id] else row.last_error,
        )
        for row in rows
    ]


def _records(row: OutboxEvent) -> frozenset[hiding.Pair]:
    """Return the records an event may be about: named by its own name and by what it carries."""
    told = json.loads(row.payload or "{}")
    named = (row.name.partition(".")[0], row.record)
    return frozenset({named, (str(told.get("record_kind", "")), str(told.get("record", "")))})
