"""What is added to an incident and corrected in it: notes, pictures, texts whose earlier wording stays."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.attachments import services as attachments
from core.errors import (
    InvalidInputError,
    NotFoundError,
)
from core.i18n import N_
from core.incidents import policies, steps
from core.incidents.queries import WRITE, known
from core.incidents.tables import Incident, IncidentNote
from core.incidents.taking import LONGEST_TEXT, RECORD_KIND, changed, log, take
from core.log.services import record
from core.permissions import Actor
from core.plugins import Plugins
from core.privacy.keys import keyring


async def add_note(incident_id: UUID, text: str, *, actor: Actor, at: datetime) -> None:
    """Add what happened since; possible after the closing, too."""
    text = text.strip()[:LONGEST_TEXT]
    if not text:
        raise InvalidInputError({"text": N_("Please fill this in.")})
    async with db.writing():
        row = await take(incident_id, actor=actor, state="")
        await _note(row, "note", text, "", actor=actor, at=at)
        await changed(row)
        await log(row, "note", actor, at, {})


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
    row = await known(incident_id, actor=actor, at=at)
    if not actor.may_at(WRITE, row.site):
        raise NotFoundError  # before a large picture is painted anew
    picture = await attachments.take(data)
    async with db.writing():
        row = await take(incident_id, actor=actor, state="")
        added = await attachments.attach(
            picture, record_kind=RECORD_KIND, record_id=row.id, actor=actor, at=at, name=name
        )
        await changed(row)
    return added.id


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
        row = await take(incident_id, actor=actor, state="")
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
            await steps.take_over(row, kind, plugins)
            row.kind = kind
        if happened_at is not None and happened_at != row.happened_at:
            if happened_at > at + policies.AHEAD:
                raise InvalidInputError({"happened_at": N_("This time is still to come.")})
            before["happened_at"], after["happened_at"] = row.happened_at, happened_at
            row.happened_at = happened_at
        if len(after) == 1:
            return
        await row.save([Incident.seen_cipher, Incident.kind, Incident.happened_at])
        await changed(row)
        await record(
            actor, "incident.correct", RECORD_KIND, row.id, at=at, before=before, after=after
        )
