"""What a new petition office lacks before it can receive and hand on: room, units, people in them."""

from core import db
from core.accounts.holders import holders
from core.i18n import N_
from core.navigation import HomeAct, HomeItem
from core.permissions import Actor
from plugins.government.rights import CLERK, HEAD, SETTINGS
from plugins.government.units import queries
from plugins.government.units.facts import COUNTY, COUNTY_OFFICE, DEPARTMENT, OFFICE

_ANSWERING = (COUNTY, COUNTY_OFFICE, DEPARTMENT)


async def first_steps(actor: Actor) -> list[HomeItem]:
    """Return the steps that are left, for whoever keeps the units."""
    if not actor.may(SETTINGS):
        return []
    if not await db.fetch("SELECT 1 FROM government_unit LIMIT 1"):
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
    found = []
    units = await queries.units()
    if not any(one.kind == OFFICE for one in units):
        found.append(
            HomeItem(
                title=N_("The reception room itself, as a unit"),
                lines=(N_("It holds what is registered until it is handed on."),),
                path="/government/units",
                act=HomeAct(label=N_("Enter a unit"), path="/government/units#add", icon="add"),
            )
        )
    for role, title in (
        (CLERK, N_("A reception clerk who receives petitions")),
        (HEAD, N_("A head of the reception room, who signs and hands on")),
    ):
        if actor.may("core:account:admin") and not await holders([role], None):
            found.append(
                HomeItem(
                    title=title,
                    lines=(N_("An account with this role."),),
                    path="/users",
                    act=HomeAct(label=N_("New user"), path="/users/new", icon="add"),
                )
            )
    if not await db.fetch("SELECT 1 FROM government_subject LIMIT 1"):
        found.append(
            HomeItem(
                title=N_("What petitions are about: the subjects"),
                lines=(N_("Start from the usual list and change what your office needs."),),
                path="/government/subjects",
                act=HomeAct(
                    label=N_("Enter the usual subjects"), path="/government/subjects", icon="add"
                ),
            )
        )
    if not await db.fetch("SELECT 1 FROM government_office_page LIMIT 1"):
        found.append(
            HomeItem(
                title=N_("What the public reads about the office"),
                lines=(N_("Where it is, when it is open, how to ask after a petition."),),
                path="/government/office/edit",
                act=HomeAct(
                    label=N_("Write the public page"), path="/government/office/edit", icon="edit"
                ),
            )
        )
    staffed = await queries.staff_counts()
    answering = [one for one in units if one.kind in _ANSWERING]
    if answering and not any(one.id in staffed for one in answering):
        found.append(
            HomeItem(
                title=N_("Somebody in a unit, so that items reach it"),
                lines=(N_("Make an account for them, then name it on the unit's page."),),
                path="/government/units",
                act=HomeAct(label=N_("Open the units"), path="/government/units", icon="right"),
            )
        )
    return found
