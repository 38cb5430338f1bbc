"""The rota of reception days: the list, who takes turns, the paper of a month."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import NotFoundError, WrongStateError
from core.forms import read
from core.i18n import N_
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government.asking import office
from plugins.government.inputs import (
    Flash,
    Form,
    Query,
    number_in,
    typed,
    uuid_in,
)
from plugins.government.reception import forms, papers, queries, services
from plugins.government.reception.facts import DayLine
from plugins.government.reception.rights import PLAN
from plugins.government.rights import HANDLE, READ

Answer = Response[None] | Template


async def _rooms(actor: Actor) -> list[tuple[UUID, str, str]]:
    """Return the reception rooms whose rota somebody may see: site, its code, its name."""
    return [
        one
        for one in await office.rooms_for(actor)
        if actor.may_at(READ, one[0]) or actor.may_at(PLAN, one[0])
    ]


def _months(days: Sequence[DayLine]) -> list[str]:
    """Return the months in which these days fall."""
    return sorted({f"{one.day:%Y-%m}" for one in days})


async def _room(request: Query, actor: Actor) -> tuple[UUID, str, str]:
    rooms = await _rooms(actor)
    wanted = typed(request).get("site", "")
    found = next((one for one in rooms if one[1] == wanted), rooms[0] if rooms else None)
    if found is None:
        raise NotFoundError
    return found


@get("/reception", requires=(READ, PLAN))
async def show_all(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List the reception days, and who takes turns."""
    return await _rota(request, actor, now, {}, {})


async def _rota(
    request: Query, actor: Actor, now: datetime, values: dict[str, str], errors: dict[str, Any]
) -> Template:
    room = await _room(request, actor)
    query = typed(request)
    own = query.get("own") == "yes"
    past = query.get("view") == "past"
    page = number_in(query, "page")
    plans = actor.may_at(PLAN, room[0])
    today = site_time(now).date()
    site = None if own else room[0]
    if past:
        days, total = await queries.past_days(actor, before=today, page=page, own=own, site_id=site)
    else:
        days = await queries.days(actor, since=today, own=own, site_id=site)
        total = len(days)
    return Template(
        "government/reception/rota.html",
        context={
            "room": room,
            "today": today,
            "rooms": await _rooms(actor),
            "query": query,
            "past": past,
            "page": page,
            "pages": max(1, -(-total // queries.PAGE)),
            "total": total,
            "days": days,
            "months": _months(days),
            "may_issue": actor.may_at(HANDLE, room[0]),
            "leaders": await queries.leaders(room[0]),
            "plans": plans,
            "own": own,
            "fields_": forms.leader(await queries.receivers(room[0])) if plans else (),
            "values": values,
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


@post("/reception/plan", requires=PLAN)
async def plan(
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Plan the days that are missing in the weeks ahead."""
    room = await _room(request, actor)
    added = await services.plan(room[0], actor=actor, at=now)
    flash("success", N_("Reception days added: {number}.", number=added))
    return Redirect(f"/government/reception?site={room[1]}", status_code=303)


@post("/reception/rota", requires=HANDLE)
async def issue_rota(
    request: Query,
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Make the rota of a month as a paper, to be posted up."""
    room = await _room(request, actor)
    if not actor.may_at(HANDLE, room[0]):
        raise NotFoundError
    try:
        made = await papers.rota(room[0], data.get("month", ""), actor=actor, at=now)
    except WrongStateError as error:
        flash("warning", error.message)
        return Redirect(f"/government/reception?site={room[1]}", status_code=303)
    flash("success", N_("The rota is made as a paper."))
    return Redirect(f"/documents/{made}", status_code=303)


@post("/reception/leaders", requires=PLAN)
async def name_leader(
    request: Query,
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Answer:
    """Let somebody take turns receiving."""
    room = await _room(request, actor)
    cleaned = read(forms.leader(await queries.receivers(room[0])), data)
    user_id = uuid_in(cleaned.values, "user")
    if cleaned.problems or user_id is None:
        return await _rota(request, actor, now, data, dict(cleaned.problems))
    await services.name_leader(
        room[0],
        user_id,
        post=cleaned.values["post"],
        director=bool(cleaned.values["director"]),
        actor=actor,
        at=now,
    )
    flash("success", N_("They take turns from now on."))
    return Redirect(f"/government/reception?site={room[1]}", status_code=303)


@post("/reception/leaders/{leader_id:uuid}/withdraw", requires=PLAN)
async def withdraw_leader(
    leader_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Let somebody take no more turns."""
    await services.withdraw_leader(leader_id, actor=actor, at=now)
    flash("success", N_("They take no more turns; days planned already stay."))
    return Redirect("/government/reception", status_code=303)


router = Router(
    path="/government",
    route_handlers=[show_all, plan, issue_rota, name_leader, withdraw_leader],
)
