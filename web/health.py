"""Whether this process lives, and whether it can serve: for supervisors and load balancers."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from litestar import Response, Router, get
from litestar.di import NamedDependency

from core import clock, db
from core.schema import pending
from core.settings import Settings

logger = structlog.get_logger(__name__)

SECONDS_FOR_A_CHECK = 5
LEAST_FREE_BYTES = 200_000_000
LONGEST_QUEUED = timedelta(minutes=10)


@get("/health/live", public=True)
async def live() -> dict[str, str]:
    """Answer as long as the process does."""
    return {"status": "ok"}


@get("/health/ready", public=True)
async def ready(
    now: NamedDependency[datetime], settings: NamedDependency[Settings]
) -> Response[dict[str, str]]:
    """Say which of the things a server needs are there; 503 when one is not."""
    checks: dict[str, Callable[[], Awaitable[bool]]] = {
        "database": _database,
        "migrations": _migrations,
        "outbox": lambda: _outbox(now),
        "disk": lambda: _disk(settings.data_dir),
    }
    found = {
        name: "ok" if await _holds(name, check) else "failed" for name, check in checks.items()
    }
    return Response(found, status_code=503 if "failed" in found.values() else 200)


async def _holds(name: str, check: Callable[[], Awaitable[bool]]) -> bool:
    try:
        async with asyncio.timeout(SECONDS_FOR_A_CHECK):
            return await check()
    except Exception as error:
        logger.warning("not_ready", check=name, exc_info=error)
        return False


async def _database() -> bool:
    return bool(await db.fetch("SELECT 1 AS one"))


async def _migrations() -> bool:
    return not await pending()


async def _outbox(now: datetime) -> bool:
    """Say whether what is due is also sent: nothing waits for ten minutes past its time."""
    late = clock.to_ms(now - LONGEST_QUEUED)
    for table in ("notice", "outbox_event"):
        found = await db.fetch(
            f"SELECT 1 AS one FROM {table} WHERE state = 'queued' AND next_at < {{}}"  # noqa: S608
            " AND created_at < {} LIMIT 1",
            late,
            late,
        )
        if found:
            return False
    return True


async def _disk(folder: Path) -> bool:
    return await asyncio.to_thread(_free_bytes, folder) > LEAST_FREE_BYTES


def _free_bytes(folder: Path) -> int:
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


router = Router(path="", route_handlers=[live, ready])
