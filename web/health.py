"""Whether this process lives, and whether it can serve: for supervisors and load balancers."""

from litestar import Router, get


@get("/health/live", public=True)
async def live() -> dict[str, str]:
    """Answer as long as the process does."""
    return {"status": "ok"}


router = Router(path="", route_handlers=[live])
