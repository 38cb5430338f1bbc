"""Which pages open to whom: asked before a link to a record is shown, so that none leads to a shut door."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litestar import Litestar
from litestar.routes import HTTPRoute

from core.permissions import Actor
from web.guards import needed

_PLACE = re.compile(r"\{[^{}:]+(?::(\w+))?\}")
_TYPES = {"uuid": "[0-9a-fA-F-]{36}", "int": r"-?\d+", "path": ".+"}


@dataclass(frozen=True, slots=True)
class Door:
    """One page: the addresses it has, and the permissions of which one opens it; none: everybody."""

    address: re.Pattern[str]
    permissions: tuple[str, ...]
    places: int

    def opens(self, actor: Actor) -> bool:
        """Say whether somebody may open it."""
        return not self.permissions or any(actor.may(one) for one in self.permissions)


class Doors:
    """Every page of the application, by the first part of its address."""

    def __init__(self, app: Litestar) -> None:
        found: defaultdict[str, list[Door]] = defaultdict(list)
        for route in app.routes:
            if not isinstance(route, HTTPRoute):
                continue
            for handler in route.route_handlers:
                if "GET" in handler.http_methods:
                    found[_head(route.path)].append(_door(route.path, needed(handler)))
        # A page with an address of its own comes before one that takes any in its place.
        self._doors: Mapping[str, Sequence[Door]] = {
            head: sorted(doors, key=lambda door: door.places) for head, doors in found.items()
        }

    def open_to(self, actor: Actor | None, address: str) -> bool:
        """Say whether a page of this address opens to somebody; what is no page of ours does."""
        path = address.partition("?")[0].partition("#")[0]
        if actor is None or not path.startswith("/"):
            return True
        for door in self._doors.get(_head(path), ()):
            if door.address.fullmatch(path):
                return door.opens(actor)
        return True


def _head(path: str) -> str:
    return path.strip("/").partition("/")[0]


def _door(path: str, permissions: tuple[str, ...]) -> Door:
    pattern, end = "", 0
    places = 0
    for place in _PLACE.finditer(path):
        pattern += re.escape(path[end : place.start()]) + _TYPES.get(place[1] or "", "[^/]+")
        end, places = place.end(), places + 1
    return Door(re.compile(pattern + re.escape(path[end:])), permissions, places)
