"""The time line of an item: what happened, who did it, told to whom. Texts are encrypted."""

from datetime import datetime
from uuid import UUID

from core.i18n import Message
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.matters.facts import Entry
from plugins.government.matters.tables import Step

OFFICE, UNITS, PETITIONER = "office", "unit", "petitioner"
_TABLE = "government_step"


async def note(
    matter_id: UUID,
    act: str,
    text: Message,
    *,
    actor: Actor,
    at: datetime,
    body: str = "",
    shown_to: str = UNITS,
) -> None:
    """Add an entry, inside the act's transaction. `body` is free text, `text` the sentence."""
    await Step.insert(
        Step(
            matter=matter_id,
            at=at,
            act=act,
            actor=actor.id,
            actor_name=actor.name,
            text_cipher=sealing.seal(text.dump(), _TABLE, "text_cipher", matter_id),
            body_cipher=sealing.seal(body, _TABLE, "body_cipher", matter_id),
            shown_to=shown_to,
        )
    )


async def entries(matter_id: UUID, *told: str) -> list[Entry]:
    """Return the time line, the latest first; only what is told to these, when any are named."""
    rows = (
        await Step.objects()
        .where(Step.matter == matter_id)
        .order_by(Step.at, ascending=False)
        .order_by(Step.id, ascending=False)
    )
    return [
        Entry(
            at=row.at,
            act=row.act,
            actor=row.actor_name,
            text=Message.load(sealing.unseal(row.text_cipher, _TABLE, "text_cipher", matter_id)),
            body=sealing.unseal(row.body_cipher, _TABLE, "body_cipher", matter_id),
            shown_to=row.shown_to,
        )
        for row in rows
        if not told or row.shown_to in told
    ]
