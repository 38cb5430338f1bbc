"""Petitioners (信访人). Everything that says who somebody is lies encrypted under this plugin's key."""

import uuid

from piccolo.columns import (
    UUID,
    Boolean,
    ForeignKey,
    Integer,
    OnDelete,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.visitors.tables import Visitor


class Petitioner(Table, tablename="government_petitioner"):
    """A person who petitions, by whatever channel; `visitor` is the same person at the gate.

    `*_cipher` are texts encrypted under the plugin's key (sealing.py), `*_index` keyed indexes for
    finding them again. `belonging` is one of facts.BELONGINGS. `anonymous`: nothing is known.
    `merged_into` is the record that stands for this one (joining/).
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    visitor = ForeignKey(Visitor, null=True, default=None, on_delete=OnDelete.restrict)
    name_cipher = Text(default="")
    name_index = Varchar(length=64, null=True, default=None)
    sex = Varchar(length=10, default="")
    birth_year = Integer(null=True, default=None)
    occupation = Varchar(length=60, default="")
    politics = Varchar(length=40, default="")
    belonging = Varchar(length=20, default="mainland")
    employer_cipher = Text(default="")
    address_cipher = Text(default="")
    email_cipher = Text(default="")
    phone_cipher = Text(default="")
    phone_index = Varchar(length=64, null=True, default=None)
    document_kind = Varchar(length=40, default="")
    document_cipher = Text(default="")
    document_index = Varchar(length=64, null=True, default=None)
    document_tail = Varchar(length=64, null=True, default=None)
    anonymous = Boolean(default=False)
    merged_into = UUID(null=True, default=None)
    created_at = Timestamptz(null=False)
    updated_at = Timestamptz(null=False)
    erased_at = Timestamptz(null=True, default=None)


class SearchToken(Table, tablename="government_search"):
    """A keyed mark of something by which a petitioner is found: the plugin's own search index."""

    id = Serial(primary_key=True)
    petitioner = ForeignKey(Petitioner, null=False, on_delete=OnDelete.cascade)
    token = Varchar(length=32)


INDEXES = (
    "CREATE UNIQUE INDEX government_search_token ON government_search (token, petitioner)",
    "CREATE INDEX government_search_petitioner ON government_search (petitioner)",
    "CREATE INDEX government_petitioner_name ON government_petitioner (name_index)",
    "CREATE INDEX government_petitioner_phone ON government_petitioner (phone_index)",
    "CREATE INDEX government_petitioner_document ON government_petitioner (document_index)",
    "CREATE INDEX government_petitioner_visitor ON government_petitioner (visitor)"
    " WHERE visitor IS NOT NULL",
    "CREATE INDEX government_petitioner_merged ON government_petitioner (merged_into)"
    " WHERE merged_into IS NOT NULL",
)
