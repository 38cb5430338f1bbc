"""What the room of opinions gives to the hooks."""

from core.deadlines.extending import KIND as EXTENSION
from plugins.government.opinions import drafting, extending, review_routes, routes, today
from plugins.government.parts import Part

PART = Part(
    routers=[routes.router, review_routes.router],
    approved={drafting.KIND: drafting.approved, EXTENSION: extending.granted},
    rejected={drafting.KIND: drafting.rejected, EXTENSION: extending.refused},
    due=today.home_cards,
)
