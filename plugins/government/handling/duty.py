"""The duty board: what is urgent now, what goes on in the house, what waits for a decision (GOV-53)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.response import Template

from core import db
from core.i18n import Message
from core.incidents import queries as incidents
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government.bulletins import queries as bulletins
from plugins.government.bulletins.rights import READ_BULLETINS
from plugins.government.coordination import queries as coordination
from plugins.government.facts import NAME, URGENCIES, WATCHED
from plugins.government.handling import queries
from plugins.government.inputs import Query, number_in, typed
from plugins.government.matters import access, states
from plugins.government.matters.facts import MatterLine
from plugins.government.matters.queries import Filter, matters
from plugins.government.offices import rooms
from plugins.government.reception import queries as reception
from plugins.government.rights import HANDLE, READ

PAGE = 50
_WAITING = 100  # that the board names one by one
_INCIDENTS = ("core:incident:read", "core:incident:write")


async def urgent(actor: Actor, at: datetime, page: int) -> tuple[list[MatterLine], int]:
    """Return one page of the open items that are graded, the most urgent first, and how many."""
    seen, args = await access.seen_by(actor, at)
    urgent_ones, values = queries.urgent_from(WATCHED)
    items = f"FROM government_matter m WHERE m.id IN ({urgent_ones}) AND {seen}"
    count = await db.count(items, *values, *args)
    rows = await db.fetch(
        f"SELECT m.id {items}"
        " ORDER BY m.urgency DESC, m.day DESC, m.number DESC LIMIT {} OFFSET {}",
        *values,
        *args,
        PAGE,
        (page - 1) * PAGE,
    )
    lines = await queries.lines_of([row["id"] for row in rows], actor, at)
    return [lines[row["id"]] for row in rows if row["id"] in lines], count


async def signs(ids: Sequence[UUID]) -> dict[UUID, db.Row]:
    """Return by what each item was graded last: whether acts were announced, the date that matters."""
    if not ids:
        return {}
    rows = await db.fetch(
        "SELECT matter, announced, date_that_matters FROM government_grading"
        f" WHERE matter IN ({access.places(ids)}) ORDER BY graded_at",
        *ids,
    )
    return {row["matter"]: row for row in rows}


@get("/duty", requires=READ)
async def duty_board(
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
) -> Template:
    """Show what is urgent now, who is called, what waits for the reception room."""
    query = typed(request)
    page = number_in(query, "page")
    found, total = await urgent(actor, now, page)
    together, planned = await coordination.going_on(actor, now)
    objected, objections = await matters(
        actor, Filter(), at=now, size=_WAITING, among=queries.OBJECTED
    )
    to_check, checks = await matters(actor, Filter(), at=now, size=_WAITING, among=queries.TO_CHECK)
    today = site_time(now).date()
    return Template(
        "government/handling/duty.html",
        context={
            "urgent": found,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // PAGE)),
            "query": query,
            # Signs of what somebody may do are read by those who act on them, not by everybody.
            "signs": await signs([one.id for one in found if actor.may_at(HANDLE, one.site_id)]),
            "together": together,
            "planned": planned,
            "objected": objected,
            "to_check": to_check,
            "more": max(0, objections - len(objected)) + max(0, checks - len(to_check)),
            "today": [
                one
                for one in await reception.days(actor, since=today, until=today)
                if one.state == "planned"
            ],
            "now": now,
            "urgencies": URGENCIES,
            "stages": states.STAGES,
            **await _events(actor, now, plugins),
        },
    )


async def _events(actor: Actor, now: datetime, plugins: Plugins) -> dict[str, Any]:
    """Return the special situations and the urgent information that are still open (GOV-44, 47)."""
    labels: dict[str, Message] = {
        kind.name: kind.label for kind in plugins.register_incident_kinds() if kind.plugin == NAME
    }
    sees = any(actor.may(one) for one in _INCIDENTS)
    situations = (await incidents.incidents(actor, state="open"))[0] if sees else []
    news = [
        line
        for site_id, _ in await rooms(actor, READ_BULLETINS)
        for line in await bulletins.open_urgent(actor, site_id, at=now)
    ]
    return {
        "situations": [one for one in situations if one.kind in labels],
        "labels": labels,
        "may_note": actor.may("core:incident:write"),
        "news": news,
    }


router = Router(path="/government", route_handlers=[duty_board])
