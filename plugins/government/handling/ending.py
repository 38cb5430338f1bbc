"""A unit has an item no longer: its forwarding ends, with the letter owed and the objection that waited."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from core.log.services import record
from core.permissions import Actor
from plugins.government import clocks
from plugins.government.facts import MATTER
from plugins.government.handling.facts import ENDED, OWED, TAKEN_BACK, WITH_UNIT
from plugins.government.handling.tables import Forwarding, Objection


async def end(
    matter_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    state: str = TAKEN_BACK,
    but: UUID | None = None,
    units: Collection[UUID] | None = None,
) -> None:
    """End the forwardings by which units have an item; joins the caller's transaction.

    `but` is one that goes on, `units` keeps to those of some units. `state`: taken back, then no letter
    is owed any more; or ended with the item. An objection nobody decided is granted by it: the unit
    has the item no longer.
    """
    found = await Forwarding.objects().where(
        Forwarding.matter == matter_id, Forwarding.state.is_in(list(WITH_UNIT))
    )
    ended = [one for one in found if one.id != but and (units is None or one.unit in units)]
    for made in ended:
        made.state, made.ended_at = state, at
        if state == TAKEN_BACK and made.letter == OWED:
            made.letter = ""
        made.version += 1
        await made.save(
            [Forwarding.state, Forwarding.ended_at, Forwarding.letter, Forwarding.version]
        )
        await _settle(made, actor, at)
    if ended or units is None:
        if state == ENDED:
            await clocks.finish(matter_id, clocks.REPORT, actor=actor, at=at)
        reason = state.replace("_", " ")
        await clocks.cancel(
            matter_id, clocks.REPORT, clocks.OBJECT, reason=reason, actor=actor, at=at
        )


async def _settle(made: Forwarding, actor: Actor, at: datetime) -> None:
    """Note that what a unit objected to came to it no more."""
    waiting = (Objection.forwarding == made.id) & Objection.decided_at.is_null()
    if not await Objection.exists().where(waiting):
        return
    await Objection.update(
        {
            Objection.granted: True,
            Objection.decided_at: at,
            Objection.decided_by_name: actor.name,
        }
    ).where(waiting)
    shown = {"granted": True}
    await record(actor, "government.objection", MATTER, made.matter, at=at, after=shown)
