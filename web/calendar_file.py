"""One entry for somebody's own calendar (RFC 5545): when, where, and the address to read on."""

from datetime import UTC, datetime

from core.appointments.policies import Window

_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})
_LINE_BYTES = 74


def entry(*, uid: str, window: Window, title: str, place: str, url: str, now: datetime) -> str:
    """Return a calendar file that holds one event."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Laifang//Reception//EN",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(window.starts_at)}",
        f"DTEND:{_moment(window.ends_at)}",
        f"SUMMARY:{title.translate(_ESCAPED)}",
        f"LOCATION:{place.translate(_ESCAPED)}",
        f"URL:{url}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(_folded(line) for line in lines)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _folded(line: str) -> str:
    """Return a line in pieces of at most 75 bytes, never cut within a character."""
    pieces, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > _LINE_BYTES:
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece]) + "\r\n"
