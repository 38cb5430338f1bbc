"""Class events to which parents are admitted (SCH-12), and the list of those parents."""

import uuid

from piccolo.columns import UUID, BigInt, ForeignKey, OnDelete, SmallInt, Timestamptz, Varchar
from piccolo.table import Table

from core.sites.tables import Gate
from plugins.school_gate.tables import Guardian, Pupil, SchoolClass


class ClassEvent(Table, tablename="school_gate_event"):
    """An event of a class: applied for, approved by grade office and security office, then open.

    `state`: draft, asked, approved, refused, withdrawn, cancelled. `approval` is the request for both
    signatures. Parents are admitted from `admits_from` until `ends_at`, at `gate` or at any gate.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    number = Varchar(length=20, default="")
    school_class = ForeignKey(SchoolClass, null=False, on_delete=OnDelete.restrict)
    title = Varchar(length=100)
    place = Varchar(length=100, default="")
    note = Varchar(length=300, default="")
    admits_from = Timestamptz(null=False)
    starts_at = Timestamptz(null=False)
    ends_at = Timestamptz(null=False)
    gate = ForeignKey(Gate, null=True, default=None, on_delete=OnDelete.restrict)
    state = Varchar(length=20)
    approval = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decision_note = Varchar(length=300, default="")
    applied_by = UUID(null=True, default=None)
    applied_by_name = Varchar(length=100, default="")
    created_at = Timestamptz(null=False)
    cancelled_at = Timestamptz(null=True, default=None)
    cancel_reason = Varchar(length=200, default="")


class EventGuest(Table, tablename="school_gate_event_guest"):
    """A parent on the list of an event. `came_how`: scan or list; `position` orders the list."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    event = ForeignKey(ClassEvent, null=False, on_delete=OnDelete.restrict)
    pupil = ForeignKey(Pupil, null=False, on_delete=OnDelete.restrict)
    guardian = ForeignKey(Guardian, null=True, default=None, on_delete=OnDelete.restrict)
    name = Varchar(length=100)
    relation = Varchar(length=40, default="")
    position = SmallInt(default=0)
    pass_id = Varchar(length=24, default="")
    came_at = Timestamptz(null=True, default=None)
    came_how = Varchar(length=10, default="")
    came_gate = ForeignKey(Gate, null=True, default=None, on_delete=OnDelete.restrict)
    came_event = BigInt(null=True, default=None)
    document = Varchar(length=40, default="")
    recorded_by_name = Varchar(length=100, default="")
    removed_at = Timestamptz(null=True, default=None)


INDEXES = (
    "CREATE INDEX school_gate_event_class ON school_gate_event (school_class, starts_at)",
    "CREATE INDEX school_gate_event_ends ON school_gate_event (ends_at)",
    "CREATE INDEX school_gate_event_guest_event ON school_gate_event_guest (event, position)",
    "CREATE INDEX school_gate_event_guest_guardian ON school_gate_event_guest (guardian)",
)
