"""Appointments."""

import uuid

from piccolo.columns import UUID, ForeignKey, Integer, OnDelete, Text, Timestamptz, Varchar
from piccolo.table import Table

from core.hosts.tables import Host
from core.sites.tables import Site
from core.visitors.tables import Visitor


class Appointment(Table, tablename="appointment"):
    """An agreed visit (CORE-4): who, whom, where, when, why; proposed by visitor, host or staff."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    visitor = ForeignKey(Visitor, null=False, on_delete=OnDelete.restrict)
    host = ForeignKey(Host, null=True, default=None, on_delete=OnDelete.restrict)
    host_text = Varchar(length=200, default="")
    purpose = Varchar(length=80)
    reason = Text(default="")
    head_count = Integer(default=1)
    plate = Varchar(length=20, default="")
    starts_at = Timestamptz(null=False)
    ends_at = Timestamptz(null=False)
    state = Varchar(length=20)  # proposed | confirmed | refused | cancelled | arrived | no_show
    proposed_by = Varchar(length=20)  # visitor | host | staff
    answer_note = Text(default="")
    created_at = Timestamptz(null=False)
    created_by = UUID(null=True, default=None)
    version = Integer(default=1)


INDEXES = (
    "CREATE INDEX appointment_day ON appointment (site, starts_at)",
    "CREATE INDEX appointment_host ON appointment (host, starts_at)",
)
