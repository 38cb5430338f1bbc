"""Transfers and assignments, the weekly lists, calls, objections, result forms, urgency grades.

Every text about people or their matter is encrypted under the plugin's key (sealing.py).
"""

import uuid

from piccolo.columns import (
    UUID,
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

from core.sites.tables import Site
from plugins.government.matters.tables import Matter
from plugins.government.units.tables import Unit


class WeeklyList(Table, tablename="government_weekly_list"):
    """All letters to one unit that go out together in one week (GOV-25). `week` is a Monday."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    number = Varchar(length=20)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    week = Date(null=False)
    report_on = Date(null=False)
    sent_at = Timestamptz(null=False)
    sent_by_name = Varchar(length=100, default="")


class Forwarding(Table, tablename="government_forwarding"):
    """One transfer (转送) or assignment (交办) of an item to a unit; words in facts.py.

    `due_on` is when the unit reports back, `first_due_on` what it was before a result was sent back.
    `letter` is owed until it went out with a weekly list or by itself. `approval`: a request that
    must be signed before the unit gets it.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    number = Varchar(length=20)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    copy_unit = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)
    kind = Varchar(length=20)
    ground = Varchar(length=40, default="")
    state = Varchar(length=20)
    content_cipher = Text(default="")
    requirement_cipher = Text(default="")
    due_on = Date(null=True, default=None)
    first_due_on = Date(null=True, default=None)
    urgent = Boolean(default=False)
    letter = Varchar(length=20, default="owed")
    letter_on = Date(null=True, default=None)
    letter_by_name = Varchar(length=100, default="")
    weekly = ForeignKey(WeeklyList, null=True, default=None, on_delete=OnDelete.restrict)
    meeting_on = Date(null=True, default=None)
    approval = UUID(null=True, default=None)
    ordered_at = Timestamptz(null=False)
    ordered_by = UUID(null=True, default=None)
    ordered_by_name = Varchar(length=100, default="")
    sent_at = Timestamptz(null=True, default=None)
    taken_at = Timestamptz(null=True, default=None)
    taken_by_name = Varchar(length=100, default="")
    person = UUID(null=True, default=None)
    person_name = Varchar(length=100, default="")
    plan_cipher = Text(default="")
    contacted_at = Timestamptz(null=True, default=None)
    progress_at = Timestamptz(null=True, default=None)
    returned_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class UnitCall(Table, tablename="government_unit_call"):
    """A telephone call to a unit about an item: an urgent transfer, or to come here (GOV-17, GOV-25)."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    purpose = Varchar(length=20)
    record = UUID(null=True, default=None)
    called_at = Timestamptz(null=False)
    by_name = Varchar(length=100, default="")
    spoke_with = Varchar(length=100, default="")
    answer_cipher = Text(default="")


class Objection(Table, tablename="government_objection"):
    """A unit's objection to an item it received (异议), and what the reception room decided."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    forwarding = ForeignKey(Forwarding, null=False, on_delete=OnDelete.restrict)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    reason_cipher = Text(default="")
    proposed = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)
    raised_at = Timestamptz(null=False)
    raised_by_name = Varchar(length=100, default="")
    granted = Boolean(null=True, default=None)
    answer_cipher = Text(default="")
    decided_at = Timestamptz(null=True, default=None)
    decided_by_name = Varchar(length=100, default="")


class ResultForm(Table, tablename="government_result"):
    """What a unit returned (办理结果反馈), and the check of its seven points; `failed` are their names."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    forwarding = ForeignKey(Forwarding, null=False, on_delete=OnDelete.restrict)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    round = SmallInt(default=1)
    course_cipher = Text(default="")
    result_cipher = Text(default="")
    basis_cipher = Text(default="")
    measures_cipher = Text(default="")
    taken = Varchar(length=20)
    words_cipher = Text(default="")
    sealed = Boolean(default=False)
    signed_by_name = Varchar(length=100, default="")
    petitioner_signed = Boolean(default=False)
    returned_at = Timestamptz(null=False)
    returned_by_name = Varchar(length=100, default="")
    late = Boolean(default=False)
    passed = Boolean(null=True, default=None)
    failed = Varchar(length=120, default="")
    findings_cipher = Text(default="")
    checked_at = Timestamptz(null=True, default=None)
    checked_by_name = Varchar(length=100, default="")
    due_before = Date(null=True, default=None)
    due_after = Date(null=True, default=None)


class Grading(Table, tablename="government_grading"):
    """An item's urgency as somebody graded it, with the signs they saw (GOV-53); the latest counts."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    grade = SmallInt()
    suggested = SmallInt()
    heads = Integer(default=1)
    announced = Boolean(default=False)
    date_that_matters = Date(null=True, default=None)
    reason_cipher = Text(default="")
    graded_at = Timestamptz(null=False)
    by_name = Varchar(length=100, default="")


INDEXES = (
    "CREATE UNIQUE INDEX government_forwarding_number ON government_forwarding (number)",
    "CREATE INDEX government_forwarding_matter ON government_forwarding (matter, ordered_at)",
    "CREATE INDEX government_forwarding_unit ON government_forwarding (unit, state, sent_at)",
    "CREATE UNIQUE INDEX government_forwarding_one ON government_forwarding (matter)"
    " WHERE state IN ('sent', 'taken', 'returned')",
    "CREATE UNIQUE INDEX government_forwarding_to_sign ON government_forwarding (matter)"
    " WHERE state = 'signing'",
    "CREATE INDEX government_forwarding_owed ON government_forwarding (unit, sent_at)"
    " WHERE letter = 'owed'",
    "CREATE INDEX government_forwarding_weekly ON government_forwarding (weekly)"
    " WHERE weekly IS NOT NULL",
    "CREATE INDEX government_weekly_list_sent ON government_weekly_list (sent_at)",
    "CREATE UNIQUE INDEX government_weekly_list_once ON government_weekly_list (unit, week)",
    "CREATE INDEX government_unit_call_matter ON government_unit_call (matter, called_at)",
    "CREATE UNIQUE INDEX government_objection_open ON government_objection (forwarding)"
    " WHERE decided_at IS NULL",
    "CREATE INDEX government_objection_matter ON government_objection (matter)",
    "CREATE INDEX government_objection_waiting ON government_objection (matter)"
    " WHERE decided_at IS NULL",
    "CREATE INDEX government_result_unchecked ON government_result (matter) WHERE passed IS NULL",
    "CREATE INDEX government_result_matter ON government_result (matter, returned_at)",
    "CREATE UNIQUE INDEX government_result_round ON government_result (forwarding, round)",
    "CREATE INDEX government_grading_matter ON government_grading (matter, graded_at)",
)
