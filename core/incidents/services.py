"""Incidents opened on the spot, their steps done, added to, corrected and closed.

Stored: what was seen, who was called and when, how it ended, encrypted; an erased visitor's incidents
keep only kind, times and steps. The log never holds the texts, only that and why they changed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import clock, db, hiding, settings
from core.attachments import services as attachments
from core.decisions import Deny
from core.documents.numbering import next_number
from core.errors import (
    InvalidInputError,
    NotFoundError,
    RefusedError,
    StaleError,
    WrongStateError,
)
from core.i18n import N_, Message
from core.incidents import policies
from core.incidents.facts import IncidentKind, Opening
from core.incidents.queries import READ, WRITE, may_see
from core.incidents.tables import Incident, IncidentNote, IncidentStepRow
from core.log.services import record
from core.notices.services import tell
from core.permissions import Actor
from core.plugins import Plugins
from core.privacy.keys import keyring
from core.registrations.tables import Registration
from core.sites.tables import Gate, Site

LONGEST_TEXT = 4000
RECORD_KIND = "incident"


def kinds(plugins: Plugins, site_id: UUID | None) -> list[IncidentKind]:
    """Return the kinds that can be chosen at a site, in order."""
    return [
        kind
        for kind in plugins.register_incident_kinds()
        if kind.plugin == "core" or plugins.is_on(kind.plugin, site_id)
    ]


async def open_incident(opening: Opening, *, actor: Actor, at: datetime, plugins: Plugins) -> UUID:
    """Write down an incident with the steps that its kind prescribes."""
    if not actor.may_at(WRITE, opening.site_id) and actor.kind != "system":
        raise NotFoundError
    kind = next((k for k in kinds(plugins, opening.site_id) if k.name == opening.kind), None)
    seen = opening.seen.strip()[:LONGEST_TEXT]
    happened = opening.happened_at or at
    problems: dict[str, Message] = {}
    if kind is None:
        problems["kind"] = N_("Please choose one of the options.")
    if not seen:
        problems["seen"] = N_("Say what was seen.")
    if happened > at + policies.AHEAD:
        problems["happened_at"] = N_("This time is still to come.")
    async with db.writing():
        await _check_place(opening, problems)
        if problems or kind is None:
            raise InvalidInputError(problems)
        row = await write_down(opening, kind, seen=seen, actor=actor, at=at)
        await tell(
            plugins,
            "incident.opened",
            row.id,
            at=at,
            site_id=row.site,
            payload={"kind": row.kind, "number": row.number},
        )
    return row.id


async def write_down(
    opening: Opening, kind: IncidentKind, *, seen: str, actor: Actor, at: datetime
) -> Incident:
    """Write an incident of a kind with its steps, inside the transaction of the act that it is part of.

    For a plugin that notes one in its own hook; who has a form goes through `open_incident`.
    """
    day = clock.local(at, settings.load().zone).date()
    number = await next_number(RECORD_KIND, day.year)
    row = Incident(
        id=uuid4(),
        number=f"{day.year}-{number:04d}",
        site=opening.site_id,
        gate=opening.gate_id,
        registration=opening.registration_id,
        kind=kind.name,
        spot=opening.spot.strip()[:100],
        state="open",
        happened_at=opening.happened_at or at,
        opened_at=at,
        opened_by=actor.id,
        opened_by_name=actor.name,
        version=1,
    )
    row.seen_cipher = keyring().encrypt(
        seen.strip()[:LONGEST_TEXT], "incident", "seen_cipher", row.id
    )
    await Incident.insert(row)
    for position, step in enumerate(kind.steps):
        await IncidentStepRow.insert(
            IncidentStepRow(
                id=uuid4(),
                incident=row.id,
                position=position,
                name=step.name,
                label=step.label.dump(),
                call=step.call,
                after=step.after,
            )
        )
    await _log(row, "open", actor, at, {"number": row.number, "kind": row.kind})
    return row


async def _check_place(opening: Opening, problems: dict[str, Message]) -> None:
    if not await Site.exists().where(Site.id == opening.site_id):
        raise NotFoundError
    if opening.gate_id is not None and not await Gate.exists().where(
        Gate.id == opening.gate_id, Gate.site == opening.site_id
    ):
        problems["gate"] = N_("Please choose one of the options.")
    if opening.registration_id is not None and not await Registration.exists().where(
        Registration.id == opening.registration_id, Registration.site == opening.site_id
    ):
        problems["registration"] = N_("There is no such visit here.")


async def _log(
    row: Incident, act: str, actor: Actor, at: datetime, after: Mapping[str, Any]
) -> None:
    await record(actor, f"incident.{act}", RECORD_KIND, row.id, at=at, after=after)


async def _take(
    incident_id: UUID, *, actor: Actor, version: int | None = None, state: str = "open"
) -> Incident:
    await db.fetch("SELECT id FROM incident WHERE id = {} FOR UPDATE", incident_id)
    await hiding.require(RECORD_KIND, incident_id, actor=actor, at=clock.now())
    row = await Incident.objects().get(Incident.id == incident_id)
    if row is None or not may_see(row, actor):
        raise NotFoundError
    if actor.kind != "system" and not actor.may_at(WRITE, row.site):
        raise NotFoundError
    if version is not None and row.version != version:
        raise StaleError
    if state and row.state != state:
        raise WrongStateError(N_("This incident is closed. Correct or reopen it."))
    return row


async def _changed(row: Incident) -> None:
    row.version += 1
    await Incident.update({Incident.version: row.version}).where(Incident.id == row.id)


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
        row = await _take(incident_id, actor=actor)
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
        await _changed(row)
        await _log(row, "step", actor, at, {"step": step.name, "called_at": called_at})


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
        row = await _take(incident_id, actor=actor)
        step = await _step(row, step_id)
        if step.done_at is not None:
            raise WrongStateError(N_("This step was done already."))
        await IncidentStepRow.update({IncidentStepRow.left_out: reason.strip()[:300]}).where(
            IncidentStepRow.id == step.id
        )
        await _changed(row)
        await _log(row, "leave_out", actor, at, {"step": step.name, "reason": reason.strip()[:300]})


async def _step(row: Incident, step_id: UUID) -> IncidentStepRow:
    step = await IncidentStepRow.objects().get(
        (IncidentStepRow.id == step_id) & (IncidentStepRow.incident == row.id)
    )
    if step is None:
        raise NotFoundError
    return step


async def add_note(incident_id: UUID, text: str, *, actor: Actor, at: datetime) -> None:
    """Add what happened since; possible after the closing, too."""
    text = text.strip()[:LONGEST_TEXT]
    if not text:
        raise InvalidInputError({"text": N_("Please fill this in.")})
    async with db.writing():
        row = await _take(incident_id, actor=actor, state="")
        await _note(row, "note", text, "", actor=actor, at=at)
        await _changed(row)
        await _log(row, "note", actor, at, {})


async def _note(
    row: Incident, kind: str, text: str, reason: str, *, actor: Actor, at: datetime
) -> None:
    note_id = uuid4()
    await IncidentNote.insert(
        IncidentNote(
            id=note_id,
            incident=row.id,
            kind=kind,
            text_cipher=keyring().encrypt(text, "incident_note", "text_cipher", note_id),
            reason=reason,
            at=at,
            by_name=actor.name,
        )
    )


async def attach_photo(
    incident_id: UUID, data: bytes, *, actor: Actor, at: datetime, name: str = ""
) -> UUID:
    """Add a picture; FileRefusedError for what is none."""
    await hiding.require(RECORD_KIND, incident_id, actor=actor, at=at)
    row = await Incident.objects().get(Incident.id == incident_id)
    if row is None or not may_see(row, actor) or not actor.may_at(WRITE, row.site):
        raise NotFoundError  # before a large picture is painted anew
    picture = await attachments.take(data)
    async with db.writing():
        row = await _take(incident_id, actor=actor, state="")
        added = await attachments.attach(
            picture, record_kind=RECORD_KIND, record_id=row.id, actor=actor, at=at, name=name
        )
        await _changed(row)
    return added.id


async def close(
    incident_id: UUID,
    *,
    result: str,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    version: int | None = None,
) -> None:
    """Close an incident with how it ended; RefusedError while a prescribed step is open."""
    async with db.writing():
        row = await _take(incident_id, actor=actor, version=version)
        steps = await IncidentStepRow.objects().where(IncidentStepRow.incident == row.id)
        decision = policies.may_close(
            [
                policies.StepFacts(done=s.done_at is not None, left_out=bool(s.left_out))
                for s in steps
            ],
            result,
        )
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        cipher = keyring().encrypt(
            result.strip()[:LONGEST_TEXT], "incident", "result_cipher", row.id
        )
        await Incident.update(
            {
                Incident.state: "closed",
                Incident.result_cipher: cipher,
                Incident.closed_at: at,
                Incident.closed_by_name: actor.name,
            }
        ).where(Incident.id == row.id)
        await _changed(row)
        await _log(row, "close", actor, at, {})
        payload = {"kind": row.kind, "number": row.number}
        await tell(plugins, "incident.closed", row.id, at=at, site_id=row.site, payload=payload)


async def reopen(incident_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Open a closed incident again, because it goes on or was closed too early."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why.")})
    async with db.writing():
        row = await _take(incident_id, actor=actor, state="closed")
        await Incident.update(
            {Incident.state: "open", Incident.closed_at: None, Incident.closed_by_name: ""}
        ).where(Incident.id == row.id)
        await _changed(row)
        await _log(row, "reopen", actor, at, {"reason": reason.strip()[:300]})


async def correct(
    incident_id: UUID,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    seen: str | None = None,
    kind: str | None = None,
    happened_at: datetime | None = None,
    plugins: Plugins,
) -> None:
    """Correct what was noted (CORE-8); the earlier text stays on the page, encrypted like the new.

    With another kind, its steps that are not there yet are added.
    """
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why.")})
    if seen is not None and not seen.strip():
        raise InvalidInputError({"seen": N_("Say what was seen.")})
    async with db.writing():
        row = await _take(incident_id, actor=actor, state="")
        before: dict[str, Any] = {}
        after: dict[str, Any] = {"reason": reason.strip()[:300]}
        old = (
            keyring().decrypt(row.seen_cipher, "incident", "seen_cipher", row.id)
            if row.seen_cipher
            else ""
        )
        if seen is not None and seen.strip() != old:
            await _note(row, "correction", old, reason.strip()[:300], actor=actor, at=at)
            row.seen_cipher = keyring().encrypt(
                seen.strip()[:LONGEST_TEXT], "incident", "seen_cipher", row.id
            )
            after["seen"] = "changed"
        if kind is not None and kind != row.kind:
            before["kind"], after["kind"] = row.kind, kind
            await _take_steps_of(row, kind, plugins)
            row.kind = kind
        if happened_at is not None and happened_at != row.happened_at:
            if happened_at > at + policies.AHEAD:
                raise InvalidInputError({"happened_at": N_("This time is still to come.")})
            before["happened_at"], after["happened_at"] = row.happened_at, happened_at
            row.happened_at = happened_at
        if len(after) == 1:
            return
        await row.save([Incident.seen_cipher, Incident.kind, Incident.happened_at])
        await _changed(row)
        await record(
            actor, "incident.correct", RECORD_KIND, row.id, at=at, before=before, after=after
        )


async def _take_steps_of(row: Incident, name: str, plugins: Plugins) -> None:
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
    for new in kind.steps:
        if new.name not in known:
            position += 1
            await IncidentStepRow.insert(
                IncidentStepRow(
                    id=uuid4(),
                    incident=row.id,
                    position=position,
                    name=new.name,
                    label=new.label.dump(),
                    call=new.call,
                    after=new.after,
                )
            )


async def void(incident_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Void an incident written down by mistake; it stays in the list, marked."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why.")})
    async with db.writing():
        row = await _take(incident_id, actor=actor, state="")
        if row.state == "voided" or not actor.may_at(READ, row.site):
            raise WrongStateError(N_("This incident cannot be voided."))
        await Incident.update({Incident.state: "voided"}).where(Incident.id == row.id)
        await _changed(row)
        await _log(row, "void", actor, at, {"reason": reason.strip()[:300]})
