"""What the school gate keeps beside the core's own records. Numbers of phones are encrypted."""

import uuid

from piccolo.columns import (
    UUID,
    BigInt,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.hosts.tables import Host
from core.registrations.tables import Registration
from core.sites.tables import Gate, Site
from core.visitors.tables import Visitor


class Grade(Table, tablename="school_gate_grade"):
    """A grade (年级); `position` orders them. `office` stamps its pupils' leave slips."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    name = Varchar(length=50)
    position = SmallInt(default=0)
    office = ForeignKey(Host, null=True, default=None, on_delete=OnDelete.set_null)
    active = Boolean(default=True)


class SchoolClass(Table, tablename="school_gate_class"):
    """A class of a grade, and its class teacher (班主任)."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    grade = ForeignKey(Grade, null=False, on_delete=OnDelete.restrict)
    name = Varchar(length=50)
    position = SmallInt(default=0)
    teacher = ForeignKey(Host, null=True, default=None, on_delete=OnDelete.set_null)
    active = Boolean(default=True)


class Pupil(Table, tablename="school_gate_pupil"):
    """A pupil or intern. `kind` pupil or intern; `tokens` is what the search looks into.

    `number` is the school's own, one for each pupil of a site; `photo` an attachment.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    school_class = ForeignKey(SchoolClass, null=False, on_delete=OnDelete.restrict)
    number = Varchar(length=40)
    name = Varchar(length=100)
    kind = Varchar(length=10, default="pupil")
    sex = Varchar(length=10, default="")
    boards = Boolean(default=False)
    photo = UUID(null=True, default=None)
    tokens = Text(default="")
    active = Boolean(default=True)
    created_at = Timestamptz(null=False)
    updated_at = Timestamptz(null=False)
    version = Integer(default=1)


class Guardian(Table, tablename="school_gate_guardian"):
    """An adult who stands for a pupil. `visitor` once they came themselves and were known again.

    `photo`, an attachment, is looked at by the guard when they collect the pupil.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    pupil = ForeignKey(Pupil, null=False, on_delete=OnDelete.restrict)
    visitor = ForeignKey(Visitor, null=True, default=None, on_delete=OnDelete.set_null)
    name = Varchar(length=100)
    relation = Varchar(length=40, default="")
    phone_cipher = Text(null=True, default=None)
    phone_index = Varchar(length=64, null=True, default=None)
    may_collect = Boolean(default=True)
    position = SmallInt(default=0)
    active = Boolean(default=True)
    photo = UUID(null=True, default=None)


class StaffMember(Table, tablename="school_gate_staff"):
    """A member of staff: who they are stands in the directory of hosts, here is their badge's side."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    host = ForeignKey(Host, null=False, unique=True, on_delete=OnDelete.restrict)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    number = Varchar(length=40)
    photo = UUID(null=True, default=None)
    active = Boolean(default=True)


class GateWindow(Table, tablename="school_gate_window"):
    """A line of one gate's own timetable; a gate without lines keeps the rulebook's hours.

    `weekdays` is a bit mask, Monday 1. `day_kind` is a kind of the school calendar. `starts`, `ends`
    are `HH:MM`. Changing a line voids it and writes another: the past keeps its timetable.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    gate = ForeignKey(Gate, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=20)
    day_kind = Varchar(length=20, default="school")
    weekdays = SmallInt(default=127)
    starts = Varchar(length=5)
    ends = Varchar(length=5)
    first_day = Date(null=True, default=None)
    last_day = Date(null=True, default=None)
    created_at = Timestamptz(null=False)
    voided_at = Timestamptz(null=True, default=None)


class GateOpening(Table, tablename="school_gate_opening"):
    """An actual opening of a gate, as the guard recorded it; `closed_at` null while it is open."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    gate = ForeignKey(Gate, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=20)
    note = Varchar(length=200, default="")
    opened_at = Timestamptz(null=False)
    opened_by = UUID(null=True, default=None)
    opened_by_name = Varchar(length=100, default="")
    closed_at = Timestamptz(null=True, default=None)
    closed_by = UUID(null=True, default=None)
    closed_by_name = Varchar(length=100, default="")


class CalendarDay(Table, tablename="school_gate_day"):
    """A day that the school calendar calls something else than its weekday says."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    day = Date(null=False)
    kind = Varchar(length=20)
    note = Varchar(length=100, default="")


class Offence(Table, tablename="school_gate_offence"):
    """A pupil at the gate without a badge or with an invalid one (SCH-3). Voided, never deleted.

    `event` is the refused scan's id, if one was scanned; `reported_at` when the discipline office
    was told, `spoken_at` when it had spoken with the pupil.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    pupil = ForeignKey(Pupil, null=False, on_delete=OnDelete.restrict)
    gate = ForeignKey(Gate, null=True, default=None, on_delete=OnDelete.restrict)
    kind = Varchar(length=20)  # no_badge | invalid_badge
    at = Timestamptz(null=False)
    event = BigInt(null=True, default=None)
    serious = Boolean(default=False)
    note = Varchar(length=200, default="")
    recorded_by = UUID(null=True, default=None)
    recorded_by_name = Varchar(length=100, default="")
    reported_at = Timestamptz(null=True, default=None)
    voided_at = Timestamptz(null=True, default=None)
    void_reason = Varchar(length=200, default="")
    spoken_at = Timestamptz(null=True, default=None)
    spoken_by_name = Varchar(length=100, default="")
    spoken_note = Varchar(length=200, default="")


class RosterImport(Table, tablename="school_gate_import"):
    """A roster file that was read: nothing of it is in the roster before it is applied (SCH-21).

    `rows_cipher` is the checked rows as encrypted JSON: all of them before, only the bad ones after
    it was applied, none once it was discarded.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=20)  # pupils | staff
    file_name = Varchar(length=200)
    sha256 = Varchar(length=64)
    encoding = Varchar(length=20, default="")
    state = Varchar(length=20)  # preview | applied | discarded
    rows = Integer(default=0)
    good = Integer(default=0)
    bad = Integer(default=0)
    added = Integer(default=0)
    changed = Integer(default=0)
    same = Integer(default=0)
    rows_cipher = Text(null=True, default=None)
    created_at = Timestamptz(null=False)
    created_by = UUID(null=True, default=None)
    created_by_name = Varchar(length=100, default="")
    finished_at = Timestamptz(null=True, default=None)


class BadgeBatch(Table, tablename="school_gate_badges"):
    """Badges being printed into one file; `done` counts up while it is made."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    title = Varchar(length=100)
    paper = Varchar(length=10)  # card | a4
    holders = Text(default="[]")
    state = Varchar(length=20)  # queued | running | done | failed | expired
    total = Integer(default=0)
    done = Integer(default=0)
    error = Text(default="")
    created_at = Timestamptz(null=False)
    created_by = UUID(null=True, default=None)
    created_by_name = Varchar(length=100, default="")
    finished_at = Timestamptz(null=True, default=None)


class SchoolVisit(Table, tablename="school_gate_visit"):
    """The school's side of a registration: which pupil or member of staff it is about."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    registration = ForeignKey(Registration, null=False, unique=True, on_delete=OnDelete.restrict)
    pupil = ForeignKey(Pupil, null=True, default=None, on_delete=OnDelete.restrict)
    staff = ForeignKey(StaffMember, null=True, default=None, on_delete=OnDelete.restrict)
    about = Varchar(length=100, default="")
    relation = Varchar(length=40, default="")
    organisation = Varchar(length=200, default="")
    confirmed = Boolean(default=False)
    leaflets = Boolean(default=False)


INDEXES = (
    "CREATE UNIQUE INDEX school_gate_grade_name ON school_gate_grade (site, name)",
    "CREATE UNIQUE INDEX school_gate_class_name ON school_gate_class (grade, name)",
    "CREATE INDEX school_gate_class_teacher ON school_gate_class (teacher)",
    "CREATE UNIQUE INDEX school_gate_pupil_number ON school_gate_pupil (site, number)",
    "CREATE INDEX school_gate_pupil_class ON school_gate_pupil (school_class, name)",
    "CREATE INDEX school_gate_guardian_pupil ON school_gate_guardian (pupil, position)",
    "CREATE INDEX school_gate_guardian_phone ON school_gate_guardian (phone_index)",
    "CREATE INDEX school_gate_guardian_visitor ON school_gate_guardian (visitor)",
    "CREATE UNIQUE INDEX school_gate_staff_number ON school_gate_staff (site, number)",
    "CREATE INDEX school_gate_window_gate ON school_gate_window (gate)",
    "CREATE UNIQUE INDEX school_gate_opening_open ON school_gate_opening (gate)"
    " WHERE closed_at IS NULL",
    "CREATE INDEX school_gate_opening_gate ON school_gate_opening (gate, opened_at)",
    "CREATE UNIQUE INDEX school_gate_day_once ON school_gate_day (site, day)",
    "CREATE INDEX school_gate_offence_pupil ON school_gate_offence (pupil, at)",
    "CREATE INDEX school_gate_offence_at ON school_gate_offence (at)",
    "CREATE UNIQUE INDEX school_gate_offence_event ON school_gate_offence (event)"
    " WHERE event IS NOT NULL",
    "CREATE INDEX school_gate_import_created ON school_gate_import (site, created_at)",
    "CREATE INDEX school_gate_badges_created ON school_gate_badges (site, created_at)",
    "CREATE INDEX school_gate_visit_pupil ON school_gate_visit (pupil)",
    "CREATE INDEX school_gate_visit_staff ON school_gate_visit (staff)",
)
