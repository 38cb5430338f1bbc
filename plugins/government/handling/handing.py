"""Items handed from unit to unit, and the clocks of handling started.

`hand_to` is the one way in which an item comes to a unit. Nobody accused in it ever gets it (GOV-50).
"""

from datetime import datetime
from uuid import UUID

from core import db
from core.decisions import Deny
from core.errors import RefusedError
from core.i18n import N_
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.handling import holders, policies
from plugins.government.handling.facts import HandFacts
from plugins.government.matters import services as matters
from plugins.government.matters.tables import Matter, MatterUnit
from plugins.government.rights import HANDLE
from plugins.government.secrecy import policies as secrecy_policies
from plugins.government.secrecy import queries as secrecy
from plugins.government.units import queries as units
from plugins.government.units.facts import UnitLine


async def hand_facts(matter_id: UUID, unit: UnitLine, actor: Actor, at: datetime) -> HandFacts:
    """Return what is known when an item is to be handed to a unit."""
    handing = await secrecy.handing(matter_id, unit.id, at)
    return HandFacts(
        unit=unit.name,
        by_office=actor.kind == "system" or actor.may_at(HANDLE, unit.site_id),
        active=unit.active,
        accused=isinstance(secrecy_policies.may_hand_to(handing), Deny),
    )


async def refuse_accused(matter_id: UUID, unit: UnitLine, *, actor: Actor, at: datetime) -> None:
    """Raise RefusedError when a unit must not get an item; ask before `matters.concern`."""
    decision = policies.may_hand_to(await hand_facts(matter_id, unit, actor, at))
    if isinstance(decision, Deny):
        raise RefusedError(decision)


async def let_know(
    matter_id: UUID, unit: UnitLine, role: str, *, actor: Actor, at: datetime
) -> None:
    """Let a unit read an item beside the one that answers for it; refused to an accused one."""
    await refuse_accused(matter_id, unit, actor=actor, at=at)
    await matters.concern(matter_id, unit.id, at=at, role=role)


async def hand_to(
    row: Matter,
    unit_id: UUID,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    returning: bool = False,
) -> None:
    """Let a unit answer for a taken item from now on; joins the caller's transaction.

    `returning`: it goes back the way it came, which counts as a bounce. The unit that had it may
    still read what it did. RefusedError for an accused unit (GOV-50).
    """
    unit = await units.unit(unit_id)
    async with db.writing():
        await refuse_accused(row.id, unit, actor=actor, at=at)
        before = row.holder
        await holders.pass_to(row, unit, reason=reason, returning=returning, actor=actor, at=at)
        if before is not None:
            await MatterUnit.update({MatterUnit.until: at}).where(
                MatterUnit.matter == row.id, MatterUnit.unit == before, MatterUnit.until.is_null()
            )
        await matters.concern(row.id, unit_id, at=at)


async def begin_clocks(row: Matter, *, actor: Actor, at: datetime) -> None:
    """Start the clocks of an accepted item, each once; joins the caller's transaction.

    Informing counts from the day of registration, handling from acceptance, by statute and by the
    office's own limit (GOV-31).
    """
    known = {clock.name for clock in await clocks.of_matter(row.id, at=at)}
    accepted = site_time(row.accepted_at or at).date()
    for name, day, event in (
        (clocks.INFORM, row.day, N_("Registered")),
        (clocks.HANDLE, accepted, N_("Accepted")),
        (clocks.HANDLE_INTERNAL, accepted, N_("Accepted")),
    ):
        if f"government.{name}" not in known:
            await clocks.start(
                row.id,
                name,
                number=row.number,
                site_id=row.site,
                event=event,
                actor=actor,
                at=at,
                day=day,
            )
