"""What everybody changes of their own account: password, PIN, language, morning letter."""

from datetime import datetime
from uuid import UUID

from core import db
from core.accounts import sessions
from core.accounts.facts import NewSession
from core.accounts.limits import Limit, key_of, refill, take_or_refuse
from core.accounts.passwords import check_secret, hash_secret
from core.accounts.pins import set_pin
from core.accounts.services import refuse_poor
from core.accounts.tables import User
from core.errors import InvalidInputError, NotFoundError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor

OWN_PASSWORD = Limit(tries=8, every_seconds=60)


async def change_own_password(
    *, actor: Actor, at: datetime, old: str, new: str, session_id: UUID
) -> NewSession:
    """Change the actor's password; other sessions end, this one gets another secret.

    Raises InvalidInputError for a wrong present password or a poor new one, TooOftenError.
    """
    user = await _proven(actor, old, at, field="old")
    if old == new:
        raise InvalidInputError({"new": N_("Take another than the present one.")})
    refuse_poor(new, login=user.login, name=user.name, field="new")
    hashed = await hash_secret(new)
    async with db.writing():
        await User.update({User.password_hash: hashed, User.must_change_password: False}).where(
            User.id == user.id
        )
        await sessions.end_all(user.id, at=at, but=[session_id])
        session = await sessions.rotate(session_id)
        await record(actor, "account.change_password", "account", user.id, at=at)
    return session


async def set_own_pin(*, actor: Actor, at: datetime, password: str, pin: str) -> None:
    """Give the actor a PIN for gate devices, proven by the password."""
    user = await _proven(actor, password, at, field="old")
    await set_pin(user.id, pin, actor=actor, at=at)


async def set_locale(*, actor: Actor, locale: str) -> None:
    """Keep the language that the actor chose."""
    if actor.kind == "user":
        await User.update({User.locale: locale}).where(User.id == actor.id)


async def set_digest(*, actor: Actor, wanted: bool) -> None:
    """Keep whether the actor is written to each working morning."""
    if actor.kind != "user" or actor.id is None:
        raise NotFoundError
    await User.update({User.digest: wanted}).where(User.id == actor.id)


async def wants_digest(actor: Actor) -> bool:
    """Say whether the actor is written to each working morning."""
    return await User.exists().where(User.id == actor.id, User.digest.eq(True))


async def _proven(actor: Actor, password: str, at: datetime, *, field: str) -> User:
    """Return the actor's account once they typed its password; tries are bounded."""
    if actor.kind != "user" or actor.id is None:
        raise NotFoundError
    key = key_of("own-password", str(actor.id))
    await take_or_refuse(key, OWN_PASSWORD, at=at)
    user = await User.objects().where(User.id == actor.id).first()
    if user is None:
        raise NotFoundError
    if not (await check_secret(password, user.password_hash)).right:
        raise InvalidInputError({field: N_("This is not your present password.")})
    await refill(key)
    return user
