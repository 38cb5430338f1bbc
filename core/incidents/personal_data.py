"""What incidents store about a visitor: given to the person, erased with the visitor."""

from collections.abc import Sequence
from uuid import UUID

from core import clock, db
from core.attachments import services as attachments
from core.attachments.tables import Attachment
from core.i18n import N_
from core.incidents.tables import Incident, IncidentNote, IncidentStepRow
from core.permissions import SYSTEM
from core.privacy.facts import PersonalData
from core.privacy.keys import keyring
from core.registrations.facts import Detail

RECORD_KIND = "incident"


async def stored(visitor_id: UUID) -> Sequence[PersonalData]:
    """Return the incidents at a visitor's visits, with all that was written of them, in the clear."""
    rows = await db.fetch(
        "SELECT i.id, i.number, i.happened_at, i.seen_cipher, i.result_cipher FROM incident i"
        " JOIN registration r ON r.id = i.registration WHERE r.visitor = {}"
        " ORDER BY i.happened_at",
        visitor_id,
    )
    return [
        PersonalData(
            title=N_("Incident {number}", number=row["number"]),
            details=[
                Detail(label=N_("Time"), value=row["happened_at"].isoformat()),
                Detail(label=N_("What was seen"), value=_clear(row, "incident", "seen_cipher")),
                Detail(label=N_("How it ended"), value=_clear(row, "incident", "result_cipher")),
                *await _notes(row["id"]),
            ],
            kind=RECORD_KIND,
            record=str(row["id"]),
        )
        for row in rows
    ]


async def _notes(incident_id: UUID) -> list[Detail]:
    """Return what was added later, and the texts that were corrected."""
    rows = await db.fetch(
        "SELECT id, kind, text_cipher FROM incident_note WHERE incident = {} ORDER BY at, id",
        incident_id,
    )
    earlier, added = N_("Text before a correction"), N_("Note added later")
    return [
        Detail(
            label=earlier if row["kind"] == "correction" else added,
            value=_clear(row, "incident_note", "text_cipher"),
        )
        for row in rows
    ]


def _clear(row: db.Row, table: str, column: str) -> str:
    stored_ = row[column]
    return keyring().decrypt(stored_, table, column, row["id"]) if stored_ else ""


async def erase(visitor_id: UUID) -> None:
    """Erase texts and pictures of incidents at a visitor's visits; kind, times and steps stay."""
    rows = await db.fetch(
        "SELECT i.id FROM incident i JOIN registration r ON r.id = i.registration"
        " WHERE r.visitor = {}",
        visitor_id,
    )
    for found in rows:
        await Incident.update(
            {Incident.seen_cipher: None, Incident.result_cipher: None, Incident.spot: ""}
        ).where(Incident.id == found["id"])
        await IncidentStepRow.update({IncidentStepRow.called_cipher: None}).where(
            IncidentStepRow.incident == found["id"]
        )
        await IncidentNote.update({IncidentNote.text_cipher: None, IncidentNote.reason: ""}).where(
            IncidentNote.incident == found["id"]
        )
        for picture in await Attachment.objects().where(
            Attachment.record_kind == RECORD_KIND,
            Attachment.record == found["id"],
            Attachment.erased_at.is_null(),
        ):
            await attachments.erase(picture.id, actor=SYSTEM, at=clock.now())
