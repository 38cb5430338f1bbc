"""The worker that sends queued notices and tells plugins of events, with growing pauses."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from core import clock, db
from core.events import Event
from core.i18n import Message
from core.notices import recipients
from core.notices.tables import Notice, OutboxEvent
from core.plugins import Plugins

logger = structlog.get_logger(__name__)

PAUSES = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 7200, 21600))
LEASE = timedelta(seconds=60)
BATCH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One notice ready for a channel: the clear address, the texts in the reader's language.

    `url` is the whole address where to read on, which `body` ends with; `user` its reader, `locale`
    the language of the texts.
    """

    id: UUID
    key: str
    address: str
    subject: str
    body: str
    url: str = ""
    user: UUID | None = None
    locale: str = ""


Channel = Callable[[Letter], Awaitable[None]]


class Outbox:
    """Works the queue of one process; several may run beside each other on PostgreSQL.

    A row is claimed by moving its `next_at` past a lease in a transaction of its own, so a worker that
    dies leaves it to be claimed again: at least once, and once unless somebody dies in between.
    """

    def __init__(
        self, plugins: Plugins, channels: dict[str, Channel], *, base_url: str, locale: str
    ) -> None:
        self.plugins, self.channels = plugins, channels
        self.base_url, self.locale = base_url, locale

    async def run(self, stop: asyncio.Event, *, every: float = 1.0) -> None:
        """Work until stopped, looking every so many seconds."""
        while not stop.is_set():
            try:
                while await self.work_once():
                    if stop.is_set():
                        return
            except Exception as error:
                logger.error("outbox_failed", error=repr(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), every)

    async def work_once(self) -> int:
        """Send what is due now; return how many rows were tried."""
        notices = await self._claim_notices()
        for notice in notices:
            await self._send(notice)
        events = await self._claim_events()
        for event in events:
            await self._tell(event)
        return len(notices) + len(events)

    async def _claim_notices(self) -> list[Notice]:
        now, lease = clock.now_ms(), clock.to_ms(clock.now() + LEASE)
        lock = "" if db.is_sqlite() else " FOR UPDATE SKIP LOCKED"
        async with db.writing():
            rows = await db.fetch(
                "SELECT id FROM notice WHERE state = 'queued' AND next_at <= {}"  # noqa: S608 - constants
                f" ORDER BY next_at LIMIT {BATCH}{lock}",
                now,
            )
            ids = [row["id"] if isinstance(row["id"], UUID) else UUID(row["id"]) for row in rows]
            if not ids:
                return []
            await Notice.update({Notice.next_at: lease}).where(Notice.id.is_in(ids))
            return await Notice.objects().where(Notice.id.is_in(ids)).order_by(Notice.created_at)

    async def _claim_events(self) -> list[OutboxEvent]:
        now, lease = clock.now_ms(), clock.to_ms(clock.now() + LEASE)
        lock = "" if db.is_sqlite() else " FOR UPDATE SKIP LOCKED"
        async with db.writing():
            rows = await db.fetch(
                "SELECT id FROM outbox_event WHERE state = 'queued' AND next_at <= {}"  # noqa: S608
                f" ORDER BY id LIMIT {BATCH}{lock}",
                now,
            )
            ids = [row["id"] for row in rows]
            if not ids:
                return []
            await OutboxEvent.update({OutboxEvent.next_at: lease}).where(OutboxEvent.id.is_in(ids))
            return (
                await OutboxEvent.objects()
                .where(OutboxEvent.id.is_in(ids))
                .order_by(OutboxEvent.id)
            )

    async def _send(self, notice: Notice) -> None:
        channel = self.channels.get(notice.channel)
        try:
            if channel is None:
                raise LookupError(f"no channel {notice.channel} is set up")
            await channel(self._letter(notice))
        except Exception as error:
            await self._failed(notice, Notice, error)
            return
        async with db.writing():
            await Notice.update(
                {Notice.state: "sent", Notice.sent_at: clock.now_ms(), Notice.last_error: ""}
            ).where(Notice.id == notice.id, Notice.state == "queued")

    def _letter(self, notice: Notice) -> Letter:
        locale = notice.locale or self.locale
        address, link = recipients.opened(notice)
        path = link or notice.url
        url = f"{self.base_url}{path}" if path.startswith("/") else path
        body = Message.load(notice.body).translate(locale)
        return Letter(
            id=notice.id,
            key=notice.key,
            address=address,
            subject=Message.load(notice.subject).translate(locale),
            body=f"{body}\n\n{url}" if url else body,
            url=url,
            user=notice.user,
            locale=locale,
        )

    async def _tell(self, row: OutboxEvent) -> None:
        event = Event(
            id=row.id,
            name=row.name,
            record=row.record,
            site_id=row.site,
            at=clock.from_ms(row.created_at),
            payload=json.loads(row.payload),
        )
        try:
            await self.plugins.on_event(row.plugin, event)
        except Exception as error:
            await self._failed(row, OutboxEvent, error)
            return
        async with db.writing():
            await OutboxEvent.update({OutboxEvent.state: "sent", OutboxEvent.last_error: ""}).where(
                OutboxEvent.id == row.id
            )

    async def _failed(
        self,
        row: Notice | OutboxEvent,
        table: type[Notice] | type[OutboxEvent],
        error: Exception,
    ) -> None:
        attempts = row.attempts + 1
        dead = attempts > len(PAUSES)
        wait = timedelta(0) if dead else PAUSES[attempts - 1]
        # The error's kind only: its text may hold an address.
        said = type(error).__name__
        async with db.writing():
            await table.update(
                {
                    table.attempts: attempts,
                    table.state: "dead" if dead else "queued",
                    table.next_at: clock.to_ms(clock.now() + wait),
                    table.last_error: said,
                }
            ).where(table.id == row.id)
        logger.warning("outbox_retry", id=str(row.id), attempts=attempts, dead=dead, error=said)
