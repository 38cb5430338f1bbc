"""Requests for approval, the signers' seats with their votes, and substitutes."""

import uuid

from piccolo.columns import (
    UUID,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.accounts.tables import User
from core.sites.tables import Site


class ApprovalRequest(Table, tablename="approval_request"):
    """Something that others must sign (CORE-9). `state` is one of states.py.

    `steps` is the chain as JSON, `barred` a JSON list of users who never sign it, `payload` the
    owner's. `title` and `detail` are dumped Messages. `round` counts the submissions, from 1.
    `page` is the owner's page on which it is read and signed, empty for the core's own.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    kind = Varchar(length=60)
    record_kind = Varchar(length=40)
    record = Varchar(length=60)
    site = ForeignKey(Site, null=True, default=None, on_delete=OnDelete.restrict)
    title = Text()
    detail = Text(default="")
    url = Varchar(length=300, default="")
    page = Varchar(length=300, default="")
    requester = UUID(null=True, default=None)
    requester_name = Varchar(length=100)
    state = Varchar(length=20)
    step = Integer(default=0)
    round = Integer(default=1)
    steps = Text()
    barred = Text(default="[]")
    payload = Text(default="{}")
    confidential = Boolean(default=False)
    remind_hours = Integer(default=24)
    remind_at = Timestamptz(null=True, default=None)
    reminded = Integer(default=0)
    created_at = Timestamptz(null=False)
    decided_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class ApprovalSeat(Table, tablename="approval_seat"):
    """One signer's place in one step of one round, with the vote cast there.

    `voter` differs from `holder` when a substitute signed. `choice`: empty, approve, reject,
    send_back. `opinion` is encrypted (saying.py). A seat that was `dropped` when the signers were
    named anew counts no longer.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    request = ForeignKey(ApprovalRequest, null=False, on_delete=OnDelete.restrict)
    round = Integer()
    step = Integer()
    holder = ForeignKey(User, null=False, on_delete=OnDelete.restrict)
    holder_name = Varchar(length=100)
    must = Boolean(default=False)
    choice = Varchar(length=20, default="")
    opinion = Text(default="")
    voter = UUID(null=True, default=None)
    voter_name = Varchar(length=100, default="")
    voted_at = Timestamptz(null=True, default=None)
    dropped_at = Timestamptz(null=True, default=None)


class ApprovalSubstitute(Table, tablename="approval_substitute"):
    """Who signs instead of whom, from a day to a day, both included; `kind` empty means everything."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    principal = ForeignKey(User, null=False, on_delete=OnDelete.restrict)
    principal_name = Varchar(length=100)
    substitute = ForeignKey(User, null=False, on_delete=OnDelete.restrict)
    substitute_name = Varchar(length=100)
    first_day = Date(null=False)
    last_day = Date(null=False)
    kind = Varchar(length=60, default="")
    reason = Varchar(length=300, default="")
    created_at = Timestamptz(null=False)
    voided_at = Timestamptz(null=True, default=None)


INDEXES = (
    "CREATE INDEX approval_request_record ON approval_request (record_kind, record)",
    "CREATE INDEX approval_request_requester ON approval_request (requester, created_at)",
    "CREATE INDEX approval_request_remind ON approval_request (remind_at) WHERE state = 'open'",
    "CREATE UNIQUE INDEX approval_seat_once ON approval_seat (request, round, step, holder)"
    " WHERE dropped_at IS NULL",
    "CREATE UNIQUE INDEX approval_seat_one_vote ON approval_seat (request, round, step, voter)"
    " WHERE voter IS NOT NULL",
    "CREATE INDEX approval_seat_waiting ON approval_seat (holder) WHERE choice = ''"
    " AND dropped_at IS NULL",
    "CREATE INDEX approval_substitute_of ON approval_substitute (substitute, last_day)",
)
