"""The roll call: who is inside, on screen and paper, and still there when the server is not.

The page's worker keeps the latest copy in the browser (names, no numbers) and shows it for a day.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.permissions import Actor
from core.registrations.roll_call import roll_call
from core.registrations.rulebook import reception
from core.sites import queries as sites
from web.assets import STATIC
from web.current import Current
from web.place import place_of
from web.plugins import WebPlugins

READ = "core:registration:read"


@get("/roll-call", requires=READ)
async def here(current: NamedDependency[Current]) -> Template | Redirect:
    """Go to the roll call of the reader's site."""
    place = await place_of(current)
    if place is None:
        return Template("desk/nowhere.html")
    return Redirect(f"/roll-call/{place.site.id}", status_code=303)


async def _context(
    site_id: UUID, actor: Actor, now: datetime, plugins: WebPlugins
) -> dict[str, Any]:
    return {
        "site": await sites.site(site_id, actor),
        "sites": await sites.sites(actor),
        "roll": await roll_call(
            site_id, actor=actor, now=now, times=await reception(now), plugins=plugins
        ),
    }


@get("/roll-call/{site_id:uuid}", requires=READ)
async def show(
    site_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show who is inside a site."""
    context = await _context(site_id, actor, now, plugins)
    return Template("roll_call/roll_call.html", context=context)


@get("/roll-call/{site_id:uuid}/parts", requires=READ)
async def parts(
    site_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show the lists alone, fetched anew at each poke."""
    context = await _context(site_id, actor, now, plugins)
    return Template("roll_call/_parts.html", context=context)


@get("/roll-call/worker.js", requires=READ)
async def worker() -> Response[bytes]:
    """Give the worker from here, so that it serves the pages beside it."""
    return Response(
        (STATIC / "roll_call_worker.js").read_bytes(),
        media_type="text/javascript",
        headers={"cache-control": "no-cache"},
    )


router = Router(path="", route_handlers=[here, show, parts, worker])
