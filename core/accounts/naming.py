"""Finding the account that somebody means when they type a name or a login."""

from core import db
from core.accounts.holders import Holder
from core.accounts.logins import known_form
from core.i18n import N_, Message


async def meant(text: str) -> tuple[Holder | None, Message | None]:
    """Return the active account of this login or full name, or what to say to who typed it."""
    rows = await db.fetch(
        "SELECT id, login, name, email, locale FROM account"
        " WHERE active = {} AND (login = {} OR name = {}) LIMIT 3",
        True,
        known_form(text),
        text,
    )
    exact = [row for row in rows if row["login"] == known_form(text)] or rows
    if len(exact) == 1:
        one = exact[0]
        return Holder(
            id=one["id"], name=one["name"], email=one["email"], locale=one["locale"]
        ), None
    if exact:
        return None, N_("Several people have this name: give the login.")
    return None, N_("Nobody has this name or login.")
