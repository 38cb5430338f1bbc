"""Passes and the keys that sign them. Times are epoch milliseconds: these rows are hot."""

from piccolo.columns import (
    UUID,
    BigInt,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.registrations.tables import Registration
from core.sites.tables import Site


class Pass(Table, tablename="pass"):
    """A QR pass. `id` is the token's 12 random bytes in hex; it holds no personal data.

    `kind` belongs to core or a plugin (`visit`, `lab.badge`). `generation` (u8) rises at each
    re-issue: older prints are refused. `inside` and `last_*` are the fold of its events:
    presence 0 outside, 1 inside; direction 0 in, 1 out.
    """

    id = Varchar(length=24, primary_key=True)
    kind = Varchar(length=40)
    holder = UUID(null=False)
    site = ForeignKey(Site, null=False, on_delete=OnDelete.restrict)
    registration = ForeignKey(Registration, null=True, default=None, on_delete=OnDelete.restrict)
    token_type = SmallInt(default=1)  # token.TokenType
    key = SmallInt(default=1)  # which key signs its token
    generation = SmallInt(default=0)
    not_before = BigInt()
    expires = BigInt()
    zones = Integer(default=0xFFFF)
    single_entry = Boolean(default=False)
    issued_at = BigInt()
    issued_by = UUID(null=True, default=None)
    revoked_at = BigInt(null=True, default=None)
    revoked_reason = Text(default="")
    inside = SmallInt(default=0)
    entries = Integer(default=0)
    last_at = BigInt(default=0)
    last_direction = SmallInt(default=-1)
    last_event = BigInt(default=0)
    version = Integer(default=0)  # compare-and-set of the scan pipeline


class PassKey(Table, tablename="pass_key"):
    """A signing key; two are always published. `private_sealed` is encrypted by the keyring.

    Passes that a retired key signed stay good; those of a withdrawn one are refused.
    """

    id = SmallInt(primary_key=True)
    public = Bytea()
    private_sealed = Text()
    state = Varchar(length=20)  # current | next | retired | withdrawn
    created_at = Timestamptz(null=False)
    retired_at = Timestamptz(null=True, default=None)


INDEXES = (
    "CREATE INDEX pass_holder ON pass (holder, kind)",
    "CREATE INDEX pass_registration ON pass (registration)",
    "CREATE INDEX pass_inside ON pass (site, inside) WHERE inside = 1",
    "CREATE INDEX pass_site ON pass (site, expires)",
    "CREATE INDEX pass_revoked ON pass (revoked_at) WHERE revoked_at IS NOT NULL",
)
