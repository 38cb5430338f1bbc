"""Incidents, their prescribed steps, and what was added to them. Free texts are encrypted."""

import uuid

from piccolo.columns import (
    UUID,
    Boolean,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.registrations.tables import Registration
from core.sites.tables import Gate, Site


class Incident(Table, tablename="incident"):
    """An irregular event (CORE-16). `state`: open, closed, voided.

    `seen_cipher` is what was seen, `result_cipher` how it ended. `happened_at` may lie before
    `opened_at`, when it was noted afterwards.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    number = Varchar(length=20, unique=True)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    gate = ForeignKey(Gate, null=True, default=None, on_delete=OnDelete.restrict)
    registration = ForeignKey(Registration, null=True, default=None, on_delete=OnDelete.restrict)
    kind = Varchar(length=80)
    spot = Varchar(length=100, default="")
    seen_cipher = Text(null=True, default=None)
    result_cipher = Text(null=True, default=None)
    state = Varchar(length=20, default="open")
    happened_at = Timestamptz(null=False)
    opened_at = Timestamptz(null=False)
    opened_by = UUID(null=True, default=None)
    opened_by_name = Varchar(length=100, default="")
    closed_at = Timestamptz(null=True, default=None)
    closed_by_name = Varchar(length=100, default="")
    version = Integer(default=1)


class IncidentStepRow(Table, tablename="incident_step"):
    """One step as prescribed when the incident was opened, and when and by whom it was done.

    `called_cipher` is who was called. `left_out` is the reason why it was not needed.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    incident = ForeignKey(Incident, null=False, on_delete=OnDelete.restrict)
    position = SmallInt()
    name = Varchar(length=60)
    label = Text()
    call = Boolean(default=False)
    after = Varchar(length=40, default="")
    done_at = Timestamptz(null=True, default=None)
    done_by_name = Varchar(length=100, default="")
    called_cipher = Text(null=True, default=None)
    called_at = Timestamptz(null=True, default=None)
    left_out = Varchar(length=300, default="")


class IncidentNote(Table, tablename="incident_note"):
    """Something added later. `kind`: note, or correction: then it holds the earlier text."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    incident = ForeignKey(Incident, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=20, default="note")
    text_cipher = Text(null=True, default=None)
    reason = Varchar(length=300, default="")
    at = Timestamptz(null=False)
    by_name = Varchar(length=100, default="")


INDEXES = (
    "CREATE INDEX incident_open ON incident (site, opened_at) WHERE state = 'open'",
    "CREATE INDEX incident_at ON incident (site, happened_at)",
    "CREATE INDEX incident_registration ON incident (registration)",
    "CREATE UNIQUE INDEX incident_step_once ON incident_step (incident, position)",
    "CREATE INDEX incident_note_of ON incident_note (incident, at)",
)
