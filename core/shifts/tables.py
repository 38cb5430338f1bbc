"""Shifts at posts and the records of their handover. What is open is stored encrypted."""

import uuid

from piccolo.columns import UUID, ForeignKey, OnDelete, Text, Timestamptz, Varchar
from piccolo.table import Table

from core.sites.tables import Gate, Site


class Shift(Table, tablename="shift"):
    """Somebody's time on duty at a gate or desk; at most one without an end at each post.

    `end_kind`: handed_over, relieved (without the outgoing's signature), left (nobody followed).
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    gate = ForeignKey(Gate, null=False, on_delete=OnDelete.restrict)
    holder = UUID(null=False)
    holder_name = Varchar(length=100)
    began_at = Timestamptz(null=False)
    ended_at = Timestamptz(null=True, default=None)
    end_kind = Varchar(length=20, default="")


class ShiftHandover(Table, tablename="shift_handover"):
    """One record of what is open, signed by the outgoing and the incoming (CORE-17).

    `state`: offered, signed, withdrawn. `offered_cipher` and `accepted_cipher` are the open items as
    each of the two saw them. `*_means`: session, pin, or empty where that signature is missing.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    gate = ForeignKey(Gate, null=False, on_delete=OnDelete.restrict)
    outgoing_shift = ForeignKey(Shift, null=True, default=None, on_delete=OnDelete.restrict)
    incoming_shift = UUID(null=True, default=None)
    state = Varchar(length=20)
    offered_cipher = Text(null=True, default=None)
    accepted_cipher = Text(null=True, default=None)
    failed_parts = Varchar(length=300, default="")
    keys = Varchar(length=300, default="")
    remarks = Text(default="")
    incoming_remarks = Text(default="")
    reason = Varchar(length=300, default="")
    outgoing = UUID(null=True, default=None)
    outgoing_name = Varchar(length=100, default="")
    outgoing_means = Varchar(length=20, default="")
    outgoing_at = Timestamptz(null=True, default=None)
    incoming = UUID(null=True, default=None)
    incoming_name = Varchar(length=100, default="")
    incoming_means = Varchar(length=20, default="")
    incoming_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(null=False)


INDEXES = (
    "CREATE UNIQUE INDEX shift_on_duty ON shift (gate) WHERE ended_at IS NULL",
    "CREATE INDEX shift_at ON shift (gate, began_at)",
    "CREATE INDEX shift_holder ON shift (holder, began_at)",
    "CREATE UNIQUE INDEX shift_handover_offered ON shift_handover (gate) WHERE state = 'offered'",
    "CREATE INDEX shift_handover_at ON shift_handover (gate, created_at)",
)
