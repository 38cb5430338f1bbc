"""Pages of opinions: what is due, taken back from the signers, from a paper to its delivery, the acts."""

from datetime import datetime
from itertools import chain
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.i18n import N_
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government.act_pages import routes_of
from plugins.government.inputs import Flash, Query, number_in, typed
from plugins.government.matters import access, states
from plugins.government.matters import queries as matters
from plugins.government.opinions import acts, drafting, queries, today
from plugins.government.opinions.acts import MAY
from plugins.government.rights import HANDLE


@get("/opinions", requires=MAY)
async def show_due(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List the items for which an opinion is to be delivered, told, closed, read."""
    query = typed(request)
    names = list(today.LISTS) if actor.may(HANDLE) else list(today.FOR_UNITS)
    due = query.get("due", "") if query.get("due") in names else names[0]
    page = number_in(query, "page")
    lines, total = await matters.matters(
        actor,
        matters.Filter(),
        at=now,
        page=page,
        extra=await today.here(due, actor),
        among=today.selection_of(due),
    )
    return Template(
        "government/opinions/list.html",
        context={
            "title": today.LISTS[due][0],
            "lists": [(name, today.LISTS[name][0]) for name in names],
            "due": due,
            "lines": lines,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // matters.PAGE)),
            "query": query,
            "stages": states.STAGES,
        },
    )


@post("/opinions/{opinion_id:uuid}/take-back", requires=MAY)
async def take_back(
    opinion_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Take an opinion back from the signers, to change it."""
    matter_id = await queries.matter_of(opinion_id)
    await access.require(matter_id, actor, now)
    level, said = "success", N_("Taken back: it can be changed.")
    try:
        await drafting.take_back(opinion_id, actor=actor, at=now, plugins=plugins)
    except (WrongStateError, RefusedError, InvalidInputError) as error:
        level, said = "error", error.message
    flash(level, said)
    return Redirect(f"/government/matters/{matter_id}#opinions", status_code=303)


@get("/opinions/by-paper/{document_id:uuid}", requires=MAY)
async def by_paper(
    document_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Redirect:
    """Lead from an opinion's paper to where its delivery is noted."""
    found = await queries.opinion(await queries.by_paper(document_id))
    await access.require(found.matter_id, actor, now)
    if found.delivered is not None:
        return Redirect(f"/government/matters/{found.matter_id}#opinions", status_code=303)
    return Redirect(f"/government/opinions/{found.id}/deliver", status_code=303)


router = Router(
    path="/government",
    route_handlers=[
        *(show_due, take_back, by_paper),
        *chain.from_iterable(routes_of(page) for page in acts.PAGES),
    ],
)
