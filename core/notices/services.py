"""Queueing notices and events in the act's own transaction; outbox.py sends them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import clock, db, hiding, settings
from core.accounts.holders import accounts_of
from core.errors import NotFoundError
from core.i18n import N_, Message
from core.log.services import record
from core.notices import recipients
from core.notices.tables import Notice, OutboxEvent
from core.permissions import Actor
from core.plugins import Plugins

IN_APP, EMAIL, WEBHOOK = "in_app", "email", "webhook"
NEWS, NEWS_TEXT = N_("News"), N_("There is news for you.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One notice to be queued; its fields are those that `notify` is given."""

    key: str
    channel: str
    subject: Message
    body: Message
    user: UUID | None = None
    address: str = ""
    url: str = ""
    link: str = ""
    locale: str = ""


_INSERT = (
    'INSERT INTO notice (id, key, channel, "user", recipient_cipher, locale, subject, body, url,'
    " state, attempts, next_at, created_at, sent_at, read_at, last_error)"
    " VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, 0, {}, {}, {}, NULL, '') ON CONFLICT (key) DO "
)
# Another process may queue the same key at this moment: the first one wins.
_QUEUE = f"{_INSERT}NOTHING"
_GROW = f"{_INSERT}UPDATE SET body = excluded.body"


def _row(draft: Draft, at: datetime, delay: timedelta) -> tuple[object, ...]:
    notice_id = uuid4()
    return (
        notice_id,
        draft.key,
        draft.channel,
        draft.user,
        recipients.sealed(notice_id, draft.address, draft.link),
        draft.locale,
        draft.subject.dump(),
        draft.body.dump(),
        draft.url,
        "sent" if draft.channel == IN_APP else "queued",
        clock.to_ms(at + delay),
        clock.to_ms(at),
        clock.to_ms(at) if draft.channel == IN_APP else None,
    )


async def notify_many(drafts: Sequence[Draft], *, at: datetime, growing: bool = False) -> None:
    """Queue many notices at once; call it inside the act's `db.writing()`.

    `growing`: a notice whose key is known says from now on what this one says, and is sent no second
    time.
    """
    rows = [_row(draft, at, timedelta(0)) for draft in (*drafts, *_mirrored(drafts))]
    if rows:
        await db.execute_many(_GROW if growing else _QUEUE, rows)


def _mirrored(drafts: Sequence[Draft]) -> list[Draft]:
    """Return what the webhooks are told of notices in the app: for whom, and where; never what."""
    addresses = settings.load().webhooks
    return [
        Draft(
            key="hook:" + hashlib.sha256(f"{draft.key} {address}".encode()).hexdigest()[:48],
            channel=WEBHOOK,
            subject=NEWS,
            body=NEWS_TEXT,
            user=draft.user,
            address=address,
            url=draft.url or "/notices",
        )
        for address in addresses
        for draft in drafts
        if draft.channel == IN_APP and draft.user is not None
    ]


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
    there is news. Nobody is told of a page about what does not exist for them.
    """
    if user is not None and (await hiding.hidden_from({user: [url]}, at=at)).get(user):
        return False
    draft = Draft(
        key=key,
        channel=channel,
        subject=subject,
        body=body,
        user=user,
        address=address,
        url=url,
        link=link,
        locale=locale,
    )
    added = await db.execute(_QUEUE, *_row(draft, at, delay)) == 1
    if added and (told := _mirrored([draft])):
        await db.execute_many(_QUEUE, [_row(one, at, delay) for one in told])
    return added


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


async def send_test(*, actor: Actor, at: datetime) -> bool:
    """Send somebody a test in the app, which webhooks are told of, and by e-mail; say if by e-mail."""
    if actor.id is None:
        raise NotFoundError
    key, subject, body = f"test:{uuid4()}", N_("A test of notices"), N_("It arrived.")
    async with db.writing():
        await notify(key=key, channel=IN_APP, subject=subject, body=body, at=at, user=actor.id)
        found = [one for one in await accounts_of([actor.id]) if one.email]
        for one in found:
            await notify(
                key=f"{key}:mail",
                channel=EMAIL,
                subject=subject,
                body=body,
                at=at,
                address=one.email,
                url="/notices",
                locale=one.locale,
            )
        await record(actor, "notice.test", "notice", actor.id, at=at)
    return bool(found)
