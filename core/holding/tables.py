"""Which records are held, and the spans in which units held them."""

import uuid

from piccolo.columns import (
    UUID,
    Boolean,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table


class Holding(Table, tablename="holding"):
    """A record that some unit answers for (GOV-54); locked for each act on its spans.

    The `first_` columns are written once. `ended_at`: its age counts no further. `domain`: whose keys
    its reasons lie under, empty for the core's.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    record_kind = Varchar(length=40)
    record = Varchar(length=60)
    taken_at = Timestamptz(null=False)
    ended_at = Timestamptz(null=True, default=None)
    first_kind = Varchar(length=40)
    first_id = Varchar(length=60)
    first_label = Varchar(length=200)
    first_person = UUID(null=True, default=None)
    first_person_name = Varchar(length=100, default="")
    first_person_label = Varchar(length=200, default="")
    returns = Integer(default=0)
    loops = Integer(default=0)
    version = Integer(default=1)
    domain = Varchar(length=40, default="")


class HoldingSpan(Table, tablename="holding_span"):
    """The time in which one unit held a record; `record_kind` and `record` are those of its holding.

    `given_by` is the position of the span it would be returned to. The reason is encrypted: it may
    tell of people.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    holding = ForeignKey(Holding, null=False, on_delete=OnDelete.restrict)
    record_kind = Varchar(length=40)
    record = Varchar(length=60)
    position = Integer()
    unit_kind = Varchar(length=40)
    unit_id = Varchar(length=60)
    unit_label = Varchar(length=200)
    since = Timestamptz(null=False)
    until = Timestamptz(null=True, default=None)
    how = Varchar(length=20)
    given_by = Integer(null=True, default=None)
    loop = Boolean(default=False)
    person = UUID(null=True, default=None)
    person_name = Varchar(length=100, default="")
    reason_cipher = Text(null=True, default=None)
    by_name = Varchar(length=100, default="")


INDEXES = (
    "CREATE UNIQUE INDEX holding_record ON holding (record_kind, record)",
    "CREATE UNIQUE INDEX holding_span_once ON holding_span (holding, position)",
    "CREATE UNIQUE INDEX holding_span_open ON holding_span (record_kind, record)"
    " WHERE until IS NULL",
    "CREATE INDEX holding_span_unit ON holding_span (unit_kind, unit_id, record_kind)"
    " WHERE until IS NULL",
    "CREATE INDEX holding_span_person ON holding_span (person, record_kind)"
    " WHERE until IS NULL AND person IS NOT NULL",
    "CREATE INDEX holding_bounced ON holding (record_kind, returns, loops)"
    " WHERE returns > 0 OR loops > 0",
)
