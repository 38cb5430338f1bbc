"""What the room of signing gives to the hooks, but for its pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core import clock
from core.i18n import N_
from core.navigation import HomeCard
from core.permissions import Actor
from plugins.government.matters.facts import MatterView, Panel
from plugins.government.parts import Part
from plugins.government.rights import READ, SIGN, menu
from plugins.government.signing import (
    instructing,
    policies,
    queries,
    reading,
    services,
    wordings,
)
from plugins.government.signing.facts import PHASES, SIGNINGS


async def signed_panel(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return the rounds of signatures and the leaders' instructions; units do not see them."""
    if not actor.may_at(READ, matter.line.site_id):
        return None
    rounds = await queries.rounds(matter.id)
    instructions = await queries.instructions(matter.id)
    earlier = await wordings.of_matter(matter.id)
    if not rounds and not instructions and not earlier:
        return None
    return {
        "earlier": earlier,
        "rounds": rounds,
        "instructions": instructions,
        "phases": PHASES,
        "states": SIGNINGS,
        "said": policies.SAID,
    }


async def due_cards(actor: Actor) -> Sequence[HomeCard]:
    """Return how much waits for the reader's signature or instruction."""
    if not actor.may(SIGN):
        return []
    count = await reading.waits_of(actor, clock.now())
    if not count:
        return []
    return [
        HomeCard(
            title=N_("Items waiting for my signature"),
            count=count,
            path="/government/signing",
            level="warning",
            order=305,
            icon="edit",
        )
    ]


PANELS = (
    Panel(
        name="signing",
        title=N_("Signatures and instructions"),
        template="government/signing/_signed.html",
        context=signed_panel,
        order=64,
    ),
)


def part(routers: Sequence[Any]) -> Part:
    """Return this room's share; its routers are made by the pages."""
    return Part(
        navigation=(menu(N_("Waits for my signature"), "signing", SIGN, order=305, icon="edit"),),
        routers=routers,
        approved={
            services.AFTER_KIND: services.after_signed,
            instructing.KIND: instructing.major_signed,
        },
        rejected={
            services.AFTER_KIND: services.not_signed,
            instructing.KIND: services.not_signed,
        },
        due=due_cards,
    )
