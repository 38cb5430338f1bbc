"""Reading accounts: the list, one account with its roles, whether there is any."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import db
from core.accounts.facts import RoleGrant
from core.accounts.logins import known_form
from core.accounts.tables import User
from core.errors import NotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account, as the page of users shows it. Never carries a hash."""

    id: UUID
    login: str
    name: str
    email: str
    host_id: UUID | None
    active: bool
    must_change_password: bool
    failed_attempts: int
    has_pin: bool
    created_at: datetime
    roles: tuple[RoleGrant, ...] = ()


async def any_user() -> bool:
    """Say whether there is an account at all."""
    return await User.exists()


async def anybody_but(user_id: UUID | None) -> bool:
    """Say whether somebody else has an account that works."""
    return await User.exists().where(User.active.eq(True), User.id != user_id)


async def accounts() -> list[Account]:
    """Return every account by login, with its roles."""
    rows = await db.fetch(f"{_ACCOUNTS} ORDER BY u.login")
    return _accounts(rows)


async def account(user_id: UUID) -> Account:
    """Return one account; NotFoundError when there is none."""
    found = _accounts(await db.fetch(f"{_ACCOUNTS} WHERE u.id = {{}}", user_id))
    if not found:
        raise NotFoundError
    return found[0]


async def account_by_login(login: str) -> Account | None:
    """Return the account with this login, or None."""
    found = _accounts(await db.fetch(f"{_ACCOUNTS} WHERE u.login = {{}}", known_form(login)))
    return found[0] if found else None


_ACCOUNTS = """
SELECT u.id, u.login, u.name, u.email, u.host, u.active, u.must_change_password,
       u.failed_attempts, u.created_at, u.pin_hash <> '' AS has_pin,
       r.id AS grant_id, r.role, r.site, s.name AS site_name
FROM account u
LEFT JOIN account_role r ON r."user" = u.id
LEFT JOIN site s ON s.id = r.site
"""


def _accounts(rows: list[db.Row]) -> list[Account]:
    found: dict[UUID, db.Row] = {}
    grants: dict[UUID, list[RoleGrant]] = {}
    for row in rows:
        found.setdefault(row["id"], dict(row))
        if row["grant_id"] is not None:
            grants.setdefault(row["id"], []).append(
                RoleGrant(
                    id=row["grant_id"],
                    role=row["role"],
                    site_id=row["site"],
                    site_name=row["site_name"] or "",
                )
            )
    return [
        Account(
            id=row["id"],
            login=row["login"],
            name=row["name"],
            email=row["email"],
            host_id=row["host"],
            active=bool(row["active"]),
            must_change_password=bool(row["must_change_password"]),
            failed_attempts=row["failed_attempts"],
            has_pin=bool(row["has_pin"]),
            created_at=row["created_at"],
            roles=tuple(grants.get(key, ())),
        )
        for key, row in found.items()
    ]
