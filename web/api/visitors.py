"""Visitors for programs: found and shown masked, as on the pages."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from core.permissions import Actor
from core.registrations import history
from core.registrations.rulebook import reception
from core.registrations.walls import hidden_purposes
from core.visitors import queries
from core.visitors.queries import VisitorCard
from core.visitors.search import search
from web.plugins import WebPlugins

READ = "core:visitor:read"
MOST = 50


class VisitorOut(msgspec.Struct):
    """A visitor. `phone` and `document` are masked; `visits` counts how often they were inside."""

    id: UUID
    name: str
    organisation: str
    phone: str
    document_kind: str
    document: str
    plate: str
    visits: int
    last_visit_at: datetime | None
    merged_into: UUID | None


class VisitOut(msgspec.Struct):
    """One of a visitor's visits, in short."""

    id: UUID
    number: str
    site: UUID
    state: str
    purpose: str
    reason: str
    host: str
    created_at: datetime
    entered_at: datetime | None
    left_at: datetime | None


class OneVisitorOut(msgspec.Struct):
    """A visitor with the visits that the caller may see, newest first."""

    visitor: VisitorOut
    visits: list[VisitOut]


class SearchIn(msgspec.Struct):
    """What to look for: a part of a name, pinyin, initials, tails, a plate, a whole number."""

    text: str
    limit: int = 20


def visitor_out(card: VisitorCard) -> VisitorOut:
    """Return a visitor as the API shows it."""
    return VisitorOut(
        id=card.id,
        name=card.name,
        organisation=card.organisation,
        phone=card.phone,
        document_kind=card.document_kind,
        document=card.document,
        plate=card.plate,
        visits=card.visits,
        last_visit_at=card.last_visit_at,
        merged_into=card.merged_into,
    )


@post("/api/v1/visitors/search", requires=READ, status_code=200, tags=["visitors"])
async def find(data: JSONBody[SearchIn]) -> list[VisitorOut]:
    """Find visitors. By POST: a phone or document number belongs in no address."""
    limit = min(max(data.limit, 1), MOST)
    return [visitor_out(card) for card in await search(data.text[:200], limit=limit)]


@get("/api/v1/visitors/{visitor_id:uuid}", requires=READ, tags=["visitors"])
async def one(
    visitor_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> OneVisitorOut:
    """Show one visitor, with the visits of the domains in which the caller works."""
    card = await queries.visitor(visitor_id)
    ids = await queries.all_of(visitor_id)
    hidden = hidden_purposes(actor, plugins.register_purposes(), plugins.register_permissions())
    visits = await history.of_person(
        ids, actor=actor, now=now, times=await reception(now), hidden=hidden
    )
    return OneVisitorOut(
        visitor=visitor_out(card),
        visits=[
            VisitOut(
                id=visit.id,
                number=visit.number,
                site=visit.site_id,
                state=visit.state,
                purpose=visit.purpose,
                reason=visit.reason,
                host=visit.host_name,
                created_at=visit.created_at,
                entered_at=visit.entered_at,
                left_at=visit.left_at,
            )
            for visit in visits
        ],
    )


router = Router(path="", route_handlers=[find, one])
