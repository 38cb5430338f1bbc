"""What the bare address offers to people without an account: pages of the core and of plugins."""

from datetime import datetime

from core.appointments import on_link
from core.i18n import N_
from core.navigation import PublicEntry
from core.permissions import SYSTEM
from core.sites import queries as sites
from web.plugins import WebPlugins


async def entries(plugins: WebPlugins, at: datetime) -> list[PublicEntry]:
    """Return the pages that are open to the public now, in the order they are offered."""
    here = [site.id for site in await sites.sites(SYSTEM)]
    found = await plugins.collect_public_entries(at, here)
    if await on_link.public_sites(plugins, at=at):
        found.append(
            PublicEntry(
                label=N_("Announce a visit"),
                hint=N_("Ask for an appointment with somebody who works here."),
                path="/v",
                order=50,
                icon="calendar",
            )
        )
    return sorted(found, key=lambda one: (one.order, one.path))
