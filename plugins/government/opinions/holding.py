"""Who speaks for a body in this room, and handing an item to the body that answers for it next."""

from datetime import datetime
from uuid import UUID

from core.decisions import Deny
from core.errors import NotFoundError
from core.i18n import N_
from core.permissions import Actor
from plugins.government.handling import holders
from plugins.government.matters import access, services
from plugins.government.matters.tables import Matter
from plugins.government.rights import HANDLE, UNIT
from plugins.government.secrecy import policies as secrecy_policies
from plugins.government.secrecy import queries as secrecy
from plugins.government.secrecy.services import refuse_accused
from plugins.government.units.queries import unit as unit_line
from plugins.government.units.queries import units_of

_REASON = N_("The next body in the chain of opinions")


async def require_speaks_for(unit_id: UUID | None, actor: Actor, matter_id: UUID) -> None:
    """Raise NotFoundError unless somebody speaks for a body: its staff, or the office for all."""
    if actor.kind == "system" or await access.may_at(matter_id, HANDLE, actor):
        return
    if actor.may(UNIT) and unit_id is not None and unit_id in await units_of(actor):
        return
    raise NotFoundError


async def gets_back(row: Matter, unit_id: UUID | None, at: datetime) -> UUID | None:
    """Return who handles a revoked matter anew: whoever did, the reception room if they are accused."""
    if unit_id is None:
        return None
    handing = await secrecy.handing(row.id, unit_id, at)
    if not isinstance(secrecy_policies.may_hand_to(handing), Deny):
        return unit_id
    office = await holders.office_of(row.site)
    return office.id if office is not None else None


async def give(row: Matter, unit_id: UUID, why: str, *, actor: Actor, at: datetime) -> None:
    """Let a body answer for an item from now on; joins the act's transaction (GOV-54)."""
    await refuse_accused(row.id, unit_id, at)
    await services.concern(row.id, unit_id, at=at, role=why)
    if row.holder != unit_id:
        unit = await unit_line(unit_id)
        await holders.pass_to(
            row, unit, reason=_REASON.translate("zh_Hans"), returning=False, actor=actor, at=at
        )
        await services.change(row, "hold", {}, actor=actor, at=at, unit=unit_id)
