"""What interviewers are due today: interviews that have their stamp and were not held (GOV-13)."""

from core import clock
from core.i18n import N_
from core.navigation import HomeCard
from core.permissions import Actor
from plugins.government.rights import HANDLE
from plugins.government.screening import waiting


async def due(actor: Actor) -> list[HomeCard]:
    """Return the interviews that wait for whoever holds them."""
    if not actor.may(HANDLE):
        return []
    _, count = await waiting.interviews(actor, at=clock.now())
    if not count:
        return []
    return [
        HomeCard(
            title=N_("Interviews to be held"),
            count=count,
            path="/government/interviews",
            level="warning",
            order=31,
            icon="people",
        )
    ]
