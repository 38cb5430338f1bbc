"""What the room of bulletins gives to the hooks."""

from collections.abc import Sequence

from core import clock
from core.i18n import N_
from core.navigation import HomeCard
from core.permissions import Actor
from plugins.government.bulletins import issuing, keeping, queries, rights, services, sign_routes
from plugins.government.bulletins.facts import RECORD
from plugins.government.bulletins.rights import READ_BULLETINS
from plugins.government.bulletins.routes import router
from plugins.government.offices import rooms
from plugins.government.parts import Part
from plugins.government.rights import UNIT, menu


async def due(actor: Actor) -> Sequence[HomeCard]:
    """Return the urgent information that is open, and what came to the reader's unit unread."""
    cards: list[HomeCard] = []
    if actor.may(READ_BULLETINS):
        count = 0
        for site_id, _ in await rooms(actor, READ_BULLETINS):
            count += len(await queries.open_urgent(actor, site_id, at=clock.now()))
        cards.append(
            HomeCard(
                title=N_("Urgent information that is still open"),
                count=count,
                path="/government/bulletins",
                level="danger",
                order=4,
                icon="warning",
            )
        )
    if actor.may(UNIT):
        cards.append(
            HomeCard(
                title=N_("Bulletins to my unit, not read yet"),
                count=await queries.unread_by_my_units(actor),
                path="/government/unit/bulletins",
                order=80,
                icon="inbox",
            )
        )
    return cards


PART = Part(
    permissions=rights.PERMISSIONS,
    roles=rights.ROLES,
    navigation=(
        menu(N_("Bulletins"), "bulletins", READ_BULLETINS, order=362, icon="document"),
        menu(N_("Bulletins to my unit"), "unit/bulletins", UNIT, order=336, icon="inbox"),
    ),
    routers=(router, sign_routes.router),
    retention=keeping.RULES,
    approved={issuing.APPROVAL: issuing.carry_out},
    rejected={issuing.APPROVAL: issuing.refused},
    locks={RECORD: services.lock},
    due=due,
)
