"""Signing in and out: bounded tries, the same answer and time whether or not an account exists."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from piccolo.columns import Column

from core import db
from core.accounts import sessions
from core.accounts.facts import NewSession
from core.accounts.limits import Limit, give_back, key_of, refill, take_or_refuse
from core.accounts.logins import known_form
from core.accounts.passwords import check_secret, hash_secret
from core.accounts.tables import Session, User
from core.errors import DomainError
from core.i18n import N_
from core.log.services import record
from core.permissions import ANONYMOUS, Actor

# From one address many people may sign in at once (one office, one router).
BY_ADDRESS = Limit(tries=60, every_seconds=5)
BY_LOGIN_AND_ADDRESS = Limit(tries=8, every_seconds=30)
# From everywhere; one who signed in from the same address before is not kept out by it, so that
# strangers cannot lock a gatekeeper's account from afar.
BY_LOGIN = Limit(tries=30, every_seconds=60)


class WrongCredentialsError(DomainError):
    """The login or the password is wrong; which of the two stays unsaid."""

    code = "wrong_credentials"

    def __init__(self) -> None:
        super().__init__(N_("The login or the password is wrong."))


async def sign_in(
    *,
    login: str,
    password: str,
    at: datetime,
    lasts: timedelta,
    address: str,
    user_agent: str = "",
) -> NewSession:
    """Begin a session for who proves to be a user.

    Raises WrongCredentialsError, limits.TooOftenError, passwords.BusyError.
    """
    login = known_form(login)
    buckets = [
        (key_of("sign-in-address", address), BY_ADDRESS),
        (key_of("sign-in-pair", login, address), BY_LOGIN_AND_ADDRESS),
    ]
    user = await User.objects().where(User.login == login, User.active.eq(True)).first()
    user_id = uuid4() if user is None else user.id  # the same queries for both
    if not await _knows(user_id, address):
        buckets.append((key_of("sign-in-login", login), BY_LOGIN))
    for key, limit in buckets:
        await take_or_refuse(key, limit, at=at)
    checked = await check_secret(password, "" if user is None else user.password_hash)
    if user is None or not checked.right:
        await _refused(user_id, known=user is not None, at=at, address=address)
        raise WrongCredentialsError
    renewed = await hash_secret(password) if checked.outdated else ""
    async with db.writing():
        values: dict[Column | str, Any] = {User.failed_attempts: 0, User.locked_until: None}
        if renewed:
            values[User.password_hash] = renewed
        await User.update(values).where(User.id == user.id)
        session = await sessions.begin(
            user_id=user.id, at=at, lasts=lasts, address=address, user_agent=user_agent
        )
        who = Actor(kind="user", id=user.id, name=user.name, place=address)
        await record(who, "session.begin", "session", session.session_id, at=at)
    await give_back(buckets[0][0], BY_ADDRESS)
    for key, _ in buckets[1:]:
        await refill(key)
    return session


async def sign_out(session_id: UUID, *, actor: Actor, at: datetime) -> None:
    """End the session that the actor uses."""
    await sessions.end(session_id, actor=actor, at=at)


async def _knows(user_id: UUID, address: str) -> bool:
    return bool(address) and await Session.exists().where(
        Session.user == user_id, Session.address == address
    )


async def _refused(user_id: UUID, *, known: bool, at: datetime, address: str) -> None:
    # What was typed as login is not kept: it may be a password in the wrong field.
    who = Actor(kind=ANONYMOUS.kind, place=address)
    async with db.writing():
        await User.update({User.failed_attempts: User.failed_attempts + 1}).where(
            User.id == user_id
        )
        await record(who, "session.refuse", "account", user_id if known else "", at=at)
