"""The cover of an item's file with its closing sheet, to be printed and bound."""

from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from core.errors import NotFoundError
from core.permissions import Actor
from plugins.government.archive import listing, queries
from plugins.government.archive.facts import GONE
from plugins.government.archive.rights import KEEP
from plugins.government.matters import queries as matters


@get("/matters/{matter_id:uuid}/file/cover", requires=KEEP)
async def print_cover(
    matter_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[bytes]:
    """Send the cover of a file; NotFoundError where there is none, or none any more."""
    await matters.matter(matter_id, actor, now)
    row = await queries.file_of(matter_id)
    if row is None or row.state == GONE:
        raise NotFoundError
    pdf = await listing.cover(row, queries.contents_of(row), actor=actor, at=now)
    headers = {
        "content-disposition": 'inline; filename="cover.pdf"',
        "cache-control": "private, no-store",
    }
    return Response(pdf, media_type="application/pdf", headers=headers)


router = Router(path="/government", route_handlers=[print_cover])
