"""What the pages take by name or read from an address; no page of its own."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.params import URLEncodedBody

from core.i18n import N_, Message
from core.text import TextError

Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]
Query = Request[Any, Any, Any]


def typed(request: Query) -> dict[str, str]:
    """Return what an address asks for, as texts."""
    return {name: str(value) for name, value in request.query_params.items()}


def uuid_in(query: Mapping[str, Any], name: str) -> UUID | None:
    """Return an id from an address or form; None for none or nonsense."""
    try:
        return UUID(str(query.get(name, "")))
    except ValueError:
        return None


def number_in(query: Mapping[str, Any], name: str, default: int = 1) -> int:
    """Return a number from 1 to a million from an address or form, else the default."""
    text = str(query.get(name, ""))
    if not text.isascii() or not text.isdigit() or not 0 < len(text) < 7:
        return default
    return max(int(text), 1)


def pages_of(total: int, size: int) -> int:
    """Return how many pages a list fills; an empty one fills one."""
    return max(1, -(-total // size))


def whole_in(query: Mapping[str, Any], name: str) -> int:
    """Return a whole number from an address or form; 0 for none or nonsense."""
    text = str(query.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def day_in(query: Mapping[str, Any], name: str, default: date | None = None) -> date | None:
    """Return a day from an address or form, else the default."""
    try:
        found = date.fromisoformat(str(query.get(name, "")))
    except ValueError:
        return default
    return found if 2000 <= found.year <= 2100 else default


def clean_day(text: str) -> str:
    """Return a day as it is stored, or say how one is typed."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise TextError("no_day", N_("Type a day such as 2026-11-23.")) from error
    if not 2000 <= day.year <= 2100:
        raise TextError("no_day", N_("Type a day such as 2026-11-23."))
    return day.isoformat()
