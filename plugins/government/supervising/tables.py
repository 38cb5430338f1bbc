"""Urgings, supervisions with what was done in them, recommendations, monthly lists.

Texts are encrypted under the plugin's key (sealing.py).
"""

import uuid

from piccolo.columns import (
    UUID,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.sites.tables import Site
from plugins.government.matters.tables import Matter
from plugins.government.units.tables import Unit


class Urging(Table, tablename="government_urging"):
    """A unit urged by phone or letter about an item (催办, GOV-29); answered by `answer_by`.

    `document` is the urging note, when it went by letter.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    means = Varchar(length=20)
    spoke_with = Varchar(length=100, default="")
    text_cipher = Text(default="")
    answer_by = Date(null=False)
    answer_cipher = Text(default="")
    answered_at = Timestamptz(null=True, default=None)
    at = Timestamptz(null=False)
    by = UUID(null=True, default=None)
    by_name = Varchar(length=100, default="")
    document = UUID(null=True, default=None)


class Supervision(Table, tablename="government_supervision"):
    """A unit supervised on an item (督办, GOV-28). `state` is one of states.py.

    `unurged_cipher`: why it was not urged first. `approval`: the request to hand it over to the
    supervision office, `document` the letter of supervision.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    number = Varchar(length=20)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    reason = Varchar(length=20)
    state = Varchar(length=20)
    requirement_cipher = Text(default="")
    unurged_cipher = Text(default="")
    due_on = Date(null=False)
    opened_at = Timestamptz(null=False)
    opened_by_name = Varchar(length=100, default="")
    answer_cipher = Text(default="")
    answered_at = Timestamptz(null=True, default=None)
    approval = UUID(null=True, default=None)
    document = UUID(null=True, default=None)
    handed_at = Timestamptz(null=True, default=None)
    outcome_cipher = Text(default="")
    closed_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class SupervisionStep(Table, tablename="government_supervision_step"):
    """One thing done in a supervision: a call, a letter, a talk, somebody sent."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    supervision = ForeignKey(Supervision, null=False, on_delete=OnDelete.restrict)
    means = Varchar(length=20)
    with_whom = Varchar(length=100, default="")
    text_cipher = Text(default="")
    at = Timestamptz(null=False)
    by_name = Varchar(length=100, default="")


class Recommendation(Table, tablename="government_recommendation"):
    """One of the three recommendations to a unit (regulation, article 40), and its feedback."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    number = Varchar(length=20)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=20)
    text_cipher = Text(default="")
    due_on = Date(null=False)
    made_at = Timestamptz(null=False)
    made_by_name = Varchar(length=100, default="")
    feedback = Varchar(length=20, default="")
    feedback_cipher = Text(default="")
    answered_at = Timestamptz(null=True, default=None)
    answered_by_name = Varchar(length=100, default="")


class MonthlyList(Table, tablename="government_monthly_list"):
    """The list of a month that the supervision office is given; `month` is its first day."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    month = Date(null=False)
    given_at = Timestamptz(null=False)
    given_by_name = Varchar(length=100, default="")
    lines = Integer(default=0)


INDEXES = (
    "CREATE INDEX government_urging_matter ON government_urging (matter, unit)",
    "CREATE INDEX government_urging_waiting ON government_urging (unit, answer_by)"
    " WHERE answered_at IS NULL",
    "CREATE UNIQUE INDEX government_supervision_number ON government_supervision (number)",
    "CREATE UNIQUE INDEX government_supervision_once ON government_supervision (matter, unit)"
    " WHERE closed_at IS NULL",
    "CREATE INDEX government_supervision_opened ON government_supervision (opened_at)",
    "CREATE INDEX government_supervision_step_of ON government_supervision_step (supervision, at)",
    "CREATE UNIQUE INDEX government_recommendation_number ON government_recommendation (number)",
    "CREATE UNIQUE INDEX government_monthly_list_once ON government_monthly_list (site, month)",
)
