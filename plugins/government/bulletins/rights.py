"""Who reads the office's bulletins and who writes them."""

from core.i18n import N_
from core.permissions import Permission, Role
from plugins.government.rights import CLERK, DEPUTY, DIRECTOR, HEAD, LEADER, SUPERVISOR

READ_BULLETINS = "government:bulletin:read"
WRITE_BULLETINS = "government:bulletin:write"
PERMISSIONS = (
    Permission(READ_BULLETINS, N_("Read bulletins of the petition office")),
    Permission(WRITE_BULLETINS, N_("Write bulletins of the petition office")),
)
ROLES = (
    *(
        Role(name, N_("Petitions"), frozenset({READ_BULLETINS}))
        for name in (DEPUTY, DIRECTOR, LEADER, SUPERVISOR)
    ),
    *(
        Role(name, N_("Petitions"), frozenset({READ_BULLETINS, WRITE_BULLETINS}))
        for name in (CLERK, HEAD)
    ),
)
