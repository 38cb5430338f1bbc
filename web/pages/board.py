"""The live board: who waits for whom since when, who is held, inside, overdue (CORE-18)."""

from datetime import datetime
from typing import Any

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.response import Template

from core.errors import NotFoundError
from core.permissions import Actor
from core.registrations import queries
from core.registrations.rulebook import reception
from web.current import Current
from web.place import place_of

READ, DECIDE = "core:registration:read", "core:registration:decide"


async def _context(actor: Actor, now: datetime, current: Current) -> dict[str, Any]:
    place = await place_of(current)
    if place is None:
        raise NotFoundError
    times = await reception(now)
    lists = await queries.open_at(place.site.id, actor=actor, now=now, times=times)
    lists["overdue"] = [card for card in lists["inside"] if card.overdue]
    return {
        "place": place,
        "lists": lists,
        "times": times,
        "may_write": actor.may_at("core:registration:write", place.site.id),
        "may_decide": actor.may_at(DECIDE, place.site.id),
    }


@get("/board", requires=READ)
async def show(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
) -> Template:
    """Show the board."""
    if await place_of(current) is None:
        return Template("desk/nowhere.html")
    return Template("board/board.html", context=await _context(actor, now, current))


@get("/board/parts", requires=READ)
async def parts(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
) -> Template:
    """Show the board's lists alone, fetched anew at each poke."""
    return Template("board/_parts.html", context=await _context(actor, now, current))


router = Router(path="", route_handlers=[show, parts])
