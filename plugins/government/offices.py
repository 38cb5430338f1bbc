"""The reception room that a page is about: the site asked for, among those where the reader may."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core.errors import NotFoundError
from core.permissions import Actor
from core.sites.queries import sites
from plugins.government.inputs import uuid_in
from plugins.government.units.facts import OFFICE
from plugins.government.units.queries import units


async def rooms(actor: Actor, permission: str) -> Sequence[tuple[UUID, str]]:
    """Return the sites that have a reception room and where somebody holds a permission.

    As long as no room was entered as a unit, every such site: a new office finds its pages, empty.
    """
    allowed = actor.sites_with(permission)
    own = [one for one in await sites(actor) if allowed is None or one.id in allowed]
    having = {one.site_id for one in await units(OFFICE)}
    return [(one.id, one.name) for one in own if one.id in having or not having]


async def room(query: Mapping[str, Any], actor: Actor, permission: str) -> UUID:
    """Return the room asked for, else the first; NotFoundError where there is none."""
    found = [site_id for site_id, _ in await rooms(actor, permission)]
    wanted = uuid_in(query, "site")
    if wanted is not None and wanted in found:
        return wanted
    if not found or wanted is not None:
        raise NotFoundError
    return found[0]
