"""Messages kept from one answer to the reader's next page, in a signed cookie."""

import base64
import json

from core.i18n import Message
from core.privacy.crypto import Purpose
from core.privacy.keys import keyring
from web.current import Current, Flashes

NAME = "flash"
_MOST = 5
_LONGEST = 3500


def read(cookies: dict[str, str]) -> Flashes:
    """Return the messages that the last answer left; what we did not sign is dropped."""
    mark, _, packed = cookies.get(NAME, "").partition("~")
    if not packed or not keyring().is_mark(mark, Purpose.SESSION, NAME, packed):
        return Flashes([])
    lines = json.loads(base64.urlsafe_b64decode(packed))
    return Flashes([(level, Message.load(text)) for level, text in lines])


def keep(now: Current) -> None:
    """Leave the messages that were not shown for the next page."""
    if not now.flashes.changed:
        return
    lines = [(level, message.dump()) for level, message in now.flashes.waiting[-_MOST:]]
    packed = base64.urlsafe_b64encode(json.dumps(lines).encode()).decode()
    kept = bool(lines) and len(packed) <= _LONGEST
    now.set_cookie(
        NAME,
        f"{keyring().mark(Purpose.SESSION, NAME, packed)}~{packed}" if kept else "",
        max_age=300 if kept else 0,
    )
