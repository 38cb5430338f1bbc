"""What one channel alone has: batches of letters, the length of a call, letters after a visit, imports.

What was written or said lies encrypted with the contact (matters/tables.py).
"""

import uuid

from piccolo.columns import (
    UUID,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.sites.tables import Site
from plugins.government.matters.tables import Contact, Matter
from plugins.government.units.tables import Unit


class LetterBatch(Table, tablename="government_letter_batch"):
    """The letters of one delivery (GOV-4). `received_on` is the day they came, `opened_at` when opened."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    number = Varchar(length=20)
    received_on = Date(null=False)
    opened_at = Timestamptz(null=False)
    pieces = Integer(default=1)
    carrier = Varchar(length=60, default="")
    created_by = UUID(null=True, default=None)
    created_by_name = Varchar(length=100, default="")
    closed_at = Timestamptz(null=True, default=None)


class Letter(Table, tablename="government_letter"):
    """What is noted of one letter beside its text; scans hang on the contact."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    contact = ForeignKey(Contact, null=False, unique=True, on_delete=OnDelete.restrict)
    batch = ForeignKey(LetterBatch, null=False, on_delete=OnDelete.restrict)
    envelope = Varchar(length=20, default="whole")
    stamp = Varchar(length=20, default="whole")
    pages = Integer(default=1)


class Call(Table, tablename="government_call"):
    """How a call was taken (GOV-5): rings until it was answered, where known, and how long it lasted."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    contact = ForeignKey(Contact, null=False, unique=True, on_delete=OnDelete.restrict)
    rings = SmallInt(null=True, default=None)
    seconds = Integer(default=0)


class AfterVisitLetter(Table, tablename="government_after_visit_letter"):
    """A letter that came after a visit (GOV-35). `disposition`: act, keep, idle; empty until decided.

    `threat` makes a unit to be told at once. `destroyed_at` is set by the archive, once a year.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    contact = ForeignKey(Contact, null=False, unique=True, on_delete=OnDelete.restrict)
    matter = ForeignKey(Matter, null=True, default=None, on_delete=OnDelete.restrict)
    written_on = Date(null=True, default=None)
    disposition = Varchar(length=20, default="")
    why_idle = Varchar(length=20, default="")
    decided_at = Timestamptz(null=True, default=None)
    decided_by_name = Varchar(length=100, default="")
    threat = Boolean(default=False)
    told_unit = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)
    told_at = Timestamptz(null=True, default=None)
    told_means = Varchar(length=20, default="")
    told_to_cipher = Text(default="")
    destroyed_at = Timestamptz(null=True, default=None)
    destruction = UUID(null=True, default=None)


class OnlineImport(Table, tablename="government_online_import"):
    """A file of items from another platform. `rows_cipher`: its rows as JSON until done or discarded.

    Of its name only the ending is kept: a name may say whom it is about.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    state = Varchar(length=20, default="preview")  # preview | applied | discarded
    platform = Varchar(length=60, default="")
    file_name = Varchar(length=200, default="")
    rows_cipher = Text(default="")
    good = Integer(default=0)
    bad = Integer(default=0)
    created_at = Timestamptz(null=False)
    created_by = UUID(null=True, default=None)
    created_by_name = Varchar(length=100, default="")
    finished_at = Timestamptz(null=True, default=None)


class ImportedRow(Table, tablename="government_online_row"):
    """A number of another platform that was taken over once: it is not taken over again."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    platform = Varchar(length=60)
    number_index = Varchar(length=64)
    contact = ForeignKey(Contact, null=False, on_delete=OnDelete.restrict)


INDEXES = (
    "CREATE UNIQUE INDEX government_letter_batch_number ON government_letter_batch (number)",
    "CREATE INDEX government_letter_batch_day ON government_letter_batch (site, received_on)",
    "CREATE INDEX government_letter_batch_of ON government_letter (batch)",
    "CREATE INDEX government_after_visit_due ON government_after_visit_letter (disposition)"
    " WHERE destroyed_at IS NULL",
    "CREATE INDEX government_after_visit_matter ON government_after_visit_letter (matter)",
    "CREATE UNIQUE INDEX government_online_row_once ON government_online_row"
    " (site, platform, number_index)",
)
