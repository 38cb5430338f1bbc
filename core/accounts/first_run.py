"""The first start: organisation, first site and gate, first administrator, all or nothing."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from core import clock, db
from core.accounts.queries import any_user
from core.accounts.services import create_user
from core.errors import NotFoundError
from core.permissions import Actor, Role
from core.registrations.rulebook import RULEBOOK
from core.rulebooks.services import adopt
from core.sites.services import add_gate, add_site

ADMINISTRATOR = "administrator"
_WHO = Actor(kind="system", name="first run")


async def set_up(
    *,
    at: datetime,
    organisation: str,
    site: str,
    gate: str,
    login: str,
    name: str,
    password: str,
    known_roles: Mapping[str, Role],
) -> UUID:
    """Make what an empty installation lacks; return the administrator's id.

    Raises NotFoundError as soon as there is an account, InvalidInputError for a poor password.
    """
    async with db.writing():
        # Of two at the same moment the second waits here on PostgreSQL, then finds the row.
        first = await db.execute(
            "INSERT INTO rate_limit (key, tokens, refilled_at) VALUES ({}, 0, {})"
            " ON CONFLICT (key) DO NOTHING",
            "first-run",
            clock.to_ms(at),
        )
        if not first or await any_user():
            raise NotFoundError
        user_id, _ = await create_user(
            actor=_WHO,
            at=at,
            login=login,
            name=name,
            roles=[(ADMINISTRATOR, None)],
            known_roles=known_roles,
            password=password,
        )
        who = Actor(kind="user", id=user_id, name=name)
        audience = secrets.randbelow(65535) + 1
        site_id = await add_site(code="main", name=site, audience=audience, actor=who, at=at)
        await add_gate(site_id, code="1", name=gate, zone=0, actor=who, at=at)
        values = {"organisation_name": organisation}
        await adopt(RULEBOOK, values, effective_from=at, note="", actor=who, at=at)
    return user_id
