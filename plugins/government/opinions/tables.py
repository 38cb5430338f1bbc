"""Opinions on items, requests for review, extensions, reasons of delay, the file of final items.

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

from plugins.government.matters.tables import Matter
from plugins.government.units.tables import Unit


class Opinion(Table, tablename="government_opinion"):
    """One opinion: `level` handling, review or rereview; `round` counts on when handled anew.

    `unit` is the body that gives it. `texts_cipher` holds facts.Texts as JSON. `approval` is the
    request for signature, `document` the paper: its delivery lies in core.documents. `told_on`,
    `told_means`: what came of it was told orally. `state` is one of facts.STATES.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    level = Varchar(length=10)
    round = SmallInt(default=1)
    unit = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)
    state = Varchar(length=10)
    outcome = Varchar(length=20)
    texts_cipher = Text(default="")
    label = Varchar(length=60, default="")
    approval = UUID(null=True, default=None)
    document = UUID(null=True, default=None)
    signed_by = Varchar(length=200, default="")
    drafted_at = Timestamptz(null=False)
    drafted_by = UUID(null=True, default=None)
    drafted_by_name = Varchar(length=100, default="")
    issued_at = Timestamptz(null=True, default=None)
    issued_on = Date(null=True, default=None)
    taken = Varchar(length=10, default="")
    taken_cipher = Text(default="")
    taken_at = Timestamptz(null=True, default=None)
    led_to = Varchar(length=10, default="")
    told_on = Date(null=True, default=None)
    told_means = Varchar(length=20, default="")
    told_by_name = Varchar(length=100, default="")
    publish_consent = Boolean(default=False)
    published_on = Date(null=True, default=None)
    circle_cipher = Text(default="")
    version = Integer(default=1)


class ReviewRequest(Table, tablename="government_review"):
    """A request for review or re-review against an opinion; `body` answers it.

    `state`: open, refused (late without a good reason), decided, ended. `other_body`: not the next
    higher one. `hearing_since` while the clock of a re-review rests for a hearing.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    opinion = ForeignKey(Opinion, null=False, on_delete=OnDelete.restrict)
    level = Varchar(length=10)
    asked_on = Date(null=False)
    state = Varchar(length=10)
    late = Boolean(default=False)
    body = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)
    other_body = Boolean(default=False)
    reasons_cipher = Text(default="")
    evidence_cipher = Text(default="")
    good_reason_cipher = Text(default="")
    hearing_since = Date(null=True, default=None)
    recorded_at = Timestamptz(null=False)
    recorded_by_name = Varchar(length=100, default="")
    decided_at = Timestamptz(null=True, default=None)


class Extension(Table, tablename="government_extension"):
    """More time asked for an item (GOV-31): `state` asked, granted, refused.

    `told_on` is the day on which the petitioner was told. `due_before` is the date it would have had.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)
    request = UUID(null=True, default=None)
    state = Varchar(length=10)
    days = SmallInt(default=0)
    reason = Varchar(length=20)
    note_cipher = Text(default="")
    due_before = Date(null=True, default=None)
    asked_at = Timestamptz(null=False)
    asked_by_name = Varchar(length=100, default="")
    decided_at = Timestamptz(null=True, default=None)
    decided_by_name = Varchar(length=100, default="")
    document = UUID(null=True, default=None)
    told_on = Date(null=True, default=None)
    told_method = Varchar(length=20, default="")
    told_by_name = Varchar(length=100, default="")


class DelayReason(Table, tablename="government_delay_reason"):
    """Why a unit cannot close an item in time, told to whom assigned it (GOV-31)."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)
    reason = Varchar(length=20)
    note_cipher = Text(default="")
    due = Date(null=True, default=None)
    in_time = Boolean(default=True)
    at = Timestamptz(null=False)
    by_name = Varchar(length=100, default="")
    seen_at = Timestamptz(null=True, default=None)
    seen_by_name = Varchar(length=100, default="")


class FinalFiling(Table, tablename="government_final_filing"):
    """The check-list of a final item's file (GOV-34); `confirmed` is a JSON list of facts.FILING."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict, unique=True)
    confirmed = Text(default="[]")
    at = Timestamptz(null=False)
    by_name = Varchar(length=100, default="")


INDEXES = (
    "CREATE UNIQUE INDEX government_opinion_once ON government_opinion (matter, level, round)"
    " WHERE state <> 'void'",
    "CREATE INDEX government_opinion_approval ON government_opinion (approval)"
    " WHERE approval IS NOT NULL",
    "CREATE INDEX government_opinion_of ON government_opinion (matter)",
    "CREATE INDEX government_review_matter ON government_review (matter)",
    "CREATE INDEX government_extension_matter ON government_extension (matter)",
    "CREATE INDEX government_extension_request ON government_extension (request)"
    " WHERE request IS NOT NULL",
    "CREATE INDEX government_delay_reason_matter ON government_delay_reason (matter)",
    "CREATE INDEX government_delay_reason_unseen ON government_delay_reason (matter)"
    " WHERE seen_at IS NULL",
    "CREATE INDEX government_extension_untold ON government_extension (matter)"
    " WHERE state = 'granted' AND told_on IS NULL",
)
