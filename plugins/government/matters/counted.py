"""What the contacts of an item say of its party, and which of one visit counts as its batch.

Figures are counted from contacts: what is put right on an item, or hidden with it, is put right there.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from core import db
from core.log.services import record
from core.permissions import Actor
from plugins.government.facts import size_of
from plugins.government.matters.tables import Contact

CONTACT = "government_contact"


async def put_right(
    matter_id: UUID,
    *,
    heads: int | None = None,
    frequency: str = "",
    actor: Actor,
    at: datetime,
) -> None:
    """Let the contact that registered an item say how many came, and whether for the first time.

    The people of one visit are the same whatever the number of its matters. Joins the transaction.
    """
    first = (
        await Contact.objects()
        .where(Contact.matter == matter_id)
        .order_by(Contact.received_at)
        .order_by(Contact.number)
        .first()
    )
    if first is None:
        return
    before = first.heads
    await _change(first, heads, frequency, actor, at)
    if heads is None or first.visit is None:
        return
    for one in await Contact.objects().where(Contact.visit == first.visit, Contact.id != first.id):
        if one.heads == before:
            await _change(one, heads, "", actor, at)


async def _change(
    contact: Contact, heads: int | None, frequency: str, actor: Actor, at: datetime
) -> None:
    values: dict[str, Any] = {}
    if heads is not None and heads != contact.heads:
        values |= {"heads": heads, "size": size_of(heads)}
    if frequency and frequency != contact.frequency:
        values["frequency"] = frequency
    if not values:
        return
    before = {name: getattr(contact, name) for name in values}
    columns: dict[Any, Any] = {getattr(Contact, name): value for name, value in values.items()}
    await Contact.update(columns).where(Contact.id == contact.id)
    await record(
        actor, "government.contact_correct", CONTACT, contact.id, at=at, before=before, after=values
    )


async def lead_anew(matter_id: UUID) -> None:
    """Let a contact of an open item count as the batch of each visit that this item led till now.

    The item is confidential from now on: whoever may not see it would find a visit without a batch.
    """
    led = await db.fetch(
        "SELECT id, visit FROM government_contact WHERE matter = {} AND leads = {}"
        " AND visit IS NOT NULL",
        matter_id,
        True,
    )
    for row in led:
        others = await db.fetch(
            "SELECT c.id FROM government_contact c JOIN government_matter m ON m.id = c.matter"
            " WHERE c.visit = {} AND m.id <> {} AND m.secret = {}"
            " ORDER BY c.received_at, c.number LIMIT 1",
            row["visit"],
            matter_id,
            False,
        )
        for other in others:
            await Contact.update({Contact.leads: False}).where(Contact.id == row["id"])
            await Contact.update({Contact.leads: True}).where(Contact.id == other["id"])
