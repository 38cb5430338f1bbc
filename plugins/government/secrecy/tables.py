"""Whom an item accuses, who stepped back from it, who looked through the glass, its encrypted files.

Names and reasons are encrypted under the plugin's key. What bars whom lies in `government_barred`.
"""

import uuid

from piccolo.columns import (
    UUID,
    BigInt,
    ForeignKey,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.accounts.tables import User
from plugins.government.matters.tables import Contact, Matter
from plugins.government.units.tables import Unit


class Accused(Table, tablename="government_accused"):
    """Whom an item accuses (GOV-50): a unit, or a person with or without an account.

    For a person `unit` is where they work, which is kept out as well.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=10)
    unit = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)
    user = ForeignKey(User, null=True, default=None, on_delete=OnDelete.restrict)
    name_cipher = Text(default="")
    since = Timestamptz(null=False)
    by_name = Varchar(length=100, default="")
    withdrawn_at = Timestamptz(null=True, default=None)
    withdrawn_by_name = Varchar(length=100, default="")
    reason_cipher = Text(default="")


class Recusal(Table, tablename="government_recusal"):
    """Somebody who stepped back from an item or was told to (GOV-49); `how`: declared or named."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=False, on_delete=OnDelete.restrict)
    user = ForeignKey(User, null=False, on_delete=OnDelete.restrict)
    user_name = Varchar(length=100, default="")
    how = Varchar(length=10)
    reason_cipher = Text(default="")
    since = Timestamptz(null=False)
    by_name = Varchar(length=100, default="")
    lifted_at = Timestamptz(null=True, default=None)
    lifted_by_name = Varchar(length=100, default="")
    lift_reason_cipher = Text(default="")


class Glass(Table, tablename="government_glass"):
    """Somebody's wish to look at one confidential item for an hour, and what became of it.

    `number_cipher` is what they typed. `matter` is empty when there is no such item, or none for
    them: they are answered alike. `state`: asked, granted, refused.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=True, default=None, on_delete=OnDelete.restrict)
    number_cipher = Text(default="")
    asker = ForeignKey(User, null=False, on_delete=OnDelete.restrict)
    asker_name = Varchar(length=100, default="")
    reason_cipher = Text(default="")
    asked_at = Timestamptz(null=False)
    state = Varchar(length=10)
    decided_at = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    decided_by_name = Varchar(length=100, default="")
    until = Timestamptz(null=True, default=None)


class SealedFile(Table, tablename="government_file"):
    """A file of an item, or of a contact that has no item yet; `attachment` holds the ciphertext.

    `kind` is one of files.KINDS, `size` that of the file in the clear.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    matter = ForeignKey(Matter, null=True, default=None, on_delete=OnDelete.restrict)
    contact = ForeignKey(Contact, null=True, default=None, on_delete=OnDelete.restrict)
    kind = Varchar(length=20)
    name_cipher = Text(default="")
    media_type = Varchar(length=60)
    size = BigInt(default=0)
    attachment = UUID(null=False)
    added_at = Timestamptz(null=False)
    added_by_name = Varchar(length=100, default="")
    erased_at = Timestamptz(null=True, default=None)


INDEXES = (
    "CREATE INDEX government_accused_matter ON government_accused (matter)",
    "CREATE INDEX government_recusal_matter ON government_recusal (matter)",
    "CREATE INDEX government_glass_state ON government_glass (state, asked_at)",
    "CREATE INDEX government_glass_asker ON government_glass (asker, asked_at)",
    "CREATE INDEX government_file_matter ON government_file (matter)",
    "CREATE INDEX government_file_contact ON government_file (contact)",
    'CREATE INDEX government_barred_user ON government_barred ("user")',
)
