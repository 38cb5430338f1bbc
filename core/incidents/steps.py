"""The steps that a kind of incident prescribes: written down, done, left out, those of another kind added."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.decisions import Deny
from core.errors import (
    InvalidInputError,
    NotFoundError,
    RefusedError,
    WrongStateError,
)
from core.i18n import N_, Message
from core.incidents import policies
from core.incidents.facts import IncidentKind, IncidentStep
from core.incidents.tables import Incident, IncidentStepRow
from core.incidents.taking import changed, log, take
from core.permissions import Actor
from core.plugins import Plugins
from core.privacy.keys import keyring


def kinds(plugins: Plugins, site_id: UUID | None) -> list[IncidentKind]:
    """Return the kinds that can be chosen at a site, in order."""
    return [
        kind
        for kind in plugins.register_incident_kinds()
        if kind.plugin == "core" or plugins.is_on(kind.plugin, site_id)
    ]


async def prescribe(incident_id: UUID, steps: Iterable[IncidentStep], first: int) -> None:
    """Write down steps to do, from a position on; inside the act's transaction."""
    for position, step in enumerate(steps, first):
        await IncidentStepRow.insert(
            IncidentStepRow(
                id=uuid4(),
                incident=incident_id,
                position=position,
                name=step.name,
                label=step.label.dump(),
                call=step.call,
                after=step.after,
            )
        )


async def do_step(
    incident_id: UUID,
    step_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    called: str = "",
    called_at: datetime | None = None,
) -> None:
    """Note a step as done now; for a call, who was called and when."""
    async with db.writing():
        row = await take(incident_id, actor=actor)
        step = await _step(row, step_id)
        decision = policies.may_do_step(
            call=step.call, called=called, called_at=called_at, opened_at=row.happened_at, at=at,
            waits_for=await _waits_for(row, step),
        )  # fmt: skip
        if isinstance(decision, Deny):
            if decision.code == "step_before":
                raise RefusedError(decision)
            field = "called" if decision.code == "called_missing" else "called_at"
            raise InvalidInputError({field: decision.reason})
        called = called.strip()[:200]
        cipher = (
            keyring().encrypt(called, "incident_step", "called_cipher", step.id) if called else None
        )
        await IncidentStepRow.update(
            {
                IncidentStepRow.done_at: at,
                IncidentStepRow.done_by_name: actor.name,
                IncidentStepRow.called_cipher: cipher,
                IncidentStepRow.called_at: called_at,
                IncidentStepRow.left_out: "",
            }
        ).where(IncidentStepRow.id == step.id)
        await changed(row)
        await log(row, "step", actor, at, {"step": step.name, "called_at": called_at})


async def _waits_for(row: Incident, step: IncidentStepRow) -> Message | None:
    """Return the step that must be done before this one and is not; left out is not done."""
    if not step.after:
        return None
    first = await IncidentStepRow.objects().get(
        (IncidentStepRow.incident == row.id) & (IncidentStepRow.name == step.after)
    )
    return Message.load(first.label) if first is not None and first.done_at is None else None


async def leave_out_step(
    incident_id: UUID, step_id: UUID, *, reason: str, actor: Actor, at: datetime
) -> None:
    """Say why a prescribed step was not needed."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why it was not needed.")})
    async with db.writing():
        row = await take(incident_id, actor=actor)
        step = await _step(row, step_id)
        if step.done_at is not None:
            raise WrongStateError(N_("This step was done already."))
        await IncidentStepRow.update({IncidentStepRow.left_out: reason.strip()[:300]}).where(
            IncidentStepRow.id == step.id
        )
        await changed(row)
        await log(row, "leave_out", actor, at, {"step": step.name, "reason": reason.strip()[:300]})


async def _step(row: Incident, step_id: UUID) -> IncidentStepRow:
    step = await IncidentStepRow.objects().get(
        (IncidentStepRow.id == step_id) & (IncidentStepRow.incident == row.id)
    )
    if step is None:
        raise NotFoundError
    return step


async def take_over(row: Incident, name: str, plugins: Plugins) -> None:
    """Let an incident have the steps of another kind; those done or left out stay."""
    kind = next((k for k in kinds(plugins, row.site) if k.name == name), None)
    if kind is None:
        raise InvalidInputError({"kind": N_("Please choose one of the options.")})
    there = await IncidentStepRow.objects().where(IncidentStepRow.incident == row.id)
    known = {step.name for step in there}
    # Steps of the former kind that nobody did are no longer prescribed.
    wanted = {step.name for step in kind.steps}
    for step in there:
        if step.name not in wanted and step.done_at is None and not step.left_out:
            await IncidentStepRow.delete().where(IncidentStepRow.id == step.id)
    position = max((step.position for step in there), default=-1)
    await prescribe(row.id, [new for new in kind.steps if new.name not in known], position + 1)
