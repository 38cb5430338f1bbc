"""Outsiders who live in for a while (SCH-16), and valuables that leave the school (SCH-17)."""

import uuid

from piccolo.columns import UUID, Date, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.table import Table

from core.hosts.tables import Host
from core.registrations.tables import Registration
from core.sites.tables import Gate, Site
from core.visitors.tables import Visitor
from plugins.school_gate.tables import Pupil, StaffMember


class ResidentStay(Table, tablename="school_gate_stay"):
    """Somebody from outside who lives or works at the school for a while.

    `state`: notified (the lodge told the security office), registered, ended. `badge` is the id of
    the pass that is good for the stay, empty without one.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    number = Varchar(length=20, unique=True)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    visitor = ForeignKey(Visitor, null=False, on_delete=OnDelete.restrict)
    registration = ForeignKey(Registration, null=True, default=None, on_delete=OnDelete.restrict)
    kind = Varchar(length=20, default="other")  # hired | relative | other
    host = ForeignKey(Host, null=True, default=None, on_delete=OnDelete.set_null)
    host_name = Varchar(length=100, default="")
    place = Varchar(length=100, default="")
    first_day = Date(null=True, default=None)
    last_day = Date(null=True, default=None)
    remark = Varchar(length=200, default="")
    state = Varchar(length=20)
    badge = Varchar(length=40, default="")
    notified_at = Timestamptz(null=False)
    notified_by = UUID(null=True, default=None)
    notified_by_name = Varchar(length=100, default="")
    registered_at = Timestamptz(null=True, default=None)
    registered_by_name = Varchar(length=100, default="")
    ended_at = Timestamptz(null=True, default=None)
    ended_by_name = Varchar(length=100, default="")
    end_reason = Varchar(length=200, default="")
    version = Integer(default=1)


class ValuableRelease(Table, tablename="school_gate_valuable"):
    """A valuable thing that somebody wanted to carry out: released by the guard, or refused.

    `proof` is what was shown (document, voucher, or empty), `proof_text` its particulars. The voucher
    is a member of staff or a pupil who stood there. `decision_*`: what the rule said.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    number = Varchar(length=20, unique=True)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    gate = ForeignKey(Gate, null=True, default=None, on_delete=OnDelete.restrict)
    stay = ForeignKey(ResidentStay, null=True, default=None, on_delete=OnDelete.restrict)
    person = Varchar(length=100)
    item = Varchar(length=200)
    mark = Varchar(length=100, default="")
    proof = Varchar(length=20, default="")
    proof_text = Varchar(length=200, default="")
    voucher_staff = ForeignKey(StaffMember, null=True, default=None, on_delete=OnDelete.restrict)
    voucher_pupil = ForeignKey(Pupil, null=True, default=None, on_delete=OnDelete.restrict)
    state = Varchar(length=20)  # released | refused
    decision_code = Varchar(length=60, default="")
    decision_version = Varchar(length=60, default="")
    at = Timestamptz(null=False)
    guard = UUID(null=True, default=None)
    guard_name = Varchar(length=100, default="")
    erased_at = Timestamptz(null=True, default=None)


INDEXES = (
    "CREATE INDEX school_gate_stay_open ON school_gate_stay (site, last_day)"
    " WHERE state <> 'ended'",
    "CREATE INDEX school_gate_stay_visitor ON school_gate_stay (visitor)",
    "CREATE INDEX school_gate_stay_registration ON school_gate_stay (registration)",
    "CREATE INDEX school_gate_valuable_at ON school_gate_valuable (site, at)",
    "CREATE INDEX school_gate_valuable_stay ON school_gate_valuable (stay)",
)
