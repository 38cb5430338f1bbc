"""Gate devices, scan events, conflicts and counters. Times are epoch milliseconds."""

import uuid

from piccolo.columns import (
    UUID,
    BigInt,
    BigSerial,
    ForeignKey,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.sites.tables import Gate


class Device(Table, tablename="gate_device"):
    """A phone, tablet or PC at a gate. It signs in with its own secret plus the operator's PIN."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    name = Varchar(length=100)
    gate = ForeignKey(Gate, null=False, on_delete=OnDelete.restrict)
    secret_hash = Varchar(length=64, null=True, default=None, unique=True)
    enrolment_hash = Varchar(length=64, null=True, default=None)
    enrolment_expires = BigInt(default=0)
    enrolled_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
    last_contact = BigInt(default=0)
    last_seq = BigInt(default=0)
    waiting = BigInt(default=0)
    seq_floor = BigInt(default=0)  # up to here no number is missing, or its absence was explained
    bundle_at = BigInt(default=0)
    created_at = Timestamptz(null=False)


class DeviceShift(Table, tablename="gate_device_shift"):
    """An operator signed in on a device by PIN; the scan carries its secret."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    device = ForeignKey(Device, null=False, on_delete=OnDelete.restrict)
    operator = UUID(null=False)
    operator_name = Varchar(length=100)
    secret_hash = Varchar(length=64, unique=True)
    started_at = Timestamptz(null=False)
    expires_at = Timestamptz(null=False)
    ended_at = Timestamptz(null=True, default=None)


class ScanEvent(Table, tablename="scan_event"):
    """A scan is a fact: never changed, never refused for what it says.

    `device`, `seq`: unique, gapless a device. `at` is the device's wall clock corrected by
    `clock_offset`, `mono` its monotonic clock within `boot`. `direction` 0 in, 1 out.
    `verdict` 0 allow, 1 hold, 2 deny. `mode` 0 online, 1 offline. `corrects` names the event that
    this one undoes; a gate without network tells its own number of it, `corrects_seq`, and that may
    arrive first. `raw_hash` stands for what could not be read.
    """

    id = BigSerial(primary_key=True)
    device = UUID(null=False)
    boot = Varchar(length=24, default="")
    seq = BigInt()
    at = BigInt()
    mono = BigInt(default=0)
    clock_offset = BigInt(default=0)
    received_at = BigInt()
    gate = UUID(null=False)
    site = UUID(null=False)
    pass_id = Varchar(length=24, null=True, default=None)
    raw_hash = Varchar(length=64, default="")
    direction = SmallInt()
    verdict = SmallInt()
    code = Varchar(length=60, default="")
    reason = Text(default="")
    rule = Varchar(length=20, default="")
    rule_version = Varchar(length=60, default="")
    mode = SmallInt(default=0)
    source = Varchar(length=10, default="camera")  # camera | wedge | typed | api
    bundle = BigInt(default=0)
    operator = UUID(null=True, default=None)
    corrects = BigInt(null=True, default=None)
    corrects_seq = BigInt(null=True, default=None)


class ScanQuarantine(Table, tablename="scan_quarantine"):
    """What a device delivered and a person must look at (SCH-20): kept whole, settled by name.

    `content` is the act as it came, encrypted: a text that is no pass may say anything. `digest` tells
    the same act sent again. `event` names the scan under which it counts, if it counts. `settled_as`
    is counted, set_aside or explained.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    device = ForeignKey(Device, null=False, on_delete=OnDelete.restrict)
    gate = UUID(null=False)
    site = UUID(null=False)
    seq = BigInt()
    digest = Varchar(length=64)
    code = Varchar(length=60)
    at = BigInt()
    received_at = BigInt()
    direction = SmallInt(default=0)
    verdict = SmallInt(default=0)
    pass_id = Varchar(length=24, null=True, default=None)
    content = Text()
    event = BigInt(null=True, default=None)
    settled_at = BigInt(null=True, default=None)
    settled_by = UUID(null=True, default=None)
    settled_as = Varchar(length=20, default="")
    note = Text(default="")


class ScanConflict(Table, tablename="scan_conflict"):
    """What the fold found that a person must explain (SCH-20): double entry, gap, fork, clock."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    kind = Varchar(length=40)
    key = Varchar(length=160, unique=True)
    pass_id = Varchar(length=24, null=True, default=None)
    first_event = BigInt(null=True, default=None)
    second_event = BigInt(null=True, default=None)
    site = UUID(null=False)
    opened_at = BigInt()
    closed_at = BigInt(null=True, default=None)
    closed_by = UUID(null=True, default=None)
    note = Text(default="")


class ScanCounter(Table, tablename="scan_counter"):
    """Scans counted as they happen: one row a day, gate, direction, verdict and code."""

    id = Varchar(length=160, primary_key=True)
    day = Varchar(length=10)
    gate = UUID(null=False)
    kind = Varchar(length=40)
    direction = SmallInt()
    verdict = SmallInt()
    code = Varchar(length=60)
    total = BigInt(default=0)


INDEXES = (
    "CREATE UNIQUE INDEX scan_event_device_seq ON scan_event (device, seq)",
    "CREATE INDEX scan_event_pass ON scan_event (pass_id, at)",
    "CREATE INDEX scan_event_at ON scan_event (at)",
    "CREATE INDEX scan_event_gate ON scan_event (gate, at)",
    "CREATE INDEX scan_event_corrects ON scan_event (corrects) WHERE corrects IS NOT NULL",
    "CREATE INDEX scan_event_waits ON scan_event (device, corrects_seq)"
    " WHERE corrects_seq IS NOT NULL AND corrects IS NULL",
    "CREATE UNIQUE INDEX scan_quarantine_act ON scan_quarantine (device, digest)",
    "CREATE INDEX scan_quarantine_open ON scan_quarantine (site, received_at)"
    " WHERE settled_at IS NULL",
    "CREATE INDEX scan_conflict_pass ON scan_conflict (pass_id)",
    "CREATE INDEX scan_conflict_open ON scan_conflict (site, opened_at) WHERE closed_at IS NULL",
    "CREATE INDEX scan_counter_day ON scan_counter (day)",
)
