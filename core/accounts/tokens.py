"""API tokens: for programs, with fewer permissions than their owner, shown once."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import db
from core.accounts.actors import actor_of, narrowed
from core.accounts.facts import TokenBearer
from core.accounts.sessions import hash_of
from core.accounts.tables import ApiToken
from core.errors import InvalidInputError, NotFoundError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor, Role

PREFIX = "lft_"  # so that scanners of leaked secrets know it
USED_EVERY = timedelta(minutes=5)

_FIND = """
SELECT t.id AS token_id, t.scopes, t.used_at, u.id AS user_id, u.name, u.locale,
       u.host AS host_id, r.role, r.site
FROM account_api_token t
JOIN account u ON u.id = t."user"
LEFT JOIN account_role r ON r."user" = u.id
WHERE t.secret_hash = {} AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > {})
  AND u.active = {}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLine:
    """One API token, for the list of them; the secret is nowhere."""

    id: UUID
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


async def create(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None,
) -> tuple[UUID, str]:
    """Make a token of the actor's own; return its id and the secret, which is shown once.

    Raises InvalidInputError for no scope, or one that the actor does not hold.
    """
    if actor.kind != "user" or actor.id is None:
        raise NotFoundError
    if not scopes or not set(scopes) <= actor.permissions:
        raise InvalidInputError({"scopes": N_("Choose among what you may do yourself.")})
    if expires_at is not None and expires_at <= at:
        raise InvalidInputError({"expires_on": N_("This day is over.")})
    secret = PREFIX + secrets.token_urlsafe(32)
    token_id = uuid4()
    async with db.writing():
        await ApiToken.insert(
            ApiToken(
                id=token_id,
                user=actor.id,
                name=name,
                secret_hash=hash_of(secret),
                scopes=" ".join(sorted(set(scopes))),
                created_at=at,
                expires_at=expires_at,
            )
        )
        await record(
            actor,
            "api_token.create",
            "api_token",
            token_id,
            at=at,
            after={"name": name, "scopes": sorted(set(scopes)), "expires_at": expires_at},
        )
    return token_id, secret


async def find(
    secret: str, *, at: datetime, roles: Mapping[str, Role], place: str = ""
) -> TokenBearer | None:
    """Return what a token's secret stands for, or None when it is unknown, over or revoked."""
    rows = await db.fetch(_FIND, hash_of(secret), at, True)
    if not rows:
        return None
    first = rows[0]
    if first["used_at"] is None or at - first["used_at"] >= USED_EVERY:
        await ApiToken.update({ApiToken.used_at: at}).where(ApiToken.id == first["token_id"])
    held = [(row["role"], row["site"]) for row in rows if row["role"] is not None]
    owner = actor_of(first, held, roles, place=place)
    actor = narrowed(owner, frozenset(first["scopes"].split()))
    return TokenBearer(token_id=first["token_id"], actor=actor)


async def tokens_of(user_id: UUID) -> list[TokenLine]:
    """Return a user's tokens, newest first."""
    rows = (
        await ApiToken.select()
        .where(ApiToken.user == user_id)
        .order_by(ApiToken.created_at, ascending=False)
    )
    return [
        TokenLine(
            id=row["id"],
            name=row["name"],
            scopes=tuple(row["scopes"].split()),
            created_at=row["created_at"],
            expires_at=row["expires_at"],
            used_at=row["used_at"],
            revoked_at=row["revoked_at"],
        )
        for row in rows
    ]


async def revoke(token_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Revoke one of the actor's own tokens, at once."""
    async with db.writing():
        revoked = (
            await ApiToken.update({ApiToken.revoked_at: at})
            .where(
                ApiToken.id == token_id,
                ApiToken.user == actor.id,
                ApiToken.revoked_at.is_null(),
            )
            .returning(ApiToken.id)
        )
        if not revoked:
            raise NotFoundError
        await record(actor, "api_token.revoke", "api_token", token_id, at=at)
