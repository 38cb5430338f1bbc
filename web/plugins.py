"""The plugins together with what they add to the pages: the typed callers of web/hookspecs.py."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from litestar import Router

from core.asking import PluginError
from core.navigation import Home, HomeCard, HomeItem, HomePage, NavigationItem, PublicEntry
from core.permissions import Actor
from core.plugins import Plugins, installed
from core.settings import Settings
from web import hookspecs

logger = structlog.get_logger()
_URGENCY = {"danger": 0, "warning": 1, "info": 2}


class WebPlugins(Plugins):
    """Plugins of an application with pages; the core's own pages join through the same hooks."""

    def __init__(self, modules: Mapping[str, Any]) -> None:
        from web import default_plugin  # its pages import this module for its type

        super().__init__(modules)
        self.manager.add_hookspecs(hookspecs)
        self.manager.register(default_plugin, "web")
        self.manager.check_pending()

    @property
    def names(self) -> list[str]:
        """The names of the plugins, without the core and its pages, a to z."""
        return [name for name in super().names if name != "web"]

    @property
    def folders(self) -> list[Path]:
        """Where the parts lie that implement hooks: core, web, then the plugins, a to z."""
        modules = [module for _, module in reversed(self.manager.list_name_plugin())]
        return [Path(str(file)).parent for m in modules if (file := getattr(m, "__file__", None))]

    def register_routes(self) -> list[Router]:
        """Return the routers of all parts."""
        routers: list[Router] = []
        for name, function in self._impls("register_routes"):
            try:
                routers.extend(function())
            except Exception as error:
                raise PluginError(f"{name}.register_routes failed: {error!r}") from error
        return routers

    def register_navigation(self) -> list[NavigationItem]:
        """Return every entry of the menu in the order it is drawn."""
        items: list[NavigationItem] = self._registered(
            "register_navigation", lambda item: str(item.path)
        )
        return sorted(items, key=lambda item: (item.order, item.path))

    def register_homes(self) -> list[Home]:
        """Return the first pages of roles in the order that somebody with several is offered them."""
        homes: list[Home] = self._registered("register_homes", lambda home: str(home.role))
        return sorted(homes, key=lambda home: (home.order, home.role))

    async def home_of(self, home: Home, actor: Actor, at: datetime) -> HomePage | None:
        """Return a role's first page, None where it failed: then the cards stand there."""
        try:
            return await home.collect(actor, at)
        except Exception as error:
            logger.error("home_failed", role=home.role, error=repr(error))
            return None

    async def collect_home_cards(self, actor: Actor) -> tuple[list[HomeCard], list[str]]:
        """Return what is due from a person, most urgent first, and the names of parts that failed."""
        cards, failed = await self._collected("collect_home_cards", lambda ask: ask(actor), None)
        due: list[HomeCard] = [card for card in cards if card.count]
        return sorted(due, key=lambda card: (_URGENCY.get(card.level, 2), card.order)), failed

    async def collect_first_steps(
        self, actor: Actor, sites: Collection[UUID]
    ) -> tuple[list[HomeItem], list[str]]:
        """Return what a person may still set up, and the names of parts that failed."""
        return await self._somewhere("collect_first_steps", lambda ask: ask(actor), sites)

    async def collect_public_entries(
        self, at: datetime, sites: Collection[UUID]
    ) -> list[PublicEntry]:
        """Return the pages for people without an account, in the order they are offered."""
        entries: list[PublicEntry]
        entries, _ = await self._somewhere("collect_public_entries", lambda ask: ask(at), sites)
        return sorted(entries, key=lambda one: (one.order, one.path))

    async def _somewhere(
        self,
        hook: str,
        call: Callable[[Callable[..., Any]], Awaitable[Sequence[Any]]],
        sites: Collection[UUID],
    ) -> tuple[list[Any], list[str]]:
        """Chain the answers of what is on at one of these sites, and name the parts that failed."""
        chained: list[Any] = []
        failed: list[str] = []
        for name, function in self._impls(hook):
            if sites and not any(self.is_on(name, site) for site in sites):
                continue
            try:
                chained += await call(function)
            except Exception as error:
                logger.error("hook_failed", hook=hook, plugin=name, error=repr(error))
                failed.append(name)
        return chained, failed


def load(settings: Settings) -> WebPlugins:
    """Load the installed plugins that the settings choose."""
    return WebPlugins(installed(settings.plugins))
