"""Queueing notices and events in the act's own transaction; outbox.py sends them."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import clock, db
from core.errors import NotFoundError
from core.i18n import Message
from core.log.services import record
from core.notices import recipients
from core.notices.tables import Notice, OutboxEvent
from core.permissions import Actor
from core.plugins import Plugins

IN_APP, EMAIL = "in_app", "email"


async def notify(
    *,
    key: str,
    channel: str,
    subject: Message,
    body: Message,
    at: datetime,
    user: UUID | None = None,
    address: str = "",
    url: str = "",
    link: str = "",
    locale: str = "",
    delay: timedelta = timedelta(0),
) -> bool:
    """Queue one notice; say whether it is new. The same `key` is sent once, however often asked.

    Call it inside the act's `db.writing()`. `user` is the reader in the app, `address` an e-mail
    address. `url` is where to read on; a `link` is one that opens something by its secret, and like
    the address it is stored encrypted. Never put a person's particulars in an e-mail: only that
    there is news.
    """
    notice_id = uuid4()
    # Another process may queue the same key at this moment: the first one wins.
    added = await db.execute(
        'INSERT INTO notice (id, key, channel, "user", recipient_cipher, locale, subject, body, url,'
        " state, attempts, next_at, created_at, sent_at, read_at, last_error)"
        " VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, 0, {}, {}, {}, NULL, '')"
        " ON CONFLICT (key) DO NOTHING",
        notice_id,
        key,
        channel,
        user,
        recipients.sealed(notice_id, address, link),
        locale,
        subject.dump(),
        body.dump(),
        url,
        "sent" if channel == IN_APP else "queued",
        clock.to_ms(at + delay),
        clock.to_ms(at),
        clock.to_ms(at) if channel == IN_APP else None,
    )
    return added == 1


async def tell(
    plugins: Plugins,
    name: str,
    record_id: object,
    *,
    at: datetime,
    site_id: UUID | None = None,
    payload: Mapping[str, str] | None = None,
) -> None:
    """Queue an event for every plugin that listens; call it inside the act's `db.writing()`."""
    for plugin in plugins.listeners():
        if plugins.is_on(plugin, site_id):
            await OutboxEvent(
                name=name,
                record=str(record_id),
                site=site_id,
                payload=json.dumps(dict(payload or {}), ensure_ascii=False),
                plugin=plugin,
                next_at=clock.to_ms(at),
                created_at=clock.to_ms(at),
            ).save()


async def mark_read(notice_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Mark one of the actor's own in-app notices as read."""
    async with db.writing():
        notice = (
            await Notice.objects()
            .where(Notice.id == notice_id, Notice.user == actor.id, Notice.channel == IN_APP)
            .first()
        )
        if notice is None:
            raise NotFoundError
        if notice.read_at is None:
            notice.read_at = clock.to_ms(at)
            await notice.save([Notice.read_at])


async def mark_all_read(*, actor: Actor, at: datetime) -> None:
    """Mark all of the actor's own in-app notices as read."""
    async with db.writing():
        await Notice.update({Notice.read_at: clock.to_ms(at)}).where(
            Notice.user == actor.id, Notice.channel == IN_APP, Notice.read_at.is_null()
        )


async def revive(notice_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Queue a dead notice again, as an administrator does once the cause is mended."""
    async with db.writing():
        notice = (
            await Notice.objects().where(Notice.id == notice_id, Notice.state == "dead").first()
        )
        if notice is None:
            raise NotFoundError
        notice.state, notice.attempts, notice.next_at = "queued", 0, clock.to_ms(at)
        await notice.save([Notice.state, Notice.attempts, Notice.next_at])
        await record(actor, "notice.revive", "notice", notice_id, at=at)


async def revive_event(event_id: int, *, actor: Actor, at: datetime) -> None:
    """Queue a dead event again for the plugin that failed at it."""
    async with db.writing():
        event = (
            await OutboxEvent.objects()
            .where(OutboxEvent.id == event_id, OutboxEvent.state == "dead")
            .first()
        )
        if event is None:
            raise NotFoundError
        event.state, event.attempts, event.next_at = "queued", 0, clock.to_ms(at)
        await event.save([OutboxEvent.state, OutboxEvent.attempts, OutboxEvent.next_at])
        await record(actor, "notice.revive_event", "outbox_event", event_id, at=at)
