"""What the room of screening gives to the hooks."""

from plugins.government.parts import Part
from plugins.government.screening import routes, talk_routes, talks

PART = Part(
    routers=[routes.router, talk_routes.router],
    approved={talks.OUTLINE: talks.outline_approved},
    rejected={talks.OUTLINE: talks.outline_rejected},
)
