"""Things left at the lodge for pupils (SCH-10). The giver's phone and the signature are encrypted."""

import uuid

from piccolo.columns import UUID, ForeignKey, OnDelete, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table

from core.sites.tables import Gate, Site
from plugins.school_gate.tables import Guardian, Pupil


class Deposit(Table, tablename="school_gate_deposit"):
    """One thing, or several together, left for a pupil: kept, then collected, returned or disposed of.

    `guardian` when the giver is on the roster. `told_means`: how the pupil learned of it. `signing`
    says how it was signed for: screen, paper, or guard (by who handed it out, a meal at the window).
    `signature_cipher` holds the strokes of `core.signatures`. `late_reason`: why it was handed out
    outside the set times.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    number = Varchar(length=20, unique=True)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    gate = ForeignKey(Gate, null=True, default=None, on_delete=OnDelete.restrict)
    pupil = ForeignKey(Pupil, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=20)  # clothes | books | meal | daily | other
    what = Varchar(length=200)
    pieces = SmallInt(default=1)
    shelf = Varchar(length=40, default="")
    remark = Varchar(length=200, default="")
    giver_name = Varchar(length=100, default="")
    giver_relation = Varchar(length=40, default="")
    giver_phone_cipher = Text(null=True, default=None)
    giver_phone_index = Varchar(length=64, null=True, default=None)
    guardian = ForeignKey(Guardian, null=True, default=None, on_delete=OnDelete.set_null)
    state = Varchar(length=20)  # kept | collected | returned | disposed
    kept_at = Timestamptz(null=False)
    kept_by = UUID(null=True, default=None)
    kept_by_name = Varchar(length=100, default="")
    told_at = Timestamptz(null=True, default=None)
    told_means = Varchar(length=20, default="")
    told_by_name = Varchar(length=100, default="")
    ended_at = Timestamptz(null=True, default=None)
    ended_by = UUID(null=True, default=None)
    ended_by_name = Varchar(length=100, default="")
    signing = Varchar(length=20, default="")
    signature_cipher = Text(null=True, default=None)
    late_reason = Varchar(length=200, default="")
    end_reason = Varchar(length=200, default="")


INDEXES = (
    "CREATE INDEX school_gate_deposit_kept ON school_gate_deposit (site, kept_at)"
    " WHERE state = 'kept'",
    "CREATE INDEX school_gate_deposit_at ON school_gate_deposit (site, kept_at)",
    "CREATE INDEX school_gate_deposit_pupil ON school_gate_deposit (pupil, kept_at)",
    "CREATE INDEX school_gate_deposit_phone ON school_gate_deposit (giver_phone_index)",
)
