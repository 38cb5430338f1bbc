"""Where Piccolo finds the engine and the apps; `core.db` names this module in PICCOLO_CONF."""

from typing import Any

from core.db import DB

__all__ = ["DB"]


def __getattr__(name: str) -> Any:
    """Load the apps only when Piccolo's commands ask: tables import the engine from here."""
    if name == "APP_REGISTRY":
        from piccolo.conf.apps import AppRegistry

        from core.schema import installed_apps

        return AppRegistry(apps=list(installed_apps()))
    raise AttributeError(name)
