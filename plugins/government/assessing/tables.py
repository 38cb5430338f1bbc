"""Assessments of a quarter or year as fixed, commendations, and marks of staff."""

import uuid

from piccolo.columns import (
    UUID,
    Date,
    ForeignKey,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.accounts.tables import User
from core.sites.tables import Site
from plugins.government.units.tables import Unit

COMMENDATION = "government_commendation"


class Assessment(Table, tablename="government_assessment"):
    """The marks of all units in a quarter or year as they were fixed; `content` is their JSON."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    period = Varchar(length=10)
    first = Date(null=False)
    content = Text()
    version = Varchar(length=60, default="")
    fixed_at = Timestamptz(null=False)
    fixed_by_name = Varchar(length=100, default="")


class Commendation(Table, tablename=COMMENDATION):
    """A unit commended by circular (通报表扬), and for what; told to its staff on their own page."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    reason_cipher = Text(default="")
    at = Timestamptz(null=False)
    by_name = Varchar(length=100, default="")


class StaffMark(Table, tablename="government_staff_mark"):
    """How the head found a member of staff in a quarter: 1 to 5 each."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    user = ForeignKey(User, null=False, on_delete=OnDelete.restrict)
    first = Date(null=False)
    attitude = SmallInt()
    speed = SmallInt()
    results = SmallInt()
    satisfaction = SmallInt()
    note_cipher = Text(default="")
    at = Timestamptz(null=False)
    by_name = Varchar(length=100, default="")


INDEXES = (
    "CREATE UNIQUE INDEX government_assessment_once ON government_assessment (site, period, first)",
    "CREATE INDEX government_commendation_unit ON government_commendation (unit, at)",
    "CREATE INDEX government_commendation_site ON government_commendation (site, at)",
    'CREATE UNIQUE INDEX government_staff_mark_once ON government_staff_mark (site, "user", first)',
)
