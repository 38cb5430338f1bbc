"""Whoever signs has the text before them: who may read it, and the mark by which their form says so."""

from uuid import UUID

from core.approvals.queries import Shown
from core.errors import InvalidInputError
from core.i18n import N_
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.facts import MATTER
from plugins.government.matters.readers import readers

_ANEW = N_("This is not the text that you had before you. Read it as it stands here, then sign.")


def mark(request: Shown, text: object, actor: Actor) -> str:
    """Return what a form carries of the text that its reader signs: theirs alone, as it stands now."""
    said = repr((request.id, request.round, actor.id, text))
    return sealing.index_of("read", said) or ""


def require_read(given: str, request: Shown, text: object, actor: Actor) -> None:
    """Raise InvalidInputError unless a form was made from the page with this very text."""
    if given != mark(request, text, actor):
        raise InvalidInputError({"": _ANEW})


async def reads_for_another(request: Shown, matter_id: UUID, actor: Actor) -> bool:
    """Say whether somebody stands in for a signer who may see the item: then they read what they sign."""
    others = [holder for holder, _ in request.open_seats if holder != actor.id]
    found = await readers(MATTER, [str(matter_id)], others) if others else None
    return bool(found and found[str(matter_id)])
