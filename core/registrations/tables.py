"""Registrations, their companions, and feedback."""

import uuid

from piccolo.columns import (
    UUID,
    Boolean,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.appointments.tables import Appointment
from core.hosts.tables import Host
from core.sites.tables import Gate, Site
from core.visitors.tables import Visitor


class Registration(Table, tablename="registration"):
    """One coming and going of one party (CORE-1), whatever becomes of it.

    `state` is one of states.py. `consent` is the host's answer (CORE-5). `decision_*` is the latest
    hold or refusal: code, reason (a dumped Message), rule, rulebook version (CORE-22).
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    number = Varchar(length=20, unique=True)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    gate = ForeignKey(Gate, null=True, default=None, on_delete=OnDelete.restrict)
    visitor = ForeignKey(Visitor, null=False, on_delete=OnDelete.restrict)
    head_count = Integer(default=1)
    purpose = Varchar(length=80)
    reason = Text(default="")
    host = ForeignKey(Host, null=True, default=None, on_delete=OnDelete.restrict)
    host_text = Varchar(length=200, default="")
    appointment = ForeignKey(Appointment, null=True, default=None, on_delete=OnDelete.restrict)
    state = Varchar(length=20)
    document_shown = Boolean(default=False)
    plate = Varchar(length=20, default="")
    goods = Text(default="")
    remark = Text(default="")
    consent = Varchar(length=20, default="none")  # none | asked | given | refused
    consent_asked_at = Timestamptz(null=True, default=None)
    consent_at = Timestamptz(null=True, default=None)
    consent_means = Varchar(length=20, default="")  # phone | link | in_person
    consent_by = Varchar(length=100, default="")
    decision_code = Varchar(length=60, default="")
    decision_reason = Text(default="")
    decision_rule = Varchar(length=20, default="")
    decision_version = Varchar(length=60, default="")
    created_at = Timestamptz(null=False)
    created_by = UUID(null=True, default=None)
    received_by = Varchar(length=100, default="")
    arrived_at = Timestamptz(null=True, default=None)
    entered_at = Timestamptz(null=True, default=None)
    expected_leave_at = Timestamptz(null=True, default=None)
    left_at = Timestamptz(null=True, default=None)
    host_signed_at = Timestamptz(null=True, default=None)
    stub_returned_at = Timestamptz(null=True, default=None)
    stub_explained = Text(default="")
    version = Integer(default=1)


class Companion(Table, tablename="registration_companion"):
    """Someone who came along on another's registration."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    registration = ForeignKey(Registration, null=False, on_delete=OnDelete.restrict)
    visitor = ForeignKey(Visitor, null=False, on_delete=OnDelete.restrict)


class Feedback(Table, tablename="feedback"):
    """The visitor's rating of a visit (CORE-19), 1 to 5, and what followed from an unhappy one."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    registration = ForeignKey(Registration, null=False, unique=True, on_delete=OnDelete.restrict)
    rating = SmallInt()
    remark = Text(default="")
    at = Timestamptz(null=False)
    followed_up_at = Timestamptz(null=True, default=None)
    followed_up_by = Varchar(length=100, default="")
    follow_up = Text(default="")


INDEXES = (
    "CREATE INDEX registration_site_state ON registration (site, state)",
    "CREATE INDEX registration_created ON registration (created_at)",
    "CREATE INDEX registration_visitor ON registration (visitor, created_at)",
    "CREATE INDEX registration_open ON registration (site, state, created_at)"
    " WHERE state IN ('expected', 'waiting', 'held', 'inside', 'left')",
    "CREATE INDEX registration_host ON registration (host, created_at)",
    "CREATE INDEX registration_companion_reg ON registration_companion (registration)",
    "CREATE INDEX registration_companion_visitor ON registration_companion (visitor)",
)
