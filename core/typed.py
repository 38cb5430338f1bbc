"""What stands in a page's address or form, read mildly: whatever makes no sense counts as left out."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core.text import TextError, clean_line

_YEARS = range(2000, 2200)


def line(text: str, most: int = 100) -> str:
    """Return a typed text, cleaned; empty where it cannot be one."""
    try:
        return clean_line(text, most)
    except TextError:
        return ""


def day(text: str) -> date | None:
    """Return a day written as 2026-11-23, within these centuries."""
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.year in _YEARS else None


def span(first: str, last: str, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """Return the moments between which days from `first` to `last` lie; `last` empty means one day."""
    begins, ends = day(first), day(last or first)
    return (
        datetime.combine(begins, time(), zone) if begins else None,
        datetime.combine(ends + timedelta(days=1), time(), zone) if ends else None,
    )


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


def day_in(query: Mapping[str, Any], name: str, default: date) -> date:
    """Return a day from an address or form, else the default."""
    return day(str(query.get(name, ""))) or default
