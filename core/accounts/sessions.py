"""Sessions of signed-in browsers: begun, found again, shown, ended. Cookies are the web's business."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import db
from core.accounts.actors import actor_of
from core.accounts.facts import NewSession, SessionLine, SignedIn
from core.accounts.tables import Session
from core.errors import NotFoundError
from core.log.services import record
from core.permissions import Actor, Role

SEEN_EVERY = timedelta(minutes=5)

_FIND = """
SELECT s.id AS session_id, s.csrf, s.seen_at, u.id AS user_id, u.name, u.locale,
       u.host AS host_id, u.must_change_password, r.role, r.site
FROM account_session s
JOIN account u ON u.id = s."user"
LEFT JOIN account_role r ON r."user" = u.id
WHERE s.secret_hash = {} AND s.revoked_at IS NULL AND s.expires_at > {} AND s.seen_at > {}
  AND u.active = {}
"""


def hash_of(secret: str) -> str:
    """Return what is stored of a random secret; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def begin(
    *, user_id: UUID, at: datetime, lasts: timedelta, address: str = "", user_agent: str = ""
) -> NewSession:
    """Begin a session; call it inside the act's `db.writing()`."""
    secret = secrets.token_urlsafe(32)
    session = Session(
        id=uuid4(),
        secret_hash=hash_of(secret),
        user=user_id,
        csrf=secrets.token_urlsafe(32),
        created_at=at,
        seen_at=at,
        expires_at=at + lasts,
        address=address[:64],
        user_agent=user_agent[:200],
    )
    await Session.insert(session)
    return NewSession(session_id=session.id, secret=secret)


async def find(
    secret: str, *, at: datetime, idle: timedelta, roles: Mapping[str, Role], place: str = ""
) -> SignedIn | None:
    """Return the session of a cookie's secret, or None when it is unknown, over or revoked."""
    rows = await db.fetch(_FIND, hash_of(secret), at, at - idle, True)
    if not rows:
        return None
    first = rows[0]
    held = [(row["role"], row["site"]) for row in rows if row["role"] is not None]
    return SignedIn(
        session_id=first["session_id"],
        csrf=first["csrf"],
        actor=actor_of(first, held, roles, place=place),
        must_change_password=bool(first["must_change_password"]),
        seen_at=first["seen_at"],
    )


async def holds(session_id: UUID, *, at: datetime) -> bool:
    """Say whether a session found before still holds."""
    rows = await db.fetch(
        'SELECT 1 AS one FROM account_session s JOIN account u ON u.id = s."user"'
        " WHERE s.id = {} AND s.revoked_at IS NULL AND s.expires_at > {} AND u.active = {}",
        session_id,
        at,
        True,
    )
    return bool(rows)


async def touch(session: SignedIn, *, at: datetime) -> None:
    """Write down that a session is in use, at most every five minutes."""
    if at - session.seen_at >= SEEN_EVERY:
        await Session.update({Session.seen_at: at}).where(Session.id == session.session_id)


async def rotate(session_id: UUID) -> NewSession:
    """Give a session another secret and CSRF token; call it inside the act's `db.writing()`."""
    secret = secrets.token_urlsafe(32)
    await Session.update(
        {Session.secret_hash: hash_of(secret), Session.csrf: secrets.token_urlsafe(32)}
    ).where(Session.id == session_id)
    return NewSession(session_id=session_id, secret=secret)


async def open_of(user_id: UUID, *, at: datetime, idle: timedelta) -> list[SessionLine]:
    """Return a user's sessions that hold, the latest used first."""
    rows = (
        await Session.select(
            Session.id,
            Session.created_at,
            Session.seen_at,
            Session.expires_at,
            Session.address,
            Session.user_agent,
        )
        .where(
            Session.user == user_id,
            Session.revoked_at.is_null(),
            Session.expires_at > at,
            Session.seen_at > at - idle,
        )
        .order_by(Session.seen_at, ascending=False)
    )
    return [SessionLine(**row) for row in rows]


async def end(session_id: UUID, *, actor: Actor, at: datetime) -> None:
    """End one of the actor's own sessions, at once."""
    async with db.writing():
        ended = (
            await Session.update({Session.revoked_at: at})
            .where(
                Session.id == session_id,
                Session.user == actor.id,
                Session.revoked_at.is_null(),
            )
            .returning(Session.id)
        )
        if not ended:
            raise NotFoundError
        await record(actor, "session.end", "session", session_id, at=at)


async def end_others(*, actor: Actor, keep: UUID, at: datetime) -> int:
    """End every session of the actor but the one in use; return how many there were."""
    if actor.id is None:
        return 0
    async with db.writing():
        ended = await end_all(actor.id, at=at, but=[keep])
        if ended:
            await record(actor, "session.end_others", "account", actor.id, at=at)
    return ended


async def end_all(user_id: UUID, *, at: datetime, but: Sequence[UUID] = ()) -> int:
    """End a user's sessions, but for some; call it inside the act's `db.writing()`."""
    update = Session.update({Session.revoked_at: at}).where(
        Session.user == user_id, Session.revoked_at.is_null()
    )
    if but:
        update = update.where(Session.id.not_in(list(but)))
    return len(await update.returning(Session.id))


async def forget_old(*, before: datetime) -> int:
    """Delete sessions that ended before a moment; the log keeps that they were."""
    async with db.writing():
        gone = await Session.delete().where(Session.expires_at < before).returning(Session.id)
    return len(gone)
