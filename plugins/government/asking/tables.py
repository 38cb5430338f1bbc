"""The office's public page, ratings, the opinions box, reply letters, and what was told by e-mail.

Texts by and about people are encrypted under the plugin's key (sealing.py).
"""

import uuid

from piccolo.columns import (
    UUID,
    BigInt,
    Date,
    ForeignKey,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.sites.tables import Site
from plugins.government.matters.tables import Matter
from plugins.government.units.tables import Unit


class OfficePage(Table, tablename="government_office_page"):
    """What the public reads about a reception room (GOV-45), one field a text of several lines."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict, unique=True)
    name = Varchar(length=100, default="")
    address = Varchar(length=200, default="")
    postcode = Varchar(length=20, default="")
    email = Varchar(length=100, default="")
    phone = Varchar(length=60, default="")
    hours = Text(default="")
    directions = Text(default="")
    how_to_query = Text(default="")
    workflow = Text(default="")
    laws = Text(default="")
    lawyers = Text(default="")
    notice = Text(default="")
    changed_at = Timestamptz(null=False)
    changed_by_name = Varchar(length=100, default="")


class UnitPage(Table, tablename="government_unit_page"):
    """What the public reads about a county's or department's own petition office (GOV-45)."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict, unique=True)
    address = Varchar(length=200, default="")
    phone = Varchar(length=60, default="")
    email = Varchar(length=100, default="")
    hours = Varchar(length=200, default="")
    leader_days = Varchar(length=200, default="")
    changed_at = Timestamptz(null=False)
    changed_by_name = Varchar(length=100, default="")


class Rating(Table, tablename="government_rating"):
    """How a petitioner found the office or the unit (GOV-52), once each for an item."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    target = Varchar(length=10)
    unit = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)
    score = Varchar(length=12)
    remark_cipher = Text(default="")
    means = Varchar(length=10)
    day = Date(null=False)
    at = Timestamptz(null=False)
    by_name = Varchar(length=100, default="")
    follow_up_cipher = Text(default="")
    followed_up_at = Timestamptz(null=True, default=None)
    followed_up_by_name = Varchar(length=100, default="")


class BoxNote(Table, tablename="government_box_note"):
    """A note from the opinions box about the office itself; it belongs to no item."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    text_cipher = Text(default="")
    contact_cipher = Text(default="")
    at = Timestamptz(null=False)
    done_cipher = Text(default="")
    done_at = Timestamptz(null=True, default=None)
    done_by_name = Varchar(length=100, default="")


class Reply(Table, tablename="government_reply"):
    """A reply letter to who asked after an item (GOV-36): `state` draft, waiting, signed, sent."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    state = Varchar(length=10)
    text_cipher = Text(default="")
    approval = UUID(null=True, default=None)
    document = UUID(null=True, default=None)
    label = Varchar(length=60, default="")
    drafted_at = Timestamptz(null=False)
    drafted_by_name = Varchar(length=100, default="")
    signed_at = Timestamptz(null=True, default=None)
    signed_by = Varchar(length=200, default="")
    sent_on = Date(null=True, default=None)
    sent_method = Varchar(length=20, default="")


class NewsPointer(Table, tablename="government_news"):
    """Up to which entry of the time lines petitioners were told that there is news; one row."""

    id = Varchar(length=20, primary_key=True)
    step = BigInt(default=0)


INDEXES = (
    "CREATE UNIQUE INDEX government_rating_once ON government_rating (matter, target)",
    "CREATE INDEX government_rating_unit ON government_rating (unit, day)",
    "CREATE INDEX government_rating_day ON government_rating (target, day)",
    "CREATE INDEX government_box_note_site ON government_box_note (site, at)",
    "CREATE INDEX government_reply_matter ON government_reply (matter)",
    "CREATE INDEX government_reply_approval ON government_reply (approval)"
    " WHERE approval IS NOT NULL",
)
