"""The item of a contact: registered anew with its first clocks, or the one it belongs to (GOV-1, GOV-31)."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from core.i18n import N_
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.facts import OWN, size_of
from plugins.government.intake.facts import AGAIN, Reception
from plugins.government.matters import access, timeline
from plugins.government.matters import services as matters
from plugins.government.matters.tables import Contact, Matter


async def register_item(
    new: Reception, petitioner_id: UUID | None, actor: Actor, at: datetime
) -> Matter:
    """Register an item of its own, held by the reception room, its first clock running."""
    if new.matter.same_as is not None and actor.kind == "user":  # chosen in a form
        await access.require(new.matter.same_as, actor, at)
    asked = replace(
        new.matter,
        site_id=new.site_id,
        channel=new.channel,
        petitioner_id=petitioner_id,
        heads=new.heads,
        frequency=new.frequency,
        anonymous=petitioner_id is None,
    )
    row = await matters.register(asked, actor=actor, at=at)
    row.first_handler, row.first_handler_name = actor.id, actor.name
    await row.save([Matter.first_handler, Matter.first_handler_name])
    earlier = new.received_on is not None and new.received_on < row.day
    await clocks.start(
        row.id,
        clocks.INFORM,
        number=row.number,
        site_id=row.site,
        event=N_("Reached the office") if earlier else N_("Registered"),
        actor=actor,
        at=at,
        day=new.received_on if earlier else row.day,
    )
    await _report_up(new, row, actor, at)
    return row


async def _report_up(new: Reception, row: Matter, actor: Actor, at: datetime) -> None:
    """Let the day count by which a superior body wants the report (GOV-31)."""
    received: date = new.received_on or site_time(at).date()
    if new.report_by is None or await clocks.running(row.id, clocks.REPORT_UP) is not None:
        return
    await clocks.start(
        row.id,
        clocks.REPORT_UP,
        number=row.number,
        site_id=row.site,
        event=N_("Reached the office"),
        actor=actor,
        at=at,
        day=received,
        length=max((new.report_by - received).days, 1),
    )


async def attach(new: Reception, petitioner_id: UUID | None, actor: Actor, at: datetime) -> Matter:
    """Add a contact to the item that it belongs to: one item, whatever the channel (GOV-1)."""
    assert new.attach_to is not None  # noqa: S101 - the caller looked
    row = await matters.take(new.attach_to, actor, at)
    if petitioner_id is not None and row.petitioner is None:
        await matters.add_person(row.id, petitioner_id, "petitioner")
        row.petitioner, row.anonymous = petitioner_id, False
        await row.save([Matter.petitioner, Matter.anonymous])
    elif petitioner_id is not None and petitioner_id != row.petitioner:
        await matters.add_person(row.id, petitioner_id, "companion")
    if new.heads > row.heads:
        await matters.change(
            row,
            "party_grew",
            {Matter.heads: new.heads, Matter.size: size_of(new.heads)},
            actor=actor,
            at=at,
            heads=new.heads,
        )
    if new.matter.source != OWN and row.source == OWN:
        values = {Matter.source: new.matter.source, Matter.source_number: new.matter.source_number}
        await matters.change(
            row, "assigned_above", values, actor=actor, at=at, source=new.matter.source
        )
    await _report_up(new, row, actor, at)
    return row


async def note_again(
    new: Reception, row: Matter, contact: Contact, actor: Actor, at: datetime
) -> None:
    """Tell in an item's time line that there was a further contact."""
    await timeline.note(
        row.id,
        "contact",
        replace(AGAIN[new.channel], values={"number": contact.number}),
        actor=actor,
        at=at,
        body=new.summary or new.matter.demand,
        shown_to=timeline.OFFICE,
    )
