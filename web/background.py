"""Work that goes on while the server runs: each job is started with the application and ends with it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import structlog

from core import clock
from core.settings import Settings
from web.plugins import WebPlugins

logger = structlog.get_logger(__name__)

# A job runs until it is cancelled; one that fails is started again, later each time.
Job = Callable[[Settings, WebPlugins], Awaitable[None]]
_LONGEST_PAUSE = 60.0
_MINUTE = 60.0


async def minutes(settings: Settings, plugins: WebPlugins) -> None:
    """Let the plugins do what is due, once a minute."""
    while True:
        await plugins.on_minute(clock.local(clock.now(), settings.zone))
        await asyncio.sleep(_MINUTE)


JOBS: list[tuple[str, Job]] = [("minutes", minutes)]


@asynccontextmanager
async def running(
    settings: Settings, plugins: WebPlugins, jobs: Sequence[tuple[str, Job]]
) -> AsyncIterator[None]:
    """Run the jobs while the block lasts."""
    tasks = [
        asyncio.create_task(_supervised(name, job, settings, plugins), name=name)
        for name, job in jobs
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _supervised(name: str, job: Job, settings: Settings, plugins: WebPlugins) -> None:
    pause = 1.0
    while True:
        started = clock.monotonic()
        try:
            await job(settings, plugins)
            return
        except Exception as error:
            logger.error("job_failed", job=name, exc_info=error)
        if clock.monotonic() - started > _LONGEST_PAUSE:
            pause = 1.0
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
