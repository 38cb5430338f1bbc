"""Numbers of documents and the papers issued under them."""

import uuid

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class DocumentNumber(Table, tablename="document_number"):
    """The last number given for a kind and year; `id` is `<kind>/<year>`."""

    id = Varchar(length=80, primary_key=True)
    last = Integer(default=0)


class IssuedDocument(Table, tablename="issued_document"):
    """A paper as issued (CORE-12): its PDF lies in the attachment store and is never made again."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    kind = Varchar(length=60)
    year = Integer()
    number = Integer()
    title = Varchar(length=200, default="")
    sha256 = Varchar(length=64)
    record_kind = Varchar(length=40)
    record = UUID(null=False)
    issued_at = Timestamptz(null=False)
    issued_by = UUID(null=True, default=None)
    voided_at = Timestamptz(null=True, default=None)
    void_reason = Text(default="")


INDEXES = (
    "CREATE UNIQUE INDEX issued_document_number ON issued_document (kind, year, number)",
    "CREATE INDEX issued_document_record ON issued_document (record_kind, record)",
)
