"""The list of items and the page of one: texts, clocks, panels of all rooms, the time line."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from core import db
from core.permissions import Actor
from plugins.government import facts, sealing
from plugins.government.inputs import Query, day_in, number_in, typed, uuid_in
from plugins.government.matters import access, queries, states
from plugins.government.matters.happened import happened
from plugins.government.matters.queries import Filter
from plugins.government.panels import PANELS
from plugins.government.rights import HANDLE, JOIN, READ, SEE
from plugins.government.subjects.queries import tree
from plugins.government.units import facts as unit_kinds
from plugins.government.units.queries import units


def filter_of(query: dict[str, str]) -> Filter:
    """Return what an address keeps a list of items to."""
    return Filter(
        text=query.get("text", "")[:60],
        stage=query.get("stage", "") if query.get("stage") in states.STAGES else "",
        channel=query.get("channel", "") if query.get("channel") in facts.CHANNELS else "",
        purpose=query.get("purpose", "") if query.get("purpose") in facts.PURPOSES else "",
        subject=query.get("subject", "")[:80],
        place_id=uuid_in(query, "place"),
        holder_id=uuid_in(query, "holder"),
        frequency=query.get("frequency", "") if query.get("frequency") in facts.FREQUENCIES else "",
        size=query.get("size", "") if query.get("size") in facts.SIZES else "",
        since=day_in(query, "since"),
        until=day_in(query, "until"),
        open_only=query.get("open") == "yes",
    )


@get("/matters", requires=SEE)
async def show_all(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List the items that the reader may see."""
    query = typed(request)
    page = number_in(query, "page")
    found, total = await queries.matters(actor, filter_of(query), at=now, page=page)
    return Template(
        "government/matters/list.html",
        context={
            "lines": found,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // queries.PAGE)),
            "query": query,
            "may_join": actor.may(JOIN),
            "stages": states.STAGES,
            "channels": facts.CHANNELS,
            "purposes": facts.PURPOSES,
            "sizes": facts.SIZES,
            "frequencies": facts.FREQUENCIES,
            "units": [(str(u.id), u.name) for u in await units()] if actor.may(READ) else [],
            "subjects": [(one.path, one.name) for one in await tree() if one.level == 1],
            "places": [(str(u.id), u.name) for u in await units(unit_kinds.COUNTY)],
        },
    )


@get("/matters/{matter_id:uuid}", requires=SEE)
async def show(
    matter_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show one item with all that belongs to it and all that the reader may do."""
    return await page(matter_id, actor, now)


async def page(
    matter_id: UUID, actor: Actor, now: datetime, *, status: int = 200, **errors: object
) -> Template:
    """Return the page of an item; `errors` come back to the panels after a rejected form."""
    with db.asking_once():
        return await _page(matter_id, actor, now, status, errors)


async def _page(
    matter_id: UUID, actor: Actor, now: datetime, status: int, errors: Mapping[str, object]
) -> Template:
    matter = await queries.matter(matter_id, actor, now)
    if not await access.visible(matter_id, actor, now, acting=True):
        matter, actor = replace(matter, looking=True), access.looking(actor)
    drawn = []
    for panel in PANELS:
        context = await panel.context(matter, actor, now)
        if context is not None:
            drawn.append({"panel": panel, **context})
    return Template(
        "government/matters/matter.html",
        context={
            "matter": matter,
            "line": matter.line,
            "panels": drawn,
            "entries": await happened(matter, actor, now),
            "skip_reason": sealing.unseal(
                matter.row["skip_reason"], "government_matter", "skip_reason", matter_id
            ),
            "stages": states.STAGES,
            "channels": facts.CHANNELS,
            "purposes": facts.PURPOSES,
            "sizes": facts.SIZES,
            "frequencies": facts.FREQUENCIES,
            "sources": facts.SOURCES,
            "urgencies": facts.URGENCIES,
            "in_office": actor.may_at(READ, matter.line.site_id),
            "may_correct": actor.may_at(HANDLE, matter.line.site_id),
            "errors": errors.get("errors", {}),
            "values": errors.get("values", {}),
            "rejected": errors.get("rejected", ""),
        },
        status_code=status,
    )


router = Router(path="/government", route_handlers=[show_all, show])
