"""What this room shows on an item's page: replies to who asked, and what the petitioner said."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.i18n import N_
from core.permissions import Actor
from plugins.government.asking import ratings, replies
from plugins.government.asking.facts import MEANS, SCORES, TARGETS
from plugins.government.matters import states
from plugins.government.matters.facts import MatterView, Panel
from plugins.government.rights import HANDLE


async def asking(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return the replies and ratings of an item; for the office alone."""
    if not actor.may_at(HANDLE, matter.line.site_id):
        return None
    found = await ratings.of_matter(matter.id)
    return {
        "replies": [(one, replies.text_of(one)) for one in await replies.of_matter(matter.id)],
        "states": replies.STATES,
        "ratings": [(await ratings.rating(one.id, actor, at)) for one in found],
        "targets": TARGETS,
        "scores": SCORES,
        "means": MEANS,
        "may_rate": matter.stage != states.REGISTERED and len(found) < len(TARGETS),
    }


PANELS = (
    Panel(
        name="asking",
        title=N_("Replies and satisfaction"),
        template="government/asking/_panel.html",
        context=asking,
        order=70,
    ),
)
