"""What the room of papers gives to the hooks: its pages, and the papers on an item's page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.documents.queries import of_record
from core.i18n import N_
from core.permissions import Actor
from plugins.government.facts import MATTER
from plugins.government.matters.facts import MatterView, Panel
from plugins.government.papers.kinds import DIRECT, KINDS, kind


async def papers(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return the papers issued for an item, and those that the reader may write from its page."""
    lines = await of_record(MATTER, matter.id, actor=actor, kinds=KINDS)
    ways = [one for name in DIRECT if (one := kind(name)).may(one.issue, actor)]
    return {
        "papers": lines,
        "to_write": [(one.name.partition(".")[2], one.label) for one in ways],
        "unproven": any(line.wants_receipt for line in lines),
    }


PANELS = (
    Panel(
        name="papers",
        title=N_("Papers of the item"),
        template="government/papers/_panel.html",
        context=papers,
        order=70,
    ),
)
