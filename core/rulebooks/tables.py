"""Versions of rulebooks."""

import uuid

from piccolo.columns import UUID, BigInt, Text, Timestamptz, Varchar
from piccolo.table import Table


class RulebookVersion(Table, tablename="rulebook_version"):
    """One adopted version of a plugin's rulebook; the latest effective one not voided is in force.

    `settings` is the frozen struct as JSON; `effective_from` is epoch milliseconds.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    plugin = Varchar(length=60)
    number = BigInt()
    settings = Text()
    effective_from = BigInt()
    adopted_by = UUID(null=True, default=None)
    adopted_by_name = Varchar(length=100, default="")
    adopted_at = Timestamptz(null=False)
    note = Text(default="")
    voided_at = Timestamptz(null=True, default=None)


INDEXES = (
    "CREATE UNIQUE INDEX rulebook_version_number ON rulebook_version (plugin, number)",
    "CREATE UNIQUE INDEX rulebook_version_in_force ON rulebook_version (plugin, effective_from)"
    " WHERE voided_at IS NULL",
)
