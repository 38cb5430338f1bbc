"""What the room of items gives to the hooks, but for its pages: panels of party and clocks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.i18n import N_
from core.permissions import Actor
from plugins.government import clocks
from plugins.government.facts import BELONGINGS
from plugins.government.joining import queries as joining
from plugins.government.matters import queries, states
from plugins.government.matters.facts import MatterView, Panel
from plugins.government.rights import JOIN, READ


async def party(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return who came for an item, and what else they came for."""
    petitioner = matter.line.petitioner_id
    office = actor.may_at(READ, matter.line.site_id)
    earlier = (
        [one for one in await queries.matters_of(petitioner, actor, at=at) if one.id != matter.id]
        if petitioner and office
        else []
    )
    return {
        "party": await queries.party(matter.id),
        "belongings": BELONGINGS,
        "others": earlier,
        "twins": await joining.twins_of(petitioner, actor, at)
        if petitioner and actor.may_at(JOIN, matter.line.site_id)
        else [],
        "linked": office,
        "same": await queries.same_matter(matter, actor, at) if office else set(),
        "stages": states.STAGES,
    }


async def all_clocks(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return the clocks of an item with their proofs."""
    found = await clocks.of_matter(matter.id, at=at)
    return {"clocks": found} if found else None


PANELS = (
    Panel(
        name="clocks",
        title=N_("Clocks"),
        template="government/matters/_clocks.html",
        context=all_clocks,
        order=20,
    ),
    Panel(
        name="party",
        title=N_("Petitioners"),
        template="government/matters/_party.html",
        context=party,
        order=80,
    ),
)
