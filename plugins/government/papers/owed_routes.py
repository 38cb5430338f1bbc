"""The papers that wait for their delivery receipt: the list a clerk works through."""

from datetime import datetime

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.response import Template

from core.permissions import Actor
from plugins.government.inputs import Query, number_in, pages_of, typed
from plugins.government.papers import owed
from plugins.government.rights import READ, UNIT

LATE = 7  # days after which a paper should long be in its addressee's hands


@get("/papers/owed", requires=(READ, UNIT))
async def show(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List the papers whose delivery is not proven, the oldest first."""
    query = typed(request)
    page = number_in(query, "page")
    wanted = owed.Wanted(kind=query.get("kind", ""), mine=query.get("who") == "me")
    lines, total = await owed.owed(actor, wanted, at=now, page=page)
    kinds = [one for one in owed.WANTED.values() if one.may(one.see, actor)]
    return Template(
        "government/papers/owed.html",
        context={
            "lines": lines,
            "total": total,
            "page": page,
            "pages": pages_of(total, owed.PAGE),
            "kinds": [(one.name, one.label) for one in kinds],
            "late": LATE,
            "query": query,
            "delivers": {one.name: one.may(one.issue, actor) for one in kinds},
        },
    )


router = Router(path="/government", route_handlers=[show])
