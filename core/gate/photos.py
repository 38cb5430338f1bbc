"""Addresses of photos for the gate's screen, which has no page session: a mark opens one for a day."""

from datetime import date, timedelta
from uuid import UUID

from core import clock
from core.privacy.crypto import Purpose
from core.privacy.keys import keyring

PATH = "/gate/api/photos"


def _day(days_ago: int = 0) -> str:
    day: date = clock.now().date() - timedelta(days=days_ago)
    return day.isoformat()


def photo_path(attachment_id: UUID | None) -> str:
    """Return where the gate finds a holder's photo today and tomorrow; empty where there is none."""
    if attachment_id is None:
        return ""
    mark = keyring().mark(Purpose.LINK, "gate-photo", str(attachment_id), _day())
    return f"{PATH}/{attachment_id}/{mark}"


def is_photo_mark(attachment_id: UUID, mark: str) -> bool:
    """Say whether a mark opens this photo now."""
    return any(
        keyring().is_mark(mark, Purpose.LINK, "gate-photo", str(attachment_id), _day(ago))
        for ago in (0, 1)
    )
