"""The file of an item on its page: where it is kept, or that it may be filed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.i18n import N_
from core.permissions import Actor
from plugins.government.archive import queries
from plugins.government.archive.facts import KINDS, STATES
from plugins.government.archive.rights import DESTROY, KEEP
from plugins.government.matters import states
from plugins.government.matters.facts import MatterView, Panel
from plugins.government.rights import READ


async def panel(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return the file of an item, for the office; nothing before its end."""
    file = await queries.file_of(matter.id)
    may_file = states.may("archive", matter.stage) and actor.may_at(KEEP, matter.line.site_id)
    if not actor.may_at(READ, matter.line.site_id) or (file is None and not may_file):
        return None
    return {
        "file": file,
        "may_file": may_file,
        "may_open": any(actor.may_at(one, matter.line.site_id) for one in (KEEP, DESTROY)),
        "kinds": KINDS,
        "states": STATES,
    }


PANELS = (
    Panel(
        name="file",
        title=N_("File of the item"),
        template="government/archive/_panel.html",
        context=panel,
        order=75,
    ),
)
