"""Bulletins (简报, 专报, 通报, 紧急信息)."""

import uuid
from typing import Any

from piccolo.columns import (
    UUID,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.sites.tables import Site
from plugins.government.matters.tables import Matter
from plugins.government.units.tables import Unit


class Bulletin(Table, tablename="government_bulletin"):
    """One bulletin. `figures` is the JSON of filling.Figures, numbers alone; the text lies encrypted.

    `unit`: to which county or department. `matter`: what an urgent or special one is about; who may
    not see that sees neither. `follows`: the urgent information that this one carries on. `batch`:
    bulletins signed with one request.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=20)
    state = Varchar(length=20, default="draft")
    batch = UUID(null=False)
    first = Date(null=False)
    last = Date(null=False)
    unit = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)
    matter = ForeignKey(Matter, null=True, default=None, on_delete=OnDelete.restrict)
    follows: ForeignKey[Any] = ForeignKey(
        "self", null=True, default=None, on_delete=OnDelete.restrict
    )
    figures = Text(default="")
    texts_cipher = Text(default="")
    approval = UUID(null=True, default=None)
    document = UUID(null=True, default=None)
    label = Varchar(length=60, default="")
    created_at = Timestamptz(null=False)
    created_by = UUID(null=True, default=None)
    created_by_name = Varchar(length=100, default="")
    signed_by = Varchar(length=200, default="")
    issued_at = Timestamptz(null=True, default=None)
    read_at = Timestamptz(null=True, default=None)
    read_by_name = Varchar(length=100, default="")
    closed_at = Timestamptz(null=True, default=None)
    closed_by_name = Varchar(length=100, default="")
    version = Integer(default=1)


INDEXES = (
    "CREATE INDEX government_bulletin_site ON government_bulletin (site, kind, first)",
    "CREATE INDEX government_bulletin_unit ON government_bulletin (unit, issued_at)"
    " WHERE unit IS NOT NULL",
    "CREATE INDEX government_bulletin_batch ON government_bulletin (batch)",
    "CREATE INDEX government_bulletin_follows ON government_bulletin (follows)"
    " WHERE follows IS NOT NULL",
)
