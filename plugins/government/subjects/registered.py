"""What the room of subjects gives to the hooks."""

from core.demo.facts import DemoFacts
from core.i18n import N_
from plugins.government.parts import Part
from plugins.government.rights import SETTINGS, menu
from plugins.government.subjects import routes, services


async def demo(demo: DemoFacts) -> None:
    """Enter the usual subjects, before the items that are about them."""
    await services.enter_usual(actor=demo.actor, at=demo.at)


PART = Part(
    navigation=[menu(N_("Subjects"), "subjects", SETTINGS, order=391, icon="filter")],
    routers=[routes.router],
    demo=demo,
)
