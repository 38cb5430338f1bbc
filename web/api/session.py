"""Who the caller is to the API."""

from datetime import datetime

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency

from core.accounts import sessions as core_sessions
from core.errors import NotFoundError
from core.permissions import Actor
from web import sessions
from web.current import Current


class Caller(msgspec.Struct):
    """Who calls, and what they may do. `sites` is empty for every site."""

    kind: str
    name: str
    permissions: list[str]
    sites: list[str]
    locale: str


@get("/api/v1/session", signed_in=True, tags=["session"])
async def who(actor: NamedDependency[Actor], current: NamedDependency[Current]) -> Caller:
    """Say who calls."""
    return Caller(
        kind=actor.kind,
        name=actor.name,
        permissions=sorted(actor.permissions),
        sites=sorted(str(site_id) for site_id in actor.site_ids),
        locale=current.locale,
    )


@post("/api/v1/session/end", signed_in=True, status_code=204, tags=["session"])
async def end(
    actor: NamedDependency[Actor], now: NamedDependency[datetime], current: NamedDependency[Current]
) -> None:
    """End the session that the cookie stands for; a token has none."""
    if current.session_id is None:
        raise NotFoundError
    await core_sessions.end(current.session_id, actor=actor, at=now)
    sessions.forget(current)


router = Router(path="", route_handlers=[who, end])
