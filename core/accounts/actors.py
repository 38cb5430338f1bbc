"""Who a user is to the rest of the platform: roles to permissions, everywhere and by site."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from core.errors import NotFoundError
from core.permissions import Actor, Role

ADMIN = "core:account:admin"


def actor_of(
    user: Mapping[str, object],
    held: Iterable[tuple[str, UUID | None]],
    roles: Mapping[str, Role],
    *,
    place: str = "",
) -> Actor:
    """Return a user as actor. `held` are names of roles, each with its site or None for everywhere.

    A role that no plugin registers any more gives nothing.
    """
    grants: dict[UUID | None, frozenset[str]] = {}
    names: set[str] = set()
    for name, site_id in held:
        if (role := roles.get(name)) is not None:
            names.add(name)
            grants[site_id] = grants.get(site_id, frozenset()) | role.permissions
    user_id, host_id = user["user_id"], user["host_id"]
    return Actor(
        kind="user",
        id=user_id if isinstance(user_id, UUID) else None,
        name=str(user["name"]),
        permissions=frozenset().union(*grants.values()),
        roles=frozenset(names),
        site_ids=frozenset() if None in grants else frozenset(s for s in grants if s),
        place=place,
        host_id=host_id if isinstance(host_id, UUID) else None,
        locale=str(user["locale"]),
        grants=grants,
    )


def refuse_local(actor: Actor) -> None:
    """Raise NotFoundError unless the actor manages accounts at every site.

    Who managed them at one site only could otherwise make themselves more elsewhere.
    """
    if actor.kind != "system" and actor.sites_with(ADMIN) is not None:
        raise NotFoundError


def narrowed(actor: Actor, scopes: frozenset[str]) -> Actor:
    """Return the actor with no more than these permissions."""
    return Actor(
        kind="token",
        id=actor.id,
        name=actor.name,
        permissions=actor.permissions & scopes,
        roles=frozenset(),
        site_ids=actor.site_ids,
        place=actor.place,
        host_id=actor.host_id,
        locale=actor.locale,
        grants={place: held & scopes for place, held in actor.grants.items()},
    )
