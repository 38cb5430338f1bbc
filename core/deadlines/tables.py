"""The table of holidays, its imports, and clocks with their pauses and extensions."""

import uuid

from piccolo.columns import (
    UUID,
    BigInt,
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

from core.sites.tables import Site


class CalendarDayRow(Table, tablename="calendar_day"):
    """A day that differs from its weekday: `kind` off (a holiday) or work (a make-up day).

    A year is taken as a whole: it has all its rows or none. `provisional`: not announced yet.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    day = Date(null=False, unique=True)
    kind = Varchar(length=10)
    note = Varchar(length=100, default="")
    source = Varchar(length=300, default="")
    provisional = Boolean(default=False)


class CalendarImport(Table, tablename="calendar_import"):
    """One change of the table. Their number is the table's version, which clocks remember."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    at = Timestamptz(null=False)
    by_name = Varchar(length=100, default="")
    years = Varchar(length=100)
    added = Integer(default=0)
    changed = Integer(default=0)
    removed = Integer(default=0)


class Deadline(Table, tablename="deadline"):
    """One clock on one record (CORE-10). `state`: running, paused, finished, cancelled.

    `due` is the date with rolling, null while paused. `rule`, `ladder`, `roles`, `proof` are JSON;
    `label` and `event` dumped Messages. `calendar` is the version of the table of holidays it was
    reckoned with. What is to be done on it next stands in its `DeadlineAlarm`.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    record_kind = Varchar(length=40)
    record = Varchar(length=60)
    name = Varchar(length=60)
    track = Varchar(length=20)
    site = ForeignKey(Site, null=True, default=None, on_delete=OnDelete.restrict)
    label = Text()
    event = Text(default="")
    url = Varchar(length=300, default="")
    rule = Text()
    started_on = Date(null=False)
    state = Varchar(length=20)
    due = Date(null=True, default=None)
    provisional = Boolean(default=False)
    proof = Text(default="[]")
    owner = UUID(null=True, default=None)
    roles = Text(default="[]")
    ladder = Text(default="[]")
    extension_asked = UUID(null=True, default=None)
    calendar = Integer(default=0)
    created_at = Timestamptz(null=False)
    finished_on = Date(null=True, default=None)
    version = Integer(default=1)


class DeadlineAlarm(Table, tablename="deadline_alarm"):
    """When something is to be done next on an open clock, and what of its agenda was done.

    `at` (epoch milliseconds) is null where nothing is to come, or while paused; `fired` is JSON. A
    table of its own, and a narrow one, because after a holiday one sweep writes all of them.
    """

    deadline = ForeignKey(Deadline, primary_key=True, null=False, on_delete=OnDelete.cascade)
    at = BigInt(null=True, default=None)
    fired = Text(default="[]")


class DeadlinePause(Table, tablename="deadline_pause"):
    """Days that do not count, from `first` to the day before `until`."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    deadline = ForeignKey(Deadline, null=False, on_delete=OnDelete.restrict)
    first = Date(null=False)
    until = Date(null=True, default=None)
    reason = Varchar(length=300)
    by_name = Varchar(length=100, default="")


class DeadlineExtension(Table, tablename="deadline_extension"):
    """Days granted on top, in the order granted; `approval` is the request that granted them."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    deadline = ForeignKey(Deadline, null=False, on_delete=OnDelete.restrict)
    position = Integer()
    length = Integer()
    unit = Varchar(length=20)
    granted_on = Date(null=False)
    reason = Varchar(length=300)
    by_name = Varchar(length=100, default="")
    approval = UUID(null=True, default=None)


INDEXES = (
    "CREATE INDEX deadline_record ON deadline (record_kind, record)",
    "CREATE INDEX deadline_due ON deadline (due) WHERE state = 'running'",
    "CREATE INDEX deadline_stale ON deadline (calendar) WHERE state IN ('running', 'paused')",
    "CREATE INDEX deadline_owner ON deadline (owner, due) WHERE state = 'running'",
    "CREATE INDEX deadline_alarm_at ON deadline_alarm (at) WHERE at IS NOT NULL",
    "CREATE UNIQUE INDEX deadline_extension_once ON deadline_extension (deadline, position)",
    "CREATE INDEX deadline_pause_of ON deadline_pause (deadline)",
    "CREATE UNIQUE INDEX deadline_paused ON deadline_pause (deadline) WHERE until IS NULL",
)
