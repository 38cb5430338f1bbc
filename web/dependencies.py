"""What a handler may take by name: actor, now, locale, flash, plugins, settings, keyring."""

from collections.abc import Callable
from datetime import datetime

from litestar.di import Provide

from core.i18n import Message
from core.permissions import Actor
from core.privacy import keys
from core.settings import Settings
from web.current import Current, current
from web.current import locale as current_locale
from web.live import Broadcaster
from web.plugins import WebPlugins
from web.sessions import Authentication


def _actor() -> Actor:
    return current().actor


def _now() -> datetime:
    return current().now


def _flash() -> Callable[[str, Message], None]:
    return current().flashes.add


def _current() -> Current:
    return current()


def providers(
    settings: Settings,
    plugins: WebPlugins,
    authentication: Authentication,
    broadcaster: Broadcaster,
) -> dict[str, Provide]:
    """Return the named dependencies of every handler."""
    made = {
        "actor": _actor,
        "now": _now,
        "locale": current_locale,
        "flash": _flash,
        "current": _current,
        "plugins": lambda: plugins,
        "settings": lambda: settings,
        "keyring": keys.keyring,
        "authentication": lambda: authentication,
        "broadcaster": lambda: broadcaster,
    }
    return {name: Provide(function, sync_to_thread=False) for name, function in made.items()}
