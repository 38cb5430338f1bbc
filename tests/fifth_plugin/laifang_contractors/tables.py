"""The plugin's side of a registration."""

import uuid

from piccolo.columns import UUID, Date, ForeignKey, OnDelete, Varchar
from piccolo.table import Table

from core.registrations.tables import Registration


class ContractorsPermit(Table, tablename="contractors_permit"):
    """The work permit shown for one visit."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    registration = ForeignKey(Registration, unique=True, null=False, on_delete=OnDelete.restrict)
    number = Varchar(length=40)
    last_day = Date(null=False)


INDEXES = ("CREATE INDEX contractors_permit_day ON contractors_permit (last_day)",)
