"""The application served from a thread of the test itself, so that the test holds its clock."""

import asyncio
import threading
from dataclasses import replace
from datetime import datetime, timedelta

import uvicorn

from core import clock
from core import settings as core_settings
from tests.servers import free_port
from web.app import create_app
from web.plugins import load


class ServerHere:
    """A real HTTP server on a port of its own; its time is the test's (`travel`)."""

    def __init__(self, database_url, data_dir, *, port=None, organisation="第一中学"):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = replace(
            core_settings.load(),
            data_dir=data_dir,
            database_url=database_url,
            base_url=self.url,
            organisation_name=organisation,
            password_memory_kib=8,
            password_rounds=1,
        )
        self.plugins = load(self.settings)
        self.zone = self.settings.zone
        self._ready = threading.Event()
        self._failed = None
        self._server = None
        self._thread = None

    def start(self):
        """Serve until `stop`; background jobs do not run, the test lets minutes pass itself."""
        self._ready.clear()
        self._thread = threading.Thread(target=self._run, name="laifang-here", daemon=True)
        self._thread.start()
        assert self._ready.wait(30), "the server did not start"
        if self._failed is not None:
            raise self._failed

    def _run(self):
        async def serve():
            self.loop = asyncio.get_running_loop()
            app = create_app(self.settings, self.plugins, with_background=False)
            config = uvicorn.Config(
                app, host="127.0.0.1", port=self.port, log_config=None, lifespan="on",
                access_log=False, timeout_graceful_shutdown=2,
            )  # fmt: skip
            self._server = uvicorn.Server(config)
            task = asyncio.create_task(self._server.serve())
            while not self._server.started and not task.done():
                await asyncio.sleep(0.02)
            self._ready.set()
            await task

        try:
            asyncio.run(serve())
        except BaseException as error:
            self._failed = error
            self._ready.set()

    def stop(self):
        """Stop serving; what was asked is answered first."""
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive(), "the server did not stop"

    def do(self, work):
        """Run a coroutine beside the requests, on the server's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def travel(self, to: datetime):
        """Let it be another moment; whatever falls due by the minute is done then."""
        clock.CLOCK.travel(to, running=True)
        self.minute()

    def minute(self):
        """Let the plugins do what is due, as each minute of a running server."""
        self.do(self.plugins.on_minute(clock.local(clock.now(), self.zone)))

    def at(self, hours: str) -> datetime:
        """Return a time of today, such as `07:10`, in the site's zone."""
        today = clock.local(clock.now(), self.zone)
        hour, minute = map(int, hours.split(":"))
        return today.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def later(self, **span):
        """Let so much time pass."""
        self.travel(clock.now() + timedelta(**span))
