"""The application: the only module that puts core, plugins and web together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from litestar import Litestar, Request
from litestar.types import Message as ASGIMessage
from litestar.types import Receive, Scope, Send

from core import clock, db, hiding, i18n
from core import settings as core_settings
from core.accounts import passwords
from core.installation import opened
from core.settings import Settings
from core.sites.queries import plugins_off
from web import background, errors
from web.api import openapi
from web.current import CURRENT
from web.dependencies import providers
from web.guards import access_guard, refuse_undeclared
from web.inbound import Inbound
from web.live import Broadcaster
from web.metrics import REQUESTS
from web.opening import Doors
from web.plugins import WebPlugins, load
from web.templating import PageEnvironment, template_config

logger = structlog.get_logger(__name__)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET_ROUTES = ("/static", "/health", "/metrics", "/gate/api/scan")
MAX_BODY = 1_000_000  # bytes; a handler that takes files says so itself


class Laifang(Litestar):
    """Litestar, reading every request before it is routed.

    Its middleware begins only behind the router, so that a 404 page would know neither reader nor
    language.
    """

    inbound: Inbound
    broadcaster: Broadcaster

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one ASGI event stream."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        scope["app"] = scope["litestar_app"] = self
        scope.setdefault("state", {})
        now, headers = self.inbound.read(scope)
        token = CURRENT.set(now)

        started = clock.monotonic()
        status = 0

        async def completed(message: ASGIMessage) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self.inbound.completed(now, message["headers"])
            await send(message)

        try:
            with structlog.contextvars.bound_contextvars(request_id=now.request_id):
                try:
                    await self.inbound.admit(now, headers)
                except Exception as error:
                    await self._refuse(error, scope, receive, completed)
                else:
                    await super().__call__(scope, receive, completed)
                _note(scope, status, clock.monotonic() - started)
        finally:
            CURRENT.reset(token)

    async def _refuse(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        request: Request[Any, Any, Any] = Request(scope, receive, send)
        response = errors.answer(request, error)
        await response.to_asgi_response(app=None, request=request)(scope, receive, send)


def _note(scope: Any, status: int, seconds: float) -> None:
    route = scope.get("path_template") or "-"
    method = scope["method"] if scope["method"] in METHODS else "-"
    REQUESTS.labels(route, method, f"{status // 100}xx").observe(seconds)
    if not route.startswith(QUIET_ROUTES):
        logger.info(
            "request", method=method, route=route, status=status, ms=round(seconds * 1000, 1)
        )


def create_app(
    settings: Settings | None = None,
    plugins: WebPlugins | None = None,
    *,
    with_background: bool = True,
) -> Laifang:
    """Return the application. What is not given is read from the environment.

    Starting it opens the keyring and the database unless they are open already.
    """
    settings = settings or core_settings.load()
    plugins = plugins or load(settings)
    i18n.add_catalogs([part / "locale" for part in plugins.folders])
    passwords.configure(settings)
    inbound = Inbound(settings, plugins.register_roles())
    broadcaster = Broadcaster()
    environment = PageEnvironment(
        [part / "templates" for part in plugins.folders],
        settings,
        plugins.register_navigation(),
    )

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        async with opened(settings, database=not db.is_open()):
            plugins.switch_off(await plugins_off())
            jobs = background.JOBS if with_background else []
            with hiding.asking(plugins):
                async with background.running(settings, plugins, jobs):
                    yield

    app = Laifang(
        route_handlers=openapi.described(plugins.register_routes()),
        dependencies=providers(settings, plugins, inbound.authentication, broadcaster),
        guards=[access_guard],
        exception_handlers={Exception: errors.answer},
        lifespan=[lifespan],
        template_config=template_config(environment),
        request_max_body_size=MAX_BODY,
        multipart_form_part_limit=200,
        openapi_config=openapi.config(),
        include_in_schema=False,
        logging_config=None,
        debug=False,
    )
    app.inbound, app.broadcaster = inbound, broadcaster
    environment.doors = Doors(app)
    openapi.describe_problems(app)
    refuse_undeclared(app, (permission.name for permission in plugins.register_permissions()))
    return app
