"""Items (信访事项): one each, whatever the channel; contacts, persons, readers, the time line.

Every text about people or their matter is encrypted under the plugin's key (sealing.py).
"""

import uuid
from typing import Any

from piccolo.columns import (
    UUID,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.accounts.tables import User
from core.registrations.tables import Registration
from core.sites.tables import Site
from plugins.government.people.tables import Petitioner
from plugins.government.units.tables import Unit


class Subject(Table, tablename="government_subject"):
    """One entry of the tree of subjects (内容分类), three levels; `path` is `code/code/code`."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    parent: ForeignKey[Any] = ForeignKey(
        "self", null=True, default=None, on_delete=OnDelete.restrict
    )
    level = SmallInt(default=1)
    code = Varchar(length=20)
    path = Varchar(length=80)
    name = Varchar(length=60)
    order = Integer(default=100)
    active = Boolean(default=True)


class Matter(Table, tablename="government_matter"):
    """One item. `stage` is one of states.py; `holder` is who answers for it now (GOV-54).

    `day` is the site's day on which it was registered. `heads` is the largest party that came for
    it. `secret`: a report or accusation, or marked so by the head of the room (GOV-50).
    `first_handler` is kept for ever (首办责任).
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    number = Varchar(length=20)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    stage = Varchar(length=20)
    channel = Varchar(length=20)
    source = Varchar(length=20, default="own")
    source_number = Varchar(length=60, default="")
    purpose = Varchar(length=20)
    subject = ForeignKey(Subject, null=True, default=None, on_delete=OnDelete.restrict)
    place = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)
    petitioner = ForeignKey(Petitioner, null=True, default=None, on_delete=OnDelete.restrict)
    title_cipher = Text(default="")
    demand_cipher = Text(default="")
    facts_cipher = Text(default="")
    place_cipher = Text(default="")
    heads = Integer(default=1)
    size = Varchar(length=10, default="single")
    frequency = Varchar(length=10, default="first")
    anonymous = Boolean(default=False)
    joint_letter = Boolean(default=False)
    skip_level = Boolean(default=False)
    skip_reason = Text(default="")
    earlier_opinion = Boolean(default=False)
    urgency = SmallInt(default=0)
    secret = Boolean(default=False)
    same_as: ForeignKey[Any] = ForeignKey(
        "self", null=True, default=None, on_delete=OnDelete.restrict
    )
    holder = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)
    first_handler = UUID(null=True, default=None)
    first_handler_name = Varchar(length=100, default="")
    day = Date(null=False)
    query_index = Varchar(length=64, null=True, default=None)
    query_cipher = Text(default="")
    registered_at = Timestamptz(null=False)
    registered_by = UUID(null=True, default=None)
    registered_by_name = Varchar(length=100, default="")
    suggested_at = Timestamptz(null=True, default=None)
    accepted_at = Timestamptz(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    close_reason = Varchar(length=40, default="")
    archived_at = Timestamptz(null=True, default=None)
    erased_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class MatterPerson(Table, tablename="government_matter_person"):
    """Somebody of the party: `role` is petitioner, representative, companion or agent."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    petitioner = ForeignKey(Petitioner, null=False, on_delete=OnDelete.restrict)
    role = Varchar(length=20, default="petitioner")


class Contact(Table, tablename="government_contact"):
    """One time that somebody came, wrote, called (件次, 批次); several belong to one item (GOV-1).

    Who brings several matters in one visit has a contact for each: `visit` is that with the gate's
    `registration`, and only one of them `leads`: it counts as the batch with its people.

    `registration` is the visit at the gate. `receivers` are the names of staff who received it
    (GOV-7). `details_cipher`: what only this channel knows, as JSON.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    number = Varchar(length=20)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    matter = ForeignKey(Matter, null=True, default=None, on_delete=OnDelete.restrict)
    registration = ForeignKey(
        Registration, null=True, default=None, on_delete=OnDelete.restrict, unique=True
    )
    visit = UUID(null=True, default=None)
    leads = Boolean(default=True)
    petitioner = ForeignKey(Petitioner, null=True, default=None, on_delete=OnDelete.restrict)
    channel = Varchar(length=20)
    day = Date(null=False)
    received_at = Timestamptz(null=False)
    heads = Integer(default=1)
    size = Varchar(length=10, default="single")
    frequency = Varchar(length=10, default="first")
    receivers = Text(default="")
    summary_cipher = Text(default="")
    details_cipher = Text(default="")
    state = Varchar(length=20, default="open")
    recorded_by = UUID(null=True, default=None)
    recorded_by_name = Varchar(length=100, default="")
    ended_at = Timestamptz(null=True, default=None)


class MatterUnit(Table, tablename="government_matter_unit"):
    """A unit that has or had to do with an item, and may therefore read it (`until` empty: still)."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    role = Varchar(length=20, default="undertaking")
    since = Timestamptz(null=False)
    until = Timestamptz(null=True, default=None)


class MatterReader(Table, tablename="government_matter_reader"):
    """Somebody let in to a secret item by name, or through the glass for an hour (`until`)."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    user = ForeignKey(User, null=False, on_delete=OnDelete.restrict)
    why = Varchar(length=40, default="named")
    since = Timestamptz(null=False)
    until = Timestamptz(null=True, default=None)


class Barred(Table, tablename="government_barred"):
    """Whom an item does not exist for, whatever their roles (GOV-49, GOV-50): a user or a unit.

    `why`: recusal, named, accused. A barred unit bars its staff and those of the bodies below it.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    user = ForeignKey(User, null=True, default=None, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)
    why = Varchar(length=20)
    since = Timestamptz(null=False)
    until = Timestamptz(null=True, default=None)
    by_name = Varchar(length=100, default="")


class Step(Table, tablename="government_step"):
    """One entry of an item's time line. `text_cipher` is a dumped Message, `body_cipher` free text.

    `shown_to`: office, unit (the units concerned too), petitioner (told on the query page too).
    """

    id = Serial(primary_key=True)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz(null=False)
    act = Varchar(length=40)
    actor = UUID(null=True, default=None)
    actor_name = Varchar(length=100, default="")
    text_cipher = Text(default="")
    body_cipher = Text(default="")
    shown_to = Varchar(length=20, default="office")


INDEXES = (
    "CREATE UNIQUE INDEX government_subject_path ON government_subject (path)",
    "CREATE UNIQUE INDEX government_matter_number ON government_matter (number)",
    "CREATE INDEX government_matter_day ON government_matter (site, day, number)",
    "CREATE INDEX government_matter_list ON government_matter (day, number)",
    "CREATE INDEX government_matter_at ON government_matter (stage, day, number)",
    "CREATE INDEX government_matter_stage ON government_matter (site, stage, registered_at)",
    "CREATE INDEX government_matter_holder ON government_matter (holder, stage)",
    "CREATE INDEX government_matter_petitioner ON government_matter (petitioner)",
    "CREATE INDEX government_matter_query ON government_matter (query_index)"
    " WHERE query_index IS NOT NULL",
    "CREATE INDEX government_matter_same ON government_matter (same_as) WHERE same_as IS NOT NULL",
    "CREATE INDEX government_matter_urgent ON government_matter (urgency) WHERE urgency > 0",
    "CREATE INDEX government_matter_lacking ON government_matter (stage, day)"
    " WHERE suggested_at IS NULL",
    "CREATE INDEX government_matter_ended ON government_matter (closed_at) WHERE closed_at IS NOT NULL",
    "CREATE UNIQUE INDEX government_matter_person_once ON government_matter_person"
    " (matter, petitioner)",
    "CREATE INDEX government_matter_person_of ON government_matter_person (petitioner)",
    "CREATE UNIQUE INDEX government_contact_number ON government_contact (number)",
    "CREATE INDEX government_contact_day ON government_contact (site, day, channel)",
    "CREATE INDEX government_contact_on ON government_contact (day)",
    "CREATE INDEX government_contact_petitioner ON government_contact (petitioner)",
    "CREATE INDEX government_contact_matter ON government_contact (matter)",
    "CREATE INDEX government_contact_visit ON government_contact (visit) WHERE visit IS NOT NULL",
    "CREATE UNIQUE INDEX government_matter_unit_once ON government_matter_unit (matter, unit)",
    "CREATE INDEX government_matter_unit_unit ON government_matter_unit (unit, matter)",
    'CREATE INDEX government_matter_reader_user ON government_matter_reader ("user", matter)',
    "CREATE INDEX government_barred_matter ON government_barred (matter)",
    "CREATE INDEX government_step_matter ON government_step (matter, id)",
    "CREATE INDEX government_step_when ON government_step (matter, at)",
)
