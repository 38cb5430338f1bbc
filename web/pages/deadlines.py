"""What one answers for, the soonest due first, each date with how it was reached (CORE-10, CORE-25)."""

from datetime import datetime

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.response import Template

from core.deadlines import personal
from core.errors import NotFoundError
from core.permissions import Actor
from web.plugins import WebPlugins


@get("/deadlines", signed_in=True)
async def show(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show the deadlines that one is warned of."""
    if actor.kind != "user":
        raise NotFoundError
    clocks = await personal.of_person(actor, at=now, plugins=plugins)
    return Template("deadlines/mine.html", context={"clocks": clocks})


router = Router(path="", route_handlers=[show])
