"""What the room of screening gives to the hooks."""

from core.i18n import N_
from plugins.government.parts import Part
from plugins.government.rights import HANDLE, menu
from plugins.government.screening import correct_routes, routes, talk_routes, talks, today

PART = Part(
    navigation=[menu(N_("Interviews"), "interviews", HANDLE, order=307, icon="people")],
    routers=[routes.router, talk_routes.router, correct_routes.router],
    approved={talks.OUTLINE: talks.outline_approved},
    rejected={talks.OUTLINE: talks.outline_rejected},
    due=today.due,
)
