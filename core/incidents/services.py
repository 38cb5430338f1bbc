"""Incidents opened on the spot, closed, reopened and voided.

Stored: what was seen, who was called and when, how it ended, encrypted; an erased visitor's incidents
keep only kind, times and steps. The log never holds the texts, only that and why they changed.
"""

from datetime import datetime
from uuid import UUID, uuid4

from core import clock, db, settings
from core.decisions import Deny
from core.documents.numbering import next_number
from core.errors import (
    InvalidInputError,
    NotFoundError,
    RefusedError,
    WrongStateError,
)
from core.i18n import N_, Message
from core.incidents import policies, steps
from core.incidents.facts import IncidentKind, Opening
from core.incidents.queries import READ, WRITE
from core.incidents.tables import Incident, IncidentStepRow
from core.incidents.taking import LONGEST_TEXT, RECORD_KIND, changed, log, take
from core.notices.services import tell
from core.permissions import Actor
from core.plugins import Plugins
from core.privacy.keys import keyring
from core.registrations.tables import Registration
from core.sites.tables import Gate, Site


async def open_incident(opening: Opening, *, actor: Actor, at: datetime, plugins: Plugins) -> UUID:
    """Write down an incident with the steps that its kind prescribes."""
    if not actor.may_at(WRITE, opening.site_id) and actor.kind != "system":
        raise NotFoundError
    kind = next((k for k in steps.kinds(plugins, opening.site_id) if k.name == opening.kind), None)
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
    await steps.prescribe(row.id, kind.steps, 0)
    await log(row, "open", actor, at, {"number": row.number, "kind": row.kind})
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
        row = await take(incident_id, actor=actor, version=version)
        prescribed = await IncidentStepRow.objects().where(IncidentStepRow.incident == row.id)
        decision = policies.may_close(
            [
                policies.StepFacts(done=s.done_at is not None, left_out=bool(s.left_out))
                for s in prescribed
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
        await changed(row)
        await log(row, "close", actor, at, {})
        payload = {"kind": row.kind, "number": row.number}
        await tell(plugins, "incident.closed", row.id, at=at, site_id=row.site, payload=payload)


async def reopen(incident_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Open a closed incident again, because it goes on or was closed too early."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why.")})
    async with db.writing():
        row = await take(incident_id, actor=actor, state="closed")
        await Incident.update(
            {Incident.state: "open", Incident.closed_at: None, Incident.closed_by_name: ""}
        ).where(Incident.id == row.id)
        await changed(row)
        await log(row, "reopen", actor, at, {"reason": reason.strip()[:300]})


async def void(incident_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Void an incident written down by mistake; it stays in the list, marked."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why.")})
    async with db.writing():
        row = await take(incident_id, actor=actor, state="")
        if row.state == "voided" or not actor.may_at(READ, row.site):
            raise WrongStateError(N_("This incident cannot be voided."))
        await Incident.update({Incident.state: "voided"}).where(Incident.id == row.id)
        await changed(row)
        await log(row, "void", actor, at, {"reason": reason.strip()[:300]})
