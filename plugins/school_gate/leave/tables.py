"""Leave slips (SCH-5), boarders' exit slips and permissions to come in (SCH-6). Signatures are encrypted."""

import uuid

from piccolo.columns import (
    UUID,
    BigInt,
    Boolean,
    ForeignKey,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.sites.tables import Gate
from plugins.school_gate.tables import Guardian, Pupil


class LeaveSlip(Table, tablename="school_gate_leave"):
    """Permission of the class teacher for one pupil and one window; voided, never deleted.

    `kind`: leave (out in school time: the parent was spoken to and the grade office stamps it), boarder
    (out after school), entry (a day pupil comes in although there is no school). `asked_at`: the pupil
    asked; `issued_at`: the teacher issued it. `used_at`, `exit_event`: the one exit; `released_at`: the
    guard recorded who collected. `expected_back_at` empty: the pupil does not come back that day.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    number = Varchar(length=20, default="")
    pupil = ForeignKey(Pupil, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=20, default="leave")
    reason = Varchar(length=200)
    starts_at = Timestamptz(null=False)
    ends_at = Timestamptz(null=False)
    expected_back_at = Timestamptz(null=True, default=None)
    alone = Boolean(default=False)
    asked_at = Timestamptz(null=False)
    asked_by = UUID(null=True, default=None)
    asked_by_name = Varchar(length=100, default="")
    contacted_at = Timestamptz(null=True, default=None)
    contact_means = Varchar(length=20, default="")
    contact_with = Varchar(length=100, default="")
    contact_guardian = ForeignKey(Guardian, null=True, default=None, on_delete=OnDelete.restrict)
    link_guardian = ForeignKey(Guardian, null=True, default=None, on_delete=OnDelete.restrict)
    issued_at = Timestamptz(null=True, default=None)
    issued_by = UUID(null=True, default=None)
    issued_by_name = Varchar(length=100, default="")
    stamped_at = Timestamptz(null=True, default=None)
    stamped_by = UUID(null=True, default=None)
    stamped_by_name = Varchar(length=100, default="")
    refused_at = Timestamptz(null=True, default=None)
    refused_by_name = Varchar(length=100, default="")
    refuse_reason = Varchar(length=200, default="")
    released_at = Timestamptz(null=True, default=None)
    released_by = UUID(null=True, default=None)
    released_by_name = Varchar(length=100, default="")
    release_gate = ForeignKey(Gate, null=True, default=None, on_delete=OnDelete.restrict)
    collected_by = ForeignKey(Guardian, null=True, default=None, on_delete=OnDelete.restrict)
    collector_name = Varchar(length=100, default="")
    collector_document = Varchar(length=40, default="")
    paper_number = Varchar(length=40, default="")
    pupil_signature = Text(null=True, default=None)
    collector_signature = Text(null=True, default=None)
    used_at = Timestamptz(null=True, default=None)
    exit_event = BigInt(null=True, default=None)
    returned_at = Timestamptz(null=True, default=None)
    return_event = BigInt(null=True, default=None)
    return_note = Varchar(length=200, default="")
    missed_at = Timestamptz(null=True, default=None)
    voided_at = Timestamptz(null=True, default=None)
    voided_by_name = Varchar(length=100, default="")
    void_reason = Varchar(length=200, default="")


INDEXES = (
    "CREATE INDEX school_gate_leave_pupil ON school_gate_leave (pupil, ends_at)",
    "CREATE INDEX school_gate_leave_ends ON school_gate_leave (ends_at)",
    "CREATE INDEX school_gate_leave_out ON school_gate_leave (expected_back_at)"
    " WHERE used_at IS NOT NULL AND returned_at IS NULL AND voided_at IS NULL",
)
