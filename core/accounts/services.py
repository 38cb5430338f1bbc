"""Accounts: made, changed, given roles, switched off. Every act is logged."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.accounts import confidants, sessions
from core.accounts.actors import ADMIN, refuse_local
from core.accounts.limits import key_of, refill
from core.accounts.logins import NOT_A_LOGIN, known_form
from core.accounts.passwords import hash_secret
from core.accounts.pins import check_pin, set_pin
from core.accounts.policies import may_use_password
from core.accounts.tables import User, UserRole
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor, Role

__all__ = [
    "ADMIN",
    "check_pin",
    "create_user",
    "deactivate",
    "end_sessions",
    "give_role",
    "insert_user",
    "reactivate",
    "reset_password",
    "set_pin",
    "take_role",
    "update_user",
]

# Without the characters that look alike.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """Return a password that is easily read out: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


async def create_user(
    *,
    actor: Actor,
    at: datetime,
    login: str,
    name: str,
    roles: Sequence[tuple[str, UUID | None]] = (),
    known_roles: Mapping[str, Role],
    password: str | None = None,
    email: str = "",
    host_id: UUID | None = None,
) -> tuple[UUID, str]:
    """Make an account; without a password one is made up, shown once and to be changed.

    Returns the account's id and the password made up (empty when one was given). Raises
    InvalidInputError for a login that exists, an unknown role or a poor password.
    """
    refuse_local(actor)
    if not (login := known_form(login)):
        raise InvalidInputError({"login": NOT_A_LOGIN})
    made_up = "" if password is not None else new_password()
    if password is not None:
        refuse_poor(password, login=login, name=name)
    _refuse_unknown([role for role, _ in roles], known_roles)
    hashed = await hash_secret(password if password is not None else made_up)
    user = User(
        id=uuid4(),
        login=login,
        name=name,
        password_hash=hashed,
        email=email,
        host=host_id,
        must_change_password=password is None,
        created_at=at,
    )
    await insert_user(user, roles, known_roles=known_roles, actor=actor)
    return user.id, made_up


async def insert_user(
    user: User,
    roles: Sequence[tuple[str, UUID | None]],
    *,
    known_roles: Mapping[str, Role],
    actor: Actor,
) -> None:
    """Write an account that is made ready, with its roles; InvalidInputError for a login that exists."""
    at = user.created_at
    async with db.writing():
        if await User.exists().where(User.login == user.login):
            raise InvalidInputError({"login": N_("This login exists already.")})
        await User.insert(user)
        for role, site_id in dict.fromkeys(roles):
            await UserRole.insert(UserRole(id=uuid4(), user=user.id, role=role, site=site_id))
        await record(
            actor,
            "account.create",
            "account",
            user.id,
            at=at,
            after={
                "login": user.login,
                "name": user.name,
                "roles": [_place(r, s) for r, s in roles],
            },
        )
        await confidants.tell_of_role(
            user.id, user.name, [role for role, _ in roles], known_roles, actor=actor, at=at
        )


async def update_user(
    user_id: UUID, *, actor: Actor, at: datetime, name: str, email: str, host_id: UUID | None
) -> None:
    """Change what an account is called, its e-mail and which host it stands for."""
    refuse_local(actor)
    async with db.writing():
        user = await _existing(user_id)
        before = {"name": user.name, "email": user.email, "host": user.host}
        after = {"name": name, "email": email, "host": host_id}
        if before == after:
            return
        await User.update({User.name: name, User.email: email, User.host: host_id}).where(
            User.id == user_id
        )
        await record(actor, "account.update", "account", user_id, at=at, before=before, after=after)


async def give_role(
    user_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    role: str,
    site_id: UUID | None,
    known_roles: Mapping[str, Role],
) -> None:
    """Give a role, everywhere or at one site; the user's sessions end, so that ids change."""
    refuse_local(actor)
    _refuse_unknown([role], known_roles)
    confidants.refuse_own(user_id, known_roles[role], actor)
    async with db.writing():
        user = await _existing(user_id)
        held = UserRole.exists().where(UserRole.user == user_id, UserRole.role == role)
        if await held.where(
            UserRole.site.is_null() if site_id is None else UserRole.site == site_id
        ):
            return
        await UserRole.insert(UserRole(id=uuid4(), user=user_id, role=role, site=site_id))
        await _end_others(user_id, actor, at)
        await record(
            actor,
            "account.give_role",
            "account",
            user_id,
            at=at,
            after={"role": _place(role, site_id)},
        )
        await confidants.tell_of_role(user_id, user.name, [role], known_roles, actor=actor, at=at)


async def take_role(user_id: UUID, grant_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Take a role back; the last administrator keeps theirs."""
    refuse_local(actor)
    async with db.writing():
        await _hold_administrators()
        grant = (
            await UserRole.objects()
            .where(UserRole.id == grant_id, UserRole.user == user_id)
            .first()
        )
        if grant is None:
            raise NotFoundError
        await UserRole.delete().where(UserRole.id == grant_id)
        if grant.role == "administrator":
            await _refuse_losing_the_last_administrator()
        await _end_others(user_id, actor, at)
        await record(
            actor,
            "account.take_role",
            "account",
            user_id,
            at=at,
            before={"role": _place(grant.role, grant.site)},
        )


async def deactivate(user_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Switch an account off; its sessions and tokens stop working at once."""
    refuse_local(actor)
    async with db.writing():
        await _hold_administrators()
        user = await _existing(user_id)
        if not user.active:
            return
        there_was_one = await _any_administrator()
        await User.update({User.active: False}).where(User.id == user_id)
        if there_was_one:
            await _refuse_losing_the_last_administrator()
        await sessions.end_all(user_id, at=at)
        await record(actor, "account.deactivate", "account", user_id, at=at)


async def reactivate(user_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Switch an account on again, with the password and roles it had."""
    refuse_local(actor)
    async with db.writing():
        user = await _existing(user_id)
        if user.active:
            return
        await User.update({User.active: True}).where(User.id == user_id)
        await record(actor, "account.reactivate", "account", user_id, at=at)


async def reset_password(
    user_id: UUID, *, actor: Actor, at: datetime, known_roles: Mapping[str, Role]
) -> str:
    """Give an account a password made up, to be changed at once; return it to be shown once."""
    refuse_local(actor)
    password = new_password()
    hashed = await hash_secret(password)
    async with db.writing():
        user = await _existing(user_id)
        await User.update(
            {
                User.password_hash: hashed,
                User.must_change_password: True,
                User.failed_attempts: 0,
                User.locked_until: None,
            }
        ).where(User.id == user_id)
        await sessions.end_all(user_id, at=at)
        await record(actor, "account.reset_password", "account", user_id, at=at)
        await confidants.tell_of_password(user_id, user.name, known_roles, actor=actor, at=at)
    await refill(key_of("sign-in-login", user.login))
    return password


async def end_sessions(user_id: UUID, *, actor: Actor, at: datetime) -> int:
    """End every session of an account; return how many there were."""
    refuse_local(actor)
    async with db.writing():
        await _existing(user_id)
        ended = await sessions.end_all(user_id, at=at)
        await record(actor, "account.end_sessions", "account", user_id, at=at)
    return ended


async def _existing(user_id: UUID) -> User:
    user = await User.objects().where(User.id == user_id).first()
    if user is None:
        raise NotFoundError
    return user


async def _end_others(user_id: UUID, actor: Actor, at: datetime) -> None:
    # An administrator who changes their own roles is not thrown out in the middle of it.
    if user_id != actor.id:
        await sessions.end_all(user_id, at=at)


async def _hold_administrators() -> None:
    # Two administrators who remove each other at the same moment come one after the other.
    await db.fetch("SELECT id FROM account_role WHERE role = 'administrator' FOR UPDATE")


async def _any_administrator() -> bool:
    rows = await db.fetch(
        'SELECT 1 AS found FROM account_role r JOIN account u ON u.id = r."user"'
        " WHERE r.role = 'administrator' AND r.site IS NULL AND u.active = {} LIMIT 1",
        True,
    )
    return bool(rows)


async def _refuse_losing_the_last_administrator() -> None:
    if not await _any_administrator():
        raise WrongStateError(N_("One active administrator must remain."))


def _refuse_unknown(roles: Sequence[str], known: Mapping[str, Role]) -> None:
    if any(role not in known for role in roles):
        raise InvalidInputError({"role": N_("Please choose one of the options.")})


def refuse_poor(password: str, *, login: str, name: str, field: str = "password") -> None:
    """Raise InvalidInputError for a password that is guessed too easily."""
    decision = may_use_password(password, login=login, name=name)
    if isinstance(decision, Deny):
        raise InvalidInputError({field: decision.reason})


def _place(role: str, site_id: UUID | None) -> str:
    return role if site_id is None else f"{role}@{site_id}"
