"""Default deny: every handler says who may call it, and nobody else gets through.

A handler's options: `requires="core:visitor:read"` (of a tuple, any one suffices), `signed_in=True`
(whoever has an account) or `public=True` (everybody). `records` are those that an address names.
`csrf=False` is for callers that prove themselves in the request itself (a gate device),
`limited=False` for API calls that come in masses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.exceptions import (
    ImproperlyConfiguredException,
    NotAuthorizedException,
    PermissionDeniedException,
)
from litestar.handlers.base import BaseRouteHandler
from litestar.routes import HTTPRoute

from core import clock, hiding
from core.permissions import Actor
from web import csrf, ratelimit
from web.current import current

CHANGE_PASSWORD = "/account/password"  # noqa: S105 - a path


class PasswordChangeRequiredError(Exception):
    """The reader must choose a new password before anything else."""


def needed(handler: BaseRouteHandler) -> tuple[str, ...]:
    """Return the permissions of which a handler requires one; empty for public or signed in."""
    requires = handler.opt.get("requires", ())
    return (requires,) if isinstance(requires, str) else tuple(requires)


def is_declared(handler: BaseRouteHandler) -> bool:
    """Say whether a handler says who may call it."""
    return bool(needed(handler) or handler.opt.get("public") or handler.opt.get("signed_in"))


async def access_guard(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Let a request through to its handler, or raise."""
    now = current()
    if not handler.opt.get("public"):
        if now.actor.kind == "anonymous":
            raise NotAuthorizedException
        if now.token_id is not None and not now.api:
            raise PermissionDeniedException  # tokens are for the JSON API alone
        if now.must_change_password and not handler.opt.get("without_password_change"):
            raise PasswordChangeRequiredError
        permissions = [one for one in needed(handler) if now.actor.may(one)]
        if not permissions and not handler.opt.get("signed_in"):
            raise PermissionDeniedException
        if permissions:
            now.actor = _at_their_sites(now.actor, permissions)
    if now.api and handler.opt.get("limited", True):
        ratelimit.count_call(now)
    if (
        isinstance(connection, Request)
        and connection.method not in csrf.SAFE_METHODS
        and now.token_id is None
        and handler.opt.get("csrf", True)
    ):
        await csrf.check(connection, now)
    if not handler.opt.get("public"):
        await _require_records(connection, handler, now.actor)


async def _require_records(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler, actor: Actor
) -> None:
    """Raise NotFoundError for a record in the address that does not exist for the actor.

    A part's routers name the kinds of its records by the names of places in its addresses, as
    `opt={"records": {"interview_id": "government_interview"}}`. Asked here, before the handler, what is
    hidden and what never was cost the same.
    """
    for name, kind in handler.opt.get("records", {}).items():
        if name in connection.path_params:
            record = connection.path_params[name]
            await hiding.require(kind, record, actor=actor, at=clock.now())


def _at_their_sites(actor: Actor, permissions: Sequence[str]) -> Actor:
    """Return the actor with only the sites where these permissions are held.

    Queries ask for `site_ids`: a role held everywhere must not carry along another that is held at
    one site.
    """
    sites: set[UUID] = set()
    for permission in permissions:
        there = actor.sites_with(permission)
        if there is None:
            return replace(actor, site_ids=frozenset())
        sites |= there
    return replace(actor, site_ids=frozenset(sites))


def refuse_undeclared(app: Litestar, permissions: Iterable[str]) -> None:
    """Raise at start when a handler does not say who may call it, or names no real permission."""
    known = set(permissions)
    for route in app.routes:
        handlers = route.route_handlers if isinstance(route, HTTPRoute) else [route.route_handler]
        for handler in handlers:
            if getattr(handler, "http_methods", None) == {"OPTIONS"}:
                continue  # Litestar's own; the guard refuses it like any that says nothing
            name = f"{route.path} ({handler.handler_name})"
            if not is_declared(handler):
                raise ImproperlyConfiguredException(f"{name} does not say who may call it.")
            if unknown := set(needed(handler)) - known:
                raise ImproperlyConfiguredException(
                    f"{name} requires {', '.join(sorted(unknown))}, which nobody registers."
                )
