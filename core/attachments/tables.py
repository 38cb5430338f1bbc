"""Attachments; the bytes lie in the store, by content hash."""

import uuid

from piccolo.columns import UUID, BigInt, Integer, Timestamptz, Varchar
from piccolo.table import Table


class Attachment(Table, tablename="attachment"):
    """A file belonging to one record (CORE-20). `sha256` names its bytes in the store."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    sha256 = Varchar(length=64)
    media_type = Varchar(length=60)
    size = BigInt()
    width = Integer(default=0)
    height = Integer(default=0)
    name = Varchar(length=200, default="")
    record_kind = Varchar(length=40)
    record = UUID(null=False)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz(null=False)
    erased_at = Timestamptz(null=True, default=None)


INDEXES = (
    "CREATE INDEX attachment_record ON attachment (record_kind, record)",
    "CREATE INDEX attachment_sha256 ON attachment (sha256)",
)
