"""A notice handed over at the desk: signed for, or refused before two of the staff (GOV-12).

It is noted with the numbered paper: delivery receipt, time line and query page read it there.
"""

from datetime import datetime
from uuid import UUID

from core import db
from core.documents import deliveries
from core.documents.facts import Delivery
from core.documents.tables import IssuedDocument
from core.errors import InvalidInputError, WrongStateError
from core.i18n import N_
from core.permissions import Actor
from plugins.government.matters import services as matters
from plugins.government.matters.tables import Contact
from plugins.government.papers.kinds import KINDS
from plugins.government.people import services as people
from plugins.government.screening.facts import DECLINED, RECEIPTS
from plugins.government.screening.tables import Told

_DELIVERED = {kind.name for kind in KINDS if kind.receipt}
_DECLINED = "信访人拒绝签收"


async def receivers_of(contact_id: UUID | None, actor: Actor) -> str:
    """Return who received the visit at which something was told; else who tells it."""
    if contact_id is None:
        return actor.name
    row = await Contact.objects().get(Contact.id == contact_id)
    return (row.receivers if row is not None else "") or actor.name


async def note(told: Told, receipt: str, *, actor: Actor, at: datetime) -> None:
    """Note with its paper how a notice was taken; joins the caller's transaction."""
    if receipt not in RECEIPTS:
        raise InvalidInputError({"receipt": N_("Please choose one of the options.")})
    person = await people.petitioner(told.petitioner)
    declined = receipt == DECLINED
    delivery = Delivery(
        method="direct",
        at=at,
        receiver="" if declined else person.name,
        refused=declined,
        reason=_DECLINED if declined else "",
        witness=await receivers_of(told.contact, actor) if declined else "",
    )
    await deliveries.note(told.document, delivery, actor=actor, at=at)


async def hand_over(told_id: UUID, receipt: str, *, actor: Actor, at: datetime) -> UUID:
    """Note how the petitioner took a notice that was given to them; return its item."""
    async with db.writing():
        row = await Told.objects().get(Told.id == told_id)
        if row is None or row.document is None or row.petitioner is None:
            raise InvalidInputError({"receipt": N_("There is no written notice to hand over.")})
        matter = await matters.take(row.matter, actor, at)
        paper = await IssuedDocument.objects().get(IssuedDocument.id == row.document)
        if paper is None or paper.kind not in _DELIVERED:
            raise InvalidInputError({"receipt": N_("There is no written notice to hand over.")})
        if await deliveries.delivered_at(row.document) is not None:
            raise WrongStateError(N_("Its delivery is on record already."))
        await note(row, receipt, actor=actor, at=at)
    return UUID(str(matter.id))
