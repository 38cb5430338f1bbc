"""How plugins are asked, the core first, then a to z, and what a fault does to each sort of hook."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any, TypeVar
from uuid import UUID

import pluggy
import structlog

from core import db
from core.decisions import Allow, Decision, Deny, Hold, gravest
from core.i18n import N_

logger = structlog.get_logger(__name__)

CHECK_SECONDS = 0.15
PLUGIN_ERROR = Hold(
    "plugin_error",
    N_("A check could not be completed. Decide yourself, and tell the administrator."),
    "CORE-22",
)

T = TypeVar("T")


class PluginError(Exception):
    """A plugin cannot be loaded; the text says which and why."""


class Asking:
    """Plugins in the order in which they are asked, the core first, then a to z."""

    def __init__(self, modules: Mapping[str, Any], specs: Iterable[ModuleType]) -> None:
        self.manager = pluggy.PluginManager("laifang")
        for spec in specs:
            self.manager.add_hookspecs(spec)
        # pluggy asks the last registered first.
        for name in sorted(modules, reverse=True):
            self.manager.register(modules[name], name)
        self._off: Mapping[UUID, frozenset[str]] = {}

    @property
    def names(self) -> list[str]:
        """The names of the plugins, without the core, a to z."""
        return sorted(name for name, _ in self.manager.list_name_plugin() if name != "core")

    def switch_off(self, off: Mapping[UUID, frozenset[str]]) -> None:
        """Leave plugins out at some sites, by site id."""
        self._off = off

    def is_on(self, plugin: str, site_id: UUID | None) -> bool:
        """Say whether a plugin is switched on at a site."""
        return site_id is None or plugin not in self._off.get(site_id, frozenset())

    def _impls(
        self, hook: str, site_id: UUID | None = None
    ) -> Iterable[tuple[str, Callable[..., Any]]]:
        caller: pluggy.HookCaller = getattr(self.manager.hook, hook)
        for impl in reversed(caller.get_hookimpls()):
            if self.is_on(impl.plugin_name, site_id):
                yield impl.plugin_name, impl.function

    def has(self, hook: str) -> bool:
        """Say whether anybody implements a hook."""
        return bool(getattr(self.manager.hook, hook).get_hookimpls())

    def _registered(self, hook: str, key: Callable[[Any], str]) -> list[Any]:
        """Chain what is named at start (register_); PluginError for a fault or a name given twice."""
        chained: list[Any] = []
        owner: dict[str, str] = {}
        for name, function in self._impls(hook):
            try:
                items = list(function())
            except Exception as error:
                raise PluginError(f"{name}.{hook} failed: {error!r}") from error
            for item in items:
                if (known := owner.setdefault(key(item), name)) != name or item in chained:
                    raise PluginError(f"{hook}: {key(item)} of {name} exists already in {known}.")
                chained.append(item)
        return chained

    async def _ask(
        self, hook: str, facts: Any, site_id: UUID | None, *, savepoint: bool
    ) -> Decision:
        """Return the gravest answer (check_); a fault, or one that comes too late, holds."""
        answers: list[Decision] = []
        for name, function in self._impls(hook, site_id):
            answer: Any = None
            try:
                async with asyncio.timeout(CHECK_SECONDS):
                    if savepoint and name != "core":
                        async with db.savepoint():
                            answer = await function(facts)
                    else:
                        answer = await function(facts)
                if answer is not None and not isinstance(answer, Allow | Hold | Deny):
                    raise TypeError(f"{hook} answered {type(answer).__name__}")
            except Exception as error:
                logger.error("hook_failed", hook=hook, plugin=name, error=repr(error))
                answer = PLUGIN_ERROR
            if answer is not None:
                answers.append(answer)
        return gravest(answers, getattr(facts, "released", ()))

    async def _collected(
        self,
        hook: str,
        call: Callable[[Callable[..., Any]], Awaitable[Sequence[T]]],
        site_id: UUID | None,
    ) -> tuple[list[T], list[str]]:
        """Chain the answers (collect_) and name those who failed; their part is left out."""
        chained: list[T] = []
        failed: list[str] = []
        for name, function in self._impls(hook, site_id):
            try:
                chained.extend(await call(function))
            except Exception as error:
                logger.error("hook_failed", hook=hook, plugin=name, error=repr(error))
                failed.append(name)
        return chained, failed
