"""Suggestions, what petitioners were told and how, interviews, appointments, outlines for foreigners.

Texts are encrypted under the plugin's key.
"""

import uuid

from piccolo.columns import (
    UUID,
    Boolean,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.appointments.tables import Appointment
from plugins.government.matters.tables import Contact, Matter
from plugins.government.people.tables import Petitioner


class Suggestion(Table, tablename="government_suggestion"):
    """What the desk proposes to do with an item (拟办意见), on the day it came (GOV-8)."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=20)
    text_cipher = Text(default="")
    at = Timestamptz(null=False)
    by = UUID(null=True, default=None)
    by_name = Varchar(length=100, default="")


class Told(Table, tablename="government_told"):
    """What a petitioner was told of an item: accepted, guided, refused, ended, answered (GOV-10 to 12, 16).

    `root` is the first item of a row of repeated ones: the same matter. `manner` is written or oral;
    only one written refusal is given for a person and a matter. `document` is the numbered paper: how
    it was delivered stands with it.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    root = UUID(null=False)
    petitioner = ForeignKey(Petitioner, null=True, default=None, on_delete=OnDelete.restrict)
    contact = ForeignKey(Contact, null=True, default=None, on_delete=OnDelete.restrict)
    act = Varchar(length=20)
    ground = Varchar(length=20, default="")
    manner = Varchar(length=10)
    text_cipher = Text(default="")
    body_cipher = Text(default="")
    document = UUID(null=True, default=None)
    rules = Varchar(length=60, default="")
    at = Timestamptz(null=False)
    by = UUID(null=True, default=None)
    by_name = Varchar(length=100, default="")


class Interview(Table, tablename="government_interview"):
    """An interview (接谈): numbered and stamped as it becomes due (GOV-13), recorded as held (GOV-14)."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    contact = ForeignKey(Contact, null=True, default=None, on_delete=OnDelete.restrict)
    number = Varchar(length=20)
    why = Varchar(length=20)
    stamped_at = Timestamptz(null=False)
    stamped_by_name = Varchar(length=100, default="")
    held_at = Timestamptz(null=True, default=None)
    room = Varchar(length=60, default="")
    interviewers = Text(default="")
    identity = Varchar(length=40, default="")
    identity_checked = Boolean(default=False)
    facts_cipher = Text(default="")
    demands_cipher = Text(default="")
    history_cipher = Text(default="")
    why_cipher = Text(default="")
    abnormal_cipher = Text(default="")
    joint_cipher = Text(default="")
    version = Integer(default=1)


class FollowUp(Table, tablename="government_follow_up"):
    """A further talk that was agreed (约谈, GOV-15): what is missing, and the core's appointment."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    appointment = ForeignKey(Appointment, null=False, on_delete=OnDelete.restrict)
    why = Varchar(length=20)
    text_cipher = Text(default="")
    at = Timestamptz(null=False)
    by_name = Varchar(length=100, default="")


class ForeignReport(Table, tablename="government_foreign_report"):
    """An item of somebody from abroad or from Hong Kong, Macau, Taiwan (GOV-18): reported, outline approved."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, unique=True, on_delete=OnDelete.restrict)
    reported_at = Timestamptz(null=False)
    outline_cipher = Text(default="")
    request = UUID(null=True, default=None)
    approved_at = Timestamptz(null=True, default=None)
    approved_by = Varchar(length=100, default="")


INDEXES = (
    "CREATE INDEX government_suggestion_matter ON government_suggestion (matter)",
    "CREATE INDEX government_told_matter ON government_told (matter)",
    "CREATE INDEX government_told_petitioner ON government_told (petitioner)",
    "CREATE UNIQUE INDEX government_told_written_once ON government_told (root, petitioner)"
    " WHERE manner = 'written' AND act IN ('refuse', 'end')",
    "CREATE UNIQUE INDEX government_interview_number ON government_interview (number)",
    "CREATE INDEX government_interview_matter ON government_interview (matter)",
    "CREATE INDEX government_follow_up_matter ON government_follow_up (matter)",
    "CREATE UNIQUE INDEX government_follow_up_appointment ON government_follow_up (appointment)",
)
