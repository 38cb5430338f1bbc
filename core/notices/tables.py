"""The outbox: notices to people, events to plugins."""

import uuid

from piccolo.columns import UUID, BigInt, BigSerial, Integer, Text, Varchar
from piccolo.table import Table


class Notice(Table, tablename="notice"):
    """One message to one recipient on one channel (CORE-11). Times are epoch milliseconds.

    `key` makes sending idempotent. `recipient` is a user id for `in_app`; an e-mail address is
    encrypted. `state`: queued, sent, dead. `subject` and `body` are dumped Messages.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    key = Varchar(length=120, unique=True)
    channel = Varchar(length=20)
    user = UUID(null=True, default=None)
    recipient_cipher = Text(null=True, default=None)
    locale = Varchar(length=20, default="")
    subject = Text()
    body = Text()
    url = Varchar(length=300, default="")
    state = Varchar(length=20, default="queued")
    attempts = Integer(default=0)
    next_at = BigInt(default=0)
    created_at = BigInt()
    sent_at = BigInt(null=True, default=None)
    read_at = BigInt(null=True, default=None)
    last_error = Text(default="")


class OutboxEvent(Table, tablename="outbox_event"):
    """Something that happened, for each plugin's `on_event`; retried until done or dead."""

    id = BigSerial(primary_key=True)
    name = Varchar(length=60)
    record = Varchar(length=40, default="")
    site = UUID(null=True, default=None)
    payload = Text(default="{}")
    plugin = Varchar(length=60)
    state = Varchar(length=20, default="queued")
    attempts = Integer(default=0)
    next_at = BigInt(default=0)
    created_at = BigInt()
    last_error = Text(default="")


INDEXES = (
    "CREATE INDEX notice_due ON notice (next_at) WHERE state = 'queued'",
    'CREATE INDEX notice_user ON notice ("user", created_at)',
    "CREATE INDEX outbox_event_due ON outbox_event (next_at) WHERE state = 'queued'",
)
