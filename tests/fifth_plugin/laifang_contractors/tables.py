"""The plugin's side of a registration, and hot work as a case of its own."""

import uuid

from piccolo.columns import UUID, Date, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.table import Table

from core.registrations.tables import Registration
from core.sites.tables import Site


class ContractorsPermit(Table, tablename="contractors_permit"):
    """The work permit shown for one visit."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    registration = ForeignKey(Registration, unique=True, null=False, on_delete=OnDelete.restrict)
    number = Varchar(length=40)
    last_day = Date(null=False)


class ContractorsHotWork(Table, tablename="contractors_hot_work"):
    """Work with fire at a place of the site. Signatures, clocks and papers lie with the core."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    place = Varchar(length=100)
    state = Varchar(length=10)
    asked_by = UUID(null=True, default=None)
    asked_at = Timestamptz(null=False)
    request = UUID(null=True, default=None)


INDEXES = (
    "CREATE INDEX contractors_permit_day ON contractors_permit (last_day)",
    "CREATE INDEX contractors_hot_work_asked ON contractors_hot_work (site, asked_at)",
)
