"""What the pages take by name or read from an address; no page of its own."""

from collections.abc import Callable, Mapping
from typing import Any

from litestar.params import URLEncodedBody

from core.i18n import Message
from core.permissions import Actor
from core.sites.queries import sites
from core.sites.tables import Site
from core.typed import uuid_in
from plugins.school_gate.queries.rights import sites_of

Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


async def site_of(
    actor: Actor, query: Mapping[str, Any], *permissions: str
) -> tuple[Site | None, list[Site]]:
    """Return the site that an address names, else the first, and all where the actor may do this."""
    allowed = sites_of(actor, *permissions)
    own = [site for site in await sites(actor) if allowed is None or site.id in allowed]
    wanted = uuid_in(query, "site")
    return next((s for s in own if s.id == wanted), own[0] if own else None), own


def way_back(data: Mapping[str, str], otherwise: str) -> str:
    """Return the first page when a form was sent from there, else the page that follows the act."""
    onward = data.get("next", "")
    return onward if onward == "/" or onward.startswith("/?role=") else otherwise
