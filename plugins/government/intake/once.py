"""A form that is sent twice is entered once: by a double click, the back button, a repeated request.

The id of what a form enters is made of an id that its page was drawn with and of all that was typed:
whoever goes back and writes another letter into the form enters another one.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from core import db
from core.errors import InvalidInputError
from core.i18n import N_
from plugins.government.inputs import uuid_in
from plugins.government.matters.tables import Contact

_NOT_SAID = frozenset({"_csrf_token", "do", "once"})
SENT_TWICE = N_("This form was sent twice; what it says was entered once.")


class SentAlreadyError(InvalidInputError):
    """The same form sent again; what it says was entered as this contact."""

    def __init__(self, contact_id: UUID) -> None:
        super().__init__({"": N_("This form was sent already.")})
        self.contact_id = contact_id


def contact_of(data: Mapping[str, Any]) -> UUID | None:
    """Return the id of the contact that a form enters; None for one that bears no id of its own."""
    drawn = uuid_in(data, "once")
    if drawn is None:
        return None
    typed = sorted((k, v) for k, v in data.items() if isinstance(v, str) and k not in _NOT_SAID)
    return uuid5(drawn, json.dumps(typed))


async def refuse_again(contact_id: UUID | None) -> None:
    """Raise SentAlreadyError for what was entered already; call it first in the act's transaction."""
    if contact_id is None:
        return
    await one_by_one(contact_id)
    if await Contact.exists().where(Contact.id == contact_id):
        raise SentAlreadyError(contact_id)


async def one_by_one(contact_id: UUID) -> None:
    """Let a form that is sent twice at once wait for itself; SQLite has one writer at a time anyway."""
    if not db.is_sqlite():
        await db.fetch("SELECT pg_advisory_xact_lock({})", contact_id.int % 2**63)
