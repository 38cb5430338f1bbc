"""What stands in a page's address, read mildly: whatever is no day or no text counts as left out."""

from datetime import date, datetime, time, timedelta
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
