"""Boarders: who is missing, who is out, who went home for the weekend and is expected (SCH-6)."""

from datetime import datetime
from typing import Any

from litestar import Request, Router, get
from litestar.di import NamedDependency
from litestar.response import Template

from core.gate.photos import photo_path
from core.permissions import Actor
from plugins.school_gate.leave import boarders, queries
from plugins.school_gate.leave.facts import BOARDER, KINDS, OUT, OVERDUE, STANDINGS
from plugins.school_gate.leave.rights import ISSUE_LEAVE, READ_LEAVE, RELEASE_LEAVE
from plugins.school_gate.leave.settling import settle

Query = Request[Any, Any, Any]
SEE = (READ_LEAVE, RELEASE_LEAVE, ISSUE_LEAVE)


@get("/boarders", requires=SEE)
async def show(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show where the boarders are; fetched anew by itself while the page is open."""
    await settle(now)
    found = await boarders.boarders(actor, at=now)
    query = {name: str(value) for name, value in request.query_params.items()}
    place = query.get("place", "")
    lines = await queries.open_slips(actor, at=now)
    others = [
        line
        for line in queries.standing_in(lines, OUT, OVERDUE)
        if line.slip.kind != BOARDER and not line.boards
    ]
    context = {
        "counts": boarders.counted(found),
        "missing": [one for one in found if one.place in {boarders.MISSING, boarders.LATE}],
        # Who is in the school is many and no news: they are listed when asked for.
        "shown": [
            one for one in found if one.place == place or (not place and one.place != boarders.HERE)
        ],
        "evenings": sorted(
            {
                evening.back_by: evening
                for site in {one.site_id for one in found}
                if (evening := await boarders.evening(site, now))
            }.values(),
            key=lambda one: one.back_by,
        ),
        "others": others,
        "late_others": len(queries.standing_in(others, OVERDUE)),
        "places": boarders.PLACES,
        "kinds": KINDS,
        "standings": STANDINGS,
        "photo_path": photo_path,
        "query": query,
    }
    whole = request.headers.get("hx-request") != "true"
    return Template(
        "school_gate/leave/boarders.html" if whole else "school_gate/leave/_boarders.html",
        context=context,
    )


router = Router(path="/school-gate", route_handlers=[show])
