"""A host's own visitors: who waits for them and who is with them; reads only."""

from datetime import datetime
from typing import Any

from core import db
from core.permissions import Actor
from core.registrations.consent import OWN
from core.registrations.queries import COLUMNS, FROM, Card, card_of
from core.registrations.rulebook import Reception

_HERE = ("waiting", "held", "inside")


async def own_visitors(actor: Actor, *, now: datetime, times: Reception) -> list[Card]:
    """Return the visits to this host that wait or are inside, the longest waiting first.

    Why somebody is held is the desk's matter and left out.
    """
    if actor.host_id is None or not actor.may(OWN):
        return []
    places = ", ".join("{}" for _ in _HERE)
    args: list[Any] = [actor.host_id, *_HERE]
    rows = await db.fetch(
        f"SELECT {COLUMNS}{FROM} WHERE r.host = {{}} AND r.state IN ({places})"
        " ORDER BY r.created_at LIMIT 200",
        *args,
    )
    nothing = {"decision_code": "", "decision_reason": "", "decision_rule": ""}
    return [card_of({**row, **nothing}, now, times) for row in rows]
