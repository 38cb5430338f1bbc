"""What a new petition office lacks: the units that answer for items."""

from core import db
from core.i18n import N_
from core.navigation import HomeAct, HomeItem
from core.permissions import Actor
from plugins.government.rights import SETTINGS


async def first_steps(actor: Actor) -> list[HomeItem]:
    """Return the step that is left, for whoever keeps the units."""
    if not actor.may(SETTINGS) or await db.fetch("SELECT 1 FROM government_unit LIMIT 1"):
        return []
    return [
        HomeItem(
            title=N_("Units that answer for petition items"),
            lines=(
                N_("Each with its kind, its next higher body and its staff."),
                N_("No petition office here? Switch “Petitions” off under Sites and gates."),
            ),
            path="/government/units",
            act=HomeAct(label=N_("Enter units"), path="/government/units", icon="add"),
        )
    ]
