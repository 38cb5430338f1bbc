"""Work that goes on while the server runs: each job is started with the application and ends with it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from core import clock
from core.accounts import limits, sessions
from core.settings import Settings
from core.sites.queries import plugins_off
from web.plugins import WebPlugins

logger = structlog.get_logger(__name__)

# A job runs until `stop` is set; one that fails is started again, later each time.
Job = Callable[[Settings, WebPlugins, asyncio.Event], Awaitable[None]]
LONGEST_PAUSE = 60.0
STOP_SECONDS = 2.0
SWEEP_SECONDS = 3600.0
WATCH_SECONDS = 15.0
MINUTE = 60.0
DAY = 86400.0
SWITCHES_SECONDS = 5.0
KEPT = timedelta(days=30)


async def seal_log(settings: Settings, _: WebPlugins, stop: asyncio.Event) -> None:
    """Chain and sign the log a second behind the acts."""
    from core.log import seal

    await seal.run(stop, settings.checkpoints_path)


async def work_outbox(settings: Settings, plugins: WebPlugins, stop: asyncio.Event) -> None:
    """Send notices and tell plugins of events."""
    from core.notices import outbox, smtp, webhook
    from core.notices.services import EMAIL, WEBHOOK

    channels = {EMAIL: smtp.channel(settings)} if settings.smtp_host else {}
    if settings.webhooks:
        channels[WEBHOOK] = webhook.channel(settings)
    worker = outbox.Outbox(plugins, channels, base_url=settings.base_url, locale=settings.locale)
    await worker.run(stop)


async def sweep(_: Settings, __: WebPlugins, stop: asyncio.Event) -> None:
    """Forget sessions and buckets that ended long ago."""
    while not stop.is_set():
        before = clock.now() - KEPT
        await sessions.forget_old(before=before)
        await limits.forget_full(before=before)
        await _rest(stop, SWEEP_SECONDS)


async def sweep_files(_: Settings, __: WebPlugins, stop: asyncio.Event) -> None:
    """Remove each day the bytes that no row names, as a crash may leave them."""
    from core.attachments import services as attachments

    while not stop.is_set():
        await attachments.sweep()
        await _rest(stop, DAY)


async def watch_waiting(_: Settings, plugins: WebPlugins, stop: asyncio.Event) -> None:
    """Tell hosts, then the desk, of visitors who wait too long."""
    from core.registrations import waiting

    while not stop.is_set():
        await waiting.alert(at=clock.now(), roles=plugins.register_roles())
        await _rest(stop, WATCH_SECONDS)


async def pass_appointments(_: Settings, plugins: WebPlugins, stop: asyncio.Event) -> None:
    """Note who did not come, and let proposals lapse that nobody answered."""
    from core.appointments import passing

    while not stop.is_set():
        await passing.note_absent(at=clock.now(), plugins=plugins)
        await passing.expire_unanswered(at=clock.now(), plugins=plugins)
        await _rest(stop, MINUTE)


async def follow_switches(_: Settings, plugins: WebPlugins, stop: asyncio.Event) -> None:
    """Hear of plugins switched on or off at a site by another process."""
    while not stop.is_set():
        await _rest(stop, SWITCHES_SECONDS)
        plugins.switch_off(await plugins_off())


async def let_go(settings: Settings, plugins: WebPlugins, stop: asyncio.Event) -> None:
    """Erase each night what has been kept long enough."""
    from core.privacy import retention

    while not stop.is_set():
        await retention.nightly(plugins=plugins, at=clock.now(), zone=settings.zone)
        await _rest(stop, MINUTE)


async def minutes(settings: Settings, plugins: WebPlugins, stop: asyncio.Event) -> None:
    """Let the plugins do what is due, once a minute."""
    while not stop.is_set():
        await plugins.on_minute(clock.local(clock.now(), settings.zone))
        await _rest(stop, MINUTE)


async def send_digests(settings: Settings, plugins: WebPlugins, stop: asyncio.Event) -> None:
    """Write each working morning to everybody what is due from them."""
    from web.digest import Digests

    digests = Digests(plugins, settings)
    while not stop.is_set():
        await digests.send(at=clock.now())
        await _rest(stop, MINUTE)


async def make_papers(_: Settings, plugins: WebPlugins, stop: asyncio.Event) -> None:
    """Make the papers that were issued and that nobody has opened yet."""
    from core.documents import issuing

    while not stop.is_set():
        await issuing.make_waiting(plugins, at=clock.now())
        await _rest(stop, MINUTE)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


JOBS: tuple[tuple[str, Job], ...] = (
    ("log", seal_log),
    ("outbox", work_outbox),
    ("sweep", sweep),
    ("files", sweep_files),
    ("waiting", watch_waiting),
    ("appointments", pass_appointments),
    ("minutes", minutes),
    ("digests", send_digests),
    ("papers", make_papers),
    ("retention", let_go),
    ("switches", follow_switches),
)


@asynccontextmanager
async def running(
    settings: Settings, plugins: WebPlugins, jobs: Sequence[tuple[str, Job]]
) -> AsyncIterator[None]:
    """Run the jobs while the block lasts; what is not done two seconds after it is cut off."""
    stop = asyncio.Event()
    tasks = [
        asyncio.create_task(_supervised(name, job, settings, plugins, stop), name=name)
        for name, job in jobs
    ]
    try:
        yield
    finally:
        stop.set()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def _supervised(
    name: str, job: Job, settings: Settings, plugins: WebPlugins, stop: asyncio.Event
) -> None:
    pause = 1.0
    while not stop.is_set():
        started = clock.monotonic()
        try:
            await job(settings, plugins, stop)
            return
        except Exception as error:
            logger.error("job_failed", job=name, exc_info=error)
        if clock.monotonic() - started > LONGEST_PAUSE:
            pause = 1.0
        await _rest(stop, pause)
        pause = min(pause * 2, LONGEST_PAUSE)
