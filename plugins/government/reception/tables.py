"""Whose turn it is to receive, reception days, the sections concerned, and bookings."""

import uuid

from piccolo.columns import (
    UUID,
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

from core.accounts.tables import User
from core.sites.tables import Site
from plugins.government.matters.tables import Matter
from plugins.government.units.tables import Unit


class Leader(Table, tablename="government_reception_leader"):
    """Somebody who takes turns receiving; the `director` has the last Monday of each month."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    user = ForeignKey(User, null=False, on_delete=OnDelete.restrict)
    post = Varchar(length=60, default="")
    director = Boolean(default=False)
    order = Integer(default=100)
    until = Timestamptz(null=True, default=None)


class ReceptionDay(Table, tablename="government_reception_day"):
    """One reception day. `monday` is the Monday it stands for, `moved_from` that day when it was off."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    monday = Date(null=False)
    day = Date(null=False)
    moved_from = Date(null=True, default=None)
    begins = Varchar(length=5)
    ends = Varchar(length=5)
    place = Varchar(length=200, default="")
    kind = Varchar(length=10)
    state = Varchar(length=10, default="planned")
    leader = ForeignKey(User, null=True, default=None, on_delete=OnDelete.restrict)
    leader_name = Varchar(length=100, default="")
    post = Varchar(length=60, default="")
    delegate = ForeignKey(User, null=True, default=None, on_delete=OnDelete.restrict)
    delegate_name = Varchar(length=100, default="")
    delegate_post = Varchar(length=60, default="")
    slots = Integer(default=8)
    note = Varchar(length=200, default="")


class ReceptionSection(Table, tablename="government_reception_section"):
    """A unit whose head is to be there on a reception day (GOV-46)."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    day = ForeignKey(ReceptionDay, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    added_at = Timestamptz(null=False)
    added_by_name = Varchar(length=100, default="")


class Booking(Table, tablename="government_booking"):
    """A petitioner's place on a reception day; name, phone and topic are encrypted.

    `phone_index` finds the bookings of one person; erased with the rest.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    day = ForeignKey(ReceptionDay, null=False, on_delete=OnDelete.restrict)
    matter = ForeignKey(Matter, null=True, default=None, on_delete=OnDelete.restrict)
    position = Integer(default=1)
    name_cipher = Text(default="")
    phone_cipher = Text(default="")
    phone_index = Varchar(length=64, null=True, default=None)
    topic_cipher = Text(default="")
    heads = Integer(default=1)
    means = Varchar(length=10)
    state = Varchar(length=10, default="booked")
    booked_at = Timestamptz(null=False)
    booked_by_name = Varchar(length=100, default="")
    settled_at = Timestamptz(null=True, default=None)
    settled_by_name = Varchar(length=100, default="")


INDEXES = (
    "CREATE UNIQUE INDEX government_reception_monday ON government_reception_day (site, monday)",
    "CREATE INDEX government_reception_day_day ON government_reception_day (day)",
    "CREATE UNIQUE INDEX government_reception_section_once ON government_reception_section"
    " (day, unit)",
    "CREATE INDEX government_booking_day ON government_booking (day, position)",
    "CREATE INDEX government_booking_phone ON government_booking (phone_index)",
)
