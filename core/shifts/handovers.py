"""A handover from one guard to the next: offered, withdrawn, accepted in person or by PIN.

It is one act for both shifts: the incoming begins at the very moment the outgoing ends.
"""

from datetime import datetime
from uuid import UUID

from core import db
from core.accounts.pins import check_pin
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.plugins import Plugins
from core.shifts import items, policies, posts, queries
from core.shifts.tables import ShiftHandover


async def offer(
    gate_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    keys: str = "",
    remarks: str = "",
) -> UUID:
    """Write the record of what is open and sign it as the outgoing; a former offer is replaced."""
    found, failed = await posts.gather(gate_id, at=at, plugins=plugins)
    async with db.writing():
        gate, present = await posts.take_own(gate_id, actor)
        await ShiftHandover.update({ShiftHandover.state: "withdrawn"}).where(
            ShiftHandover.gate == gate_id, ShiftHandover.state == "offered"
        )
        row = await posts.write_down(
            gate, present, "offered", found, failed, keys=keys, remarks=remarks, actor=actor, at=at
        )
        await record(
            actor,
            "shift.offer",
            "shift",
            present.id,
            at=at,
            after={"handover": row.id, "open_items": len(found)},
        )
    return row.id


async def withdraw(handover_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Take an offer back; one stays on duty."""
    async with db.writing():
        row = await _offered(handover_id)
        if row.outgoing != actor.id:
            raise NotFoundError
        await ShiftHandover.update({ShiftHandover.state: "withdrawn"}).where(
            ShiftHandover.id == row.id
        )
        await record(
            actor, "shift.withdraw", "shift", row.outgoing_shift, at=at, after={"handover": row.id}
        )


async def _offered(handover_id: UUID) -> ShiftHandover:
    await db.fetch("SELECT id FROM shift_handover WHERE id = {} FOR UPDATE", handover_id)
    row = await ShiftHandover.objects().get(ShiftHandover.id == handover_id)
    if row is None:
        raise NotFoundError
    if row.state != "offered":
        raise WrongStateError(N_("This handover is not open any more."))
    return row


async def accept(
    handover_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    remarks: str = "",
    means: str = posts.SESSION,
) -> UUID:
    """Sign as the incoming: the outgoing's shift ends and this one begins; return its id.

    What is open is recorded anew, as people come and go while two guards talk.
    """
    known = await ShiftHandover.objects().get(ShiftHandover.id == handover_id)
    if known is None:
        raise NotFoundError
    found, failed = await posts.gather(known.gate, at=at, plugins=plugins)
    async with db.writing():
        gate = await posts.take(known.gate, actor)
        row = await _offered(handover_id)
        decision = policies.may_accept(row.outgoing or gate.id, posts.id_of(actor))
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        present = await queries.on_duty(gate.id)
        if present is None or present.id != row.outgoing_shift:
            raise WrongStateError(N_("This handover is not open any more."))
        # Signed first, so that ending the shift does not take the offer back.
        await ShiftHandover.update({ShiftHandover.state: "signed"}).where(
            ShiftHandover.id == row.id
        )
        ended = await posts.end(present, "handed_over", at)
        shift = await posts.begin(gate, actor, ended)
        await ShiftHandover.update(
            {
                ShiftHandover.incoming_shift: shift.id,
                ShiftHandover.accepted_cipher: items.lock(found, "accepted_cipher", row.id),
                ShiftHandover.failed_parts: ", ".join(failed)[:300],
                ShiftHandover.incoming_remarks: posts.clean(remarks),
                ShiftHandover.incoming: actor.id,
                ShiftHandover.incoming_name: actor.name,
                ShiftHandover.incoming_means: means,
                ShiftHandover.incoming_at: at,
            }
        ).where(ShiftHandover.id == row.id)
        await record(
            actor,
            "shift.accept",
            "shift",
            shift.id,
            at=at,
            after={
                "gate": gate.name,
                "handover": row.id,
                "from": row.outgoing_name,
                "means": means,
                "open_items": len(found),
            },
        )
        await posts.tell_of("handed_over", gate, shift, at=at, plugins=plugins)
    return shift.id


async def accept_by_pin(
    handover_id: UUID,
    incoming: UUID,
    pin: str,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    remarks: str = "",
) -> UUID:
    """Let the incoming sign on the outgoing's device, by PIN. TooOftenError after wrong ones."""
    row = await ShiftHandover.objects().get(ShiftHandover.id == handover_id)
    if row is None or row.outgoing != actor.id:
        raise NotFoundError
    right = await check_pin(incoming, pin, actor=actor, at=at)
    who = {one.id: one for one in await queries.reliefs(row.site, plugins.register_roles())}
    if not right or incoming not in who:
        raise InvalidInputError(
            {"pin": N_("The PIN is wrong, or this person is not on duty here.")}
        )
    return await accept(
        handover_id,
        actor=who[incoming],
        at=at,
        plugins=plugins,
        remarks=remarks,
        means=posts.PIN,
    )
