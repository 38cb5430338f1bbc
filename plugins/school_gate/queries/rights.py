"""What a reader may see, site by site: conditions for statements, and the check of one record."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from core.errors import NotFoundError
from core.permissions import Actor


def places(values: Sequence[Any] | frozenset[Any]) -> str:
    """Return `{}, {}, ...` for so many values of an IN list."""
    return ", ".join(["{}"] * len(values))


def sites_of(actor: Actor, *permissions: str) -> frozenset[UUID] | None:
    """Return the sites where the actor holds one of the permissions; None means at every site."""
    if actor.kind == "system":
        return None
    found: set[UUID] = set()
    for permission in permissions:
        sites = actor.sites_with(permission)
        if sites is None:
            return None
        found |= sites
    return frozenset(found)


def within(actor: Actor, column: str, *permissions: str) -> tuple[str, list[Any]]:
    """Return a condition that keeps a column to the sites of these permissions, and its arguments."""
    sites = sites_of(actor, *permissions)
    if sites is None:
        return "1 = 1", []
    if not sites:
        return "1 = 0", []
    return f"{column} IN ({places(sites)})", sorted(sites)


def permit(actor: Actor, site_id: UUID, *permissions: str) -> None:
    """Raise NotFoundError unless the actor holds one of the permissions at the site."""
    sites = sites_of(actor, *permissions)
    if sites is not None and site_id not in sites:
        raise NotFoundError
