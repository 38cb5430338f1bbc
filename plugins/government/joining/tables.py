"""Records of petitioners that were joined: why, and what moved, so that it can be undone."""

import uuid

from piccolo.columns import UUID, Boolean, ForeignKey, OnDelete, Text, Timestamptz, Varchar
from piccolo.table import Table

from plugins.government.people.tables import Petitioner


class Joining(Table, tablename="government_joining"):
    """One record (`joined`) that went into another (`kept`); `undone_at` when they were parted.

    `moved_cipher` names what moved, as JSON. `shared`: what the joined record says of the person may
    be told with the kept one; not so where every item of it is confidential.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    kept = ForeignKey(Petitioner, null=False, on_delete=OnDelete.restrict)
    joined = ForeignKey(Petitioner, null=False, on_delete=OnDelete.restrict)
    shared = Boolean(default=True)
    reason_cipher = Text(default="")
    moved_cipher = Text(default="")
    at = Timestamptz(null=False)
    by = UUID(null=True, default=None)
    by_name = Varchar(length=100, default="")
    undone_at = Timestamptz(null=True, default=None)
    undone_by_name = Varchar(length=100, default="")
    undone_cipher = Text(default="")


INDEXES = (
    "CREATE INDEX government_joining_kept ON government_joining (kept)",
    "CREATE INDEX government_joining_joined ON government_joining (joined)",
)
