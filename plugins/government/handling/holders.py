"""Who answers for an item: core.holding and `Matter.holder`, always changed together (GOV-54).

Judges nothing: `handing.hand_to` does. The reception room is the unit of kind office.
"""

from datetime import datetime
from uuid import UUID

from core.holding import queries as held
from core.holding import services as holding
from core.holding.facts import Chain, Holder
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.facts import MATTER
from plugins.government.matters.tables import Matter
from plugins.government.units import queries as units
from plugins.government.units.facts import OFFICE, UnitLine

UNIT = "government_unit"


def holder_of(unit: UnitLine) -> Holder:
    """Return a unit as the holding room knows it."""
    return Holder(UNIT, str(unit.id), unit.name)


async def office_of(site_id: UUID) -> UnitLine | None:
    """Return the reception room of a site; None where none was entered."""
    found = await units.units(OFFICE, site_id=site_id)
    return found[0] if found else None


async def take_first(row: Matter, *, actor: Actor, at: datetime) -> None:
    """Let the reception room answer for what it registered; joins the caller's transaction."""
    office = await office_of(row.site)
    if office is None:
        return
    await holding.hold(MATTER, row.id, holder_of(office), domain=sealing.DOMAIN, actor=actor, at=at)
    row.holder = office.id
    await row.save([Matter.holder])


async def pass_to(
    row: Matter, unit: UnitLine, *, reason: str, returning: bool, actor: Actor, at: datetime
) -> None:
    """Let a unit answer for an item from now on; joins the caller's transaction."""
    if await held.current(MATTER, row.id) is None:
        await holding.hold(
            MATTER,
            row.id,
            holder_of(unit),
            reason=reason,
            domain=sealing.DOMAIN,
            actor=actor,
            at=at,
        )
    elif returning:
        await _return(row, unit, reason, actor, at)
    else:
        await holding.pass_on(MATTER, row.id, holder_of(unit), reason=reason, actor=actor, at=at)
    row.holder = unit.id
    await row.save([Matter.holder])


async def _return(row: Matter, unit: UnitLine, reason: str, actor: Actor, at: datetime) -> None:
    """Give back step by step until the unit has it that a return is meant for."""
    for _ in range(len((await held.history(MATTER, row.id, at=at)).spans)):
        giver = await holding.give_back(MATTER, row.id, reason=reason, actor=actor, at=at)
        if giver.id == str(unit.id):
            return


async def put_in_charge(
    row: Matter, person: UUID | None, name: str, *, actor: Actor, at: datetime
) -> None:
    """Name who is in charge at the unit; the first ever named stays on the item (首办责任)."""
    if await held.current(MATTER, row.id) is not None:
        await holding.put_in_charge(MATTER, row.id, person=person, name=name, actor=actor, at=at)
    if row.first_handler is None and person is not None:
        row.first_handler, row.first_handler_name = person, name
        await row.save([Matter.first_handler, Matter.first_handler_name])


async def counted(
    row: Matter, was_open: bool, is_open: bool, *, actor: Actor, at: datetime
) -> None:
    """Let an item's age count no further once it is closed, and on when it is open again."""
    now = await held.current(MATTER, row.id)
    if now is None:
        return
    if was_open and not is_open and now.ended_at is None:
        await holding.end(MATTER, row.id, actor=actor, at=at)
    elif is_open and now.ended_at is not None:
        await holding.reopen(MATTER, row.id, actor=actor, at=at)


async def chain(matter_id: UUID, *, at: datetime) -> Chain | None:
    """Return who held an item, with the days of each; None when no unit ever did."""
    if await held.current(MATTER, matter_id) is None:
        return None
    return await held.history(MATTER, matter_id, at=at)
