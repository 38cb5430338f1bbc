"""Users and what proves who they are. Secrets are kept only as hashes."""

import uuid

from piccolo.columns import (
    UUID,
    BigInt,
    Boolean,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from core.hosts.tables import Host
from core.sites.tables import Site


class User(Table, tablename="account"):
    """Someone with an account. `pin_hash` is the short secret used on a gate device.

    `digest`: each working morning they are written to what is due from them.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    login = Varchar(length=60, unique=True)
    name = Varchar(length=100)
    password_hash = Varchar(length=200, default="")
    pin_hash = Varchar(length=200, default="")
    locale = Varchar(length=20, default="")
    host = ForeignKey(Host, null=True, default=None, on_delete=OnDelete.set_null)
    email = Varchar(length=200, default="")
    active = Boolean(default=True)
    must_change_password = Boolean(default=False)
    digest = Boolean(default=True)
    failed_attempts = Integer(default=0)
    locked_until = Timestamptz(null=True, default=None)
    created_at = Timestamptz(null=False)


class UserRole(Table, tablename="account_role"):
    """A role held by a user, everywhere or at one site."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    user = ForeignKey(User, null=False, on_delete=OnDelete.cascade)
    role = Varchar(length=80)
    site = ForeignKey(Site, null=True, default=None, on_delete=OnDelete.cascade)


class Session(Table, tablename="account_session"):
    """A signed-in browser. The cookie's secret is stored as a hash; both limits apply."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    secret_hash = Varchar(length=64, unique=True)
    user = ForeignKey(User, null=False, on_delete=OnDelete.cascade)
    csrf = Varchar(length=64)
    created_at = Timestamptz(null=False)
    seen_at = Timestamptz(null=False)
    expires_at = Timestamptz(null=False)
    revoked_at = Timestamptz(null=True, default=None)
    address = Varchar(length=64, default="")
    user_agent = Varchar(length=200, default="")


class ApiToken(Table, tablename="account_api_token"):
    """A secret for programs, with its own narrow list of permissions (scopes)."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    user = ForeignKey(User, null=False, on_delete=OnDelete.cascade)
    name = Varchar(length=100)
    secret_hash = Varchar(length=64, unique=True)
    scopes = Text(default="")
    created_at = Timestamptz(null=False)
    expires_at = Timestamptz(null=True, default=None)
    used_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


class RateLimit(Table, tablename="rate_limit"):
    """A token bucket shared by all processes. `refilled_at` is epoch milliseconds."""

    key = Varchar(length=120, primary_key=True)
    tokens = BigInt(default=0)
    refilled_at = BigInt(default=0)


INDEXES = (
    "CREATE UNIQUE INDEX account_role_once ON account_role"
    " (\"user\", role, coalesce(cast(site as varchar(36)), ''))",
    'CREATE INDEX account_session_user ON account_session ("user")',
    "CREATE INDEX account_session_expires ON account_session (expires_at)",
)
