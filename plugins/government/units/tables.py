"""Units (单位) and who works for them."""

import uuid
from typing import Any

from piccolo.columns import UUID, Boolean, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.table import Table

from core.accounts.tables import User
from core.sites.tables import Site


class Unit(Table, tablename="government_unit"):
    """A body that may answer for items; `kind` is one of facts.KINDS.

    `parent` is the next higher body, to which a review goes. `site`: the reception room to which it
    reports. A unit is switched off, never removed.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    parent: ForeignKey[Any] = ForeignKey(
        "self", null=True, default=None, on_delete=OnDelete.restrict
    )
    kind = Varchar(length=20)
    code = Varchar(length=20)
    name = Varchar(length=100)
    short_name = Varchar(length=40, default="")
    phone = Varchar(length=40, default="")
    address = Varchar(length=200, default="")
    order = Integer(default=100)
    active = Boolean(default=True)


class UnitMember(Table, tablename="government_unit_member"):
    """A user who works for a unit; `head` signs for it (负责人)."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    user = ForeignKey(User, null=False, on_delete=OnDelete.restrict)
    head = Boolean(default=False)
    post = Varchar(length=60, default="")
    since = Timestamptz(null=False)
    until = Timestamptz(null=True, default=None)


INDEXES = (
    "CREATE UNIQUE INDEX government_unit_code ON government_unit (site, code)",
    'CREATE UNIQUE INDEX government_unit_member_once ON government_unit_member (unit, "user")'
    " WHERE until IS NULL",
    'CREATE INDEX government_unit_member_user ON government_unit_member ("user")',
)
