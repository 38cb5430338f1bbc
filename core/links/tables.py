"""Links for people without an account."""

import uuid

from piccolo.columns import UUID, Timestamptz, Varchar
from piccolo.table import Table


class Link(Table, tablename="link"):
    """A secret address that opens one record for one purpose until it expires.

    Only the secret's hash is kept. `purpose`: consent, slip, feedback, appointment.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    secret_hash = Varchar(length=64, unique=True)
    purpose = Varchar(length=40)
    record = UUID(null=False)
    created_at = Timestamptz(null=False)
    expires_at = Timestamptz(null=False)
    used_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


INDEXES = ("CREATE INDEX link_record ON link (record, purpose)",)
