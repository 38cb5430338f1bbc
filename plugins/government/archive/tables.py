"""Files of items, hand-overs, yearly lists of what is destroyed. What a file holds is encrypted."""

import uuid

from piccolo.columns import (
    UUID,
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
from plugins.government.intake.tables import AfterVisitLetter
from plugins.government.matters.tables import Matter


class HandOver(Table, tablename="government_hand_over"):
    """Files handed over to the archives office at one time: by whom, to whom, how many."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    number = Varchar(length=20)
    total = Integer(default=0)
    pages = Integer(default=0)
    at = Timestamptz(null=False)
    by = UUID(null=True, default=None)
    by_name = Varchar(length=100, default="")
    taken_by_name = Varchar(length=100, default="")


class Destruction(Table, tablename="government_destruction"):
    """A year's list of what is destroyed (销毁清单): made by one person, carried out by another."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    year = Integer()
    state = Varchar(length=20)
    total = Integer(default=0)
    method = Varchar(length=200, default="")
    proposed_at = Timestamptz(null=False)
    proposed_by = UUID(null=True, default=None)
    proposed_by_name = Varchar(length=100, default="")
    decided_at = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    decided_by_name = Varchar(length=100, default="")
    document = UUID(null=True, default=None)


class CaseFile(Table, tablename="government_case_file"):
    """The file (卷) of one item. `contents_cipher`: JSON rows of facts.Content.

    `keep_until` empty: for ever. `kind_reason_cipher`: why the kind is not the usual one.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    matter = ForeignKey(Matter, null=False, unique=True, on_delete=OnDelete.restrict)
    kind = Varchar(length=20)
    kind_reason_cipher = Text(default="")
    year = Integer()
    number = Varchar(length=40)
    state = Varchar(length=20)
    contents_cipher = Text(default="")
    pages = Integer(default=0)
    keep_years = SmallInt(default=10)
    keep_until = Date(null=True, default=None)
    filed_at = Timestamptz(null=False)
    filed_by_name = Varchar(length=100, default="")
    hand_over = ForeignKey(HandOver, null=True, default=None, on_delete=OnDelete.restrict)
    document = UUID(null=True, default=None)


class DestructionEntry(Table, tablename="government_destruction_entry"):
    """One thing on a list: a file, or a letter that was put aside. Neither names nor contents."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    destruction = ForeignKey(Destruction, null=False, on_delete=OnDelete.restrict)
    matter = ForeignKey(Matter, null=True, default=None, on_delete=OnDelete.restrict)
    letter = ForeignKey(AfterVisitLetter, null=True, default=None, on_delete=OnDelete.restrict)
    number = Varchar(length=40)
    day = Date(null=False)
    pages = Integer(default=1)
    why = Varchar(length=20, default="")


INDEXES = (
    "CREATE UNIQUE INDEX government_case_file_number ON government_case_file (site, number)",
    "CREATE INDEX government_case_file_list ON government_case_file (site, year, kind)",
    "CREATE INDEX government_case_file_due ON government_case_file (keep_until)"
    " WHERE state <> 'destroyed'",
    "CREATE INDEX government_case_file_hand_over ON government_case_file (hand_over)",
    "CREATE UNIQUE INDEX government_hand_over_number ON government_hand_over (number)",
    "CREATE UNIQUE INDEX government_destruction_once ON government_destruction (site, year)"
    " WHERE state <> 'refused'",
    "CREATE INDEX government_destruction_entry_of ON government_destruction_entry (destruction)",
    "CREATE INDEX government_destruction_entry_matter ON government_destruction_entry (matter)",
)
