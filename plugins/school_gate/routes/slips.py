"""Open slips at day's end: who left without the stub, who is still inside; returned or explained."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import clock
from core.decisions import Allow
from core.errors import DomainError, InvalidInputError, NotFoundError
from core.forms import Field, read
from core.i18n import N_
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import leaving
from core.settings import Settings
from core.typed import day_in
from plugins.school_gate.lodge_registered import EXPLAIN_SLIPS
from plugins.school_gate.queries import slips
from plugins.school_gate.routes.inputs import Flash, Form

WHY = Field(name="reason", label=N_("Explanation"), required=True, max_length=200)
Query = Request[Any, Any, Any]


@get("/slips", requires=EXPLAIN_SLIPS)
async def show_all(
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    plugins: NamedDependency[Plugins],
) -> Template:
    """List the slips of a view."""
    query = {name: str(value) for name, value in request.query_params.items()}
    view = query.get("view", "")
    view = view if view in slips.VIEWS else slips.MISSING
    day = day_in(query, "day", clock.local(now, settings.zone).date())
    since = datetime.combine(day, time(), settings.zone)
    found = {
        name: await slips.slips(actor, name, since=since, until=since + timedelta(days=1))
        for name in slips.VIEWS
    }
    return Template(
        "school_gate/slips.html",
        context={
            "slips": found[view],
            "counts": {name: len(lines) for name, lines in found.items()},
            "view": view,
            "views": slips.VIEWS,
            "query": {"view": view, "day": day.isoformat()},
            "purposes": {one.name: one.label for one in plugins.register_purposes()},
            "why": WHY,
            "day": day,
        },
    )


@post("/slips/{registration_id:uuid}/returned", requires=EXPLAIN_SLIPS)
async def returned(
    registration_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Note that a stub came back after all."""
    try:
        decision = await leaving.return_stub(
            registration_id, actor=actor, at=now, plugins=plugins, signed=True
        )
    except NotFoundError:
        raise
    except DomainError as error:
        flash("warning", error.message)
    else:
        if isinstance(decision, Allow):
            flash("success", N_("The stub is back; the visit is closed."))
        else:
            flash("warning", decision.reason)
    return Redirect("/school-gate/slips", status_code=303)


@post("/slips/{registration_id:uuid}/explain", requires=EXPLAIN_SLIPS)
async def explain(
    registration_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Close a visit whose stub will not come back, with the explanation."""
    typed = read((WHY,), data)
    reason = "" if typed.problems else typed.values["reason"]
    try:
        await leaving.explain_stub(
            registration_id, reason=reason, actor=actor, at=now, plugins=plugins
        )
    except NotFoundError:
        raise
    except InvalidInputError:
        flash("warning", N_("Say why the stub does not come back."))
    except DomainError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Explained; the visit is closed."))
    return Redirect("/school-gate/slips", status_code=303)


router = Router(path="/school-gate", route_handlers=[show_all, returned, explain])
