"""An item has come to its end, in whatever way: nothing of it waits for anybody any more."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.approvals import services as approvals
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins
from plugins.government import clocks
from plugins.government.facts import MATTER
from plugins.government.handling import ending, ending_rest
from plugins.government.handling.facts import ENDED
from plugins.government.matters.access import places
from plugins.government.matters.tables import Matter
from plugins.government.opinions.facts import DRAFT, VOID, WAITING
from plugins.government.opinions.tables import Opinion, ReviewRequest

REPLY = "government.reply"  # a letter to the petitioner is signed and goes out all the same


async def end(row: Matter, *, actor: Actor, at: datetime, plugins: Plugins) -> None:
    """End what other rooms still have open of an item that ended; joins the act's transaction.

    Whoever has it no longer owes a result; supervisions, coordinations, joint receptions end; nobody
    signs any more; drafts are void, reviews over, clocks stopped. What is told to the petitioner and
    what is owed on paper goes on.
    """
    await ending.end(row.id, state=ENDED, actor=actor, at=at)
    await ending_rest.end(row.id, actor=actor, at=at)
    for request in await _requests(row.id):
        await approvals.withdraw(request, actor=SYSTEM, at=at, plugins=plugins, reason="closed")
    await Opinion.update({Opinion.state: VOID}).where(
        Opinion.matter == row.id, Opinion.state.is_in([DRAFT, WAITING])
    )
    await ReviewRequest.update({ReviewRequest.state: "ended"}).where(
        ReviewRequest.matter == row.id, ReviewRequest.state == "open"
    )
    await clocks.cancel_all(row.id, reason="closed", actor=actor, at=at)


async def _requests(matter_id: UUID) -> list[UUID]:
    """Return what still waits for signatures about an item, its clocks and its supervisions."""
    own = await db.fetch(
        "SELECT id FROM deadline WHERE record_kind = {} AND record = {}", MATTER, str(matter_id)
    )
    watched = await db.fetch("SELECT id FROM government_supervision WHERE matter = {}", matter_id)
    return [
        *await _about(MATTER, [str(matter_id)]),
        *await _about("deadline", [str(one["id"]) for one in own]),
        *await _about(ending_rest.SUPERVISION, [str(one["id"]) for one in watched]),
    ]


async def _about(kind: str, records: Sequence[str]) -> list[UUID]:
    if not records:
        return []
    rows = await db.fetch(
        "SELECT id FROM approval_request WHERE record_kind = {}"
        f" AND record IN ({places(records)}) AND state IN ('open', 'sent_back') AND kind <> {{}}",
        kind,
        *records,
        REPLY,
    )
    return [row["id"] for row in rows]
