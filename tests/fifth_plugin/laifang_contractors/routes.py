"""The page of permits."""

from litestar import Router, get
from litestar.response import Template

from laifang_contractors import queries


@get("/", requires="contractors:permit:read")
async def permits() -> Template:
    """Show the permits, those that end first on top."""
    return Template("contractors/permits.html", context={"permits": await queries.running_out()})


router = Router(path="/contractors", route_handlers=[permits])
