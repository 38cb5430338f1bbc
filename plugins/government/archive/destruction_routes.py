"""Pages of the yearly destruction list: what is due, made by one person, decided by another."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import DomainError, InvalidInputError, NotFoundError
from core.i18n import N_, Message
from core.permissions import Actor
from plugins.government.archive import destroying
from plugins.government.archive.facts import KINDS, LISTS
from plugins.government.archive.rights import DESTROY
from plugins.government.inputs import Flash, Form, Query, number_in, pages_of, typed
from plugins.government.intake.after_visit import WHY_IDLE
from plugins.government.offices import room, rooms


@get("/archive/destruction", requires=DESTROY)
async def show_due(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show what is due for destruction, and the lists of earlier years."""
    return await _due(typed(request), {}, actor, now)


async def _due(
    query: Mapping[str, str], errors: Mapping[str, Message], actor: Actor, now: datetime
) -> Template:
    site_id = await room(query, actor, DESTROY)
    due, page = await destroying.due(site_id, actor, now), number_in(query, "page")
    return Template(
        "government/archive/destruction.html",
        context={
            "query": query,
            "site_id": site_id,
            "rooms": await rooms(actor, DESTROY),
            "due": due[(page - 1) * destroying.PAGE : page * destroying.PAGE],
            "total": len(due),
            "page": page,
            "pages": pages_of(len(due), destroying.PAGE),
            "lists": await destroying.lists(site_id, actor, now),
            "states": LISTS,
            "whys": KINDS | WHY_IDLE,
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


@post("/archive/destruction", requires=DESTROY)
async def propose(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Make this year's list from what is due."""
    site_id = await room(data, actor, DESTROY)
    try:
        made = await destroying.propose(site_id, method=data.get("method", ""), actor=actor, at=now)
    except InvalidInputError as error:
        return await _due(data, error.problems, actor, now)
    except NotFoundError:
        raise
    except DomainError as error:
        flash("error", error.message)
        return Redirect(f"/government/archive/destruction?site={site_id}", status_code=303)
    flash("success", N_("The list is made. A second person must confirm it."))
    return Redirect(f"/government/archive/destruction/{made}", status_code=303)


@get("/archive/destruction/{list_id:uuid}", requires=DESTROY)
async def show(
    request: Query,
    list_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Template:
    """Show one list; the second person decides here."""
    query, row = typed(request), await destroying.one(list_id, actor, now)
    page = number_in(query, "page")
    return Template(
        "government/archive/destruction_one.html",
        context={
            "row": row,
            "entries": await destroying.entries(list_id, page=page),
            "query": query,
            "page": page,
            "pages": pages_of(row.total, destroying.PAGE),
            "states": LISTS,
            "whys": KINDS | WHY_IDLE,
            "own": row.proposed_by == actor.id,
        },
    )


@post("/archive/destruction/{list_id:uuid}/{act:str}", requires=DESTROY)
async def decide(
    list_id: FromPath[UUID],
    act: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Confirm a list as the second person, or not agree to it."""
    if act not in ("confirm", "refuse"):
        raise NotFoundError
    try:
        if act == "confirm":
            if await destroying.confirm(list_id, actor=actor, at=now):
                flash(
                    "success", N_("What is on the list was destroyed. Print it and let both sign.")
                )
            else:
                flash("success", N_("Agreed to. A long list takes some minutes: look again."))
        else:
            await destroying.refuse(list_id, actor=actor, at=now)
            flash("success", N_("The list was not agreed to; everything is kept."))
    except NotFoundError:
        raise
    except DomainError as error:
        flash("error", error.message)
    return Redirect(f"/government/archive/destruction/{list_id}", status_code=303)


router = Router(path="/government", route_handlers=[show_due, propose, show, decide])
