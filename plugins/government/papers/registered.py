"""What the room of papers gives to the hooks: pages, receipts owed, the papers on an item's page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from core import clock, db
from core.documents.queries import of_record
from core.i18n import N_
from core.navigation import HomeCard
from core.permissions import Actor
from plugins.government.facts import MATTER
from plugins.government.handling.facts import ASSIGNMENT
from plugins.government.matters import access
from plugins.government.matters.facts import MatterView, Panel
from plugins.government.papers import owed, owed_routes, routes
from plugins.government.papers.kinds import DIRECT, KINDS, OF_UNIT, ONCE, kind
from plugins.government.parts import Part
from plugins.government.rights import HANDLE, UNIT, menu


async def papers(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return the papers issued for an item, and those that the reader may write from its page."""
    lines = await of_record(MATTER, matter.id, actor=actor, kinds=KINDS)
    names = [*DIRECT, *await _ready(matter.id, actor)]
    ways = [one for name in names if (one := kind(name)).may(one.issue, actor)]
    return {
        "papers": lines,
        "to_write": [(one.name.partition(".")[2], one.label) for one in ways],
        "unproven": any(line.wants_receipt for line in lines),
    }


async def _ready(matter_id: UUID, actor: Actor) -> list[str]:
    """Return the kinds that there is something to say on: a round of signatures, a meeting, a unit."""
    rows = await db.fetch(
        "SELECT (SELECT count(*) FROM government_signing WHERE matter = {}) AS signed,"
        " (SELECT count(*) FROM government_coordination WHERE matter = {}"
        " AND held_at IS NOT NULL) AS held,"
        " (SELECT count(*) FROM government_forwarding WHERE matter = {} AND kind = {}"
        " AND sent_at IS NOT NULL) AS assigned",
        matter_id,
        matter_id,
        matter_id,
        ASSIGNMENT,
    )
    ready = zip(ONCE, ("signed", "assigned", "held"), strict=True)
    found = [name for name, column in ready if rows[0][column]]
    if actor.may(UNIT) and await access.own_units(actor, matter_id):
        found += OF_UNIT
    return found


async def due(actor: Actor) -> Sequence[HomeCard]:
    """Return how many papers wait for their delivery receipt."""
    if not actor.may(HANDLE) and not actor.may(UNIT):
        return []
    return [
        HomeCard(
            title=N_("Delivery receipts owed"),
            count=await owed.count(actor, at=clock.now()),
            path="/government/papers/owed",
            level="warning",
            order=62,
            icon="mail",
        )
    ]


PANELS = (
    Panel(
        name="papers",
        title=N_("Papers of the item"),
        template="government/papers/_panel.html",
        context=papers,
        order=70,
    ),
)

PART = Part(
    navigation=(menu(N_("Delivery receipts owed"), "papers/owed", HANDLE, order=323, icon="mail"),),
    routers=[routes.router, owed_routes.router],
    panels=PANELS,
    due=due,
)
