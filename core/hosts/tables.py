"""The directory of people and offices that are visited."""

import uuid

from piccolo.columns import UUID, Boolean, ForeignKey, OnDelete, Text, Varchar
from piccolo.table import Table

from core.sites.tables import Site


class Host(Table, tablename="host"):
    """A person or office that is visited (被访人). The phone is encrypted; e-mail is a work address."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=True, default=None, on_delete=OnDelete.restrict)
    name = Varchar(length=100)
    department = Varchar(length=100, default="")
    room = Varchar(length=50, default="")
    phone_cipher = Text(null=True, default=None)
    email = Varchar(length=200, default="")
    active = Boolean(default=True)


INDEXES = ("CREATE INDEX host_name ON host (name)",)
