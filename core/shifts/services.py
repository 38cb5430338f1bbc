"""Taking over a post where nobody is, relieving somebody who is gone, leaving it empty."""

from datetime import datetime
from uuid import UUID

from core import db
from core.decisions import Deny
from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.notices.services import IN_APP, notify
from core.permissions import Actor
from core.plugins import Plugins
from core.shifts import policies, posts, queries
from core.shifts.tables import Shift, ShiftHandover
from core.sites.tables import Gate


async def take_over(
    gate_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins, remarks: str = ""
) -> UUID:
    """Go on duty at a post where nobody is; what is open is recorded and signed by one alone."""
    found, failed = await posts.gather(gate_id, at=at, plugins=plugins)
    async with db.writing():
        gate = await posts.take(gate_id, actor)
        present = await queries.on_duty(gate_id)
        decision = policies.may_take(posts.id_of(actor), queries.span(present) if present else None)
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        shift = await posts.begin(gate, actor, at)
        await posts.write_taken(gate, shift, found, failed, actor=actor, at=at, remarks=remarks)
        await record(
            actor,
            "shift.take_over",
            "shift",
            shift.id,
            at=at,
            after={"gate": gate.name, "open_items": len(found)},
        )
        await posts.tell_of("taken_over", gate, shift, at=at, plugins=plugins)
    return shift.id


async def relieve(
    gate_id: UUID, *, reason: str, actor: Actor, at: datetime, plugins: Plugins
) -> UUID:
    """Go on duty although the one before has gone without handing over; the record says so."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why the other does not sign.")})
    found, failed = await posts.gather(gate_id, at=at, plugins=plugins)
    async with db.writing():
        gate = await posts.take(gate_id, actor)
        present = await queries.on_duty(gate_id)
        if present is None:
            raise WrongStateError(N_("Nobody is on duty here: simply take over."))
        decision = policies.may_accept(present.holder, posts.id_of(actor))
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        ended = await posts.end(present, "relieved", at)
        shift = await posts.begin(gate, actor, ended)
        row = await posts.write_taken(
            gate, shift, found, failed, actor=actor, at=at, left=present, reason=reason
        )
        await record(
            actor,
            "shift.relieve",
            "shift",
            shift.id,
            at=at,
            after={
                "gate": gate.name,
                "from": present.holder_name,
                "reason": posts.clean(reason, 300),
            },
        )
        await _report(gate, present, row, actor, at=at, plugins=plugins)
        await posts.tell_of("relieved", gate, shift, at=at, plugins=plugins)
    return shift.id


async def _report(
    gate: Gate, left: Shift, row: ShiftHandover, actor: Actor, *, at: datetime, plugins: Plugins
) -> None:
    """Tell whoever reads handovers, and the one who did not sign, that a post was taken over so."""
    users = {left.holder, *await queries.readers(gate.site, plugins.register_roles())}
    for user in sorted(users - {actor.id}):
        await notify(
            key=f"shift.relieve/{row.id}/{user}",
            channel=IN_APP,
            subject=N_("{gate}: taken over without a handover", gate=gate.name),
            body=N_(
                "{name} relieved {other}, who did not sign. Why: {reason}",
                name=actor.name,
                other=left.holder_name,
                reason=posts.clean(row.reason, 300),
            ),
            at=at,
            user=user,
            url=f"/shifts/handovers/{row.id}",
        )


async def leave(
    gate_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    keys: str = "",
    remarks: str = "",
) -> None:
    """End one's shift where nobody follows, as at night; what is open is recorded."""
    found, failed = await posts.gather(gate_id, at=at, plugins=plugins)
    async with db.writing():
        gate, present = await posts.take_own(gate_id, actor)
        await posts.end(present, "left", at)
        await posts.write_down(
            gate, present, "signed", found, failed, keys=keys, remarks=remarks, actor=actor, at=at
        )
        await record(
            actor,
            "shift.leave",
            "shift",
            present.id,
            at=at,
            after={"gate": gate.name, "open_items": len(found)},
        )
        await posts.tell_of("left", gate, present, at=at, plugins=plugins)
