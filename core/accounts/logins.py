"""What a login may look like."""

import re

from core.i18n import N_
from core.text import TextError

_LOGIN = re.compile(r"[\w.@-]{2,60}")


def clean_login(text: str) -> str:
    """Return a login in its one form, or raise TextError for one that cannot be typed safely."""
    login = text.casefold()
    if not _LOGIN.fullmatch(login):
        raise TextError(
            "not_a_login", N_("A login has 2 to 60 letters, digits, dots, hyphens or @.")
        )
    return login
