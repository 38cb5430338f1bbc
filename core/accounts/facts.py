"""What is known of an account: value types only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session that holds, and whose it is."""

    session_id: UUID
    csrf: str
    actor: Actor
    must_change_password: bool
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session just begun. `secret` is shown to the browser once and stored only as a hash."""

    session_id: UUID
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenBearer:
    """An API token that holds, and on whose behalf it acts, narrowed to its scopes."""

    token_id: UUID
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One of a user's sessions, for the list of them."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str
    user_agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGrant:
    """One role of a user; `site_id` None means at every site."""

    id: UUID
    role: str
    site_id: UUID | None
    site_name: str = ""
