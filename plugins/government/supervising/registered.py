"""What the room of supervision gives to the hooks: pages, its panel, what is due, requests it decides."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core import clock
from core.i18n import N_
from core.navigation import HomeCard
from core.permissions import Actor
from plugins.government.matters import access
from plugins.government.matters.facts import MatterView, Panel
from plugins.government.parts import Part
from plugins.government.rights import HANDLE, UNIT, menu
from plugins.government.supervising import (
    demo,
    finding,
    keeping,
    month_pages,
    monthly_paper,
    pages,
    queries,
    recommendation_pages,
    rights,
    routes,
    services,
    states,
    urge_pages,
)
from plugins.government.supervising.facts import MEANS, REASONS, URGE_MEANS
from plugins.government.supervising.writing import units_of_item
from plugins.government.units.queries import units_of


async def panel(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return an item's urgings and supervisions, and whether the reader may urge, supervise, answer."""
    site_id, open_ = matter.line.site_id, matter.line.closed_at is None
    with_unit = open_ and bool(await units_of_item(matter.id))
    may_supervise = with_unit and actor.may_at(rights.SUPERVISE, site_id)
    may_urge = may_supervise or (with_unit and actor.may_at(HANDLE, site_id))
    urgings = await queries.urgings(matter.id, actor)
    supervisions = await queries.of_matter(matter.id, actor, at)
    if not urgings and not supervisions and not may_urge:
        return None
    own = await access.own_units(actor, matter.id)
    return {
        "urgings": urgings,
        "supervisions": supervisions,
        "may_urge": may_urge,
        "may_supervise": may_supervise,
        "may_answer": {one.id for one in urgings if open_ and (may_urge or one.unit_id in own)},
        "means": MEANS | URGE_MEANS,
        "reasons": REASONS,
        "states": states.STATES,
    }


PANELS = (
    Panel(
        name="supervising",
        title=N_("Urging and supervision"),
        template="government/supervising/_panel.html",
        context=panel,
        order=60,
    ),
)


async def due(actor: Actor) -> Sequence[HomeCard]:
    """Return what is late, and what waits for a unit's answer."""
    now = clock.now()
    cards: list[HomeCard] = []
    if actor.may(rights.SEE):
        for name, title, order in (
            ("late", N_("Petition items over their time"), 10),
            ("unreturned", N_("Results of units not returned"), 11),
            ("unanswered", N_("Urgings and supervisions not answered"), 12),
            ("bounced", N_("Petition items passed around"), 13),
        ):
            cards.append(
                HomeCard(
                    title=title,
                    count=await finding.count(name, actor, at=now),
                    path=f"/government/supervising?list={name}",
                    level="danger" if name == "late" else "warning",
                    order=order,
                    icon="overdue",
                )
            )
    if actor.may(UNIT):
        own = await units_of(actor)
        cards += [
            HomeCard(
                title=N_("Urgings and supervisions to answer"),
                count=await queries.waiting_for_units(own, actor, now),
                path="/government/supervising/all",
                level="danger",
                order=9,
                icon="bell",
            ),
            HomeCard(
                title=N_("Recommendations to answer in writing"),
                count=await queries.unanswered_recommendations(own),
                path="/government/supervising/recommendations",
                level="warning",
                order=10,
                icon="document",
            ),
        ]
    return cards


PART = Part(
    permissions=rights.PERMISSIONS,
    roles=rights.ROLES,
    navigation=(
        menu(N_("Supervision"), "supervising", rights.SEE, order=340, icon="overdue"),
        menu(N_("Supervision of my unit"), "supervising/all", UNIT, order=341, icon="bell"),
    ),
    routers=[
        *(urge_pages.router, routes.router, month_pages.router, monthly_paper.router, pages.router),
        recommendation_pages.router,
    ],
    panels=PANELS,
    due=due,
    demo=demo.fill,
    retention=keeping.RULES,
    approved={services.HAND_OVER: services.handed_over},
    rejected={services.HAND_OVER: services.kept},
    locks={services.RECORD: services.lock},
)
