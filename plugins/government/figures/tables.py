"""The office's monthly tables as checked: figures only, nothing about anybody."""

import uuid

from piccolo.columns import UUID, Date, ForeignKey, OnDelete, Text, Timestamptz, Varchar
from piccolo.table import Table

from core.sites.tables import Site


class MonthlyTables(Table, tablename="government_monthly"):
    """The tables of one month (GOV-40), as the head of the room checked and sent them.

    `content` is the JSON of monthly.Content: what was counted when they were checked. `state`:
    checked, sent, received.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    month = Date(null=False)
    state = Varchar(length=20)
    content = Text()
    remark = Text(default="")
    checked_at = Timestamptz(null=False)
    checked_by_name = Varchar(length=100, default="")
    sent_at = Timestamptz(null=True, default=None)
    sent_by_name = Varchar(length=100, default="")
    received_at = Timestamptz(null=True, default=None)
    received_by_name = Varchar(length=100, default="")


INDEXES = ("CREATE UNIQUE INDEX government_monthly_once ON government_monthly (site, month)",)
