"""Rounds of signatures on items, earlier wordings, leaders' instructions; texts are encrypted."""

import uuid

from piccolo.columns import UUID, Date, ForeignKey, OnDelete, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table

from plugins.government.matters.tables import Matter


class Signing(Table, tablename="government_signing"):
    """Something about an item that others sign (core.approvals); `text_cipher` is what they read."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    phase = Varchar(length=20)
    kind = Varchar(length=60)
    state = Varchar(length=20, default="open")
    text_cipher = Text(default="")
    approval = UUID(null=True, default=None)
    asked_at = Timestamptz(null=False)
    asked_by = UUID(null=True, default=None)
    asked_by_name = Varchar(length=100, default="")
    decided_at = Timestamptz(null=True, default=None)


class Wording(Table, tablename="government_wording"):
    """What was put to signers in a round that they sent back, as it read before it was put right.

    `texts_cipher` is a JSON list of headings and texts, both as messages.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    request = UUID(null=False)
    round = SmallInt(default=1)
    texts_cipher = Text(default="")
    at = Timestamptz(null=False)
    by_name = Varchar(length=100, default="")


class Instruction(Table, tablename="government_instruction"):
    """A leader's instruction on an item (批示), and when it was carried out."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    signing = ForeignKey(Signing, null=True, default=None, on_delete=OnDelete.restrict)
    leader = UUID(null=True, default=None)
    leader_name = Varchar(length=100, default="")
    text_cipher = Text(default="")
    given_on = Date(null=False)
    recorded_at = Timestamptz(null=False)
    recorded_by_name = Varchar(length=100, default="")
    done_cipher = Text(default="")
    done_at = Timestamptz(null=True, default=None)
    done_by_name = Varchar(length=100, default="")


INDEXES = (
    "CREATE INDEX government_signing_matter ON government_signing (matter, asked_at)",
    "CREATE UNIQUE INDEX government_signing_approval ON government_signing (approval)"
    " WHERE approval IS NOT NULL",
    "CREATE INDEX government_signing_waiting ON government_signing (phase, state)",
    "CREATE UNIQUE INDEX government_wording_round ON government_wording (request, round)",
    "CREATE INDEX government_wording_matter ON government_wording (matter)",
    "CREATE INDEX government_instruction_matter ON government_instruction (matter)",
    "CREATE INDEX government_instruction_signing ON government_instruction (signing)",
)
