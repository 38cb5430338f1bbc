"""Legal holds and the record of erasures."""

import uuid

from piccolo.columns import UUID, Text, Timestamptz, Varchar
from piccolo.table import Table


class LegalHold(Table, tablename="legal_hold"):
    """Stops erasure of one record while it lasts."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    record_kind = Varchar(length=40)
    record = UUID(null=False)
    reason = Text()
    placed_by = Varchar(length=100)
    placed_at = Timestamptz(null=False)
    lifted_at = Timestamptz(null=True, default=None)


INDEXES = ("CREATE INDEX legal_hold_record ON legal_hold (record_kind, record)",)
