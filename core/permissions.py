"""Who acts, and what they may do. Names are `<part>:<thing>:<act>`, e.g. `core:pass:revoke`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from core.i18n import Message


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that a role may be given. `name` is `<part>:<thing>:<act>`."""

    name: str
    label: Message


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions; a user may hold several roles.

    `confidential`: it opens records that not even an administrator reads, so nobody gives it to
    themselves. `warden`: its holders hear when somebody is given such a role. `program`: it is for
    another system, which comes with an API token; there is no page for it.
    """

    name: str
    label: Message
    permissions: frozenset[str]
    confidential: bool = False
    warden: bool = False
    program: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something: a signed-in user, a gate device, an API token, a link's holder, the system.

    `place` is where it happens (a gate's name, an address); `site_ids` empty means every site.
    `permissions` is all that is held anywhere; where it differs by site, `grants` says what is held
    where, under None what is held everywhere, and `may_at` and `sites_with` obey it.
    """

    kind: str
    id: UUID | None = None
    name: str = ""
    permissions: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    site_ids: frozenset[UUID] = frozenset()
    place: str = ""
    host_id: UUID | None = None
    gate_id: UUID | None = None
    locale: str = field(default="", compare=False)
    grants: Mapping[UUID | None, frozenset[str]] = field(default_factory=dict, compare=False)

    def may(self, permission: str) -> bool:
        """Say whether the actor holds this permission."""
        return permission in self.permissions

    def may_at(self, permission: str, site_id: UUID) -> bool:
        """Say whether the actor holds this permission at that site."""
        if not self.grants:
            return self.may(permission) and (not self.site_ids or site_id in self.site_ids)
        return any(permission in self.grants.get(place, ()) for place in (None, site_id))

    def sites_with(self, permission: str) -> frozenset[UUID] | None:
        """Return the sites where the actor holds this permission; None means at every site."""
        if not self.may(permission):
            return frozenset()
        if not self.grants:
            return self.site_ids or None
        if permission in self.grants.get(None, ()):
            return None
        return frozenset(
            place for place, held in self.grants.items() if place and permission in held
        )


SYSTEM = Actor(kind="system", name="system")
ANONYMOUS = Actor(kind="anonymous")
