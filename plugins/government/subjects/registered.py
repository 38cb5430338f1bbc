"""What the room of subjects gives to the hooks."""

from core.i18n import N_
from plugins.government.parts import Part
from plugins.government.rights import SETTINGS, menu
from plugins.government.subjects import routes

PART = Part(
    navigation=[menu(N_("Subjects"), "subjects", SETTINGS, order=391, icon="filter")],
    routers=[routes.router],
)
