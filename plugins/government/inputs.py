"""What the pages take by name or read from an address; no page of its own."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from litestar import Request
from litestar.params import URLEncodedBody

from core.i18n import N_, Message
from core.text import TextError
from core.typed import day
from core.typed import number_in as number_in
from core.typed import uuid_in as uuid_in

Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]
Query = Request[Any, Any, Any]


def typed(request: Query) -> dict[str, str]:
    """Return what an address asks for, as texts."""
    return {name: str(value) for name, value in request.query_params.items()}


def pages_of(total: int, size: int) -> int:
    """Return how many pages a list fills; an empty one fills one."""
    return max(1, -(-total // size))


def whole_in(query: Mapping[str, Any], name: str) -> int:
    """Return a whole number from an address or form; 0 for none or nonsense."""
    text = str(query.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def day_in(query: Mapping[str, Any], name: str, default: date | None = None) -> date | None:
    """Return a day from an address or form, else the default."""
    return day(str(query.get(name, ""))) or default


def clean_day(text: str) -> str:
    """Return a day as it is stored, or say how one is typed."""
    found = day(text)
    if found is None:
        raise TextError("no_day", N_("Type a day such as 2026-11-23."))
    return found.isoformat()
