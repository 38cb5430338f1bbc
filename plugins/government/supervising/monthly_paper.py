"""The month's list for the supervision office as a paper: what was assigned, and what was supervised.

Drawn anew each time and never kept; it names only items that whoever prints it may see.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from litestar import Response, Router, get
from litestar.di import NamedDependency

from core import db
from core.documents import issuing
from core.documents.drawing import chinese_date
from core.errors import NotFoundError
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government.handling.facts import ASSIGNMENT
from plugins.government.handling.queries import lines_of
from plugins.government.inputs import Query, day_in, typed, uuid_in
from plugins.government.matters import access, states
from plugins.government.papers.filling import named, office_of
from plugins.government.papers.kinds import kind
from plugins.government.rights import READ
from plugins.government.supervising import services

_ASSIGNED = (
    "SELECT f.matter, f.sent_at, f.due_on, u.name AS unit, (SELECT count(*) FROM"
    " government_supervision s WHERE s.matter = f.matter AND s.unit = f.unit"
    " AND s.opened_at < {}) AS supervised FROM government_forwarding f"
    " JOIN government_matter m ON m.id = f.matter JOIN government_unit u ON u.id = f.unit"
    " WHERE m.site = {} AND f.kind = {} AND f.sent_at >= {} AND f.sent_at < {}"
)


@get("/supervising/monthly/paper", requires=READ)
async def print_month(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[bytes]:
    """Return the list of a month of one room: this month's, or the one asked for."""
    query = typed(request)
    sites = [(site_id, name) for site_id, name in await services.sites_of(actor)]
    wanted = uuid_in(query, "site") or (sites[0][0] if sites else None)
    if wanted is None or wanted not in {site_id for site_id, _ in sites}:
        raise NotFoundError
    asked = day_in({"day": f"{query.get('month', '')}-01"}, "day")
    month = (asked or site_time(now).date()).replace(day=1)
    return Response(
        await paper(wanted, month, actor, now),
        media_type="application/pdf",
        headers={
            "content-disposition": f'inline; filename="assigned-{month:%Y-%m}.pdf"',
            "cache-control": "private, no-store",
        },
    )


async def paper(site_id: UUID, month: date, actor: Actor, at: datetime) -> bytes:
    """Return the PDF of what a room assigned in a month."""
    zone = site_time(at).tzinfo
    begin = datetime.combine(month, datetime.min.time(), zone)
    end = datetime.combine((month + timedelta(days=32)).replace(day=1), begin.time(), zone)
    seen, args = await access.seen_by(actor, at)
    rows = await db.fetch(
        f"{_ASSIGNED} AND {seen} ORDER BY f.sent_at, m.number",
        end,
        site_id,
        ASSIGNMENT,
        begin,
        end,
        *args,
    )
    lines = await lines_of([row["matter"] for row in rows], actor, at)
    found = []
    for row in rows:
        if line := lines.get(row["matter"]):
            found.append(
                (
                    line.number,
                    named([line.petitioner] if line.petitioner else [], line.heads),
                    line.title,
                    row["unit"],
                    chinese_date(site_time(row["sent_at"]).date()),
                    chinese_date(row["due_on"]) if row["due_on"] else "",
                    states.STAGES[line.stage].translate("zh_Hans"),
                    "已督办" if row["supervised"] else "",
                )
            )
    data = {
        "office": await office_of(site_id),
        "period": f"{month.year}年{month.month}月",
        "rows": tuple(found),
    }
    return await issuing.drawn(kind("assigned_list"), data, at=at)


router = Router(path="/government", route_handlers=[print_month])
