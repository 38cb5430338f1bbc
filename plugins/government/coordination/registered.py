"""What the room of coordination gives to the hooks, but for its pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.i18n import N_
from core.permissions import Actor
from plugins.government.coordination import queries, services
from plugins.government.coordination.facts import (
    COORDINATIONS,
    JOINT_WHYS,
    OUTCOMES,
    WHYS,
)
from plugins.government.matters.facts import MatterView, Panel
from plugins.government.parts import Part
from plugins.government.rights import READ
from plugins.government.units import queries as units


async def panel(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return coordinations and joint receptions; a unit sees those to which it was asked."""
    planned = await queries.coordinations(matter.id)
    together = await queries.joints(matter.id)
    inside = actor.may_at(READ, matter.line.site_id)
    if not inside:
        own = set(await units.units_of(actor))
        planned = [
            one
            for one in planned
            if one.state not in ("planned", "refused") and own & {unit[0] for unit in one.units}
        ]
        together = [one for one in together if own & {unit.unit_id for unit in one.units}]
    if not planned and not together:
        return None
    return {
        "coordinations": planned,
        "joints": together,
        "whys": WHYS,
        "states": COORDINATIONS,
        "joint_whys": JOINT_WHYS,
        "outcomes": OUTCOMES,
        "inside": inside,
    }


PANELS = (
    Panel(
        name="coordination",
        title=N_("Coordination and joint reception"),
        template="government/coordination/_panel.html",
        context=panel,
        order=30,
    ),
)


def part(routers: Sequence[Any]) -> Part:
    """Return this room's share; its routers are made by the pages."""
    return Part(
        routers=routers,
        approved={services.KIND: services.signed},
        rejected={services.KIND: services.not_signed},
    )
