"""Coordinations with units and follow-ups, joint receptions with units; texts are encrypted."""

import uuid

from piccolo.columns import UUID, Boolean, Date, ForeignKey, OnDelete, Text, Timestamptz, Varchar
from piccolo.table import Table

from plugins.government.matters.tables import Matter
from plugins.government.units.tables import Unit


class Coordination(Table, tablename="government_coordination"):
    """One coordination of an item (协调): plan, meeting, minutes, decision; `state` is in facts.py."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    number = Varchar(length=20)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    state = Varchar(length=20)
    why = Varchar(length=20)
    plan_cipher = Text(default="")
    place = Varchar(length=100, default="")
    meets_at = Timestamptz(null=True, default=None)
    signing = UUID(null=True, default=None)
    asked_at = Timestamptz(null=False)
    asked_by_name = Varchar(length=100, default="")
    held_at = Timestamptz(null=True, default=None)
    minutes_cipher = Text(default="")
    decision_cipher = Text(default="")
    decided_by_name = Varchar(length=100, default="")
    ended_at = Timestamptz(null=True, default=None)


class CoordinationUnit(Table, tablename="government_coordination_unit"):
    """A unit asked to a coordination; `came` is unknown before the meeting."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    coordination = ForeignKey(Coordination, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    came = Boolean(null=True, default=None)


class Measure(Table, tablename="government_measure"):
    """What a coordination laid on a unit, by a day."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    coordination = ForeignKey(Coordination, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    text_cipher = Text(default="")
    due_on = Date(null=False)
    done_cipher = Text(default="")
    done_at = Timestamptz(null=True, default=None)
    done_by_name = Varchar(length=100, default="")


class JointReception(Table, tablename="government_joint_reception"):
    """Units called to receive a visit together (联合接访); `arrive_by` is when they must be there."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    number = Varchar(length=20)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    why = Varchar(length=20)
    place = Varchar(length=100, default="")
    arrive_by = Timestamptz(null=False)
    asked_at = Timestamptz(null=False)
    asked_by_name = Varchar(length=100, default="")
    outcome = Varchar(length=20, default="")
    note_cipher = Text(default="")
    ended_at = Timestamptz(null=True, default=None)


class JointUnit(Table, tablename="government_joint_unit"):
    """A unit asked to a joint reception, and when its people came; its calls are in `Call`."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    joint = ForeignKey(JointReception, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    arrived_at = Timestamptz(null=True, default=None)
    people = Varchar(length=200, default="")


INDEXES = (
    "CREATE UNIQUE INDEX government_coordination_number ON government_coordination (number)",
    "CREATE INDEX government_coordination_matter ON government_coordination (matter)",
    "CREATE INDEX government_coordination_state ON government_coordination (state)",
    "CREATE UNIQUE INDEX government_coordination_unit_once ON government_coordination_unit"
    " (coordination, unit)",
    "CREATE INDEX government_measure_of ON government_measure (coordination)",
    "CREATE INDEX government_measure_due ON government_measure (due_on) WHERE done_at IS NULL",
    "CREATE UNIQUE INDEX government_joint_number ON government_joint_reception (number)",
    "CREATE INDEX government_joint_matter ON government_joint_reception (matter)",
    "CREATE INDEX government_joint_open ON government_joint_reception (arrive_by)"
    " WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX government_joint_unit_once ON government_joint_unit (joint, unit)",
)
