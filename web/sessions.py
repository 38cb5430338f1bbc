"""Who asks: the session cookie or an API token, turned into an actor; and the cookie itself."""

from collections.abc import Mapping
from datetime import timedelta

from litestar.exceptions import NotAuthorizedException

from core.accounts import sessions, tokens
from core.accounts.facts import NewSession
from core.permissions import Role
from core.settings import Settings
from web.current import Current
from web.ratelimit import count_wrong_token


class Authentication:
    """Finds out who asks, by what the request carries."""

    def __init__(self, settings: Settings, roles: Mapping[str, Role]) -> None:
        self.idle = timedelta(hours=settings.session_idle_hours)
        self.lasts = timedelta(hours=settings.session_hours)
        self.roles = roles

    async def recognise(self, now: Current, authorization: str) -> None:
        """Set the actor. A bearer token counts alone; a wrong one is refused, not ignored."""
        scheme, _, secret = authorization.partition(" ")
        if scheme.lower() == "bearer":
            bearer = await tokens.find(
                secret.strip(), at=now.now, roles=self.roles, place=now.address
            )
            if bearer is None:
                count_wrong_token(now)
                raise NotAuthorizedException(headers={"www-authenticate": "Bearer"})
            now.actor, now.token_id = bearer.actor, bearer.token_id
            return
        if not (cookie := now.cookies.get(cookie_name(secure=now.secure), "")):
            return
        signed_in = await sessions.find(
            cookie, at=now.now, idle=self.idle, roles=self.roles, place=now.address
        )
        if signed_in is None:
            return
        await sessions.touch(signed_in, at=now.now)
        now.actor, now.csrf = signed_in.actor, signed_in.csrf
        now.session_id = signed_in.session_id
        now.must_change_password = signed_in.must_change_password


def cookie_name(*, secure: bool) -> str:
    """Return the cookie's name; over plain HTTP no browser keeps a `__Host-` cookie."""
    return "__Host-laifang" if secure else "laifang"


def remember(now: Current, session: NewSession, *, lasts: timedelta) -> None:
    """Send the cookie of a session that has just begun."""
    name = cookie_name(secure=now.secure)
    now.set_cookie(name, session.secret, max_age=int(lasts.total_seconds()))


def forget(now: Current) -> None:
    """Take the cookie back."""
    now.set_cookie(cookie_name(secure=now.secure), "", max_age=0)
