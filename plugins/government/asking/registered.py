"""What the room of asking gives to the hooks."""

from collections.abc import Sequence

from core import clock
from core.i18n import N_
from core.navigation import HomeCard
from core.permissions import Actor
from plugins.government.asking import (
    box,
    calling,
    desk_routes,
    feedback_routes,
    keeping,
    news,
    office_routes,
    public_routes,
    ratings,
    replies,
)
from plugins.government.parts import Part
from plugins.government.rights import HANDLE, SETTINGS, menu


async def home_cards(actor: Actor) -> Sequence[HomeCard]:
    """Return what waits for this reader: unhappy petitioners, notes in the box."""
    if not actor.may(HANDLE):
        return []
    return [
        HomeCard(
            title=N_("Unhappy petitioners to be heard"),
            count=await ratings.open_count(actor, at=clock.now()),
            path="/government/satisfaction?open=yes",
            level="warning",
            order=46,
            icon="people",
        ),
        HomeCard(
            title=N_("Petitioners to call back"),
            count=(await calling.due(actor, at=clock.now(), size=1))[1],
            path="/government/call-backs",
            order=48,
            icon="phone",
        ),
        HomeCard(
            title=N_("Notes in the opinions box"),
            count=await box.open_count(actor),
            path="/government/box/notes",
            order=47,
            icon="inbox",
        ),
    ]


PART = Part(
    navigation=(
        menu(N_("Ask after an item"), "asking", HANDLE, order=316, icon="search"),
        menu(N_("Satisfaction of petitioners"), "satisfaction", HANDLE, order=352, icon="report"),
        menu(N_("Opinions box"), "box/notes", HANDLE, order=353, icon="inbox"),
        menu(N_("Public page of the office"), "office/edit", SETTINGS, order=388, icon="globe"),
    ),
    routers=[
        public_routes.router,
        office_routes.router,
        desk_routes.router,
        feedback_routes.router,
    ],
    approved={replies.KIND: replies.approved},
    rejected={replies.KIND: replies.rejected},
    retention=keeping.RULES,
    due=home_cards,
    minute=news.tell,
)
