"""Links for people without an account: made, opened, taken back. Only a link's hash is stored.

Kept: the hash, the record it opens, its times. Nothing personal; retention removes old rows.
"""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.errors import NotFoundError
from core.links.tables import Link

_BYTES = 24


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


async def create(purpose: str, record: UUID, *, expires: datetime, at: datetime) -> str:
    """Make a link to a record and return its secret, which is stored nowhere."""
    secret = secrets.token_urlsafe(_BYTES)
    async with db.writing():
        await Link.insert(
            Link(
                id=uuid4(),
                secret_hash=_hash(secret),
                purpose=purpose,
                record=record,
                created_at=at,
                expires_at=expires,
            )
        )
    return secret


async def open(secret: str, purpose: str, *, at: datetime) -> UUID:
    """Return the record that a link opens.

    NotFoundError when there is no such link, it is for something else, expired, or taken back: all
    look alike.
    """
    link = (
        await Link.objects()
        .where(
            Link.secret_hash == _hash(secret),
            Link.purpose == purpose,
            Link.expires_at > at,
            Link.revoked_at.is_null(),
        )
        .first()
    )
    if link is None:
        raise NotFoundError
    return link.record


async def mark_used(secret: str, *, at: datetime) -> None:
    """Note when a link was first used for what it is meant for."""
    async with db.writing():
        await Link.update({Link.used_at: at}).where(
            Link.secret_hash == _hash(secret), Link.used_at.is_null()
        )


async def prolong(record: UUID, purpose: str, *, expires: datetime) -> None:
    """Let every link to a record for a purpose that was not taken back stay open until then."""
    async with db.writing():
        await Link.update({Link.expires_at: expires}).where(
            Link.record == record, Link.purpose == purpose, Link.revoked_at.is_null()
        )


async def revoke(record: UUID, purpose: str, *, at: datetime) -> None:
    """Take back every link to a record for a purpose."""
    async with db.writing():
        await Link.update({Link.revoked_at: at}).where(
            Link.record == record, Link.purpose == purpose, Link.revoked_at.is_null()
        )
