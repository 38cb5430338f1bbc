"""What the room of leaders' reception gives to the hooks."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core import clock
from core.i18n import N_
from core.navigation import HomeCard
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government.parts import Part
from plugins.government.reception import (
    following,
    incident_kinds,
    keeping,
    public_routes,
    queries,
    rights,
    rota_routes,
    routes,
    services,
    telling,
)
from plugins.government.rights import READ, menu


async def home_cards(actor: Actor) -> Sequence[HomeCard]:
    """Return the reader's own reception days of the next four weeks."""
    if not actor.may(READ) or actor.kind != "user":
        return []
    today = site_time(clock.now()).date()
    own = await queries.days(actor, since=today, until=today + timedelta(days=28), own=True)
    return [
        HomeCard(
            title=N_("My reception days"),
            count=len([one for one in own if one.state == "planned"]),
            path="/government/reception?own=yes",
            order=60,
            icon="calendar",
        )
    ]


async def each_minute(at: datetime) -> None:
    """Keep the rota filled and on working days, and remind of the next reception."""
    await services.plan_all(at)
    await following.follow(at)
    await telling.remind(at)


PART = Part(
    permissions=rights.PERMISSIONS,
    roles=rights.ROLES,
    navigation=(menu(N_("Leaders' reception"), "reception", READ, order=345, icon="calendar"),),
    routers=[rota_routes.router, routes.router, public_routes.router],
    incident_kinds=incident_kinds.KINDS,
    retention=keeping.RULES,
    erase=keeping.erase,
    personal_data=keeping.personal_data,
    due=home_cards,
    minute=each_minute,
)
