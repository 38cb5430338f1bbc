"""Numbers of documents, the papers issued under them, changed templates, deliveries."""

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


class DocumentNumber(Table, tablename="document_number"):
    """The last number given for a kind and year; `id` is `<kind>/<year>`."""

    id = Varchar(length=80, primary_key=True)
    last = Integer(default=0)


class IssuedDocument(Table, tablename="issued_document"):
    """A paper as issued (CORE-12): its PDF lies in the attachment store and is never made again.

    `label` is the printed number. `data` is what stands on a paper of a registered kind, encrypted
    JSON; `template` the version it is made with, 0 the shipped one. A `sealed` PDF is encrypted.
    `delivered` says that a note of its delivery stands: by it those that wait are found.
    """

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
    label = Varchar(length=80, default="")
    data = Text(default="")
    template = Integer(default=0)
    sealed = Boolean(default=False)
    delivered = Boolean(default=False)


class DocumentTemplate(Table, tablename="document_template"):
    """One version of a kind's template as an administrator changed it; the last one is in force.

    An empty `source` is the shipped template, an empty `prefix` the shipped one.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    kind = Varchar(length=60)
    number = Integer()
    source = Text(default="")
    prefix = Varchar(length=40, default="")
    note = Text(default="")
    adopted_by = UUID(null=True, default=None)
    adopted_by_name = Varchar(length=100, default="")
    adopted_at = Timestamptz(null=False)


class DocumentDelivery(Table, tablename="document_delivery"):
    """How a paper was delivered; what is voided was noted wrongly. `person` is encrypted JSON.

    `void_reason` is encrypted, too, where the paper is sealed.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    document = ForeignKey(IssuedDocument, null=False, on_delete=OnDelete.restrict)
    method = Varchar(length=20)
    at = Timestamptz(null=False)
    refused = Boolean(default=False)
    person = Text(default="")
    noted_by = UUID(null=True, default=None)
    noted_by_name = Varchar(length=100, default="")
    noted_at = Timestamptz(null=False)
    voided_at = Timestamptz(null=True, default=None)
    void_reason = Text(default="")


INDEXES = (
    "CREATE UNIQUE INDEX issued_document_number ON issued_document (kind, year, number)",
    "CREATE INDEX issued_document_record ON issued_document (record_kind, record)",
    "CREATE INDEX issued_document_unmade ON issued_document (issued_at)"
    " WHERE sha256 = '' AND voided_at IS NULL",
    "CREATE INDEX issued_document_undelivered ON issued_document (kind, issued_at)"
    " WHERE NOT delivered AND voided_at IS NULL",
    "CREATE UNIQUE INDEX document_template_number ON document_template (kind, number)",
    "CREATE INDEX document_delivery_document ON document_delivery (document)",
)
