"""Who keeps files and who destroys them; on top of seeing the item."""

from core.i18n import N_
from core.permissions import Permission, Role
from plugins.government.rights import ARCHIVIST, DEPUTY, DIRECTOR, HEAD

KEEP = "government:archive:keep"
DESTROY = "government:archive:destroy"
PERMISSIONS = (
    Permission(KEEP, N_("Put items into the archive and hand files over")),
    Permission(DESTROY, N_("Make or confirm the yearly destruction list")),
)
_NAME = N_("Archive of petitions")
ROLES = (
    *(Role(name, _NAME, frozenset({KEEP, DESTROY})) for name in (HEAD, ARCHIVIST)),
    *(Role(name, _NAME, frozenset({DESTROY})) for name in (DEPUTY, DIRECTOR)),
)
