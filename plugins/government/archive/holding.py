"""Legal holds on items: while one stands nothing of the item is destroyed (GOV-48)."""

from datetime import datetime
from uuid import UUID

from core import db
from core.errors import InvalidInputError, NotFoundError
from core.i18n import N_, Message
from core.permissions import Actor
from core.privacy import services as privacy
from core.privacy.queries import is_held
from core.privacy.tables import LegalHold
from plugins.government.archive.rights import KEEP
from plugins.government.facts import MATTER
from plugins.government.matters import services as matters

# Chosen, not typed: the log holds them.
WHYS: dict[str, Message] = {
    "court": N_("A court or review case goes on"),
    "inspection": N_("Wanted by discipline inspection or audit"),
    "archives": N_("The archives authority asked for it"),
}
# The condition that an item `m`, or somebody of its party, is under a hold.
ITEM_HELD = (
    "EXISTS (SELECT 1 FROM legal_hold h WHERE h.lifted_at IS NULL AND ("
    "(h.record_kind = 'government_matter' AND h.record = m.id) OR (h.record_kind = 'visitor'"
    " AND h.record IN (SELECT hp.visitor FROM government_petitioner hp"
    " WHERE hp.visitor IS NOT NULL AND (hp.id = m.petitioner OR hp.id IN"
    " (SELECT mp.petitioner FROM government_matter_person mp WHERE mp.matter = m.id))))))"
)
# The same for whoever wrote a contact `c`.
WRITER_HELD = (
    "EXISTS (SELECT 1 FROM legal_hold h JOIN government_petitioner hp ON hp.visitor = h.record"
    " WHERE h.lifted_at IS NULL AND h.record_kind = 'visitor' AND hp.id = c.petitioner)"
)


async def place(matter_id: UUID, why: str, *, actor: Actor, at: datetime) -> None:
    """Stop the destruction of an item's file until the hold is lifted."""
    if why not in WHYS:
        raise InvalidInputError({"why": N_("Please choose one of the options.")})
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        if not actor.may_at(KEEP, row.site):
            raise NotFoundError
        if not await is_held(MATTER, matter_id):
            reason = WHYS[why].translate("zh_Hans")
            await privacy.place_hold(MATTER, matter_id, reason=reason, actor=actor, at=at)


async def lift(matter_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Lift the holds on an item."""
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        if not actor.may_at(KEEP, row.site):
            raise NotFoundError
        for hold in await LegalHold.objects().where(
            LegalHold.record_kind == MATTER,
            LegalHold.record == matter_id,
            LegalHold.lifted_at.is_null(),
        ):
            await privacy.lift_hold(hold.id, actor=actor, at=at)
