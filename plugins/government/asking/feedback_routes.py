"""What petitioners say of the office: satisfaction, whom to call back, the opinions box."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import InvalidInputError
from core.i18n import N_
from core.permissions import Actor
from plugins.government.asking import box, calling, ratings
from plugins.government.asking.facts import MEANS, SCORES, TARGETS
from plugins.government.inputs import Flash, Form, Query, day_in, number_in, typed
from plugins.government.matters import states
from plugins.government.rights import HANDLE


@get("/satisfaction", requires=HANDLE)
async def show_ratings(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List what petitioners said, of the office and of each unit."""
    return await _ratings(typed(request), actor, now, {}, {})


async def _ratings(
    query: dict[str, str], actor: Actor, now: datetime, values: Any, errors: Any
) -> Template:
    page = number_in(query, "page")
    since, until = day_in(query, "since"), day_in(query, "until")
    score = query.get("score", "") if query.get("score") in SCORES else ""
    only_open = query.get("open") == "yes"
    found, total = await ratings.said(
        actor,
        at=now,
        score=score,
        only_open=only_open,
        since=since,
        until=until,
        page=page,
    )
    return Template(
        "government/asking/satisfaction.html",
        context={
            "said": found,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // ratings.PAGE)),
            "query": query,
            "figures": await ratings.figures(actor, at=now, since=since, until=until),
            "to_call": (await calling.due(actor, at=now, size=1))[1],
            "scores": SCORES,
            "targets": TARGETS,
            "means": MEANS,
            "values": values,
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


@post("/satisfaction/{rating_id:uuid}", requires=HANDLE)
async def follow_up(
    rating_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Keep what was done about an unhappy petitioner."""
    try:
        await ratings.follow_up(rating_id, note=data.get("note", "")[:2000], actor=actor, at=now)
    except InvalidInputError as error:
        query = {"open": "yes", "page": data.get("page", "")}
        return await _ratings(query, actor, now, {"id": str(rating_id)}, error.problems)
    flash("success", N_("It is on record what was done."))
    return Redirect("/government/satisfaction?open=yes", status_code=303)


@get("/box/notes", requires=HANDLE)
async def notes(request: Query, actor: NamedDependency[Actor]) -> Template:
    """List the notes of the opinions box."""
    return await _notes(number_in(typed(request), "page"), typed(request), actor, "", {})


async def _notes(
    page: int, query: dict[str, str], actor: Actor, wrong: str, errors: Any
) -> Template:
    found, total = await box.notes(actor, page=page)
    return Template(
        "government/asking/notes.html",
        context={
            "notes": found,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // 50)),
            "query": query,
            "wrong": wrong,
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


@post("/box/notes/{note_id:uuid}", requires=HANDLE)
async def settle(
    note_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Keep what was done about a note of the box."""
    try:
        await box.settle(note_id, done=data.get("done", "")[:2000], actor=actor, at=now)
    except InvalidInputError as error:
        page = number_in(data, "page")
        return await _notes(page, {}, actor, str(note_id), error.problems)
    flash("success", N_("It is on record what was done."))
    return Redirect("/government/box/notes", status_code=303)


@get("/call-backs", requires=HANDLE)
async def call_backs(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List whom to ring up about their satisfaction."""
    query = typed(request)
    page = number_in(query, "page")
    found, total = await calling.due(actor, at=now, page=page)
    return Template(
        "government/asking/call_backs.html",
        context={
            "lines": found,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // calling.PAGE)),
            "query": query,
            "stages": states.STAGES,
        },
    )


router = Router(
    path="/government",
    route_handlers=[show_ratings, follow_up, call_backs, notes, settle],
)
