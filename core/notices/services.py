"""Queueing notices and events in the act's own transaction; outbox.py sends them."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import clock, db
from core.errors import NotFoundError
from core.i18n import Message
from core.log.services import record
from core.notices.tables import Notice, OutboxEvent
from core.permissions import Actor
from core.plugins import Plugins
from core.privacy.keys import keyring

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
    locale: str = "",
    delay: timedelta = timedelta(0),
) -> bool:
    """Queue one notice; say whether it is new. The same `key` is sent once, however often asked.

    Call it inside the act's `db.writing()`. `user` is the reader in the app, `address` an e-mail
    address (stored encrypted). Never put a person's particulars in an e-mail: only that there is news.
    """
    if await Notice.exists().where(Notice.key == key):
        return False
    notice_id = uuid4()
    cipher = (
        keyring().encrypt(address, "notice", "recipient_cipher", notice_id) if address else None
    )
    sent = channel == IN_APP
    await Notice(
        id=notice_id,
        key=key,
        channel=channel,
        user=user,
        recipient_cipher=cipher,
        locale=locale,
        subject=subject.dump(),
        body=body.dump(),
        url=url,
        state="sent" if sent else "queued",
        next_at=clock.to_ms(at + delay),
        created_at=clock.to_ms(at),
        sent_at=clock.to_ms(at) if sent else None,
    ).save()
    return True


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
