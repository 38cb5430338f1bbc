"""What a login may look like."""

import re

from core.i18n import N_
from core.text import TextError

NOT_A_LOGIN = N_("A login has 2 to 60 letters, digits, dots, hyphens or @.")
_LOGIN = re.compile(r"[\w.@-]{2,60}")


def known_form(text: str) -> str:
    """Return what was typed as login in its one form; empty for what no login can be."""
    login = text.strip().casefold()
    return login if _LOGIN.fullmatch(login) else ""


def clean_login(text: str) -> str:
    """Return a login in its one form, or raise TextError for what no login can be."""
    if not (login := known_form(text)):
        raise TextError("not_a_login", NOT_A_LOGIN)
    return login
