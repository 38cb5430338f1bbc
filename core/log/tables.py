"""The log and its seals."""

from piccolo.columns import (
    UUID,
    BigInt,
    BigSerial,
    Bytea,
    Integer,
    Text,
    Varchar,
)
from piccolo.table import Table


class LogEntry(Table, tablename="log_entry"):
    """One act: who, when, where, what, on which record, before and after (CORE-7).

    `at` is epoch milliseconds; `before` and `after` are JSON objects without clear phone or document
    numbers; `record_id` is the record's key as text.
    """

    id = BigSerial(primary_key=True)
    at = BigInt()
    actor_kind = Varchar(length=20)
    actor_id = UUID(null=True, default=None)
    actor_name = Varchar(length=100, default="")
    place = Varchar(length=100, default="")
    act = Varchar(length=60)
    record_kind = Varchar(length=40, default="")
    record_id = Varchar(length=40, default="")
    before = Text(default="")
    after = Text(default="")
    proof = Varchar(length=60, default=None)  # keyed mark of the row: proof.py; never left out


class LogSeal(Table, tablename="log_seal"):
    """One link of the chain over some entries, signed (seal.py says how it is computed).

    `entries` are the ids, 8 bytes each, in order; `leaves` their hashes, 32 bytes each. `horizon`
    tells where the next seal begins: the last sealed id on SQLite; on PostgreSQL the transaction id below
    which every entry is sealed.
    """

    number = BigInt(primary_key=True)
    at = BigInt()
    entry_count = Integer()
    horizon = BigInt(default=0)
    entries = Bytea()
    leaves = Bytea()
    chain = Bytea()
    key_version = Integer()
    signature = Bytea()


INDEXES = (
    "CREATE INDEX log_entry_record ON log_entry (record_kind, record_id, id)",
    "CREATE INDEX log_entry_actor ON log_entry (actor_id, id)",
    "CREATE INDEX log_entry_act ON log_entry (act, id)",
    "CREATE INDEX log_entry_at ON log_entry (at)",
)
# The sealer takes only entries of transactions that can no longer be in flight.
POSTGRESQL_DDL = (
    "ALTER TABLE log_entry ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()",
    "CREATE INDEX log_entry_xid ON log_entry (xid)",
)
